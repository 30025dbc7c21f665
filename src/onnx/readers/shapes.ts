import { HIGHEST_RANK } from '../../network/limits.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { Length, Operand } from '../graph-reader.js';
import { BATCH } from '../graph-writer.js';
import { type Call, type Reader, unnamed } from './call.js';

/** Defines the result as the argument's entries in other lengths, the batch axis left out. */
function reshaped(call: Call, x: Operand, lengths: readonly number[]): void {
  call.define(call.last('reshape', { to: unnamed(lengths) }, x.node), x);
}

/** 0 copies a length of the argument unless `allowzero`, and -1 takes what is left. */
export const reshape: Reader = {
  inputs: [1, 2],
  read: (call) => {
    const shape = call.opset < 5 ? call.attributes.required('shape', 'ints') : call.graph.shape(call.inputs[1]);
    const copiesZero = !call.attributes.flag('allowzero');
    if (shape.length > HIGHEST_RANK) throw call.unsupported(`${shape.length} lengths`, `${HIGHEST_RANK} lengths`);
    const [name] = call.inputs;
    if (call.graph.isLengths(name)) {
      reshapedLengths(call, name, shape);
      return;
    }
    const x = call.operand(0);
    const before = call.lengthsOf(x);
    const copied = shape.map((length, k) => {
      if (length !== 0 || !copiesZero) return length;
      if (k >= before.length)
        throw call.unsupported(`the shape [${shape.join(', ')}]`, '0 where the argument has an axis');
      return before[k];
    });
    const size = sizeOf(sizes(x.node.shape));
    if (!x.batch) {
      reshaped(call, x, resolved(call, copied, size, shape));
      return;
    }
    const [first, ...rest] = copied;
    const isFront = first === BATCH || first === -1 || (first === 1 && call.graph.fixesBatch);
    const lengths = isFront ? resolved(call, rest, size, shape) : [];
    if (!isFront || sizeOf(lengths) !== size) {
      throw call.unsupported(`the shape [${shape.join(', ')}]`, '-1 in front, for the batch axis, then fixed lengths');
    }
    reshaped(call, x, lengths);
  },
};

function resolved(call: Call, lengths: readonly Length[], size: number, shape: readonly Length[]): number[] {
  const known = lengths.filter((length): length is number => length !== BATCH);
  const free = known.filter((length) => length === -1).length;
  const product = sizeOf(known.filter((length) => length !== -1));
  const isValid = known.length === lengths.length && free <= 1 && known.every((length) => length >= -1);
  if (isValid && (free === 0 || (product > 0 && size % product === 0))) {
    return known.map((length) => (length === -1 ? size / product : length));
  }
  throw call.unsupported(`the shape [${shape.join(', ')}] for ${size} entries`, 'fixed lengths, one of them -1');
}

function reshapedLengths(call: Call, name: string, shape: readonly Length[]): void {
  const { values } = call.graph.lengths(name)!;
  const isVector = shape.length === 1 && (shape[0] === -1 || shape[0] === values.length);
  if (!isVector && !(shape.length === 0 && values.length === 1)) throw call.unsupported('tables of lengths', 'vectors');
  call.graph.integers(call.outputs[0], isVector ? [values.length] : [], values);
}

export const flatten: Reader = {
  inputs: [1, 1],
  read: (call) => {
    const x = call.operand(0);
    const rank = call.rankOf(x);
    const given = call.attributes.optional('axis', 'i') ?? 1;
    const axis = given < 0 ? given + rank : given;
    const lengths = sizes(x.node.shape);
    if (!(axis >= 0 && axis <= rank)) throw call.unsupported(`axis ${given}`, `axes from 0 to ${rank}`);
    if (!x.batch) reshaped(call, x, [sizeOf(lengths.slice(0, axis)), sizeOf(lengths.slice(axis))]);
    else if (axis === 1) reshaped(call, x, [sizeOf(lengths)]);
    else throw call.unsupported(`axis ${given}`, 'axis 1, with the batch axis in front');
  },
};

export const squeeze: Reader = {
  inputs: [1, 2],
  read: (call) => {
    const named = call.integersSince(13, 1, 'axes');
    const [name] = call.inputs;
    if (call.graph.isLengths(name)) {
      const { dims, values } = call.graph.lengths(name)!;
      if (values.length !== 1 || dims.length > 1) throw call.unsupported('several lengths', 'one length');
      call.graph.integers(call.outputs[0], [], values);
      return;
    }
    const x = call.operand(0);
    const lengths = sizes(x.node.shape);
    if (!named && x.batch && call.graph.fixesBatch) throw call.unsupported('no axes', 'axes other than the batch axis');
    const axes = named
      ? named.map((axis) => call.axis(axis, x))
      : lengths.flatMap((length, axis) => (length === 1 ? [axis] : []));
    const long = axes.find((axis) => lengths[axis] !== 1);
    if (long !== undefined) throw call.unsupported(`an axis of length ${lengths[long]}`, 'axes of length 1');
    reshaped(
      call,
      x,
      lengths.filter((_, axis) => !axes.includes(axis)),
    );
  },
};

export const unsqueeze: Reader = {
  inputs: [1, 2],
  read: (call) => {
    const named = call.integersSince(13, 1, 'axes');
    if (!named) throw call.unsupported('no axes', 'known axes');
    const [name] = call.inputs;
    if (call.graph.isLengths(name)) {
      const { dims, values } = call.graph.lengths(name)!;
      if (dims.length > 0 || named.length !== 1) throw call.unsupported('tables of lengths', 'vectors');
      call.graph.integers(call.outputs[0], [1], values);
      return;
    }
    const x = call.operand(0);
    const rank = call.rankOf(x) + named.length;
    const axes = new Set(named.map((axis) => (axis < 0 ? axis + rank : axis)));
    const isValid = axes.size === named.length && rank <= HIGHEST_RANK && [...axes].every((k) => k >= 0 && k < rank);
    if (!isValid || (x.batch && axes.has(0))) {
      throw call.unsupported(
        `the axes [${named.slice(0, HIGHEST_RANK).join(', ')}]`,
        'distinct axes behind the batch axis',
      );
    }
    const lengths = [...call.lengthsOf(x)];
    const result = Array.from({ length: rank }, (_, k) => (axes.has(k) ? 1 : lengths.shift()!));
    reshaped(
      call,
      x,
      result.filter((length): length is number => length !== BATCH),
    );
  },
};

export const transpose: Reader = {
  inputs: [1, 1],
  read: (call) => {
    const x = call.operand(0);
    const rank = call.rankOf(x);
    const perm = call.attributes.optional('perm', 'ints') ?? Array.from({ length: rank }, (_, k) => rank - 1 - k);
    if (x.batch && perm[0] !== 0) throw call.unsupported(`perm = [${perm.join(', ')}]`, 'the batch axis in front');
    const inner = x.batch ? perm.slice(1).map((axis) => axis - 1) : perm;
    call.define(call.last('transpose', { perm: inner }, x.node), x);
  },
};

/** Axes of length 1 repeated; the lengths broadcast with those of the argument. */
export const expand: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const [name, to] = call.inputs;
    const shape = call.graph.shape(to);
    if (shape.length > HIGHEST_RANK) throw call.unsupported(`${shape.length} lengths`, `${HIGHEST_RANK} lengths`);
    const x = call.operand(0);
    const rank = Math.max(call.rankOf(x), shape.length);
    const isBatch = x.batch || shape[0] === BATCH;
    const others = shape.slice(isBatch && shape.length === rank ? 1 : 0);
    const meetsBatch = (x.batch && call.rankOf(x) < rank) || (shape[0] === BATCH && shape.length < rank);
    const front = isBatch && shape.length === rank ? shape[0] : 1;
    const own = sizes(x.node.shape);
    const [lead, inner] = !x.batch && isBatch && own.length === rank ? [own[0], own.slice(1)] : [1, own];
    if (meetsBatch || lead !== 1 || others.includes(BATCH) || (isBatch && front !== BATCH && front !== 1)) {
      throw call.unsupported(
        `the shape [${shape.join(', ')}] for ${name}`,
        'the batch axis in front, then fixed lengths',
      );
    }
    const padded = [...Array(rank - (isBatch ? 1 : 0) - inner.length).fill(1), ...inner];
    const wanted = [...Array(padded.length - others.length).fill(1), ...(others as number[])];
    const target = padded.map((length, axis) => (length === 1 ? wanted[axis] : length));
    const bad = wanted.findIndex((length, axis) => length < 1 || (length !== 1 && length !== target[axis]));
    if (bad >= 0) throw call.unsupported(`the length ${wanted[bad]} for ${padded[bad]}`, 'lengths that broadcast');
    const node = target.reduce(
      (part, length, axis) =>
        part.shape[axis].size === length ? part : call.gather(part, axis, Array(length).fill(0)),
      call.reshape(x.node, padded),
    );
    call.define(node, { batch: isBatch, kind: x.kind });
  },
};

/** Lengths of the argument as integers; the batch's own is kept as such. */
export const shapeOperator: Reader = {
  inputs: [1, 1],
  read: (call) => {
    const lengths = call.lengthsOf(call.operand(0));
    const [start, end] = [call.attributes.optional('start', 'i') ?? 0, call.attributes.optional('end', 'i')];
    const slice = lengths.slice(start, end ?? lengths.length);
    call.graph.integers(call.outputs[0], [slice.length], slice);
  },
};

export const sizeOperator: Reader = {
  inputs: [1, 1],
  read: (call) => {
    const x = call.operand(0);
    if (x.batch) throw call.unsupported('a tensor with the batch axis', 'tensors of known size');
    call.graph.integers(call.outputs[0], [], [sizeOf(sizes(x.node.shape))]);
  },
};

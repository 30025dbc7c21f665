import { HIGHEST_RANK } from '../../network/limits.js';
import type { Node } from '../../network/network.js';
import { broadcast as broadcastShapes, sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';

import { BATCH } from '../graph-writer.js';
import { broadcast, holdsMask } from '../masks.js';
import { aligned } from './align.js';
import { type Call, type Reader, range, unnamed } from './call.js';

import { rowsOfTable } from './tokens.js';

/** Of tensors along an axis; or of lists of lengths. */
export const concat: Reader = {
  inputs: [1, Number.POSITIVE_INFINITY],
  read: (call) => {
    const axis = call.attributes.required('axis', 'i');
    if (call.inputs.some((name) => call.graph.isLengths(name))) {
      concatLengths(call, axis);
      return;
    }
    const operands = call.operands();
    const total = operands.reduce((sum, { node }) => sum + sizeOf(sizes(node.shape)), 0);
    call.graph.builder.charge(operands.every(({ node }) => !node.batched) ? total : 0);
    const batched = operands.find(({ batch }) => batch) ?? operands[0];
    const inner = call.axis(axis, batched);
    const rank = call.rankOf(batched);
    const parts = operands.map((operand) => {
      if (call.rankOf(operand) !== rank) throw call.unsupported('parts of different ranks', 'parts of one rank');
      if (operand.batch === batched.batch) return operand.node;
      if (!call.graph.fixesBatch || operand.node.shape[0]?.size !== 1) {
        throw call.unsupported('a constant with an entry for each example', 'constants expanded to the batch');
      }
      return call.reshape(operand.node, sizes(operand.node.shape).slice(1));
    });
    call.define(call.last('concat', { axis: inner }, ...parts), batched);
  },
};

function concatLengths(call: Call, axis: number): void {
  const lists = call.inputs.map((name) => call.graph.shape(name));
  if (axis !== 0 && axis !== -1) throw call.unsupported('tables', 'vectors');
  const values = lists.flat();
  if (values.length > HIGHEST_RANK) throw call.unsupported(`${values.length} lengths`, `${HIGHEST_RANK} lengths`);
  call.graph.integers(call.outputs[0], [values.length], values);
}

/** Known indices, negative ones counted from the end. */
export const gather: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const [name, at] = call.inputs;
    const tokens = call.graph.tokens(at);
    if (tokens) {
      const table = call.operand(0);
      if ((call.attributes.optional('axis', 'i') ?? 0) !== 0 || table.batch || table.node.batched)
        throw call.unsupported('tokens that choose from what is computed', 'rows of a constant table, axis 0');
      rowsOfTable(call, tokens, table.node);
      return;
    }
    const indices = call.graph.lengths(at);
    if (!indices || indices.values.includes(BATCH))
      throw call.unsupported('indices that are computed', 'known indices');
    const { dims } = indices;
    const axis = call.attributes.optional('axis', 'i') ?? 0;
    if (call.graph.isLengths(name)) {
      const { values } = call.graph.lengths(name)!;
      const chosen = resolved(call, indices.values as number[], values.length).map((k) => values[k]);
      if (axis !== 0 || dims.length > 1) throw call.unsupported('tables of lengths', 'vectors');
      call.graph.integers(call.outputs[0], dims, chosen);
      return;
    }
    const x = call.operand(0);
    const inner = call.axis(axis, x);
    const lengths = sizes(x.node.shape);
    const list = resolved(call, indices.values as number[], lengths[inner]);
    call.graph.builder.charge(list.length);
    const [output] = call.outputs;
    if (dims.length === 1) {
      call.define(call.last('gather', { axis: inner, indices: list, name: output }, x.node), x);
      return;
    }
    const picked = call.gather(x.node, inner, list);
    const to = unnamed([...lengths.slice(0, inner), ...dims, ...lengths.slice(inner + 1)]);
    call.define(call.last('reshape', { to }, picked), x);
  },
};

function resolved(call: Call, indices: readonly number[], length: number): number[] {
  return indices.map((index) => {
    const position = index < 0 ? index + length : index;
    if (position >= 0 && position < length) return position;
    throw call.unsupported(`index ${index} is outside an axis of length ${length}`, `indices below ${length}`);
  });
}

export const slice: Reader = {
  inputs: [1, 5],
  read: (call) => {
    const isOld = call.opset < 10;
    const list = (k: number, name: string) => (isOld ? call.attributes.optional(name, 'ints') : call.integers(k));
    const [starts, ends, axes] = [list(1, 'starts'), list(2, 'ends'), list(3, 'axes')];
    const steps = isOld ? undefined : call.integers(4);
    if (!starts || !ends || starts.length !== ends.length) throw call.unsupported('no ends', 'known starts and ends');
    const [name] = call.inputs;
    const known = call.graph.lengths(name);
    if (known && known.dims.length === 1) {
      const { values } = known;
      if (starts.length !== 1 || (axes ?? [0])[0] !== 0) throw call.unsupported('tables of lengths', 'vectors');
      const chosen = sliced(call, values.length, starts[0], ends[0], steps?.[0] ?? 1).map((k) => values[k]);
      call.graph.integers(call.outputs[0], [chosen.length], chosen);
      return;
    }
    const x = call.operand(0);
    const named = axes ?? range(starts.length);
    if (named.length !== starts.length || (steps && steps.length !== starts.length)) {
      throw call.unsupported('lists of different lengths', 'a start, an end and a step for each axis');
    }
    const result = named.reduce((node, onnxAxis, k) => {
      const [start, end, step] = [starts[k], ends[k], steps?.[k] ?? 1];
      if (x.batch && onnxAxis === 0 && start === 0 && end >= 2 ** 31 - 1 && step === 1) return node;
      const axis = call.axis(onnxAxis, x);
      const indices = sliced(call, sizes(x.node.shape)[axis], start, end, step);
      return call.gather(node, axis, indices);
    }, x.node);
    call.define(result, x);
  },
};

/** The positions from start to before end, both clamped as numpy clamps them. */
function sliced(call: Call, length: number, start: number, end: number, step: number): number[] {
  if (!Number.isInteger(step) || step === 0) throw call.unsupported(`a step of ${step}`, 'steps other than 0');
  const clamp = (value: number, least: number, most: number) =>
    Math.min(Math.max(value < 0 ? value + length : value, least), most);
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const [from, to] = [clamp(start, step > 0 ? 0 : 0, step > 0 ? length : length - 1), clamp(end, low, high)];
  const indices: number[] = [];
  for (let k = from; step > 0 ? k < to : k > to; k += step) indices.push(k);
  return indices;
}

/** Parts of given lengths, or as equal as they can be. */
export const split: Reader = {
  inputs: [1, 2],
  outputs: Number.POSITIVE_INFINITY,
  read: (call) => {
    const x = call.operand(0);
    const axis = call.axis(call.attributes.optional('axis', 'i') ?? 0, x);
    const { size } = x.node.shape[axis];
    const count = call.outputs.length;
    const stated = call.attributes.optional('num_outputs', 'i');
    const given = call.integersSince(13, 1, 'split');
    if (stated !== undefined && (stated !== count || given))
      throw call.unsupported(`${stated} outputs`, `${count} outputs`);
    const even = Math.ceil(size / count);
    if (!given && stated === undefined && size % count !== 0) {
      throw call.unsupported(`${count} parts of an axis of length ${size}`, 'equal parts, or stated lengths');
    }
    const parts = given ?? range(count).map((k) => Math.min(even, size - k * even));
    const total = parts.reduce((sum, length) => sum + length, 0);
    if (parts.length !== count || total !== size || parts.some((length) => length < 1)) {
      throw call.unsupported(
        `parts of lengths [${parts.slice(0, HIGHEST_RANK).join(', ')}]`,
        `${count} that add up to ${size}`,
      );
    }
    let start = 0;
    parts.forEach((length, k) => {
      const from = start;
      start += length;
      if (call.outputs[k] === '') return;
      call.define(
        call.gather(
          x.node,
          axis,
          range(length).map((j) => from + j),
        ),
        x,
        k,
      );
    });
  },
};

export const tile: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const x = call.operand(0);
    const repeats = call.integers(1) ?? [];
    if (repeats.length !== call.rankOf(x) || repeats.some((times) => times < 1)) {
      throw call.unsupported(
        `repeats [${repeats.slice(0, HIGHEST_RANK).join(', ')}]`,
        'a positive number for each axis',
      );
    }
    const inner = x.batch ? repeats.slice(1) : repeats;
    if (x.batch && repeats[0] !== 1) throw call.unsupported('a repeated batch', '1 for the batch axis');
    const result = inner.reduce((node, times, axis) => {
      const { size } = node.shape[axis];
      call.graph.builder.charge(size * times);
      return call.gather(
        node,
        axis,
        range(size * times).map((k) => k % size),
      );
    }, x.node);
    call.define(result, x);
  },
};

const PAD_MODES = ['constant', 'reflect', 'edge', 'wrap'] as const;

/** Which entry of an axis stands at position k before its start or behind its end. */
const PADDING: Readonly<Record<'reflect' | 'edge' | 'wrap', (k: number, length: number) => number>> = {
  edge: (k, length) => Math.min(Math.max(k, 0), length - 1),
  wrap: (k, length) => ((k % length) + length) % length,
  reflect: (k, length) => {
    if (length === 1) return 0;
    const period = 2 * length - 2;
    const position = ((k % period) + period) % period;
    return Math.min(position, period - position);
  },
};

export const pad: Reader = {
  inputs: [1, 4],
  read: (call) => {
    const isOld = call.opset < 11;
    const x = call.operand(0);
    const mode = call.attributes.word('mode', PAD_MODES, 'constant');
    const pads = isOld ? call.attributes.required('pads', 'ints') : call.integers(1);
    const old = isOld ? (call.attributes.optional('value', 'f') ?? 0) : 0;
    if (isOld && old !== 0) throw call.unsupported(`value = ${old}`, 'value = 0');
    const value = (isOld ? undefined : call.number(2)) ?? Rational.zero;
    const axes = (isOld ? undefined : call.integers(3)) ?? range(call.rankOf(x));
    if (!pads || pads.length !== 2 * axes.length) throw call.unsupported('pads of another number', 'two for each axis');
    if (mode === 'wrap' && (call.opset < 19 || pads.some((length) => length < 0)))
      throw call.unsupported('mode = wrap with negative pads, or before opset 19', 'lengths from 0 on, since opset 19');
    const result = axes.reduce((node, onnxAxis, k) => {
      const [before, after] = [pads[k], pads[axes.length + k]];
      if (before === 0 && after === 0) return node;
      const axis = call.axis(onnxAxis, x);
      const { size } = node.shape[axis];
      if (size + Math.min(before, 0) + Math.min(after, 0) < 1)
        throw call.unsupported('no entries', 'one entry or more');
      if (mode === 'wrap' && Math.max(before, after) > size)
        throw call.unsupported(`${Math.max(before, after)} entries around ${size}`, 'at most once around');
      call.graph.builder.charge(Math.max(before, 0) + Math.max(after, 0));
      const all = range(size + before + after).map((j) => j - before);
      if (mode !== 'constant')
        return call.gather(
          node,
          axis,
          all.map((j) => PADDING[mode](j, size)),
        );
      const kept = call.gather(
        node,
        axis,
        all.filter((j) => j >= 0 && j < size),
      );
      const parts = [blank(call, kept, axis, before, value), kept, blank(call, kept, axis, after, value)];
      return call.node('concat', { axis }, ...parts.filter((part) => part !== null));
    }, x.node);
    call.define(result, x);
  },
};

/** A constant block beside a tensor. */
export function blank(call: Call, beside: Node, axis: number, length: number, value: Rational): Node | null {
  if (length <= 0) return null;
  const shape = sizes(beside.shape).with(axis, length);
  if (value.isZero()) return call.known(new Tensor(shape, [], new Uint32Array(0)));
  call.graph.builder.charge(sizeOf(shape));
  return call.known(new Tensor(shape, new Array<Rational>(sizeOf(shape)).fill(value)));
}

/** The entries of b where the known condition is 1, of c elsewhere. */
export const where: Reader = {
  inputs: [3, 3],
  read: (call) => {
    const condition = call.operand(0);
    const [b, c] = [call.operand(1), call.operand(2)];
    if (b.kind !== c.kind) throw call.unsupported('branches of different types', 'branches of one type');
    if (!call.graph.builder.isKnown(condition.node)) {
      throw call.unsupported('a condition that is computed', 'a condition that is known');
    }
    const { nodes, batch } = aligned(call, [condition, b, c]);
    const [mask, yes, no] = nodes;
    const kept = chosen(call, mask, yes);
    const rest = chosen(call, call.node('sub', {}, call.scalar(Rational.one), mask), no);
    call.define(call.last('add', {}, kept, rest), { batch, kind: b.kind });
  },
};

/** The entries where a 0-1 mask is 1, and 0 elsewhere; -Infinity is chosen, not multiplied. */
export function chosen(call: Call, mask: Node, x: Node): Node {
  if (!holdsMask(x)) return call.node('mul', {}, mask, x);
  const shape = sizes(broadcastShapes(mask.shape, x.shape)!);
  const [ones, entries] = [mask, x].map((node) => broadcast(node as Node<'constant'>, shape));
  return call.known(
    new Tensor(
      shape,
      entries.map((entry, k) => (ones[k].isZero() ? Rational.zero : entry)),
    ),
  );
}

import { checkSize } from '../../network/limits.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { fromFloat } from '../../numbers/convert.js';
import { Rational } from '../../numbers/rational.js';
import { roleOf } from '../graph-reader.js';
import { BATCH } from '../graph-writer.js';
import { exactInteger } from '../integers.js';
import { readArray, type StoredArray } from '../tensors.js';
import type { Call, Reader } from './call.js';
import { expand } from './shapes.js';

/** A constant in one of the attributes that may hold it. */
export const constant: Reader = {
  inputs: [0, 0],
  read: (call) => {
    const tensor = call.attributes.optional('value', 't');
    const number = call.attributes.optional('value_float', 'f');
    const numbers = call.attributes.optional('value_floats', 'floats');
    const integer = call.attributes.optional('value_int', 'i');
    const integers = call.attributes.optional('value_ints', 'ints');
    const [name] = call.outputs;
    const floats = numbers ?? (number === undefined ? undefined : [number]);
    const whole = integers ?? (integer === undefined ? undefined : [integer]);
    if ([tensor, number, numbers, integer, integers].filter((value) => value !== undefined).length !== 1) {
      throw call.unsupported('not one value', 'a tensor, floats or integers');
    }
    if (tensor) defineArray(call, name, readArray(tensor, call.graph.directory), '');
    else if (whole) call.graph.integers(name, integers ? [whole.length] : [], whole);
    else {
      const entries = floats!.map((value) => {
        if (!Number.isFinite(value)) throw call.unsupported(`the number ${value}`, 'finite numbers');
        return fromFloat(value);
      });
      checkSize(name, numbers ? [entries.length] : []);
      call.graph.define(name, { is: 'floats', tensor: new Tensor(numbers ? [entries.length] : [], entries), doc: '' });
    }
  },
};

/** Gives a stored array a name. */
export function defineArray(call: Pick<Call, 'graph'>, name: string, array: StoredArray, doc: string): void {
  if (array.kind === 'floats') {
    call.graph.define(name, { is: 'floats', tensor: array.tensor, doc });
    return;
  }
  const { dims, values } = array;
  if (array.kind === 'integers') {
    call.graph.integers(name, dims, values);
    call.graph.integerTypes.set(name, array.type);
  } else {
    checkSize(name, dims);
    const entries = values.map((value) => Rational.of(value ? 1 : 0));
    call.graph.result(name, {
      node: call.graph.builder.known(new Tensor(dims, entries)),
      batch: false,
      kind: 'boolean',
    });
  }
}

/** One number in a shape that is known. */
export const constantOfShape: Reader = {
  inputs: [1, 1],
  read: (call) => {
    const tensor = call.attributes.optional('value', 't');
    const array = tensor && readArray(tensor, call.graph.directory);
    const shape = call.graph.shape(call.inputs[0]);
    const kind = !array || array.kind === 'floats' ? 'float' : array.kind === 'integers' ? 'integer' : 'boolean';
    const value = !array
      ? Rational.zero
      : array.kind === 'floats'
        ? array.tensor.at(0, Rational.zero)
        : exactInteger(array.values[0]);
    const batch = shape[0] === BATCH;
    const lengths = batch ? shape.slice(1) : shape;
    if (lengths.includes(BATCH) || (array && sizeOf(array.kind === 'floats' ? array.tensor.shape : array.dims) !== 1)) {
      throw call.unsupported('a shape or value that is not known', 'known lengths and one number');
    }
    checkSize(call.outputs[0], lengths as number[]);
    const size = sizeOf(lengths as number[]);
    if (!value.isZero()) call.graph.builder.charge(size);
    const constant = value.isZero()
      ? new Tensor<Rational>(lengths as number[], [], new Uint32Array(0))
      : new Tensor(lengths as number[], new Array<Rational>(size).fill(value));
    call.graph.result(call.outputs[0], { node: call.known(constant), batch, kind });
    if (array?.kind === 'integers') call.graph.integerTypes.set(call.outputs[0], array.type);
  },
};

/** Expand; zeros of any size take no memory, and may have the batch axis. */
export const expandOrZeros: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const zero = call.graph.scalarZero(call.inputs[0]);
    if (!zero) {
      expand.read(call);
      return;
    }
    const shape = call.graph.shape(call.inputs[1]);
    checkSize(
      call.outputs[0],
      shape.filter((length) => length !== BATCH),
    );
    call.graph.define(call.outputs[0], { is: 'zeros', shape, role: roleOf(call.doc) });
  },
};

/** Entries scattered into zeros are a sparse constant. */
export const scatterND: Reader = {
  inputs: [3, 3],
  read: (call) => {
    call.attributes.word('reduction', ['none'], 'none');
    const [data, at, updates] = call.inputs;
    const shape = call.graph.zeros(data);
    const indices = call.graph.lengths(at);
    const entries = call.graph.constant(updates).value;
    const allowed = 'zeros, indices of increasing positions, and one entry for each';
    if (!shape || shape.includes(BATCH) || !indices || indices.values.includes(BATCH)) {
      throw call.unsupported('other inputs', allowed);
    }
    const lengths = shape as number[];
    const { dims, values } = indices;
    const count = sizeOf(entries.shape);
    if (entries.shape.length !== 1 || dims.length !== 2 || dims[0] !== count || dims[1] !== lengths.length) {
      throw call.unsupported(`indices [${dims}] and entries [${entries.shape}]`, allowed);
    }
    const support = new Uint32Array(count);
    for (let k = 0; k < count; k++) {
      const position = flatIndex(values as number[], k * lengths.length, lengths);
      if (position === null || (k > 0 && position <= support[k - 1])) {
        throw call.unsupported(`the index in row ${k}`, allowed);
      }
      support[k] = position;
    }
    const value = new Tensor(lengths, entries.data, support);
    call.define(call.last('constant', { value, role: roleOf(call.doc) }), { batch: false });
  },
};

function flatIndex(values: readonly number[], start: number, shape: readonly number[]): number | null {
  let flat = 0;
  for (const [axis, length] of shape.entries()) {
    const index = values[start + axis];
    if (!(index >= 0 && index < length)) return null;
    flat = flat * length + index;
  }
  return flat;
}

/** start, start + delta, ... before limit. */
export const rangeOperator: Reader = {
  inputs: [3, 3],
  read: (call) => {
    const [start, limit, delta] = [0, 1, 2].map((k) => call.number(k)!);
    const { kind } = call.graph.constant(call.inputs[0]);
    if (delta.isZero()) throw call.unsupported('a step of 0', 'another step');
    const ratio = limit.sub(start).div(delta);
    const count = Math.max(Number(ratio.num / ratio.den) + (ratio.num > 0n && ratio.num % ratio.den !== 0n ? 1 : 0), 0);
    call.graph.builder.charge(count);
    const values = Array.from({ length: count }, (_, k) => start.add(delta.mul(Rational.of(k))));
    if (kind === 'integer')
      call.graph.integers(
        call.outputs[0],
        [count],
        values.map(({ num }) => Number(num)),
      );
    else call.define(call.known(new Tensor([count], values)), { batch: false, kind });
  },
};

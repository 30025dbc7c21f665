import { InputError, quote } from '../errors.js';
import { checkSize, HIGHEST_RANK } from '../network/limits.js';
import type { Node } from '../network/network.js';
import type { Shape } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { type GraphReader, type Operator, roleOf } from './graph-reader.js';
import { BATCH } from './graph-writer.js';
import { readScan } from './scan.js';

/** How an ONNX operator becomes nodes of a network; it has exactly so many inputs (null: any number) and outputs. */
interface Reader {
  readonly inputs: number | null;
  readonly outputs: number;
  read(operator: Operator, graph: GraphReader): void;
}

const plain = (inputs: number, op: 'add' | 'sub' | 'min' | 'max' | 'relu' | 'matmul'): Reader => ({
  inputs,
  outputs: 1,
  read: (operator, graph) => graph.node(operator.outputs[0], op, {}, tensorsOf(operator, graph)),
});

const reduction = (op: 'reduceMax' | 'reduceMin'): Reader => ({
  inputs: 1,
  outputs: 1,
  read: (operator, graph) => readReduction(op, operator.attributes.required('axes', 'ints'), operator, graph),
});

/** The operators that a network is made of, in the sense that opsets 13 to 17 give them. */
export const READERS: Readonly<Record<string, Reader>> = {
  Add: plain(2, 'add'),
  Sub: plain(2, 'sub'),
  Min: plain(2, 'min'),
  Max: plain(2, 'max'),
  Relu: plain(1, 'relu'),
  MatMul: plain(2, 'matmul'),
  Mul: {
    inputs: 2,
    outputs: 1,
    read: ({ inputs, outputs }, graph) => {
      const left = graph.tensor(inputs[0]);
      const matrix = graph.diagonal(inputs[1]);
      if (matrix) graph.node(outputs[0], 'matmul', {}, [left, matrix]);
      else graph.node(outputs[0], 'mul', {}, [left, graph.tensor(inputs[1])]);
    },
  },
  Softmax: {
    inputs: 1,
    outputs: 1,
    read: (operator, graph) => {
      const [x] = tensorsOf(operator, graph);
      const axis = graph.axis(operator.attributes.optional('axis', 'i') ?? -1, x, operator);
      graph.node(operator.outputs[0], 'softmax', { axis }, [x]);
    },
  },
  ReduceSum: {
    inputs: 2,
    outputs: 1,
    read: (operator, graph) => {
      operator.attributes.only('noop_with_empty_axes', 0, 0);
      readReduction('reduceSum', graph.vector(operator.inputs[1]), operator, graph);
    },
  },
  ReduceMax: reduction('reduceMax'),
  ReduceMin: reduction('reduceMin'),
  Transpose: {
    inputs: 1,
    outputs: 1,
    read: (operator, graph) => {
      const [x] = tensorsOf(operator, graph);
      const perm = operator.attributes.required('perm', 'ints');
      if (x.batched && perm[0] !== 0) throw unsupported(operator, `perm = [${perm}]`, 'the batch axis in front');
      graph.node(operator.outputs[0], 'transpose', { perm: x.batched ? perm.slice(1).map((axis) => axis - 1) : perm }, [
        x,
      ]);
    },
  },
  Reshape: {
    inputs: 2,
    outputs: 1,
    read: (operator, graph) => {
      const x = graph.tensor(operator.inputs[0]);
      const shape = graph.vector(operator.inputs[1]);
      const copiesZero = (operator.attributes.optional('allowzero', 'i') ?? 0) === 0;
      const [first, ...rest] = shape;
      if (x.batched && first !== -1 && !(first === 0 && copiesZero)) {
        throw unsupported(operator, `the shape [${shape}]`, '-1 in front, for the batch axis, then fixed lengths');
      }
      const lengths = x.batched ? rest : shape;
      checkSize(operator.outputs[0], lengths);
      graph.node(operator.outputs[0], 'reshape', { to: unnamed(lengths) }, [x]);
    },
  },
  Concat: { inputs: null, outputs: 1, read: readConcat },
  Gather: {
    inputs: 2,
    outputs: 1,
    read: (operator, graph) => {
      const x = graph.tensor(operator.inputs[0]);
      const axis = graph.axis(operator.attributes.optional('axis', 'i') ?? 0, x, operator);
      const [name] = operator.outputs;
      graph.node(name, 'gather', { axis, indices: graph.vector(operator.inputs[1]), name }, [x]);
    },
  },
  Identity: {
    inputs: 1,
    outputs: 1,
    read: ({ inputs, outputs }, graph) => graph.alias(outputs[0], inputs[0]),
  },
  Shape: {
    inputs: 1,
    outputs: 1,
    read: (operator, graph) => {
      operator.attributes.only('start', 0, 0);
      const end = operator.attributes.optional('end', 'i');
      const [x] = tensorsOf(operator, graph);
      if (end !== 1 || !x.batched) throw unsupported(operator, `the lengths up to axis ${end}`, 'the batch axis alone');
      graph.define(operator.outputs[0], { kind: 'integers', dims: [1], values: [BATCH] });
    },
  },
  Expand: { inputs: 2, outputs: 1, read: readZeros },
  ScatterND: { inputs: 3, outputs: 1, read: readSparse },
  Scan: { inputs: 2, outputs: 2, read: readScan },
};

function readReduction(
  op: 'reduceSum' | 'reduceMax' | 'reduceMin',
  axes: readonly number[],
  operator: Operator,
  graph: GraphReader,
): void {
  operator.attributes.only('keepdims', 0, 1);
  const x = graph.tensor(operator.inputs[0]);
  if (axes.length !== 1) throw unsupported(operator, `${axes.length} axes`, 'one axis');
  graph.node(operator.outputs[0], op, { axis: graph.axis(axes[0], x, operator) }, [x]);
}

/** Of tensors along an axis; or of lists of lengths, which make the shape of a recurrence's initial state. */
function readConcat(operator: Operator, graph: GraphReader): void {
  const { inputs, outputs, attributes } = operator;
  const axis = attributes.required('axis', 'i');
  if (inputs.length === 0) throw unsupported(operator, 'no inputs', 'one input or more');
  if (graph.isIntegers(inputs[0])) {
    const lists = inputs.map((name) => graph.lengths(name));
    if (axis !== 0 || lists.some(({ dims }) => dims.length !== 1)) throw unsupported(operator, 'tables', 'vectors');
    const values = lists.flatMap((list) => list.values);
    if (values.length > HIGHEST_RANK)
      throw unsupported(operator, `${values.length} lengths`, `${HIGHEST_RANK} lengths`);
    graph.define(outputs[0], { kind: 'integers', dims: [values.length], values });
  } else {
    const parts = tensorsOf(operator, graph);
    const batched = parts.find((part) => part.batched) ?? parts[0];
    graph.node(outputs[0], 'concat', { axis: graph.axis(axis, batched, operator) }, parts);
  }
}

function readZeros(operator: Operator, graph: GraphReader): void {
  const value = graph.floats(operator.inputs[0]);
  if (value.shape.length > 0 || !value.data[0].isZero()) {
    throw unsupported(operator, 'a value', 'the number zero');
  }
  const { dims, values } = graph.lengths(operator.inputs[1]);
  if (dims.length !== 1) throw unsupported(operator, 'a table as its shape', 'a vector');
  checkSize(
    operator.outputs[0],
    values.filter((length) => length !== BATCH),
  );
  graph.define(operator.outputs[0], { kind: 'zeros', shape: values, role: roleOf(operator.doc) });
}

/** Entries scattered into zeros are a sparse constant. */
function readSparse(operator: Operator, graph: GraphReader): void {
  operator.attributes.done();
  const [data, indices, updates] = operator.inputs;
  const shape = graph.zeros(data);
  const { dims, values } = graph.lengths(indices);
  const entries = graph.floats(updates);
  const allowed = 'zeros, indices of increasing positions, and one entry for each';
  if (!shape || shape.includes(BATCH) || values.includes(BATCH)) throw unsupported(operator, 'other inputs', allowed);
  const lengths = shape as number[];
  const count = sizeOf(entries.shape);
  if (entries.shape.length !== 1 || dims.length !== 2 || dims[0] !== count || dims[1] !== lengths.length) {
    throw unsupported(operator, `indices [${dims}] and entries [${entries.shape}]`, allowed);
  }
  const support = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    const position = flatIndex(values as number[], k * lengths.length, lengths);
    if (position === null || (k > 0 && position <= support[k - 1])) {
      throw unsupported(operator, `the index in row ${k}`, allowed);
    }
    support[k] = position;
  }
  const value = new Tensor(lengths, entries.data, support);
  graph.node(operator.outputs[0], 'constant', { value, role: roleOf(operator.doc) }, []);
}

function flatIndex(values: readonly number[], start: number, shape: readonly number[]): number | null {
  let flat = 0;
  for (const [axis, length] of shape.entries()) {
    const index = values[start + axis];
    if (!(index >= 0 && index < length)) return null;
    flat = flat * length + index;
  }
  return flat;
}

function tensorsOf(operator: Operator, graph: GraphReader): Node[] {
  return operator.inputs.map((name) => graph.tensor(name));
}

/** Files do not name axes. */
export function unnamed(shape: readonly number[]): Shape {
  return shape.map((size) => ({ name: '', size }));
}

function unsupported({ opType, outputs }: Operator, found: string, allowed: string): InputError {
  return new InputError({ found: `operator ${quote(opType)} of tensor ${quote(outputs[0])}: ${found}`, allowed });
}

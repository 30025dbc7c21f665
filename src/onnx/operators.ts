import { ELEMENTS } from '../files/elements.js';
import type { Node } from '../network/network.js';
import type { OpName, Role } from '../network/operations.js';
import { sizes } from '../network/shape.js';
import { Rational } from '../numbers/rational.js';
import { COLUMNS, DIAGONAL, type GraphWriter } from './graph-writer.js';
import { floats, integers } from './initializer.js';
import { emitBatchShape, emitScan } from './scan.js';

/** Adds the ONNX operators that compute the tensor of one node. */
type Encoder<K extends OpName> = (node: Node<K>, graph: GraphWriter) => void;

const plain =
  (opType: string) =>
  (node: Node, graph: GraphWriter): void => {
    graph.emit(opType, namesOf(node.inputs, graph), graph.nameOf(node));
  };

/** Axes count from the end, so that they are the same with the batch axis and without. */
const fromEnd = (axis: number, node: Node): number => axis - node.shape.length;

const reduction =
  (opType: string): Encoder<'reduceMax' | 'reduceMin'> =>
  (node, graph) => {
    const axis = fromEnd(node.attributes.axis, node.inputs[0]);
    const values = { axes: { ints: [axis] }, keepdims: { i: 0 } };
    graph.emit(opType, namesOf(node.inputs, graph), graph.nameOf(node), values);
  };

/** How each operation is written in operators of opset 17. */
const ENCODERS: { readonly [K in OpName]: Encoder<K> } = {
  input: () => {},
  constant: emitConstant,
  add: plain('Add'),
  sub: plain('Sub'),
  mul: plain('Mul'),
  min: plain('Min'),
  max: plain('Max'),
  relu: plain('Relu'),
  matmul: emitProduct,
  div: plain('Div'),
  exp: plain('Exp'),
  log: plain('Log'),
  sqrt: plain('Sqrt'),
  tanh: plain('Tanh'),
  sigmoid: plain('Sigmoid'),
  erf: plain('Erf'),
  sin: plain('Sin'),
  cos: plain('Cos'),
  power: (node, graph) => {
    const name = graph.nameOf(node);
    const exponent = graph.number(`${name}.exponent`, Rational.of(node.attributes.exponent));
    graph.emit('Pow', [...namesOf(node.inputs, graph), exponent], name);
  },
  normalise: emitNormalise,
  argmax: (node, graph) => {
    const name = graph.nameOf(node);
    const axis = { i: fromEnd(node.attributes.axis, node.inputs[0]) };
    const index = graph.emit('ArgMax', namesOf(node.inputs, graph), graph.fresh(`${name}.index`), {
      axis,
      keepdims: { i: 0 },
    });
    graph.emit('Cast', [index], name, { to: { i: ELEMENTS[graph.dtype].code } });
  },
  softmax: (node, graph) => {
    const axis = { i: fromEnd(node.attributes.axis, node.inputs[0]) };
    graph.emit('Softmax', namesOf(node.inputs, graph), graph.nameOf(node), { axis });
  },
  reduceSum: (node, graph) => {
    const name = graph.nameOf(node);
    const axes = graph.integers(`${name}.axes`, [fromEnd(node.attributes.axis, node.inputs[0])]);
    graph.emit('ReduceSum', [...namesOf(node.inputs, graph), axes], name, { keepdims: { i: 0 } });
  },
  reduceMax: reduction('ReduceMax'),
  reduceMin: reduction('ReduceMin'),
  transpose: (node, graph) => {
    const { perm } = node.attributes;
    const ints = node.batched ? [0, ...perm.map((axis) => axis + 1)] : [...perm];
    graph.emit('Transpose', namesOf(node.inputs, graph), graph.nameOf(node), { perm: { ints } });
  },
  reshape: (node, graph) => {
    const name = graph.nameOf(node);
    const shape = graph.integers(`${name}.shape`, [...(node.batched ? [-1] : []), ...sizes(node.attributes.to)]);
    graph.emit('Reshape', [...namesOf(node.inputs, graph), shape], name);
  },
  concat: (node, graph) => {
    const axis = { i: fromEnd(node.attributes.axis, node.inputs[0]) };
    const batched = node.inputs.find((arg) => arg.batched);
    const parts = node.inputs.map((arg) =>
      batched && !arg.batched ? emitForBatch(arg, batched, graph) : graph.nameOf(arg),
    );
    graph.emit('Concat', parts, graph.nameOf(node), { axis });
  },
  gather: (node, graph) => {
    const name = graph.nameOf(node);
    const indices = graph.integers(`${name}.indices`, node.attributes.indices);
    const axis = { i: fromEnd(node.attributes.axis, node.inputs[0]) };
    graph.emit('Gather', [...namesOf(node.inputs, graph), indices], name, { axis });
  },
  recurrence: emitScan,
};

/** Adds the operators of one node of any operation. */
export function emitNode(node: Node, graph: GraphWriter): void {
  (ENCODERS[node.op] as Encoder<OpName>)(node, graph);
}

/**
 * A dense constant is an initializer; a diagonal factor the initializer of its diagonal, one with an entry in each column
 * that of these; another sparse constant is written into zeros, so that the file grows with the entries stored and not
 * with the shape.
 */
function emitConstant(node: Node<'constant'>, graph: GraphWriter): void {
  const { role, value } = node.attributes;
  const name = graph.nameOf(node);
  const { shape, support, data } = value;
  const columns = graph.columnsOf(node);
  if (!support || data.length === value.size) {
    graph.initializers.push(floats(name, shape, data, graph.dtype, role));
  } else if (graph.isDiagonal(node)) {
    graph.initializers.push(floats(name, [shape[0]], data, graph.dtype, DIAGONAL + role));
  } else if (columns) {
    graph.initializers.push(floats(name, [shape[1]], columns.entries, graph.dtype, COLUMNS + role));
  } else if (support.length === 0) {
    emitZeros(name, shape, role, graph);
  } else {
    const indices = integers(
      graph.fresh(`${name}.indices`),
      [support.length, shape.length],
      multiIndices(support, shape),
    );
    const updates = floats(graph.fresh(`${name}.entries`), [support.length], data, graph.dtype);
    graph.initializers.push(indices, updates);
    const zeros = emitZeros(graph.fresh(`${name}.zeros`), shape, role, graph);
    graph.emit('ScatterND', [zeros, indices.name, updates.name], name, {}, role);
  }
}

/** A product with a matrix that scales entries, or chooses and scales them, is written as that. */
function emitProduct(node: Node<'matmul'>, graph: GraphWriter): void {
  const [x, matrix] = node.inputs;
  const columns = graph.columnsOf(matrix);
  if (!columns) {
    plain(graph.isDiagonal(matrix) ? 'Mul' : 'MatMul')(node, graph);
    return;
  }
  const name = graph.nameOf(node);
  const rows = graph.integers(`${name}.rows`, columns.rows);
  const chosen = graph.emit('Gather', [graph.nameOf(x), rows], graph.fresh(`${name}.chosen`), { axis: { i: -1 } });
  graph.emit('Mul', [chosen, graph.nameOf(matrix)], name);
}

/** x / Sqrt(ReduceMean(x x) + epsilon), along the axis. */
function emitNormalise(node: Node<'normalise'>, graph: GraphWriter): void {
  const name = graph.nameOf(node);
  const [x] = namesOf(node.inputs, graph);
  const part = (suffix: string) => graph.fresh(`${name}.${suffix}`);
  const square = graph.emit('Mul', [x, x], part('square'));
  const axes = { axes: { ints: [fromEnd(node.attributes.axis, node.inputs[0])] }, keepdims: { i: 1 } };
  const mean = graph.emit('ReduceMean', [square], part('mean'), axes);
  const shifted = graph.emit('Add', [mean, graph.number(`${name}.epsilon`, node.attributes.epsilon)], part('shifted'));
  graph.emit('Div', [x, graph.emit('Sqrt', [shifted], part('root'))], name);
}

/** A constant once for each example of the batch of another tensor. */
function emitForBatch(node: Node, batched: Node, graph: GraphWriter): string {
  const name = `${graph.nameOf(node)}.each`;
  return graph.emit(
    'Expand',
    [graph.nameOf(node), emitBatchShape(batched, sizes(node.shape), name, graph)],
    graph.fresh(name),
  );
}

function emitZeros(name: string, shape: readonly number[], role: Role, graph: GraphWriter): string {
  return graph.zeros(graph.integers(`${name}.shape`, shape), name, role);
}

/** Row by row, the index along each axis. */
function multiIndices(support: Uint32Array, shape: readonly number[]): Float64Array {
  const rank = shape.length;
  const rows = new Float64Array(support.length * rank);
  support.forEach((index, k) => {
    let rest = index;
    for (let axis = rank - 1; axis >= 0; axis--) {
      rows[k * rank + axis] = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
  });
  return rows;
}

function namesOf(nodes: readonly Node[], graph: GraphWriter): string[] {
  return nodes.map((node) => graph.nameOf(node));
}

import { InputError } from '../errors.js';
import { isOp, type Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import type { GraphReader, Operand } from './graph-reader.js';
import { BATCH, type GraphWriter } from './graph-writer.js';
import type { Call } from './readers/call.js';
import type { Message } from './schema.js';

/** The time axis counted from the end: the same with the batch axis and without. */
const TIME = -2;

/**
 * h_t = A h_{t-1} + B u_t as a Scan over the rows of u, whose state h is one row (per example): h A^T + u_t B^T.
 *
 * Scan needs an initial state of the right batch size, so zeros are made in the shape [batch of u, m].
 */
export function emitScan(node: Node<'recurrence'>, graph: GraphWriter): void {
  const [u, a, b] = node.inputs;
  if (a.batched || b.batched) {
    throw new InputError({
      found: `the matrices of the recurrence '${node.name}' depend on an input`,
      allowed: 'the same A and B for the whole batch',
    });
  }
  const name = graph.nameOf(node);
  const part = (suffix: string) => graph.fresh(`${name}.${suffix}`);
  const [stateTransposed, inputTransposed] = [a, b].map((matrix, k) =>
    graph.emit('Transpose', [graph.nameOf(matrix)], part('AB'[k]), { perm: { ints: [1, 0] } }),
  );
  const initial = graph.zeros(initialShape(node, graph), part('initial'));
  const [state, row, moved, driven, next, output] = ['h', 'u', 'moved', 'driven', 'next', 'output'].map(part);
  const info = (tensor: string, of: Node) => graph.valueInfo(tensor, sizes(of.shape).slice(-1), u.batched);
  const body: Message<'Graph'> = {
    name: part('step'),
    input: [info(state, node), info(row, u)],
    node: [
      { opType: 'MatMul', input: [state, stateTransposed], output: [moved], name: moved },
      { opType: 'MatMul', input: [row, inputTransposed], output: [driven], name: driven },
      { opType: 'Add', input: [moved, driven], output: [next], name: next },
      { opType: 'Identity', input: [next], output: [output], name: output },
    ],
    output: [info(next, node), info(output, node)],
  };
  graph.emit('Scan', [initial, graph.nameOf(u)], [part('final'), name], {
    body: { g: body },
    num_scan_inputs: { i: 1 },
    scan_input_axes: { ints: [TIME] },
    scan_output_axes: { ints: [TIME] },
  });
}

function initialShape(node: Node, graph: GraphWriter): string {
  const name = graph.nameOf(node);
  const [u] = node.inputs;
  const [, { size }] = node.shape;
  return u.batched ? emitBatchShape(u, [size], name, graph) : graph.integers(`${name}.width`, [size]);
}

/** The lengths with the batch length of a tensor in front. */
export function emitBatchShape(batched: Node, lengths: readonly number[], base: string, graph: GraphWriter): string {
  const width = graph.integers(`${base}.width`, lengths);
  const batch = graph.emit('Shape', [graph.nameOf(batched)], graph.fresh(`${base}.batch`), {
    start: { i: 0 },
    end: { i: 1 },
  });
  return lengths.length === 0
    ? batch
    : graph.emit('Concat', [batch, width], graph.fresh(`${base}.state`), { axis: { i: 0 } });
}

/** Reads such a Scan back; false for any other. */
export function readRecurrence(call: Call): boolean {
  const { attributes, inputs, outputs, graph } = call;
  const body = attributes.required('body', 'g');
  const axes = ['scan_input_axes', 'scan_output_axes'].map((name) => attributes.optional(name, 'ints'));
  const matrices = stepMatrices(body, graph);
  if (inputs.length !== 2 || !outputs[1] || attributes.optional('num_scan_inputs', 'i') !== 1 || !matrices)
    return false;
  const u = graph.floats(inputs[1]);
  const isTime = axes.every((list) => list?.length === 1 && call.axis(list[0], u) === 0);
  if (!isTime || u.node.shape.length !== 2 || attributes.has('scan_input_directions')) return false;
  const [a, b] = matrices.map((name) => untransposed(call, graph.floats(name)));
  if (!a || !b) return false;
  const width = a.shape[0].size;
  const expected = u.batch ? [BATCH, width] : [width];
  const initial = graph.zeros(inputs[0]);
  if (initial?.length !== expected.length || initial.some((size, k) => size !== expected[k])) return false;
  if (attributes.has('scan_output_directions')) return false;
  call.define(graph.builder.recurrence(u.node, a, b, outputs[1]), u, 1);
  return true;
}

/** The outer tensors [P, Q] of a body that computes next = h P + u Q and outputs it twice; null for any other body. */
function stepMatrices(body: Message<'Graph'>, graph: GraphReader): [string, string] | null {
  const [state, row] = (body.input ?? []).map(({ name = '' }) => name);
  const [next, output] = (body.output ?? []).map(({ name = '' }) => name);
  const operators = new Map((body.node ?? []).map((operator) => [operator.output?.[0] ?? '', operator]));
  const inner = [state, row, ...operators.keys()];
  const counts = [body.input, body.output, body.node, body.initializer].map((list) => list?.length ?? 0);
  if (counts.join() !== '2,2,4,0' || new Set(inner).size !== 6 || inner.some((name) => !name || graph.has(name))) {
    return null;
  }
  const inputsOf = (name: string, opType: string): readonly string[] => {
    const operator = operators.get(name);
    const isPlain = operator?.opType === opType && !operator.domain && operator.output?.length === 1;
    return (isPlain && operator.attribute?.length === 0 && operator.input) || [];
  };
  const identity = inputsOf(output, 'Identity');
  const terms = inputsOf(next, 'Add').map((term) => inputsOf(term, 'MatMul'));
  const moved = terms.find(([left]) => left === state);
  const driven = terms.find(([left]) => left === row);
  if (identity.length !== 1 || identity[0] !== next || terms.length !== 2) return null;
  if (moved?.length !== 2 || driven?.length !== 2) return null;
  return [moved[1], driven[1]];
}

/** M where the argument is Transpose(M); a permutation that leaves the axes where they are is none. */
function untransposed(call: Call, { node, batch }: Operand): Node | null {
  if (batch || node.batched || node.shape.length !== 2) return null;
  if (isOp(node, 'transpose')) return node.attributes.perm.join() === '1,0' ? node.inputs[0] : null;
  return call.graph.builder.isKnown(node) ? call.node('transpose', { perm: [1, 0] }, node) : null;
}

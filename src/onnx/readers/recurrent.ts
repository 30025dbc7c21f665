import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { type Call, type Reader, range } from './call.js';

/**
 * RNN, GRU and LSTM, unrolled over the steps of a sequence of fixed length. A state is a vector of the hidden size for each
 * example; the gates of one step are slices of one product each with the input and with the state.
 */
interface Cell {
  readonly gates: number;
  /** The activations that are meant when none are given. */
  readonly activations: readonly string[];
  /** Whether a second state, that of the cell, is kept. */
  readonly hasCell?: boolean;
  /** The states after a step, the output first. */
  step(weights: Weights, input: Node, states: readonly Node[]): readonly Node[];
}

/** One direction's weights, transposed, and biases, cut into gates. */
interface Weights {
  readonly call: Call;
  readonly functions: readonly ((x: Node) => Node)[];
  /** The input's share of gate k: x W_k' + Wb_k. */
  readonly fromInput: (x: Node, k: number) => Node;
  /** The state's share of gate k: h R_k' + Rb_k, or without the bias. */
  readonly fromState: (h: Node, k: number, bias?: boolean) => Node;
  readonly stateBias: (k: number) => Node | null;
  /** p_k times the cell, where peepholes are given. */
  readonly peephole: (cell: Node, k: number) => Node | null;
}

export const rnn = recurrent({
  gates: 1,
  activations: ['Tanh'],
  step: ({ call, functions: [f], fromInput, fromState }, x, [h]) => [f(added(call, fromInput(x, 0), fromState(h, 0)))],
});

/** The gates are update, reset and hidden; the new state is (1 - z) n + z h. */
export const gru = recurrent({
  gates: 3,
  activations: ['Sigmoid', 'Tanh'],
  step: ({ call, functions: [f, g], fromInput, fromState, stateBias }, x, [h]) => {
    const [z, r] = [0, 1].map((k) => f(added(call, fromInput(x, k), fromState(h, k))));
    const isAfter = call.attributes.flag('linear_before_reset');
    const inner = isAfter
      ? call.node('mul', {}, r, fromState(h, 2))
      : added(call, fromState(call.node('mul', {}, r, h), 2, false), stateBias(2));
    const n = g(added(call, fromInput(x, 2), inner));
    const kept = call.node('mul', {}, z, call.node('sub', {}, h, n));
    return [call.node('add', {}, n, kept)];
  },
});

/** The gates are input, output, forget and cell; c' = f c + i g, h' = o tanh(c'). */
export const lstm = recurrent({
  gates: 4,
  activations: ['Sigmoid', 'Tanh', 'Tanh'],
  hasCell: true,
  step: ({ call, functions: [f, g, last], fromInput, fromState, peephole }, x, [h, c]) => {
    const gate = (k: number, hole: Node | null) => f(added(call, fromInput(x, k), fromState(h, k), hole));
    const [input, forget] = [gate(0, peephole(c, 0)), gate(2, peephole(c, 2))];
    const candidate = g(added(call, fromInput(x, 3), fromState(h, 3)));
    const cell = call.node('add', {}, call.node('mul', {}, forget, c), call.node('mul', {}, input, candidate));
    const output = gate(1, peephole(cell, 1));
    return [call.node('mul', {}, output, last(cell)), cell];
  },
});

function recurrent(cell: Cell): Reader {
  return { inputs: [3, cell.hasCell ? 8 : 6], outputs: cell.hasCell ? 3 : 2, read: (call) => unroll(call, cell) };
}

function unroll(call: Call, cell: Cell): void {
  const isBatchFirst = call.attributes.flag('layout');
  const x = call.floats(0);
  if (x.batch && !isBatchFirst) {
    throw call.unsupported('steps along the batch axis', 'layout = 1, or a batch of fixed length behind the steps');
  }
  const directions = DIRECTIONS[call.attributes.word('direction', Object.keys(DIRECTIONS), 'forward')];
  checkSwitches(call, directions.length, cell);
  const lengths = sizes(x.node.shape);
  const time = isBatchFirst && !x.batch ? 1 : 0;
  const lead = x.batch ? [] : [lengths[1 - time]];
  const steps = lengths[time];
  const given = call.integers(4);
  if (given?.some((length) => length !== steps))
    throw call.unsupported('sequences of several lengths', `the length ${steps} for all`);
  const inputs = range(steps).map((t) => call.reshape(call.gather(x.node, time, [t]), [...lead, lengths.at(-1)!]));
  const runs = directions.map((isReversed, d) => {
    const weights = weightsOf(call, cell, d);
    const order = isReversed ? range(steps).reverse() : range(steps);
    let states: readonly Node[] = initialStates(call, cell, d, lead, isBatchFirst);
    const outputs: Node[] = [];
    for (const t of order) {
      states = cell.step(weights, inputs[t], states);
      outputs[t] = states[0];
    }
    return { outputs, states };
  });
  // Y has the axes steps, directions, batch, hidden, with the batch in front for layout 1; Y_h and Y_c are without steps.
  const hidden = hiddenSize(call, cell);
  const before = isBatchFirst ? lead : [];
  const after = isBatchFirst ? [] : lead;
  const axis = before.length;
  const joined = (parts: readonly Node[], at: number) =>
    parts.length === 1 ? parts[0] : call.node('concat', { axis: at }, ...parts);
  const sequence = range(steps).map((t) =>
    joined(
      runs.map(({ outputs }) => call.reshape(outputs[t], [...before, 1, 1, ...after, hidden])),
      axis + 1,
    ),
  );
  const finals = range(cell.hasCell ? 2 : 1).map((k) =>
    joined(
      runs.map(({ states }) => call.reshape(states[k], [...before, 1, ...after, hidden])),
      axis,
    ),
  );
  const results = [() => joined(sequence, axis), ...finals.map((state) => () => state)];
  results.forEach((result, k) => {
    if (call.outputs[k]) call.define(result(), x, k);
  });
}

/** Whether each run goes backwards. */
const DIRECTIONS: Readonly<Record<string, readonly boolean[]>> = {
  forward: [false],
  reverse: [true],
  bidirectional: [false, true],
};

const FUNCTIONS: Readonly<Record<string, (call: Call, x: Node) => Node>> = {
  relu: (call, x) => call.node('relu', {}, x),
  tanh: (call, x) => call.graph.builder.apply('tanh', x),
  sigmoid: (call, x) => call.graph.builder.apply('sigmoid', x),
};

function checkSwitches(call: Call, directions: number, { hasCell, activations: names }: Cell): void {
  for (const name of ['activation_alpha', 'activation_beta']) {
    const values = call.attributes.optional(name, 'floats') ?? [];
    if (values.length > 0) throw call.unsupported(name, 'activations without parameters');
  }
  if (call.attributes.optional('clip', 'f') !== undefined) throw call.unsupported('clip', 'no clipping');
  if (hasCell && call.attributes.flag('input_forget')) throw call.unsupported('input_forget = 1', 'gates of their own');
  if (call.opType === 'GRU') call.attributes.flag('linear_before_reset');
  const hidden = call.attributes.optional('hidden_size', 'i');
  const activations = call.attributes.optional('activations', 'strings');
  if (activations && activations.length !== directions * names.length)
    throw call.unsupported(`${activations.length} activations`, `${directions * names.length}`);
  const [own, , known] = sizes(call.floats(2).node.shape);
  if (own !== directions || (hidden !== undefined && hidden !== known))
    throw call.unsupported(`R of shape [${sizes(call.floats(2).node.shape)}]`, 'weights for every direction');
}

function hiddenSize(call: Call, { gates }: Cell): number {
  return sizes(call.floats(1).node.shape)[1] / gates;
}

function functionsOf(call: Call, { activations }: Cell, direction: number): ((x: Node) => Node)[] {
  const given = call.attributes.optional('activations', 'strings')?.map((bytes) => Buffer.from(bytes).toString('utf8'));
  const names = given ? given.slice(direction * activations.length, (direction + 1) * activations.length) : activations;
  return activations.map((_, k) => {
    const name = (names[k] ?? '').toLowerCase();
    if (Object.hasOwn(FUNCTIONS, name)) return (x) => FUNCTIONS[name](call, x);
    throw call.unsupported(`the activation ${names[k] ?? 'missing'}`, 'Tanh, Sigmoid, Relu');
  });
}

function weightsOf(call: Call, cell: Cell, direction: number): Weights {
  const hidden = hiddenSize(call, cell);
  const part = (x: Node, start: number, count: number): Node => {
    const [, , ...rest] = sizes(x.shape);
    const own = call.reshape(call.gather(x, 0, [direction]), [sizes(x.shape)[1], ...rest]);
    return call.gather(
      own,
      0,
      range(count).map((k) => start + k),
    );
  };
  const matrix = (argument: number, k: number) =>
    call.node('transpose', { perm: [1, 0] }, part(call.floats(argument).node, k * hidden, hidden));
  const bias = (k: number) => (call.has(3) ? part(call.floats(3).node, k * hidden, hidden) : null);
  const times = (x: Node, weight: Node) => call.node('matmul', {}, x, weight);
  const [W, R] = [1, 2].map((argument) => range(cell.gates).map((k) => matrix(argument, k)));
  const biases = range(2 * cell.gates).map(bias);
  return {
    call,
    functions: functionsOf(call, cell, direction),
    fromInput: (x, k) => added(call, times(x, W[k]), biases[k]),
    fromState: (h, k, withBias = true) => added(call, times(h, R[k]), withBias ? biases[cell.gates + k] : null),
    stateBias: (k) => biases[cell.gates + k],
    peephole: (c, k) => (call.has(7) ? call.node('mul', {}, c, part(call.floats(7).node, k * hidden, hidden)) : null),
  };
}

/** The given states of one direction, or zeros. */
function initialStates(call: Call, cell: Cell, direction: number, lead: readonly number[], isBatchFirst: boolean) {
  const shape = [...lead, hiddenSize(call, cell)];
  return range(cell.hasCell ? 2 : 1).map((k): Node => {
    if (!call.has(5 + k))
      return call.known(new Tensor(shape, Array(shape.reduce((a, b) => a * b, 1)).fill(Rational.zero)));
    const state = call.floats(5 + k);
    if (lead.length === 0 && !state.batch)
      throw call.unsupported('initial states that are the same for the batch', 'initial states of the batch, or none');
    const axis = isBatchFirst && !state.batch ? 1 : 0;
    return call.reshape(call.gather(state.node, axis, [direction]), shape);
  });
}

function added(call: Call, first: Node, ...others: readonly (Node | null)[]): Node {
  return others.reduce<Node>((sum, term) => (term ? call.node('add', {}, sum, term) : sum), first);
}

/**
 * A retrieval task with one uniform head: the class token holds (x^1, ..., x^T), and all approximation is the
 * feed-forward net's. For each i the net Psi_i of f_i is applied to the tokens of S_i, the least of its values is
 * taken by `reluMinTree` (exact) or `thresholdMin` (two layers, error (1 - 1/S)/M), and the readout F_0, piecewise
 * linear, is realised exactly:
 *   |F(X) - H(X)| <= L_0 (eps_f + (1 - 1/S)/M),  eps_f = max_i sup |Psi_i - f_i|, L_0 the Lipschitz constant of F_0 in
 * the max-norm; the second term is absent for the tree. With the budget eps: eps_f <= eps/L_0 for the tree, and
 * eps/(2 L_0) each for thresholds, M = ceil(2 L_0/eps).
 */
import { Builder, type Construction, type Node, placed, Rational, summarise } from '../src/index.js';
import { addFunctionNet, type FunctionNet, functionNet } from './function-net.js';
import { reluMinTree, thresholdMin } from './min-nets.js';
import { piecewiseLinearNet } from './piecewise-linear.js';
import { coordinateNames, type RetrievalTask, readoutNames, unitSides } from './retrieval-task.js';
import { uniformHead, uniformHeadParameters } from './uniform-head.js';

export interface TaskChoices {
  readonly minimum: 'tree' | 'threshold';
  readonly eps: Rational;
  /** L_0. */
  readonly lipschitz: Rational;
  /** Pieces per coordinate; prescribed when undefined. */
  readonly pieces: number | undefined;
  /** Levels M; prescribed when undefined. */
  readonly levels: number | undefined;
}

export interface TaskDesign {
  readonly mode: 'task';
  readonly task: RetrievalTask;
  readonly lipschitz: Rational;
  /** Error allowed for each feature net. */
  readonly delta: Rational;
  readonly minimum: 'tree' | 'threshold';
  /** M for thresholds. */
  readonly levels: number;
  readonly nets: readonly FunctionNet[];
  /** Parameters of the readout net. */
  readonly readoutWeights: number;
}

/** Names of the tensors that proofs refer to. */
export const featureNode = (i: number) => `feature${i + 1}`;
export const netNode = (i: number) => `psi${i + 1}`;
export const minimumNode = (i: number) => `minimum${i + 1}`;

export function taskNetwork(task: RetrievalTask, choices: TaskChoices): Construction<TaskDesign> {
  const { T, d } = task;
  const { minimum, eps, lipschitz } = choices;
  const positive = lipschitz.isZero() ? Rational.one : lipschitz;
  const delta = eps.div(positive).div(Rational.of(minimum === 'tree' ? 1 : 2));
  const levels = choices.levels ?? Number(delta.inverse().ceil());
  const problem = { variables: coordinateNames(d), box: unitSides(d), delta, pieces: choices.pieces };
  const nets = task.features.map((f, i) => placed(task.places.features[i], () => functionNet({ f, ...problem })));

  const b = new Builder();
  const sequence = b.reshape(
    uniformHead(b, b.input('x', { token: T, coordinate: d })),
    { token: T, coordinate: d },
    'sequence',
  );
  const minima = nets.map((net, i) =>
    leastValue(b, sequence, net, task.positions[i], minimum === 'tree' ? null : levels, i),
  );
  const names = readoutNames(task.features.length);
  const y = piecewiseLinearNet(b, task.readout, new Map(names.map((name, i) => [name, minima[i]])), 'readout');
  const network = b.network({ y });
  const readoutWeights = summarise(network)
    .layers.filter(({ name }) => name.startsWith('readout.'))
    .reduce((n, layer) => n + layer.parameters, 0);
  const design: TaskDesign = { mode: 'task', task, lipschitz, delta, minimum, levels, nets, readoutWeights };
  return { network, design };
}

function leastValue(
  b: Builder,
  sequence: Node,
  net: FunctionNet,
  positions: readonly number[],
  levels: number | null,
  i: number,
): Node {
  const tokens = b.gather(sequence, 0, positions, `tokens${i + 1}`);
  const values = addFunctionNet(b, tokens, net, netNode(i));
  const column = b.reshape(values, { token: positions.length }, featureNode(i));
  return levels === null ? reluMinTree(b, column, minimumNode(i)) : thresholdMin(b, column, levels, minimumNode(i));
}

/** Parameters: the head's, the feature nets', 3 M + 1 per threshold minimum, and the readout's. */
export function taskParameters({
  task: { T, d, features },
  nets,
  minimum,
  levels,
  readoutWeights,
}: TaskDesign): number {
  const minima = minimum === 'tree' ? 0 : features.length * (3 * levels + 1);
  const own = nets.reduce((total, { parameters }) => total + parameters, 0);
  return uniformHeadParameters(T, d) + own + minima + readoutWeights;
}

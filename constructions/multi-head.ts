/**
 * D-head retrieval (head-count paper, case h = D, n = 2): H(X) = F_0(z_1, ..., z_D), z_i = min over t in S_i of f_i(x^t).
 *
 * Token t is embedded in R^{2D} as (Psi_1(x^t), rho_1(t), ..., Psi_D(x^t), rho_D(t)): hat nets Psi_i of the features,
 * and gates rho_i(t) = 0 for t in S_i, R otherwise. The class token is c0 = (1, ..., 1). Head i has the query
 * W_Q,i c0 = (-1, -1), the key (Psi_i, rho_i) and the value (Psi_i, 0), so its logits are -beta (Psi_i + rho_i), and it
 * returns a soft minimum of Psi_i over S_i. W_O = I, and the readout first takes away what c0 added.
 *
 * With lambda = W0((S - 1)/e), delta_i = sup |Psi_i - f_i| and Psi_i in [0, 1],
 *   |ztilde_i - z_i| <= delta_i + lambda/beta + ((T - S)/S) e^{-beta (R - 1)},
 *   |y - H| <= L_0 max_i |ztilde_i - z_i| + eps_0,
 * L_0 the Lipschitz constant of F_0 in the max-norm. So beta = 4 L_0 ln(T)/eps, R = 1 + ln(4 L_0 T/eps)/beta and
 * delta = eps/(4 L_0) give eps; beta and R are rounded up to dyadic numbers.
 */
import {
  Builder,
  type Construction,
  filled,
  gapConstant,
  type Node,
  Rational,
  roundedUp,
  sparse,
  summarise,
  upperBound,
} from '../src/index.js';
import { hatTerms, prescribedPieces, separate } from './feature-net.js';
import { hatNet } from './hat-net.js';
import { piecewiseLinearNet } from './piecewise-linear.js';
import { coordinateNames, type RetrievalTask, readoutNames } from './retrieval-task.js';

/** What an instance may fix; prescribed where undefined. */
export interface RetrievalChoices {
  readonly eps: Rational;
  readonly lipschitz: Rational;
  readonly beta: Rational | undefined;
  readonly R: Rational | undefined;
  readonly delta: Rational | undefined;
  /** Splits eps between the feature nets and the heads so that this is small, in place of the theorem's prescription. */
  readonly minimise?: Goal | undefined;
}

/** What a split of eps may favour: few pieces, or a small beta. */
export const GOALS = ['parameters', 'weights'] as const;
export type Goal = (typeof GOALS)[number];

export interface RetrievalDesign {
  readonly task: RetrievalTask;
  readonly lipschitz: Rational;
  readonly beta: Rational;
  readonly R: Rational;
  readonly delta: Rational;
  /** Pieces per coordinate of each feature's net. */
  readonly pieces: readonly number[];
  /** ReLUs of the feature nets, for one token. */
  readonly units: number;
  /** Parameters of the readout net. */
  readonly readoutWeights: number;
  /** With `minimise`: what the prescription of the theorem would take. */
  readonly prescribed: { readonly parameters: number; readonly weight: Rational } | null;
}

/** Tensors that proofs refer to: the embedded features [T, D] and what the heads retrieved [D]. */
export const FEATURES = 'features';
export const RETRIEVED = 'retrieved';

const SIGNIFICANT_BITS = 24;

/** beta, R and delta of the theorem, rounded in the safe direction. */
export function prescription(task: RetrievalTask, choices: RetrievalChoices) {
  if (choices.minimise) return split(task, choices, choices.minimise);
  const { eps, lipschitz, ...given } = choices;
  const { T } = task;
  const L = lipschitz.isZero() ? Rational.one : lipschitz;
  const scale = Rational.of(4).mul(L).div(eps);
  const beta =
    given.beta ??
    (T === 1 ? Rational.one : roundedUp(upperBound('c*log(T)', { c: scale, T: Rational.of(T) }), SIGNIFICANT_BITS));
  const gate = () => upperBound('1 + log(max(1, c*T))/beta', { c: scale, T: Rational.of(T), beta });
  return { beta, R: given.R ?? roundedUp(gate(), SIGNIFICANT_BITS), delta: given.delta ?? scale.inverse() };
}

/** The part of eps that the feature nets take; it is enclosed to 1/50, and a twentieth of the rest is for the leak. */
const SHARES: Readonly<Record<Goal, Rational>> = { parameters: Rational.of(9, 10), weights: Rational.of(1, 10) };
const ENCLOSED = Rational.of(51, 50);
const LEAK = Rational.of(1, 20);

/** beta, R and delta with delta + lambda/beta + leak = eps/L_0, most of it for the part that costs what is minimised. */
function split({ T, positions }: RetrievalTask, { eps, lipschitz, ...given }: RetrievalChoices, goal: Goal) {
  const whole = eps.div(lipschitz.isZero() ? Rational.one : lipschitz);
  const rest = whole.mul(Rational.one.sub(SHARES[goal].mul(ENCLOSED)));
  const lambda = positions.reduce((most, S) => (S.length > 1 ? most.max(gapConstant(S.length, BITS).hi) : most), LEAK);
  const needed = lambda.div(rest.mul(Rational.one.sub(LEAK)));
  const beta = given.beta ?? (T === 1 ? Rational.one : roundedUp(needed, SIGNIFICANT_BITS));
  const leak = rest.mul(LEAK);
  const gate = () => upperBound('1 + log(max(1, T/leak))/beta', { T: Rational.of(T), leak, beta });
  const R = given.R ?? roundedUp(gate(), SIGNIFICANT_BITS);
  return { beta, R, delta: given.delta ?? whole.mul(SHARES[goal]) };
}

const BITS = 64;

/** Builds the network for a task whose readout is piecewise linear and whose features are sums over coordinates. */
export function retrievalNetwork(task: RetrievalTask, choices: RetrievalChoices): Construction<RetrievalDesign> {
  const { T, d } = task;
  const D = task.features.length;
  const { beta, R, delta } = prescription(task, choices);
  const parts = task.features.map((feature) => separate(feature, coordinateNames(d)));
  const pieces = parts.map((part) => prescribedPieces(part, delta));

  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: d });
  const nets = parts.map((part, i) => hatNet(b, x, hatTerms(part, pieces[i]), Rational.zero, `Psi${i + 1}`));
  const features = D === 1 ? b.reshape(nets[0], { token: T, feature: 1 }, FEATURES) : b.concat(nets, 1, FEATURES);
  const embedding = embed(b, features, task, R);
  const heads = attend(b, embedding, T, D, beta);
  const c0 = b.constant(filled([2 * D], Rational.one), 'readout.c0', 'structure', { channel: 2 * D });
  const even = Array.from({ length: D }, (_, i) => 2 * i);
  const retrieved = b.gather(b.sub(heads, c0, 'retrieved.pairs'), 0, even, RETRIEVED);
  const z = new Map(readoutNames(D).map((name, i) => [name, b.gather(retrieved, 0, [i], name)]));
  const y = piecewiseLinearNet(b, task.readout, z, 'readout');
  const network = b.network({ y });
  const units = pieces.reduce((total, N, i) => total + N * parts[i].length, 0);
  const readoutWeights = summarise(network)
    .layers.filter(({ name }) => name.startsWith('readout.'))
    .reduce((n, layer) => n + layer.parameters, 0);
  const prescribed = choices.minimise ? costOf(task, choices) : null;
  const design = { task, lipschitz: choices.lipschitz, beta, R, delta, pieces, units, readoutWeights, prescribed };
  return { network, design };
}

/** Parameters and largest weight with the prescription of the theorem. */
function costOf(task: RetrievalTask, { eps, lipschitz }: RetrievalChoices) {
  const choices = { eps, lipschitz, beta: undefined, R: undefined, delta: undefined };
  const { parameters, maxAbsWeight } = summarise(retrievalNetwork(task, choices).network);
  return { parameters, weight: maxAbsWeight };
}

/** (Psi_1, rho_1, ..., Psi_D, rho_D) for each token. */
function embed(b: Builder, features: Node, { T, positions }: RetrievalTask, R: Rational): Node {
  const D = positions.length;
  const spread = sparse(
    [D, 2 * D],
    positions.map((_, i) => [i * 2 * D + 2 * i, Rational.one] as const),
  );
  const inside = positions.map((S) => new Set(S));
  const gates = Array.from({ length: T }, (_, t) =>
    inside.flatMap((S, i) => (S.has(t) ? [] : [[t * 2 * D + 2 * i + 1, R] as const])),
  ).flat();
  const rho = b.constant(sparse([T, 2 * D], gates), 'gates', 'weight', { token: T, channel: 2 * D });
  const placed = b.matmul(features, b.constant(spread, 'channels', 'structure', { feature: D, channel: 2 * D }));
  return b.add(placed, rho, 'embedding');
}

/** D heads of dimension 2 on the class token; returns c0 + W_O (heads), [channel 2D]. */
function attend(b: Builder, embedding: Node, T: number, D: number, beta: Rational): Node {
  const E = 2 * D;
  const diagonal = (entry: (k: number) => Rational) =>
    sparse(
      [E, E],
      Array.from({ length: E }, (_, k) => [k * (E + 1), entry(k)] as const).filter(([, value]) => !value.isZero()),
    );
  const c0 = b.constant(filled([1, E], Rational.one), 'c0', 'weight', { class: 1, channel: E });
  const W_Q = b.constant(
    diagonal(() => Rational.of(-1)),
    'W_Q',
    'weight',
    { channel: E, key: E },
  );
  const W_K = b.constant(
    diagonal(() => Rational.one),
    'W_K',
    'weight',
    { channel: E, key: E },
  );
  const W_V = b.constant(
    diagonal((k) => Rational.of(k % 2 === 0 ? 1 : 0)),
    'W_V',
    'weight',
    { channel: E, value: E },
  );
  const W_O = b.constant(
    diagonal(() => Rational.one),
    'W_O',
    'weight',
    { value: E, channel: E },
  );
  const scale = b.scalar(beta, 'beta');

  const query = b.reshape(b.matmul(c0, W_Q, 'queries'), { class: 1, head: D, entry: 2 }, 'query');
  const keys = b.reshape(b.matmul(embedding, W_K, 'keys'), { token: T, head: D, entry: 2 }, 'key');
  const logits = b.mul(b.reduceSum(b.mul(keys, query, 'key.query'), 2, 'scores'), scale, 'logits');
  const p = b.reshape(b.softmax(logits, 0, 'attention'), { token: T, head: D, entry: 1 }, 'attention.column');
  const values = b.reshape(b.matmul(embedding, W_V, 'values'), { token: T, head: D, entry: 2 }, 'value');
  const heads = b.reshape(b.reduceSum(b.mul(p, values, 'weighted'), 0, 'heads'), { class: 1, value: E }, 'heads.row');
  return b.reshape(b.add(b.matmul(heads, W_O, 'output'), c0, 'classToken.row'), { channel: E }, 'classToken');
}

/**
 * Parameters: 3 per unit and 1 per feature net, R at every token outside S_i, E = 2D entries each of c0, W_Q, W_K and
 * W_O, D of W_V, beta, and the readout's own.
 */
export function retrievalParameters({ task, units, readoutWeights }: RetrievalDesign): number {
  const D = task.positions.length;
  const gates = task.positions.reduce((total, S) => total + task.T - S.length, 0);
  return 3 * units + D + gates + 4 * 2 * D + D + 1 + readoutWeights;
}

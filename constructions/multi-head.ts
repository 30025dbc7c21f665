/**
 * D-head retrieval (head-count paper, case h = D, n = 2): H(X) = F_0(z_1, ..., z_D), z_i = min over t in S_i of f_i(x^t).
 *
 * Token t is embedded in R^{2D} as (Psi_1(x^t), rho_1(t), ..., Psi_D(x^t), rho_D(t)): nets Psi_i of the features
 * (`function-net.ts`), and gates rho_i(t) = 0 for t in S_i, R otherwise. The class token is c0 = (1, ..., 1). Head i has the query
 * W_Q,i c0 = (-1, -1), the key (Psi_i, rho_i) and the value (Psi_i, 0), so its logits are -beta (Psi_i + rho_i), and it
 * returns a soft minimum of Psi_i over S_i. W_O = I, and the readout first takes away what c0 added.
 *
 * With lambda = W0((S - 1)/e), delta_i = sup |Psi_i - f_i| and Psi_i in [0, 1],
 *   |ztilde_i - z_i| <= delta_i + lambda/beta + ((T - S)/S) e^{-beta (R - 1)},
 *   |y - H| <= L_0 max_i |ztilde_i - z_i| + eps_0,
 * L_0 the Lipschitz constant of F_0 in the max-norm. `retrieval-choices.ts` shares eps out.
 */
import {
  Builder,
  type Construction,
  filled,
  isPiecewiseLinear,
  type Node,
  placed,
  Rational,
  type Span,
  sparse,
  summarise,
} from '../src/index.js';
import { addFunctionNet, type FunctionNet, functionNet } from './function-net.js';
import { piecewiseLinearNet } from './piecewise-linear.js';
import { gate, prescription, type RetrievalChoices } from './retrieval-choices.js';
import { coordinateNames, type RetrievalTask, readoutNames, unitSides } from './retrieval-task.js';

export interface RetrievalDesign {
  readonly task: RetrievalTask;
  readonly lipschitz: Rational;
  readonly beta: Rational;
  readonly R: Rational;
  readonly delta: Rational;
  /** The nets of the features. */
  readonly nets: readonly FunctionNet[];
  /** The readout's net; null where it is piecewise linear and so computed exactly. */
  readonly readoutNet: FunctionNet | null;
  /** Number of heads. */
  readonly h: number;
  /** Parameters of the readout net. */
  readonly readoutWeights: number;
  /** With `minimise`: what the prescription of the theorem would take. */
  readonly prescribed: { readonly parameters: number; readonly weight: Rational } | null;
}

/** Tensors that proofs refer to: the embedded features [T, D] and what the heads retrieved [D]. */
export const FEATURES = 'features';
export const RETRIEVED = 'retrieved';
/** With a readout net: the retrieved values as a row [1, D], and its value [1, 1]. */
export const READOUT_ROW = 'retrieved.row';
export const READOUT = 'readout';

/** The name of the net of feature i. */
export const netName = (i: number) => `Psi${i + 1}`;

/** Builds the network for a task. Throws InputError for a function that no net reaches, and for too few heads. */
export function retrievalNetwork(task: RetrievalTask, choices: RetrievalChoices): Construction<RetrievalDesign> {
  const { T, d } = task;
  const D = task.features.length;
  const h = choices.h ?? D;
  const isExact = isPiecewiseLinear(task.readout, readoutNames(D));
  const shares = prescription(task, choices, isExact);
  const { beta, delta } = shares;
  const variables = coordinateNames(d);
  const nets = task.features.map((f, i) =>
    placed(task.places.features[i], () =>
      functionNet({ f, variables, box: unitSides(d), delta, kind: choices.featureNet }),
    ),
  );
  const ranges = nets.map(({ range }) => near(range, delta));
  const width = ranges.reduce((most, { lo, hi }) => most.max(hi.sub(lo)), Rational.zero);
  const R = choices.R ?? gate(task, shares, width);
  const readoutNet = isExact
    ? null
    : placed(task.places.readout, () =>
        functionNet({
          f: task.readout,
          variables: readoutNames(D),
          box: ranges,
          delta: shares.readout,
          kind: choices.readoutNet,
        }),
      );

  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: d });
  const columns = nets.map((net, i) => addFunctionNet(b, x, net, netName(i)));
  const features = D === 1 ? b.reshape(columns[0], { token: T, feature: 1 }, FEATURES) : b.concat(columns, 1, FEATURES);
  const embedding = embed(b, features, task, R);
  const heads = attend(b, embedding, { T, D, h }, beta);
  const c0 = b.constant(filled([2 * D], Rational.one), 'readout.c0', 'structure', { channel: 2 * D });
  const even = Array.from({ length: D }, (_, i) => 2 * i);
  const retrieved = b.gather(b.sub(heads, c0, 'retrieved.pairs'), 0, even, RETRIEVED);
  const network = b.network({ y: readOut(b, retrieved, task, readoutNet) });
  const readoutWeights = summarise(network)
    .layers.filter(({ name }) => name.startsWith('readout.'))
    .reduce((n, layer) => n + layer.parameters, 0);
  const prescribed = choices.minimise ? costOf(task, choices) : null;
  const { lipschitz } = choices;
  return { network, design: { task, lipschitz, beta, R, delta, nets, readoutNet, h, readoutWeights, prescribed } };
}

/** Holds the values of a net that is within delta of a function with values in [0, 1]; with short ends and some room. */
function near({ lo, hi }: Span, delta: Rational): Span {
  const unit = Rational.pow2(-20);
  const room = delta.div(Rational.of(4));
  const [least, most] = [lo.max(delta.neg()).sub(room), hi.min(Rational.one.add(delta)).add(room)];
  return { lo: Rational.of(least.div(unit).floor()).mul(unit), hi: Rational.of(most.div(unit).ceil()).mul(unit) };
}

/** F_0 of the retrieved values [D]; returns [1]. */
function readOut(b: Builder, retrieved: Node, { readout }: RetrievalTask, net: FunctionNet | null): Node {
  const D = retrieved.shape[0].size;
  if (!net) {
    const z = new Map(readoutNames(D).map((name, i) => [name, b.gather(retrieved, 0, [i], name)]));
    return piecewiseLinearNet(b, readout, z, 'readout');
  }
  const row = b.reshape(retrieved, { one: 1, feature: D }, READOUT_ROW);
  return b.reshape(addFunctionNet(b, row, net, READOUT), { value: 1 }, 'readout.value');
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

/**
 * h heads of dimension 2 on the class token; returns c0 + W_O (heads), [channel 2D]. Head i attends by feature i. With
 * h < D its second value is feature i + h, which no head attends by.
 */
function attend(b: Builder, embedding: Node, { T, D, h }: { T: number; D: number; h: number }, beta: Rational): Node {
  const [E, n] = [2 * D, 2 * h];
  const weights = (name: string, shape: readonly [number, number], entries: readonly Entry[], axes: Axes) =>
    b.constant(
      sparse(
        [...shape],
        entries.map(([row, column, value]) => [row * shape[1] + column, value] as const).sort(([p], [q]) => p - q),
      ),
      name,
      'weight',
      axes,
    );
  const own = Array.from({ length: n }, (_, k) => k);
  const shared = Array.from({ length: D - h }, (_, k) => [2 * (h + k), 2 * k + 1] as const);
  const spare = own.filter((k) => k % 2 === 1 && k >= 2 * (D - h));
  const c0 = b.constant(filled([1, E], Rational.one), 'c0', 'weight', { class: 1, channel: E });
  const diagonal = (value: Rational) => own.map((k): Entry => [k, k, value]);
  const W_Q = weights('W_Q', [E, n], diagonal(Rational.of(-1)), { channel: E, key: n });
  const W_K = weights('W_K', [E, n], diagonal(Rational.one), { channel: E, key: n });
  const kept = own.filter((k) => k % 2 === 0).map((k): Entry => [k, k, Rational.one]);
  const values = [...kept, ...shared.map(([channel, k]): Entry => [channel, k, Rational.one])];
  const W_V = weights('W_V', [E, n], values, { channel: E, value: n });
  const outputs = [
    ...kept,
    ...shared.map(([channel, k]): Entry => [k, channel, Rational.one]),
    ...spare.map((k): Entry => [k, k, Rational.one]),
  ];
  const W_O = weights('W_O', [n, E], outputs, { value: n, channel: E });
  const scale = b.scalar(beta, 'beta');

  const query = b.reshape(b.matmul(c0, W_Q, 'queries'), { class: 1, head: h, entry: 2 }, 'query');
  const keys = b.reshape(b.matmul(embedding, W_K, 'keys'), { token: T, head: h, entry: 2 }, 'key');
  const logits = b.mul(b.reduceSum(b.mul(keys, query, 'key.query'), 2, 'scores'), scale, 'logits');
  const p = b.reshape(b.softmax(logits, 0, 'attention'), { token: T, head: h, entry: 1 }, 'attention.column');
  const value = b.reshape(b.matmul(embedding, W_V, 'values'), { token: T, head: h, entry: 2 }, 'value');
  const heads = b.reshape(b.reduceSum(b.mul(p, value, 'weighted'), 0, 'heads'), { class: 1, value: n }, 'heads.row');
  return b.reshape(b.add(b.matmul(heads, W_O, 'output'), c0, 'classToken.row'), { channel: E }, 'classToken');
}

type Entry = readonly [row: number, column: number, value: Rational];
type Axes = Readonly<Record<string, number>>;

/**
 * Parameters: the feature nets', R at every token outside S_i, 2D entries of c0, 2h each of W_Q, W_K and W_O, D of W_V,
 * beta, and the readout's own.
 */
export function retrievalParameters({ task, nets, h, readoutWeights }: RetrievalDesign): number {
  const D = task.positions.length;
  const own = nets.reduce((total, { parameters }) => total + parameters, 0);
  const gates = task.positions.reduce((total, S) => total + task.T - S.length, 0);
  return own + gates + 3 * D + 6 * h + 1 + readoutWeights;
}

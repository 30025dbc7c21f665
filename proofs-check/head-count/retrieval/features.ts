import type { FunctionNet } from '../../../constructions/function-net.js';
import { coordinateNames, type RetrievalTask } from '../../../constructions/retrieval-task.js';
import { type Network, type Node, Rational, type Step, tokenWise, unitBox } from '../../../src/index.js';
import { featureSteps, type Values } from './certify.js';
import { boundNet, type NetBounds, proveEntries } from './net-bounds.js';

/** What is proved of the net Psi of one feature f over [0, 1]^d. */
export type FeatureBounds = NetBounds;

/** Steps, and bounds when all of them are proved. */
interface Proved<B> {
  readonly steps: readonly Step[];
  readonly bounds: B | null;
}

/** An enclosure need not be sharper than this part of what the design allows for a feature. */
const SHARP = Rational.of(1, 50);

/** The nets of features in a layer that applies them to every token, by their names in the network. */
export interface FeatureLayer {
  readonly from: string;
  readonly to: string;
  readonly nets: readonly { readonly feature: number; readonly name: string; readonly net: FunctionNet }[];
  /** Where the values of a feature stand. */
  values(network: Network, feature: number): Values;
}

/** Bounds of the nets of a layer, in their order. */
export function proveFeatures(
  network: Network,
  layer: FeatureLayer,
  task: RetrievalTask,
  { delta, deadline }: { delta: Rational; deadline: number },
): Proved<readonly FeatureBounds[]> {
  const { from, to, nets } = layer;
  const base = { id: to, rule: 'token-wise', statement: `'${to}' applies the same nets to every token` };
  const fail = (difference: string) => ({
    steps: [{ ...base, verdict: 'undecided' as const, enclosure: null, difference }],
    bounds: null,
  });
  const [tokens, values] = [from, to].map((name) => network.find(name));
  if (!tokens || !values) return fail(`the network has no tensor named '${tokens ? to : from}'`);
  const slice = tokenWise(tokens, values);
  if (typeof slice === 'string') return fail(slice);
  const names = nets.map(({ name }) => name);
  const steps: Step[] = [{ ...base, verdict: 'proved', enclosure: null }, proveEntries(slice, to, names)];
  if (steps[1].verdict !== 'proved') return { steps, bounds: null };
  const box = unitBox(coordinateNames(task.d));
  const stop = { absoluteWidth: delta.mul(SHARP), deadline };
  const bounds: FeatureBounds[] = [];
  for (const place of nets) {
    const { feature: i, name, net } = place;
    const found = boundNet({ network: slice, name, net }, task.features[i], box, stop);
    steps.push(...found.steps);
    const step = { id: `feature${i + 1}`, rule: 'sup-norm', statement: `Psi${i + 1} - f${i + 1} over [0,1]^${task.d}` };
    if (!found.bounds) return { steps: [...steps, { ...step, verdict: 'undecided', enclosure: null }], bounds: null };
    const { above, below, least, most } = found.bounds;
    const { feature, range } = featureSteps(network, task, place, layer.values(network, i), found.bounds);
    const own = { id: `range${i + 1}`, rule: 'sup-norm', statement: `Psi${i + 1} over [0,1]^${task.d}` };
    steps.push({ ...step, verdict: 'proved', enclosure: { lo: below.neg(), hi: above }, ...feature });
    steps.push({ ...own, verdict: 'proved', enclosure: { lo: least, hi: most }, ...range });
    bounds.push(found.bounds);
  }
  return { steps, bounds };
}

/** The values of feature i in column i of a tensor [T, D] that is computed from the input x. */
export function columnValues(x: Node, node: Node, i: number): Values {
  const [T, D] = node.shape.map((dim) => dim.size);
  const rows = Array.from({ length: T }, (_, t) => t);
  return { of: x, node, entries: rows.map((t) => t * D + i), tokens: rows.map((t) => t + 1) };
}

/** The values of feature i at the tokens of S_i, which are the rows of the tensor `from`. */
export function layerValues(
  network: Network,
  { from, to }: { from: string; to: string },
  { positions }: RetrievalTask,
  i: number,
): Values {
  const [of, node] = [network.find(from)!, network.find(to)!];
  return { of, node, entries: positions[i].map((_, k) => k), tokens: positions[i].map((t) => t + 1) };
}

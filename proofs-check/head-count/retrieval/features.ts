import { coordinateNames, type RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  type Domain,
  type Enclosure,
  type Expression,
  type Network,
  type Node,
  nodeExpressions,
  Rational,
  type Step,
  type Stop,
  separableSupremum,
  sub,
  tokenWise,
  unitBox,
} from '../../../src/index.js';

import { featureSteps, type Values } from './certify.js';

/** What is proved of the net Psi of one feature f over [0, 1]^d. */
export interface FeatureBounds {
  readonly expression: Expression;
  /** Range of Psi. */
  readonly least: Rational;
  readonly most: Rational;
  /** -below <= Psi - f <= above. */
  readonly above: Rational;
  readonly below: Rational;
  /** Points where Psi is least and where Psi - f and f - Psi are large. */
  readonly minimiser: readonly Rational[];
  readonly worstAbove: readonly Rational[];
  readonly worstBelow: readonly Rational[];
}

/** Steps, and bounds when all of them are proved. */
interface Proved<B> {
  readonly steps: readonly Step[];
  readonly bounds: B | null;
}

/** An enclosure need not be sharper than this part of what the design allows for a feature. */
const SHARP = Rational.of(1, 50);

/** The nets of all features from one tensor [T, D] that applies them to every token of the input. */
export function proveFeatures(
  network: Network,
  tensor: string,
  task: RetrievalTask,
  { delta, deadline }: { delta: Rational; deadline: number },
): Proved<readonly FeatureBounds[]> {
  const [x] = network.inputs;
  const read = readNets(network, { from: x?.name, to: tensor }, task, task.features.length);
  if (!read.bounds) return { steps: read.steps, bounds: null };
  const steps = [...read.steps];
  const bounds: FeatureBounds[] = [];
  for (const [i, psi] of read.bounds.entries()) {
    const values = columnValues(x, network.find(tensor)!, i);
    const found = proveFeature({ network, psi, values }, task, i, { absoluteWidth: delta.mul(SHARP), deadline });
    steps.push(...found.steps);
    if (!found.bounds) return { steps, bounds: null };
    bounds.push(found.bounds);
  }
  return { steps, bounds };
}

/** The net of feature i alone, from its tokens [S, d] to its values [S]. */
export function proveFeatureNet(
  network: Network,
  layer: { from: string; to: string },
  task: RetrievalTask,
  i: number,
  { delta, deadline }: { delta: Rational; deadline: number },
): Proved<FeatureBounds> {
  const read = readNets(network, layer, task, 1);
  if (!read.bounds) return { steps: read.steps, bounds: null };
  const values = layerValues(network, layer, task, i);
  const psi = read.bounds[0];
  const found = proveFeature({ network, psi, values }, task, i, { absoluteWidth: delta.mul(SHARP), deadline });
  return { steps: [...read.steps, ...found.steps], bounds: found.bounds };
}

/** The functions of one token that a layer applies to every token, read off the weights. */
function readNets(
  network: Network,
  { from, to }: { from: string | undefined; to: string },
  { d }: RetrievalTask,
  count: number,
): Proved<readonly Expression[]> {
  const base = {
    id: to,
    rule: 'token-wise',
    statement: `'${to}' applies the same nets to every token`,
    enclosure: null,
  };
  const fail = (difference: string): Proved<never> => ({
    steps: [{ ...base, verdict: 'undecided', difference }],
    bounds: null,
  });
  const [tokens, values] = [from === undefined ? undefined : network.find(from), network.find(to)];
  if (!tokens || !values) return fail(`the network has no tensor named '${tokens ? to : from}'`);
  const part = tokenWise(tokens, values);
  if (typeof part === 'string') return fail(part);
  const names = coordinateNames(d);
  const nets = nodeExpressions(part, part.outputs[0].node, (_, index) => names[index]);
  return nets.length === count
    ? { steps: [{ ...base, verdict: 'proved' }], bounds: nets }
    : fail(`${nets.length} nets for ${count} features`);
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

function proveFeature(
  { network, psi, values }: { network: Network; psi: Expression; values: Values },
  task: RetrievalTask,
  i: number,
  stop: Stop,
): Proved<FeatureBounds> {
  const { d, features } = task;
  const found = encloseFeature(psi, features[i], unitBox(coordinateNames(d)), stop);
  const step = { id: `feature${i + 1}`, rule: 'sup-norm', statement: `Psi${i + 1} - f${i + 1} over [0,1]^${d}` };
  if (!found) return { steps: [{ ...step, verdict: 'undecided', enclosure: null }], bounds: null };
  const enclosure: Enclosure = { lo: found.below.neg(), hi: found.above };
  const { feature, range } = featureSteps(network, task, i, values, found);
  const own = { id: `range${i + 1}`, rule: 'sup-norm', statement: `Psi${i + 1} over [0,1]^${d}` };
  const steps: Step[] = [
    { ...step, verdict: 'proved', enclosure, ...feature },
    { ...own, verdict: 'proved', enclosure: { lo: found.least, hi: found.most }, ...range },
  ];
  return { steps, bounds: found };
}

function encloseFeature(psi: Expression, f: Expression, box: Domain, stop: Stop): FeatureBounds | null {
  const above = separableSupremum(sub(psi, f), box, stop);
  const below = separableSupremum(sub(f, psi), box, stop);
  const most = separableSupremum(psi, box, stop);
  const least = separableSupremum(sub({ kind: 'constant', value: Rational.zero }, psi), box, stop);
  if (!above.hi || !below.hi || !most.hi || !least.hi) return null;
  return {
    expression: psi,
    least: least.hi.neg(),
    most: most.hi,
    above: above.hi,
    below: below.hi,
    minimiser: least.witness,
    worstAbove: above.witness,
    worstBelow: below.witness,
  };
}

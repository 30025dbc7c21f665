/**
 * What a checker needs to redo the proof of a retrieval task: the steps' data, and the statement that they come to,
 *   |y - F_0(min_{t in S_1} f_1(x[t]), ..., min_{t in S_D} f_D(x[t]))| <= error for all x in [0,1]^{T x d}.
 */
import { partTensor } from '../../../constructions/composed-net.js';
import type { FunctionNet } from '../../../constructions/function-net.js';
import { READOUT } from '../../../constructions/multi-head.js';
import { type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import {
  approximation,
  type Conclusion,
  compositeOf,
  gapConstant,
  halfName,
  type Network,
  type Node,
  Rational,
  rangesText,
  roundedUp,
  type Step,
  toText,
} from '../../../src/index.js';
import type { FeatureBounds } from './features.js';

/**
 * Where the values of feature i stand: entries of a tensor, one for each of the tokens (which count from 1), that is
 * computed row by row from the tokens in `of`.
 */
export interface Values {
  readonly of: Node;
  readonly node: Node;
  readonly entries: readonly number[];
  readonly tokens: readonly number[];
}

type Evidence = Pick<Step, 'premises' | 'data'>;

const DOMAIN = { x: ['0', '1'] } as const;
const BITS = 128;

/** Bounds of feature i, computed by the net of that name, against f_i, and the range of its values. */
export function featureSteps(
  network: Network,
  task: RetrievalTask,
  { feature: i, name, net }: { readonly feature: number; readonly name: string; readonly net: FunctionNet },
  values: Values,
  bounds: FeatureBounds,
) {
  const place = {
    of: network.nodes.indexOf(values.of),
    node: network.nodes.indexOf(values.node),
    domain: DOMAIN,
    entries: rangesText(values.entries),
    tokens: rangesText(values.tokens),
  };
  if (net.kind === 'composed') {
    const parts = partsOf(network, name, net, task.d);
    const through = (target: string) => ({ rule: 'composed-net', data: () => ({ ...place, target, parts }) });
    return { feature: through(featureText(task, i)), range: through('0') };
  }
  const { least, most, above, below } = bounds;
  const within = (target: string, lo: Rational, hi: Rational): Evidence => ({
    data: () => ({ ...place, target, lo: lo.toString(), hi: hi.toString() }),
  });
  return { feature: within(featureText(task, i), below.neg(), above), range: within('0', least, most) };
}

/** The parts of a composed net of d numbers as texts in these, z1, ..., zd, and in the parts before. */
function partsOf(network: Network, name: string, net: FunctionNet & { kind: 'composed' }, d: number) {
  const { parts } = net.plan;
  const at = (tensor: string) => network.nodes.findIndex((node) => node.name === tensor);
  return parts.map((part, k) => {
    const tensor = partTensor(name, k, parts.length);
    const stated = { node: at(tensor), target: toText(compositeOf([part], readoutNames(d + k))) };
    if (part.kind !== 'product') return stated;
    const [u, v] = part.of.map((place) => `z${place + 1}`);
    const halves = { plus: `${u}/2 + ${v}/2`, minus: `${u}/2 - ${v}/2` };
    const through = (['plus', 'minus'] as const).map((half) => [at(halfName(tensor, half)), halves[half]]);
    return { ...stated, through, within: 'z1^2 - z2^2' };
  });
}

/** Head i is the soft minimum of feature i over S_i. */
export function headEvidence(
  network: Network,
  { positions }: RetrievalTask,
  i: number,
  values: Values,
  retrieved: Node,
): Evidence {
  const [S, node, of] = [positions[i], network.nodes.indexOf(retrieved), network.nodes.indexOf(values.node)];
  const entries = rangesText(values.entries);
  const lambda = () => (S.length === 1 ? '0' : gapConstant(S.length, BITS).hi.toString());
  const data = () => ({ node, entry: i, of, entries, inside: rangesText(S), lambda: lambda() });
  return { premises: [`feature${i + 1}`, `range${i + 1}`], data };
}

/** The least value of feature i by a tree of comparisons. */
export function treeEvidence(network: Network, i: number, values: Values, minimum: Node): Evidence {
  const [node, of] = [minimum, values.node].map((tensor) => network.nodes.indexOf(tensor));
  const data = () => ({ node, entry: 0, of, entries: rangesText(values.entries) });
  return { premises: [`feature${i + 1}`], data };
}

/** The least value of feature i by thresholds, which the tensor named `sum` adds up over the tokens. */
export function thresholdEvidence(network: Network, i: number, values: Values, minimum: Node, sum: string): Evidence {
  const [node, of] = [minimum, values.node].map((tensor) => network.nodes.indexOf(tensor));
  const data = () => ({ node, of, sum: network.nodes.findIndex(({ name }) => name === sum) });
  return { premises: [`feature${i + 1}`, `range${i + 1}`], data };
}

/** The output is F_0 of the retrieved values, which stand at the given entries. */
export function compositionEvidence(
  network: Network,
  { readout }: RetrievalTask,
  z: readonly (readonly [Node, number])[],
  premises: readonly string[],
): Evidence {
  const node = network.nodes.indexOf(network.outputs[0].node);
  const places = z.map(([tensor, entry]) => [network.nodes.indexOf(tensor), entry]);
  return { premises, data: () => ({ node, readout: toText(readout), z: places }) };
}

/** The output is the value of a net of its own for F_0. */
export function readoutEvidence(
  network: Network,
  task: RetrievalTask,
  net: FunctionNet,
  z: readonly (readonly [Node, number])[],
  premises: readonly string[],
): Evidence {
  const { data } = compositionEvidence(network, task, z, premises);
  const whole = { node: network.nodes.findIndex(({ name }) => name === READOUT), target: toText(task.readout) };
  const parts = net.kind === 'composed' ? partsOf(network, READOUT, net, z.length) : [whole];
  return { premises, data: (of) => ({ ...data!(of), parts }) };
}

/** Whether a checker can redo the bounds of the nets: it examines a grid region by region. */
export function isCheckable(nets: readonly FunctionNet[]): boolean {
  return nets.every(({ kind, units }) => kind !== 'grid' || units <= MOST_UNITS);
}

const MOST_UNITS = 512;

/** The closed statement. */
export function retrievalConclusion(network: Network, task: RetrievalTask, error: Rational): Conclusion {
  return approximation(network.outputs[0].name, DOMAIN, retrievalText(task), { above: error, below: error });
}

/** What a certificate states of a slope: a short number below it, and none that is too large for the checker's numbers. */
export function certifiedSlope(slope: Rational): Rational {
  return slope.sign() > 0 ? roundedUp(slope.min(STEEPEST).inverse(), SLOPE_BITS).inverse() : slope;
}

const SLOPE_BITS = 24;
const STEEPEST = Rational.pow2(128);

/** F_0(min_{t in S_1} f_1(x[t]), ...). */
export function retrievalText(task: RetrievalTask): string {
  const minima = task.positions.map((S, i) => `min_{t in ${rangesText(S.map((t) => t + 1))}}(${featureText(task, i)})`);
  return toText(task.readout).replaceAll(/\bz(\d+)\b/g, (_, i) => minima[Number(i) - 1]);
}

/** f_i in the entries of token t. */
function featureText({ features }: RetrievalTask, i: number): string {
  return toText(features[i]).replaceAll(/\bx(\d+)\b/g, 'x[t,$1]');
}

/** How far an execution may be from the exact network, over all X in [0,1]^{dT}. */
import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  type Audit,
  addForms,
  between,
  compile,
  constantForm,
  type Departure,
  type Deviating,
  type DeviationOf,
  deviation,
  domainDeviation,
  doubleIntervals,
  type Finding,
  ifThere,
  type Network,
  type Node,
  perturbedMean,
  precisionAdvice,
  proveAffineIdentity,
  Rational,
  type StatedTensor,
  scaleForm,
  seemingMinima,
  sizeOf,
  sizes,
  Tensor,
  toDecimal,
  tokenWise,
} from '../../../src/index.js';
import type { FeatureBounds } from './worst-points.js';

/** An entry of the input: any number of [0, 1], rounded to the format that it is fed in. */
function anyInput({ weights }: Departure): Deviating {
  return { range: doubleIntervals.fromDoubles(0, 1), error: 2 ** -weights.precision };
}

/** The largest deviation of the output of a network without attention by differing logits. */
export function networkDeviation(network: Network, departure: Departure): number {
  const x = anyInput(departure);
  const inputs = network.inputs.map((node) => [node.attributes.name, filledWith(node, () => x)] as const);
  return largest(compile(network, deviation(departure))(Object.fromEntries(inputs)));
}

/**
 * The largest deviation of a retrieval network: by `deviation` up to the logits and values of its heads, by
 * `perturbedMean` through them, and by `deviation` from there on. `bounds` are the proved ranges of the features, which
 * are computed for one token where the network applies the same nets to all. Null when its heads are not those of the
 * theorem.
 */
export function retrievalDeviation(
  network: Network,
  { features, retrieved }: { features: string; retrieved: string },
  { T, positions }: RetrievalTask,
  bounds: readonly Pick<FeatureBounds, 'least' | 'most'>[],
): DeviationOf {
  const heads = ifThere(() => seemingMinima(network, features, retrieved));
  const parts = attentionParts(network);
  const unknown = () => null;
  if (!heads || !parts || !isStated(network, features, parts, heads)) return unknown;
  const { logits, values, sum } = parts;
  const D = heads.length;
  const closed = heads.map(({ beta, gates }, i) => {
    const inside = new Set(positions[i]);
    const outside = gates.filter((_, t) => !inside.has(t));
    const R = outside.reduce((least, gate) => least.min(gate), outside[0] ?? Rational.zero);
    const within = doubleIntervals.between(bounds[i].least, bounds[i].most);
    return { T, S: positions[i].length, beta, R, within };
  });
  if (heads.some(({ gates }, i) => positions[i].some((t) => !gates[t].isZero()))) return unknown;
  const psi = network.find(features)!;
  const attention = between([psi], [logits, values]);
  const readout = between(
    [sum],
    network.outputs.map(({ node }) => node),
  );
  if (attention.inputs.length !== 1) return unknown;
  return (departure) => {
    const algebra = deviation(departure);
    const entering = { [psi.name]: featureDeviations(network, psi, departure) };
    const found = compile(attention, algebra)(entering);
    const [z, v] = [logits, values].map(({ name }) => found[name].dense(algebra.zero));
    const width = v.length / (T * D);
    const column = (entries: readonly Deviating[], period: number, offset: number) =>
      Array.from({ length: T }, (_, t) => entries[t * period + offset]);
    const means = closed.flatMap((head, i) =>
      Array.from({ length: width }, (_, k) => {
        const entries = column(v, D * width, i * width + k);
        return entries.every(({ range, error }) => range.lo === 0 && range.hi === 0 && error === 0)
          ? algebra.zero
          : perturbedMean({ ...head, logits: column(z, D, i), values: entries }, departure);
      }),
    );
    return largest(compile(readout, algebra)({ [sum.name]: filledWith(sum, (k) => means[k]) }));
  };
}

/** The features [T, D] over all inputs. */
function featureDeviations(network: Network, psi: Node, departure: Departure): Tensor<Deviating> {
  const algebra = deviation(departure);
  const x = anyInput(departure);
  const layer = tokenWise(network.inputs[0], psi);
  const part = typeof layer === 'string' ? network.upTo(psi) : layer;
  const inputs = part.inputs.map((node) => [node.attributes.name, filledWith(node, () => x)] as const);
  const found = compile(part, algebra)(Object.fromEntries(inputs))[psi.name].dense(algebra.zero);
  return filledWith(psi, (k) => found[k % found.length]);
}

/** The logits [T, D], values [T, D, n] and their weighted sums [D, n] of the one softmax in the network. */
function attentionParts(network: Network): { logits: Node; values: Node; sum: Node } | null {
  const behind = (node: Node): Node => (node.op === 'reshape' ? behind(node.inputs[0]) : node);
  const [softmax, ...others] = network.nodes.filter(({ op }) => op === 'softmax');
  const products = network.nodes.filter(
    ({ op, inputs }) => op === 'mul' && inputs.some((node) => behind(node) === softmax),
  );
  const sums = network.nodes.filter(({ op, inputs }) => op === 'reduceSum' && inputs[0] === products[0]);
  const isSingle = softmax && others.length === 0 && products.length === 1 && sums.length === 1;
  if (!isSingle || !isAlongTokens(softmax) || !isAlongTokens(sums[0])) return null;
  const values = products[0].inputs.find((node) => behind(node) !== softmax);
  const [T, D] = sizes(softmax.shape);
  const shares = products[0].inputs.find((node) => behind(node) === softmax);
  const isAligned = sizes(shares!.shape).join() === [T, D, 1].join() && values?.shape.length === 3;
  return isAligned ? { logits: softmax.inputs[0], values, sum: sums[0] } : null;
}

function isAlongTokens({ attributes }: Node): boolean {
  return (attributes as { readonly axis?: number }).axis === 0;
}

/** Whether logit (t, i) is -beta_i (psi_{t,i} + rho_{t,i}) and value (t, i) is psi_{t,i}, followed by zeros. */
function isStated(
  network: Network,
  features: string,
  { logits, values }: { readonly logits: Node; readonly values: Node },
  heads: readonly { readonly beta: Rational; readonly gates: readonly Rational[] }[],
): boolean {
  const D = heads.length;
  const width = values.shape[2].size;
  const T = heads[0].gates.length;
  const logit: StatedTensor['entry'] = (k, input) => {
    const { beta, gates } = heads[k % D];
    const gate = constantForm(gates[Math.floor(k / D)]);
    return scaleForm(addForms(input(features, k), gate), beta.neg());
  };
  const value: StatedTensor['entry'] = (k, input) =>
    k % width === 0 ? input(features, k / width) : constantForm(Rational.zero);
  const forms: readonly (readonly [Node, StatedTensor])[] = [
    [logits, { shape: [T, D], entry: logit }],
    [values, { shape: [T, D, width], entry: value }],
  ];
  const psi = network.find(features)!;
  return forms.every(([node, stated]) => {
    const place = { id: node.name, statement: node.name, from: [psi] };
    return proveAffineIdentity(network, node.name, stated, place).kind === 'fact';
  });
}

function filledWith(node: Node, entry: (k: number) => Deviating): Tensor<Deviating> {
  const shape = sizes(node.shape);
  return new Tensor(
    shape,
    Array.from({ length: sizeOf(shape) }, (_, k) => entry(k)),
  );
}

function largest(outputs: Readonly<Record<string, Tensor<Deviating>>>): number {
  return Object.values(outputs)
    .flatMap(({ data }) => data)
    .reduce((most, { error }) => Math.max(most, error), 0);
}

/** What is said of an execution beyond its samples: how far it may be from the exact network at any input. */
export function withPrecision(
  finding: Finding,
  { execution, approximation }: Pick<Audit<unknown, unknown>, 'execution' | 'approximation'>,
  eps: Rational,
  deviationOf: DeviationOf,
): Finding {
  const target = execution.find(({ provider, dtype }) => finding.suffix === `${provider}.${dtype}`);
  const found = target && domainDeviation(deviationOf, target);
  if (!target || !approximation?.hi) return finding;
  const show = (value: Rational) => toDecimal(value, 3, 'up');
  const everywhere = found
    ? [
        `for every input execution adds at most ${show(found.execution)} (quantisation at most ${show(found.quantisation)}): ` +
          `the executed error is at most ${show(found.execution.add(approximation.hi))}`,
      ]
    : [];
  const advice = target === execution[0] ? precisionAdvice(deviationOf, approximation.hi, eps, target.provider) : [];
  return { ...finding, facts: [...(finding.facts ?? []), ...everywhere, ...advice] };
}

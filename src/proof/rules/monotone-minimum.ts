import type { Span } from '../../enclose/interpolation.js';
import type { Algebra } from '../../evaluate/algebra.js';
import { compile } from '../../evaluate/evaluate.js';
import { expressions } from '../../evaluate/expressions.js';
import { INCREASING, isNondecreasing, monotonicity } from '../../evaluate/monotonicity.js';
import { between } from '../../network/cut.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Tensor } from '../../network/tensor.js';
import { isOverRows, tokenWise } from '../../network/token-wise.js';
import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import { type Derived, demand, derive, Mismatch } from '../derivation.js';
import { type Fact, mint } from '../fact.js';
import { approximated } from '../propositions/approximation.js';
import type { Rule } from '../step.js';
import { mintAttained } from './evaluation.js';
import { inputFacts, minimumRange, signedMinimumSentence } from './inputs.js';
import { entriesOf, numberNamed } from './tensors.js';

/**
 * How far a monotone function of S numbers is from their minimum, exactly, by two functions of one variable.
 *
 * Let F(a) = out(sum_t phi(a_t)) never fall when an entry of a in [0, 1]^S grows. If min a = mu then a lies above
 * (mu, ..., mu) and, up to the order of its entries, which F does not see, below (mu, 1, ..., 1). Hence
 *   mu - F(mu, 1, ..., 1) <= min a - F(a) <= mu - F(mu, ..., mu),
 * with equality at these two inputs. For a ReLU net both sides are piecewise linear in mu, so their extremes over [0, 1]
 * are taken at exactly known knots. The sum over tokens, phi and out are read off the weights: phi from one token's
 * slice; monotonicity from the signs of the weights.
 */
export const monotoneMinimum: Rule = {
  id: 'monotone-minimum',
  tex: '\\min_\\mu \\big(\\mu - F(\\mu, 1, \\dots, 1)\\big) \\le \\min_t a_t - F(a) \\le \\max_\\mu \\big(\\mu - F(\\mu, \\dots, \\mu)\\big)',
};

/** The range of min a - F(a) over [0, 1]^S, both ends attained. */
interface MinimumGap {
  readonly range: Span;
  /** mu at (mu, ..., mu), where the upper end is attained. */
  readonly level: Rational;
  /** The tensor that is the sum over tokens. */
  readonly sum: string;
}

/** Applies the rule to an output of one number. One fact per hypothesis, then the gap. */
export function proveMonotoneMinimum(network: Network, from: Node, target: Node): Derived<Fact<MinimumGap>> {
  const base = { rule: monotoneMinimum, network, domain: null };
  return derive({ rule: monotoneMinimum, id: 'range', statement: RANGE }, (take) => {
    const { phi, out, sum, tokens: T } = decompose(from, target);
    const tokens = take(mint({ ...base, id: 'tokens', says: SUM, found: null }));
    const [composed] = apply(out, monotonicity, apply(phi, monotonicity, [INCREASING]));
    demand(isNondecreasing(composed), `not by their signs: ${MONOTONE}`);
    const monotone = take(mint({ ...base, id: 'monotone', says: MONOTONE, found: null }));
    const others = E.constant(Rational.of(T - 1));
    const mu = E.variable('mu');
    const atMu = apply(phi, expressions, [mu]);
    const deviation = (level: E.Expression) => {
      const rest = apply(phi, expressions, [level]).map((value) => E.mul(others, value));
      const totals = atMu.map((value, j) => E.add(value, rest[j]));
      const [F] = apply(out, expressions, totals);
      return E.knotsOf(E.sub(mu, F), 'mu', Rational.zero, Rational.one);
    };
    const [upper, lower] = [deviation(mu), deviation(E.one)];
    demand(upper && lower, 'F is not piecewise linear');
    const most = upper.reduce((best, knot) => (best.y.lt(knot.y) ? knot : best));
    const least = lower.reduce((best, knot) => (knot.y.lt(best.y) ? knot : best));
    const range = { lo: least.y, hi: most.y };
    const found = { range, level: most.x, sum };
    return take(mint({ ...base, id: 'range', says: RANGE, enclosure: range, found, premises: [tokens, monotone] }));
  });
}

/**
 * The output against the minimum of the entries of the only input, a vector in [0, 1]^S: -hi <= y - min a <= -lo, both
 * ends attained, the lower one at (mu, ..., mu). Nothing where a hypothesis fails.
 */
export function proveMinimumByThresholds(network: Network, output: string, target: string): readonly Fact[] {
  const { node } = network.outputs.find(({ name }) => name === output)!;
  const [input] = network.inputs;
  const { result: fact } = proveMonotoneMinimum(network, input, node);
  if (!fact) return [];
  const { name } = input.attributes;
  const place = { output, domain: { [name]: ['0', '1'] } as const, target };
  const { range, level, sum } = fact.found;
  const inputs = inputFacts(network, [Rational.zero, Rational.one]);
  const [lo, hi] = [range.hi.neg(), range.lo.neg()];
  const all = mint({
    ...{ rule: monotoneMinimum, id: 'minimum', network, domain: inputs[0].domain, found: null },
    says: minimumRange(network, output, lo, hi),
    enclosure: { lo, hi },
    premises: [...inputs, fact],
    evidence: () => {
      const [place, of] = [node, input].map((one) => network.nodes.indexOf(one));
      return { node: place, of, sum: numberNamed(network, sum) };
    },
    conclusion: approximated(place, { lo, hi }),
  });
  // At (mu, ..., mu) the output was computed exactly, from one token's share of the sum.
  const a = new Array<Rational>(entriesOf(input)).fill(level);
  const about = signedMinimumSentence(network, output);
  return [all, mintAttained({ network, ...place, about }, { [name]: a }, { lo, hi: lo })];
}

const SUM = 'the network is out(sum_t phi(a_t)), phi the same for every token';
const MONOTONE = 'no entry of a lowers the output when it grows, by the signs of the weights';
const RANGE = 'min a - F(a) over [0, 1]^S, from (mu, ..., mu) and (mu, 1, ..., 1)';

/** The network between its sum over tokens. */
interface Parts {
  readonly tokens: number;
  readonly sum: string;
  /** From one token, [1], to its share of the sum. */
  readonly phi: Network;
  readonly out: Network;
}

function decompose(from: Node, node: Node): Parts {
  const part = between([from], [node]);
  demand(part.inputs.length === 1, `'${node.name}' depends on more than '${from.name}'`);
  const [input] = part.inputs;
  const target = part.outputs[0].node;
  demand(entriesOf(target) === 1, `'${node.name}' is not one number`);
  let problem = 'there is no sum over the tokens';
  for (const total of part.nodes) {
    if (!isOverRows(total, 'reduceSum')) continue;
    const out = between([total], [target]);
    const phi = tokenWise(input, total.inputs[0]);
    if (typeof phi === 'string') problem = phi;
    else if (out.inputs.every(({ name }) => name === total.name))
      return { tokens: entriesOf(input), sum: total.name, phi, out };
  }
  throw new Mismatch(problem);
}

/** The outputs of a part with one input and one output. */
function apply<S>(part: Network, algebra: Algebra<S>, values: readonly S[]): readonly S[] {
  const [input] = part.inputs;
  const inputs = { [input.attributes.name]: new Tensor(sizes(input.shape), values) };
  return compile(part, algebra)(inputs)[part.outputs[0].name].dense(algebra.zero);
}

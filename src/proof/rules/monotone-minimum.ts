import type { Algebra } from '../../evaluate/algebra.js';
import { compile } from '../../evaluate/evaluate.js';
import { expressions } from '../../evaluate/expressions.js';
import { neverFalls, RISING, trends } from '../../evaluate/trend.js';
import { between } from '../../network/cut.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { tokenWise } from '../../network/token-wise.js';
import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import type { Rule, Step } from '../step.js';
import type { Enclosure } from '../verdict.js';

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
export interface MinimumGap {
  readonly range: Enclosure & { readonly lo: Rational; readonly hi: Rational };
  /** mu at (mu, ..., mu), where the upper end is attained. */
  readonly level: Rational;
  /** Name of the sum over tokens. */
  readonly sum: string;
}

/** Applies the rule to an output of one number. One step per hypothesis; no gap when one of them fails. */
export function proveMonotoneMinimum(
  network: Network,
  output: string,
): { readonly steps: readonly Step[]; readonly gap: MinimumGap | null } {
  const parts = decompose(network, output);
  if (typeof parts === 'string') return { steps: [step('tokens', SUM, parts)], gap: null };
  const { phi, out } = parts;
  const steps = [step('tokens', SUM)];
  const [trend] = apply(out, trends, apply(phi, trends, [RISING]));
  if (!neverFalls(trend)) return { steps: [...steps, step('monotone', MONOTONE, 'not by their signs')], gap: null };
  steps.push(step('monotone', MONOTONE));
  const others = E.constant(Rational.of(parts.tokens - 1));
  const mu = E.variable('mu');
  const atMu = apply(phi, expressions, [mu]);
  const deviation = (level: E.Expression) => {
    const rest = apply(phi, expressions, [level]).map((value) => E.mul(others, value));
    const [F] = apply(
      out,
      expressions,
      atMu.map((value, j) => E.add(value, rest[j])),
    );
    return E.knotsOf(E.sub(mu, F), 'mu', Rational.zero, Rational.one);
  };
  const [upper, lower] = [deviation(mu), deviation(E.one)];
  if (!upper || !lower) return { steps: [...steps, step('range', RANGE, 'F is not piecewise linear')], gap: null };
  const most = upper.reduce((best, knot) => (best.y.lt(knot.y) ? knot : best));
  const least = lower.reduce((best, knot) => (knot.y.lt(best.y) ? knot : best));
  const range = { lo: least.y, hi: most.y };
  return {
    steps: [...steps, { ...step('range', RANGE), enclosure: range }],
    gap: { range, level: most.x, sum: parts.sum },
  };
}

const SUM = 'the network is out(sum_t phi(a_t)), phi the same for every token';
const MONOTONE = 'no entry of a lowers the output when it grows, by the signs of the weights';
const RANGE = 'min a - F(a) over [0, 1]^S, from (mu, ..., mu) and (mu, 1, ..., 1)';

/** The network between its sum over tokens; or why it has none. */
interface Parts {
  readonly tokens: number;
  readonly sum: string;
  /** From one token, [1], to its share of the sum. */
  readonly phi: Network;
  readonly out: Network;
}

function decompose(network: Network, output: string): Parts | string {
  const node = network.outputs.find(({ name }) => name === output)?.node;
  const [input, ...others] = network.inputs;
  if (!node || entries(node) !== 1) return `no output '${output}' of one number`;
  if (!input || others.length > 0 || input.shape.length !== 1) return 'the network has not one vector as input';
  let problem = 'there is no sum over the tokens';
  for (const total of network.nodes) {
    if (total.op !== 'reduceSum' || (total.attributes as { axis: number }).axis !== 0) continue;
    const out = between([total], [node]);
    const phi = tokenWise(input, total.inputs[0]);
    if (typeof phi === 'string') problem = phi;
    else if (out.inputs.every(({ name }) => name === total.name))
      return { tokens: entries(input), sum: total.name, phi, out };
  }
  return problem;
}

/** The outputs of a part with one input and one output. */
function apply<S>(part: Network, algebra: Algebra<S>, values: readonly S[]): readonly S[] {
  const [input] = part.inputs;
  const inputs = { [input.attributes.name]: new Tensor(sizes(input.shape), values) };
  return compile(part, algebra)(inputs)[part.outputs[0].name].dense(algebra.zero);
}

function step(id: string, statement: string, difference?: string): Step {
  const base = { id, rule: monotoneMinimum.id, statement, enclosure: null };
  return difference === undefined ? { ...base, verdict: 'proved' } : { ...base, verdict: 'undecided', difference };
}

function entries(node: Node): number {
  return sizeOf(sizes(node.shape));
}

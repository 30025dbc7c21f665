/**
 * The second largest of T numbers by two attention layers with one head each (InfoFlow): x in [0, 1]^T,
 *   x_(2) = max_t min(x_t, max_{s != t} x_s),   ties included.
 *
 * Token t is embedded in R^{T+2} as (1, x_t, e_t). Layer 1 has the queries beta_1 (1, -R e_t) and the keys (x_s, e_s), so
 * the logits beta_1 (x_s - R [s = t]): m_t is a soft maximum over the other tokens. The feed-forward net is exact, g_t =
 * x_t - relu(x_t - m_t) = min(x_t, m_t). Layer 2, at the class token, is a soft maximum of g with beta_2.
 *
 * With lambda_S = W0((S - 1)/e) and l = e^{-beta_1 (R - 1)}/(T - 1),
 *   -(lambda_{T-1}/beta_1 + lambda_T/beta_2 + l/(1 + l)) <= y - x_(2) <= l/(1 + l),
 * because min and max are 1-Lipschitz; lambda_T may be replaced by W0((T - 2)/(2 e)), because g has its largest value
 * twice, up to the error of m (rule tied-maximum). beta_1 = beta_2 = (8/7) (lambda_{T-1} + lambda_T)/eps and R = 1 + ln(8/eps)/beta
 * give eps. The number of parameters, 2 T + 4, does not depend on eps.
 */
import { Builder, ballIntervals, type Construction, gapOf, Rational, roundedTo, sparse, tensor } from '../src/index.js';
import { head } from './attention.js';

export interface SecondLargestChoices {
  readonly T: number;
  readonly eps: Rational;
  readonly beta: Rational | undefined;
  readonly R: Rational | undefined;
}

export interface SecondLargestDesign {
  readonly T: number;
  readonly beta: Rational;
  readonly R: Rational;
}

const SIGNIFICANT_BITS = 24;
const BITS = 128;

/** Input x [token T, coordinate 1], output y [class 1, value 1]. */
export function secondLargestNet({ T, eps, ...given }: SecondLargestChoices): Construction<SecondLargestDesign> {
  const gaps = gapOf(T - 1).add(gapOf(T));
  const beta = given.beta ?? roundedTo(gaps.mul(Rational.of(8, 7)).div(eps), SIGNIFICANT_BITS, 'up');
  const R = given.R ?? roundedTo(gate(eps, beta), SIGNIFICANT_BITS, 'up');
  const E = T + 2;
  const tokens = Array.from({ length: T }, (_, t) => t);

  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: 1 });
  const codes = sparse(
    [T, E],
    tokens.flatMap((t) => [[t * E, Rational.one] as const, [t * E + 2 + t, Rational.one] as const]),
  );
  const spread = b.constant(sparse([1, E], [[1, Rational.one]]), 'spread', 'structure', { coordinate: 1, channel: E });
  const positions = b.constant(codes, 'positions', 'structure', { token: T, channel: E });
  const embedding = b.add(b.matmul(x, spread, 'content'), positions, 'embedding');

  const weights = (name: string, columns: string, width: number, entries: readonly (readonly [number, Rational])[]) =>
    b.constant(sparse([E, width], entries), name, 'weight', { channel: E, [columns]: width });
  const diagonal = (entry: Rational) => tokens.map((t) => [(t + 2) * (T + 1) + t + 1, entry] as const);
  const W_Q = weights('W_Q', 'key', T + 1, [[0, beta], ...diagonal(beta.mul(R).neg())]);
  const W_K = weights('W_K', 'key', T + 1, [[T + 1, Rational.one], ...diagonal(Rational.one)]);
  const W_V = weights('W_V', 'value', 1, [[1, Rational.one]]);
  const [query, key, value] = [W_Q, W_K, W_V].map((W, k) => b.matmul(embedding, W, ['query', 'key', 'value'][k]));
  const m = head(b, query, key, value, 'others');
  const g = b.sub(x, b.relu(b.sub(x, m, 'excess'), 'hidden'), 'smaller');

  const c0 = b.constant(tensor([1, 1], [beta]), 'c0', 'weight', { class: 1, value: 1 });
  return { network: b.network({ y: head(b, c0, g, g, 'y') }), design: { T, beta, R } };
}

/** 1 + ln(8/eps)/beta, from above: written out, as the reader of formulas takes longer to load than all else here. */
function gate(eps: Rational, beta: Rational): Rational {
  const A = ballIntervals(BITS);
  return A.upper(A.add(A.one, A.div(A.log(A.of(Rational.of(8).div(eps))), A.of(beta))))!;
}

/** W_Q and W_K with T + 1 entries each, W_V and c0 with one. */
export function secondLargestParameters(T: number): number {
  return 2 * (T + 1) + 2;
}

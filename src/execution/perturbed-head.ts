import type { Accuracy } from '../evaluate/accuracy.js';
import type { Departure, Deviating } from '../evaluate/deviation.js';
import { OverflowPossible, unitOf } from '../evaluate/rounded.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { FloatFormat } from '../numbers/format.js';
import type { Interval } from '../numbers/interval.js';
import { Rational } from '../numbers/rational.js';
import { gapConstant } from '../proof/rules/soft-minimum.js';

/**
 * How far a gated soft minimum moves when its logits move by at most delta each.
 *
 * Logits z_t = -beta (v_t + rho_t), rho = 0 on a set of S tokens and rho >= R elsewhere, values v_t in an interval of
 * width w, m the least value on the set, y = sum_t p_t v_t. Let logits go from z to z + d, |d_t| <= delta, on a straight
 * line, so that dy = sum_t p_t (v_t - y) d_t. On the way the logits of the set are -beta (v_t - tau d_t/beta), so by the
 * lemma soft-minimum sum_set p_t (v_t - m) <= (lambda + 2 delta)/beta, lambda = W0((S - 1)/e), and by the lemma gated-minimum
 * the others have at most the mass q = min(1, ((T - S)/S) e^{-beta (R - w) + 2 delta}). Hence
 *   sum_t p_t |v_t - y| <= 2 sum_t p_t |v_t - m| <= G = 2 ((lambda + 2 delta)/beta + q w),   |y' - y| <= delta G,
 * and |y' - y| <= (lambda + 2 delta)/beta + 2 q w as well, since both lie in the same interval around m.
 *
 * An execution moves logits by their own error, by rounding z_t - max z, and by the error of exp; its values by their
 * error; shares, products and their sum round as in `rounded`.
 */
interface PerturbedHead {
  readonly T: number;
  readonly S: number;
  readonly beta: Rational;
  /** Least gate outside the set; of no account when S = T. */
  readonly R: Rational;
  /** Where all values lie in the exact network: `values` may say less. */
  readonly within: Interval;
  readonly logits: readonly Deviating[];
  readonly values: readonly Deviating[];
}

const I = doubleIntervals;
const point = (x: number): Interval => I.fromDoubles(x, x);
const BITS = 64;

/** The head's exact range and how far an execution may be from it. Throws OverflowPossible for too many tokens. */
export function perturbedMean(head: PerturbedHead, { execution }: Departure): Deviating {
  const { T, S, beta, R, within, logits, values } = head;
  const range = I.intersect(hull(values), within);
  const width = I.sub(point(range.hi), point(range.lo));
  const valueError = largest(values);
  const delta = movement(logits, execution);
  const lambda = S === 1 ? I.zero : I.of(gapConstant(S, BITS).hi);
  const twice = I.mul(point(2), delta);
  const exponent = I.add(I.mul(I.of(beta), I.sub(width, I.of(R))), twice);
  const leak = T === S ? I.zero : I.min(I.one, I.mul(I.of(Rational.of(T - S, S)), I.exp(exponent)));
  const inside = I.div(I.add(lambda, twice), I.of(beta));
  const outside = I.mul(leak, width);
  const slow = I.mul(delta, I.mul(point(2), I.add(inside, outside)));
  const whole = I.add(inside, I.mul(point(2), outside));
  const most = Number.isFinite(delta.hi) ? I.min(width, I.min(slow, whole)) : width;
  const moved = I.add(most, point(valueError));
  return { range, error: I.add(moved, roundings(I.add(I.abs(range), point(valueError)), T, execution)).hi };
}

type Execution = { readonly format: FloatFormat; readonly device: Accuracy } | null;

/** delta: how far a logit may be moved before its exact exponential is taken. */
function movement(logits: readonly Deviating[], execution: Execution): Interval {
  const own = point(largest(logits));
  if (!execution) return own;
  const { format, device } = execution;
  const { lo, hi } = hull(logits);
  const distance = I.add(I.sub(point(hi), point(lo)), I.mul(point(2), own));
  const u = point(unitOf(format, device));
  const rounded = I.add(I.mul(distance, u), point(2 ** format.minExponent));
  const perUnit = I.mul(point(device.exp.perUnit), I.add(distance, rounded));
  const relative = I.mul(I.add(point(device.exp.ulps), perUnit), point(2 ** (1 - format.precision)));
  const rest = I.sub(I.one, relative);
  if (!(rest.lo > 0)) return I.fromDoubles(0, Number.POSITIVE_INFINITY);
  return I.add(I.add(own, rounded), I.div(relative, rest));
}

/** What shares, products and sums add, for values of a given size: see `rounded`. */
function roundings(size: Interval, n: number, execution: Execution): Interval {
  if (!execution) return I.zero;
  const { format, device } = execution;
  const u = point(unitOf(format, device));
  const rest = I.sub(I.one, I.mul(point(n), u));
  if (!(rest.lo > 0)) throw new OverflowPossible(format);
  const g = I.div(I.mul(point(n), u), rest);
  const tiny = point(2 ** format.minExponent);
  const sum = I.add(g, I.mul(I.mul(point(4 * n), tiny), I.add(I.one, g)));
  if (!(sum.hi < 1)) throw new OverflowPossible(format);
  const quotient = I.mul(point(2 * device.quotient + 2), u);
  const k = I.sub(I.mul(I.add(I.one, quotient), I.add(I.one, g)), I.one);
  const relative = I.div(I.add(k, sum), I.sub(I.one, sum));
  const lost = I.mul(I.mul(point(8 * n), tiny), I.mul(I.add(I.one, g), I.add(I.one, size)));
  return I.add(I.mul(relative, size), lost);
}

function hull(all: readonly Deviating[]): Interval {
  return all.map(({ range }) => range).reduce(I.hull);
}

function largest(all: readonly Deviating[]): number {
  return all.reduce((most, { error }) => Math.max(most, error), 0);
}

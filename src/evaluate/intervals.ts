import type { Arithmetic } from '../numbers/arithmetic.js';
import type { Algebra } from './algebra.js';
import { argmax, normalise, sigmoid } from './interval-operations.js';
import { intervalRidge } from './piecewise-linear.js';

/**
 * Rigorous semantics: every entry is an interval that contains the entry's value for every choice of the inputs in
 * their intervals (a box, or points).
 *
 * Softmax is evaluated pairwise, p_i = 1 / (1 + sum_{j != i} exp(z_j - z_i)): it falls in every z_j and rises in z_i
 * wherever that occurs, so the interval value is the exact range over a box of logits up to rounding, at least as tight
 * as the natural extension and the log-sum-exp form. The sums without their own term come from sums of prefixes and
 * suffixes (a subtraction would lose them), after a common shift, so T logits cost 2 T exponentials, and over wide boxes
 * 4 T.
 */
export function intervals<I>(arithmetic: Arithmetic<I>): Algebra<I> {
  const A = arithmetic;
  return {
    name: `intervals (${A.name})`,
    zero: A.zero,
    sharesResults: true,
    of: A.of,
    add: A.add,
    sub: A.sub,
    mul: A.mul,
    min: A.min,
    max: A.max,
    relu: (x) => A.max(x, A.zero),
    div: A.div,
    apply: (fn, a) => (fn === 'sigmoid' ? sigmoid(A, a) : A[fn](a)),
    power: (a, exponent) => (exponent === 2 ? A.sqr(a) : A.pown(a, exponent)),
    normalise: (x, epsilon) => normalise(A, x, epsilon),
    argmax: (x) => argmax(A, x),
    dot: A.dot,
    sum: (terms) => (terms.length < MANY ? A.sum(terms) : sumOfKinds(A, terms)),
    softmax: (z) => softmax(A, z),
    affine: A.affine,
    ridge: (ridge) => intervalRidge(A, ridge),
  };
}

/** From how many terms on those are counted that are one object. */
const MANY = 1024;
/** At most one in so many terms may be another one than those before. */
const REPEATS = 4;

/** The sum of terms each of which lies in its interval; those that are one object are counted. */
function sumOfKinds<I>(A: Arithmetic<I>, terms: readonly I[]): I {
  const counts = new Map<I, number>();
  for (const term of terms) {
    counts.set(term, (counts.get(term) ?? 0) + 1);
    if (counts.size * REPEATS > terms.length) return A.sum(terms);
  }
  return A.sum([...counts].map(([term, count]) => times(A, count, term)));
}

/** Logits that are one object, as those of equal tokens are, count as one with a multiplicity. */
function softmax<I>(A: Arithmetic<I>, z: readonly I[]): I[] {
  const index = new Map<I, number>();
  const counts: number[] = [];
  const places = z.map((logit) => {
    const place = index.get(logit) ?? index.size;
    index.set(logit, place);
    counts[place] = (counts[place] ?? 0) + 1;
    return place;
  });
  const found = softmaxOf(A, [...index.keys()], counts);
  return places.map((place) => found[place]);
}

/** The shares of logits of which each occurs `counts` times. */
function softmaxOf<I>(A: Arithmetic<I>, z: readonly I[], counts: readonly number[]): I[] {
  const mark = z.reduce((marks, logit) => marks | A.mark(logit), 0);
  if (z.some((logit) => A.isEmpty(logit))) return z.map(() => A.marked(A.empty, mark));
  if (z.length === 1 && counts[0] === 1) return [A.marked(A.one, mark)];
  const ends = z.map((logit) => A.outer(logit));
  const isBoundedAbove = ends.every(({ hi }) => hi < Number.POSITIVE_INFINITY);
  if (!isBoundedAbove) return z.map(() => A.marked(A.fromDoubles(0, 1), mark));
  const isThin = ends.every(({ lo, hi }) => hi - lo <= 1);
  return (isThin ? shares(A, z, z, counts) : overCorners(A, ends, counts)).map((p) => A.marked(p, mark));
}

interface Ends {
  readonly lo: number;
  readonly hi: number;
}

/**
 * Over a wide box the ends of p_i are taken at the corners where they are attained: with one shift for both, the
 * exponentials at the other corner could underflow.
 */
function overCorners<I>(A: Arithmetic<I>, ends: readonly Ends[], counts: readonly number[]): I[] {
  const lows = ends.map(({ lo }) => A.fromDoubles(lo, Math.max(lo, -Number.MAX_VALUE)));
  const highs = ends.map(({ hi }) => A.fromDoubles(hi, hi));
  const [least, most] = [shares(A, lows, highs, counts), shares(A, highs, lows, counts)];
  const [k, l] = [indexOfTop(A, highs), indexOfTop(A, lows)];
  if (counts[k] === 1) least[k] = share(A, lows[k], highs.toSpliced(k, 1), counts.toSpliced(k, 1));
  if (counts[l] === 1) most[l] = share(A, highs[l], lows.toSpliced(l, 1), counts.toSpliced(l, 1));
  return least.map((p, i) => A.hull(p, most[i]));
}

/** 1 / (1 + sum_{j != i} exp(others_j - own_i)) for every i. */
function shares<I>(A: Arithmetic<I>, own: readonly I[], others: readonly I[], counts: readonly number[]): I[] {
  const shift = shiftOf(A, others);
  const powers = others.map((logit) => A.exp(A.sub(logit, shift)));
  const all = powers.map((power, i) => times(A, counts[i], power));
  const before = runningSums(A, all);
  const after = runningSums(A, [...all].reverse());
  return own.map((logit, i) => {
    const apart = A.add(before[i], after[own.length - 1 - i]);
    const rest = counts[i] === 1 ? apart : A.add(apart, times(A, counts[i] - 1, powers[i]));
    const isOwn = logit === others[i] && A.less(A.zero, powers[i]) === true;
    return isOwn ? shareIn(A, A.div(rest, powers[i]), () => powers[i], rest) : shareOf(A, logit, shift, rest);
  });
}

/** The sum of `count` numbers that each lie in x. */
function times<I>(A: Arithmetic<I>, count: number, x: I): I {
  return count === 1 ? x : A.mul(A.fromDoubles(count, count), x);
}

/** 1 / (1 + sum_j exp(others_j - own)). */
function share<I>(A: Arithmetic<I>, own: I, others: readonly I[], counts: readonly number[]): I {
  const shift = shiftOf(A, others);
  const powers = others.map((logit, j) => times(A, counts[j], A.exp(A.sub(logit, shift))));
  return shareOf(A, own, shift, A.sum(powers));
}

/** 1 / (1 + exp(shift - own) others). */
function shareOf<I>(A: Arithmetic<I>, own: I, shift: I, others: I): I {
  return shareIn(A, A.mul(A.exp(A.sub(shift, own)), others), () => A.exp(A.sub(own, shift)), others);
}

/** 1 / (1 + ratio), ratio = others/power; from the power itself where the ratio is beyond the numbers of A. */
function shareIn<I>(A: Arithmetic<I>, ratio: I, power: () => I, others: I): I {
  const p = A.div(A.one, A.add(A.one, ratio));
  return isBounded(A, p) ? p : quotient(A, power(), others);
}

/** p/(p + others) within [0, 1]: where 1/p is beyond the numbers of the arithmetic, p itself is not. */
function quotient<I>(A: Arithmetic<I>, power: I, others: I): I {
  const unit = A.fromDoubles(0, 1);
  const whole = A.div(power, A.add(power, others));
  if (!isBounded(A, whole)) return unit;
  const { lo, hi } = A.outer(whole);
  return lo >= 0 && hi <= 1 ? whole : A.intersect(whole, unit);
}

function isBounded<I>(A: Arithmetic<I>, x: I): boolean {
  const { lo, hi } = A.outer(x);
  return Number.isFinite(lo) && Number.isFinite(hi);
}

function shiftOf<I>(A: Arithmetic<I>, logits: readonly I[]): I {
  const { hi } = A.outer(logits[indexOfTop(A, logits)]);
  return A.fromDoubles(hi, hi);
}

function indexOfTop<I>(A: Arithmetic<I>, logits: readonly I[]): number {
  let [index, top] = [0, Number.NEGATIVE_INFINITY];
  logits.forEach((logit, i) => {
    const { hi } = A.outer(logit);
    if (hi > top) [index, top] = [i, hi];
  });
  return index;
}

/** Entry i is the sum of the terms before i. */
function runningSums<I>(A: Arithmetic<I>, terms: readonly I[]): I[] {
  let total = A.zero;
  return terms.map((term) => {
    const before = total;
    total = A.add(total, term);
    return before;
  });
}

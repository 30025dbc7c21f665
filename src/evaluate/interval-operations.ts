import type { Arithmetic } from '../numbers/arithmetic.js';
import { Rational } from '../numbers/rational.js';

/** 1/(1 + exp(-x)), where x occurs once: the exact range up to rounding. */
export function sigmoid<I>(A: Arithmetic<I>, x: I): I {
  const unit = A.fromDoubles(0, 1);
  return A.isEmpty(x) ? x : A.intersect(A.div(A.one, A.add(A.one, A.exp(A.neg(x)))), unit);
}

/** Boxes narrower than this are treated as points, on which the natural extension loses little. */
const THIN = 2 ** -20;

/**
 * x_i / sqrt(mean of x_j^2 + epsilon) = sqrt(n) x_i / sqrt(x_i^2 + S_i + n epsilon), S_i the sum of the other squares: it
 * rises with x_i, and with S_i it moves towards 0. So over a box both ends are attained, at the ends of x_i with the
 * S_i that suits, and no entry is larger than sqrt(n).
 */
export function normalise<I>(A: Arithmetic<I>, x: readonly I[], epsilon: Rational): I[] {
  const mark = x.reduce((marks, entry) => marks | A.mark(entry), 0);
  if (x.some((entry) => A.isEmpty(entry))) return x.map(() => A.marked(A.empty, mark));
  const n = A.of(Rational.of(x.length));
  const root = A.sqrt(n);
  const bound = A.hull(A.neg(root), root);
  const floor = A.mul(n, A.of(epsilon));
  const squares = x.map((entry) => A.sqr(entry));
  const ends = x.map((entry) => A.outer(entry));
  const isThin = ends.every(({ lo, hi }) => hi - lo <= THIN * Math.max(Math.abs(lo), Math.abs(hi)));
  const quotient = (entry: I, rest: I): I => A.div(A.mul(root, entry), A.sqrt(A.add(A.add(A.sqr(entry), rest), floor)));
  return x.map((entry, i) => {
    const others = A.sum(squares.toSpliced(i, 1));
    const { lo, hi } = ends[i];
    const isWide = !isThin && Number.isFinite(lo) && Number.isFinite(hi) && Number.isFinite(A.outer(others).hi);
    if (!isWide) return A.marked(A.intersect(quotient(entry, others), bound), mark);
    const { lo: least, hi: most } = A.outer(others);
    const at = (end: number, rest: number) => quotient(A.fromDoubles(end, end), A.fromDoubles(rest, rest));
    const low = Math.max(least, 0);
    const whole = A.hull(at(lo, lo >= 0 ? most : low), at(hi, hi >= 0 ? low : most));
    // Where the whole vector may be 0 and epsilon is 0 the quotient is undefined, which its mark must say.
    const defined = A.sqrt(A.add(A.add(A.sqr(entry), others), floor));
    const isDefined = A.less(A.zero, defined) === true;
    return isDefined
      ? A.marked(A.intersect(whole, bound), mark)
      : A.marked(A.intersect(quotient(entry, others), bound), mark);
  });
}

/** All indices at which a first largest entry can stand. */
export function argmax<I>(A: Arithmetic<I>, x: readonly I[]): I {
  const mark = x.reduce((marks, entry) => marks | A.mark(entry), 0);
  if (x.some((entry) => A.isEmpty(entry))) return A.marked(A.empty, mark);
  const isPossible = (i: number): boolean =>
    x.every((other, j) => i === j || (j < i ? A.atMost(x[i], other) : A.less(x[i], other)) !== true);
  const possible = x.flatMap((_, i) => (isPossible(i) ? [i] : []));
  const [first, last] = possible.length > 0 ? [possible[0], possible[possible.length - 1]] : [0, x.length - 1];
  return A.marked(A.fromDoubles(first, last), mark);
}

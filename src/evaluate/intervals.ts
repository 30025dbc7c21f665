import type { Arithmetic } from '../numbers/arithmetic.js';
import type { Algebra } from './algebra.js';

/**
 * Rigorous semantics: every entry is an interval that contains the entry's value for every choice of the inputs in
 * their intervals (a box, or points).
 *
 * Softmax is evaluated pairwise, p_i = 1 / (1 + sum_{j != i} exp(z_j - z_i)): it falls in every z_j and rises in z_i
 * wherever that occurs, so the interval value is the exact range over a box of logits up to rounding, at least as tight
 * as the natural extension and the log-sum-exp form. The sums without their own term come from sums of prefixes and
 * suffixes (a subtraction would lose them), after a common shift, so T logits cost 2 T exponentials.
 */
export function intervals<I>(arithmetic: Arithmetic<I>): Algebra<I> {
  const A = arithmetic;
  return {
    name: `intervals (${A.name})`,
    zero: A.zero,
    of: A.of,
    add: A.add,
    sub: A.sub,
    mul: A.mul,
    min: A.min,
    max: A.max,
    relu: (x) => A.max(x, A.zero),
    dot: A.dot,
    sum: A.sum,
    softmax: (z) => softmax(A, z),
  };
}

function softmax<I>(A: Arithmetic<I>, z: readonly I[]): I[] {
  if (z.length === 1) return [A.one];
  const top = z.reduce((most, logit) => Math.max(most, A.outer(logit).hi), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(top)) return z.map(() => A.fromDoubles(0, 1));
  const shift = A.fromDoubles(top, top);
  const powers = z.map((logit) => A.exp(A.sub(logit, shift)));
  const before = runningSums(A, powers);
  const after = runningSums(A, [...powers].reverse());
  return z.map((logit, i) => {
    const others = A.add(before[i], after[z.length - 1 - i]);
    const pairwise = A.div(A.one, A.add(A.one, A.mul(A.exp(A.sub(shift, logit)), others)));
    return isBounded(A, pairwise) ? pairwise : quotient(A, powers[i], others);
  });
}

/** p/(p + others) within [0, 1]: where 1/p is beyond the numbers of the arithmetic, p itself is not. */
function quotient<I>(A: Arithmetic<I>, power: I, others: I): I {
  const unit = A.fromDoubles(0, 1);
  const share = A.div(power, A.add(power, others));
  return isBounded(A, share) ? A.intersect(share, unit) : unit;
}

function isBounded<I>(A: Arithmetic<I>, x: I): boolean {
  const { lo, hi } = A.outer(x);
  return A.mark(x) === 0 && Number.isFinite(lo) && Number.isFinite(hi);
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

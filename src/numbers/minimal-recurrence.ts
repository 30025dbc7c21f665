import { Gaussian } from './gaussian.js';

/** A polynomial over Q(i) by its coefficients, the constant first; the last one is not 0. */
export type GaussianPolynomial = readonly Gaussian[];

/**
 * The monic polynomial c of least degree r with sum_i c_i s(t + i) = 0 for all t with t + r < n, by the algorithm of
 * Berlekamp and Massey (Massey 1969). When the sequence obeys some recurrence of order at most n/2, c is its minimal
 * polynomial, and r the rank of its Hankel matrices from order r on.
 */
export function minimalRecurrence(sequence: readonly Gaussian[]): GaussianPolynomial {
  let connection: Gaussian[] = [Gaussian.one];
  let previous: Gaussian[] = [Gaussian.one];
  let previousDiscrepancy = Gaussian.one;
  let order = 0;
  let shift = 1;
  for (let n = 0; n < sequence.length; n++) {
    const discrepancy = connection.reduce(
      (sum, c, i) => (i <= n ? sum.add(c.mul(sequence[n - i])) : sum),
      Gaussian.zero,
    );
    if (discrepancy.isZero()) {
      shift += 1;
      continue;
    }
    const before = connection;
    const factor = discrepancy.div(previousDiscrepancy);
    const length = Math.max(connection.length, previous.length + shift);
    connection = Array.from({ length }, (_, i) =>
      (before[i] ?? Gaussian.zero).sub(factor.mul(previous[i - shift] ?? Gaussian.zero)),
    );
    if (2 * order <= n) {
      [order, previous, previousDiscrepancy, shift] = [n + 1 - order, before, discrepancy, 1];
    } else shift += 1;
  }
  return Array.from({ length: order + 1 }, (_, i) => connection[order - i] ?? Gaussian.zero);
}

/** p / (z - root) and the remainder p(root). */
export function divideByRoot(
  p: GaussianPolynomial,
  root: Gaussian,
): { quotient: GaussianPolynomial; remainder: Gaussian } {
  const quotient: Gaussian[] = [];
  let carry = Gaussian.zero;
  for (let k = p.length - 1; k >= 0; k--) {
    carry = p[k].add(carry.mul(root));
    if (k > 0) quotient.unshift(carry);
  }
  return { quotient, remainder: carry };
}

/** How often (z - root) divides p. */
export function multiplicity(p: GaussianPolynomial, root: Gaussian): number {
  const { quotient, remainder } = divideByRoot(p, root);
  return remainder.isZero() && p.length > 1 ? 1 + multiplicity(quotient, root) : 0;
}

/** The determinant of the Hankel matrix s(i + j), 0 <= i, j < order, by elimination; 1 for order 0. */
export function hankelDeterminant(sequence: readonly Gaussian[], order: number): Gaussian {
  const rows = Array.from({ length: order }, (_, i) => sequence.slice(i, i + order));
  let determinant = Gaussian.one;
  for (let k = 0; k < order; k++) {
    const pivot = rows.findIndex((row, i) => i >= k && !row[k].isZero());
    if (pivot < 0) return Gaussian.zero;
    if (pivot !== k) {
      [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
      determinant = determinant.neg();
    }
    determinant = determinant.mul(rows[k][k]);
    for (let i = k + 1; i < order; i++) {
      if (rows[i][k].isZero()) continue;
      const factor = rows[i][k].div(rows[k][k]);
      rows[i] = rows[i].map((entry, j) => (j < k ? entry : entry.sub(factor.mul(rows[k][j]))));
    }
  }
  return determinant;
}

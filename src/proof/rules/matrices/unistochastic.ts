/**
 * How near the squared moduli of a unitary matrix of order 3 come to W = (J - I)/2.
 *
 * Let |U_ij|^2 = B_ij be within delta of W. Orthogonality of rows 1 and 2 forces sqrt(B13 B23) <= sqrt(B11 B21) + sqrt(B12 B22). Put
 * p = B11, q = B22, u = B13, v = B23, so that B21 = 1 - q - v and B12 = 1 - p - u. Then
 *     f = sqrt(p(1 - q - v)) + sqrt(q(1 - p - u)) - sqrt(uv) >= 0
 * where p, q <= delta, u + v = 1 - B33 >= 1 - delta, and u, v >= 1/2 - delta. f grows in p and q and falls in u and v, so that it is
 * at most what it is for p = q = delta, u + v = 1 - delta, where it falls in s = sqrt u + sqrt v; s is least for
 * {u, v} = {1/2, 1/2 - delta}. So
 *     g(delta) = sqrt(delta/2) + sqrt(delta (1/2 - delta)) - sqrt((1/2 - delta)/2) >= 0,
 * and g increases: delta >= delta*, its root in (0, 1/4). With delta = (1 - r^2)/2, delta* belongs to the root
 * r = 0.8832... of r^4 + 2 r^3 + r^2 - 2 r - 1 = 0, and is attained by a real orthogonal circulant. That r is below (above) the
 * root in (1/2, 1) is decided by the sign of the polynomial, which increases there.
 */
import type { Network } from '../../../network/network.js';
import { Rational } from '../../../numbers/rational.js';
import { identityMatrix, multiplied, transposed } from '../../../numbers/rational-matrix.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { mint, type Outcome, open } from '../../fact.js';
import { type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Enclosure } from '../../verdict.js';
import { matrixOf } from './object.js';

export const triangle: Rule = {
  id: 'orthogonality-triangle',
  tex: '\\sqrt{B_{13} B_{23}} \\le \\sqrt{B_{11} B_{21}} + \\sqrt{B_{12} B_{22}}',
};

/** The least max_ij of the distance of |U_ij|^2 from W_ij over all unitary U of order 3, for W = (J - I)/2. */
export function unistochasticSentence(bounds: Partial<Enclosure> | null): Sentence {
  return special(
    'the least max_ij ||U_ij|^2 - W_ij| over unitary matrices U of order 3, for W = (J - I)/2',
    bounds ?? { asked: true },
    '\\min_U \\max_{ij} ||U_{ij}|^2 - W_{ij}|',
  );
}

/** From below by the argument, from above by the orthogonal matrix of the object. */
export function proveUnistochasticDistance(object: Network, output: string): Outcome {
  const says = unistochasticSentence(null);
  const U = matrixOf(object, output);
  const gram = multiplied(U, transposed(U));
  const isOrthogonal =
    U.length === 3 && gram.every((row, i) => row.every((entry, j) => entry.equals(identityMatrix(3)[i][j])));
  if (!isOrthogonal) return open(triangle, 'distance', says.text, `${output} is not orthogonal of order 3`);
  const distances = U.flatMap((row, i) =>
    row.map((entry, j) =>
      entry
        .pow(2)
        .sub(i === j ? Rational.zero : HALF)
        .abs(),
    ),
  );
  const hi = distances.reduce((a, b) => a.max(b));
  const r = rootAbove();
  const lo = roundedTo(Rational.one.sub(r.pow(2)).mul(HALF), 60, 'down');
  const enclosure = { lo, hi };
  return mint({
    rule: triangle,
    id: 'distance',
    network: object,
    domain: null,
    says: unistochasticSentence(enclosure),
    enclosure,
    found: r,
  });
}

const HALF = Rational.of(1, 2);
const BITS = 100;

/** A number at least the root of r^4 + 2 r^3 + r^2 - 2 r - 1 in (1/2, 1), and at most 2^-100 above it. */
function rootAbove(): Rational {
  const isBelow = (r: Rational) => polynomial(r).sign() < 0;
  let [lo, hi] = [HALF, Rational.one];
  if (!isBelow(lo) || isBelow(hi)) throw new Error('the polynomial does not change its sign');
  for (let k = 0; k < BITS; k++) {
    const middle = lo.add(hi).mul(HALF);
    if (isBelow(middle)) lo = middle;
    else hi = middle;
  }
  return hi;
}

function polynomial(r: Rational): Rational {
  return [1, 2, 1, -2, -1].reduce((sum, c) => sum.mul(r).add(Rational.of(c)), Rational.zero);
}

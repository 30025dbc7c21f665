/**
 * F(X) = sum_i max_{s,t} x_s' A_i x_t by two attention layers with D heads each (InfoFlow), tokens in [-r, r]^d.
 *
 * Layer 1, head i, token t: logits beta x_s' A_i x_t over s, values x_s: y_t = sum_s p_s x_s, so that y_t' A_i x_t is the
 * mean of the scores of t under p, a soft maximum of them. The feed-forward net multiplies: with
 *   U_j = r sum_k |A_kj|,  a_j = (A'y)_j / U_j,  b_j = x_j / r in [-1, 1],
 *   y' A x = sum_j r U_j ((a_j + b_j)^2 / 4 - (a_j - b_j)^2 / 4),
 * every square interpolated on N pieces of [-1, 1], too large by at most 1/N^2. So the net's value g_t is off by at most
 * eta = r sum_j U_j / N^2. Layer 2, head i, at the class token: a soft maximum of g with the same beta. Hence
 *   -(2 lambda/beta + eta) <= y - F <= eta   for each term,   lambda = W0((T - 1)/e),
 * ties included. eta = eps/(4 D) and beta = 8 D lambda/(3 eps) give eps, with O(eps^(-1/2)) parameters.
 */
import {
  Builder,
  type Construction,
  gapOf,
  InputError,
  type Located,
  type Node,
  parseRational,
  placed,
  Rational,
  roundedTo,
  sparse,
  sum,
  tensor,
} from '../src/index.js';
import { head } from './attention.js';
import { type HatTerm, hatNet, interpolant } from './hat-net.js';

export type Matrix = readonly (readonly Rational[])[];

export interface PairwiseChoices {
  readonly T: number;
  readonly d: number;
  readonly A: readonly Matrix[];
  readonly r: Rational;
  readonly eps: Rational;
  readonly beta: Rational | undefined;
  readonly N: number | undefined;
}

/** The bilinear form of one term, as a sum of squares of halves: sum_c kappa_c h_c^2. */
export interface Squares {
  /** h_c in (x, y), 2d coefficients each. */
  readonly halves: Matrix;
  readonly kappa: readonly Rational[];
  readonly N: number;
}

export interface PairwiseDesign {
  readonly T: number;
  readonly d: number;
  readonly A: readonly Matrix[];
  readonly r: Rational;
  readonly beta: Rational;
  readonly eta: Rational;
  readonly squares: readonly Squares[];
}

const SIGNIFICANT_BITS = 24;
const MOST_PIECES = 1 << 12;

/** Tensors of term i that proofs refer to. */
export const pairwiseNames = (i: number) => ({
  mixed: `mixed${i + 1}`,
  pair: `pair${i + 1}`,
  halves: `halves${i + 1}`,
  scores: `scores${i + 1}`,
  most: `most${i + 1}`,
});

/** Reads "1 0; 0 1/2", row by row. Throws InputError for other shapes. */
export function readMatrix({ text, place }: Located, d: number): Matrix {
  return placed(place, () => {
    const rows = text.split(';').map((row) =>
      row
        .trim()
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(parseRational),
    );
    const allowed = `a ${d} x ${d} matrix with a nonzero entry, rows separated by semicolons`;
    if (rows.length !== d || rows.some((row) => row.length !== d))
      throw new InputError({ found: `rows of ${rows.map((row) => row.length).join(', ')} numbers`, allowed });
    if (rows.every((row) => row.every((entry) => entry.isZero()))) throw new InputError({ found: 'zero', allowed });
    return rows;
  });
}

/** The halves of the product net for one matrix; columns of zeros need none. */
function squaresOf(A: Matrix, r: Rational, eta: Rational, given: number | undefined): Squares {
  const d = A.length;
  const columns = Array.from({ length: d }, (_, j) => A.map((row) => row[j]));
  const used = columns.flatMap((column, j) => {
    const U = sum(column.map((entry) => entry.abs())).mul(r);
    return U.isZero() ? [] : [{ column, U, j }];
  });
  const half = Rational.of(1, 2);
  const halves = used.flatMap(({ column, U, j }) =>
    [1, -1].map((sign) => [
      ...column.map((_, k) => (k === j ? half.mul(Rational.of(sign)).div(r) : Rational.zero)),
      ...column.map((entry) => entry.mul(half).div(U)),
    ]),
  );
  const kappa = used.flatMap(({ U }) => [r.mul(U), r.mul(U).neg()]);
  const scale = sum(used.map(({ U }) => r.mul(U)));
  return { halves, kappa, N: given ?? piecesFor(scale.div(eta)) };
}

/** The least N with N^2 >= ratio. */
export function piecesFor(ratio: Rational): number {
  const estimate = Math.sqrt(Number(ratio.num) / Number(ratio.den));
  if (!(estimate < MOST_PIECES)) {
    throw new InputError({
      field: 'eps',
      found: `${estimate.toPrecision(3)} pieces per square would be needed`,
      allowed: `at most ${MOST_PIECES}`,
    });
  }
  let N = Math.max(1, Math.floor(estimate) - 1);
  while (Rational.of(N * N).lt(ratio)) N += 1;
  return N;
}

/** Input x [token T, coordinate d], output y [class 1, value 1]. */
export function pairwiseMaxNet({ T, d, A, r, eps, ...given }: PairwiseChoices): Construction<PairwiseDesign> {
  const share = eps.div(Rational.of(A.length));
  const eta = share.div(Rational.of(4));
  const beta = given.beta ?? roundedTo(gapOf(T).mul(Rational.of(8, 3)).div(share), SIGNIFICANT_BITS, 'up');
  const squares = A.map((matrix) => squaresOf(matrix, r, eta, given.N));
  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: d });
  const terms = A.map((matrix, i) => term(b, x, matrix, squares[i], beta, i));
  const y = terms.slice(1).reduce((total, next, i) => b.add(total, next, `sum${i + 2}`), terms[0]);
  return { network: b.network({ y }), design: { T, d, A, r, beta, eta, squares } };
}

function term(b: Builder, x: Node, A: Matrix, { halves, kappa, N }: Squares, beta: Rational, i: number): Node {
  const d = A.length;
  const names = pairwiseNames(i);
  const transposed = Array.from({ length: d * d }, (_, k) => A[k % d][Math.floor(k / d)].mul(beta));
  const W_Q = b.constant(tensor([d, d], transposed), `W_Q${i + 1}`, 'weight', { coordinate: d, key: d });
  const key = b.reshape(x, { token: x.shape[0].size, key: d }, `key${i + 1}`);
  const mixed = head(b, b.matmul(x, W_Q, `query${i + 1}`), key, x, names.mixed);
  const pair = b.concat([x, mixed], 1, names.pair);
  const entries = halves
    .flatMap((row, c) => row.map((entry, k) => [k * halves.length + c, entry] as const))
    .filter(([, entry]) => !entry.isZero())
    .sort(([p], [q]) => p - q);
  const W = b.constant(sparse([2 * d, halves.length], entries), `W_${names.halves}`, 'weight', {
    coordinate: 2 * d,
    half: halves.length,
  });
  const h = b.matmul(pair, W, names.halves);
  const [lo, hi] = [Rational.of(-1), Rational.one];
  const hats = kappa.map(
    (factor, coordinate): HatTerm => ({ coordinate, hat: interpolant((s) => s.mul(s).mul(factor), lo, hi, N) }),
  );
  const g = hatNet(b, h, hats, Rational.zero, names.scores);
  const c0 = b.constant(tensor([1, 1], [beta]), `c0${i + 1}`, 'weight', { class: 1, value: 1 });
  return head(b, c0, g, g, names.most);
}

/** Per term: d^2 of W_Q, the halves, 3 per unit and 1 of the squares, 1 of layer 2. */
export function pairwiseParameters({ d, squares }: PairwiseDesign): number {
  return squares.reduce((total, { halves, N }) => {
    const nonzero = halves.flat().filter((entry) => !entry.isZero()).length;
    return total + d * d + nonzero + 3 * N * halves.length + 2;
  }, 0);
}

/**
 * A query-key map of lower rank: M = W_Q' W_K against N = U V with r columns in U, from the singular value decomposition in floats, rounded
 * to multiples of 2^-40. What N is worth is decided afterwards.
 *
 * The barrier: a target attention P with odds e^t on a permutation and 1 elsewhere. Its logarithms, centred along rows, are
 * G = t (Pi - 11'/n): n - 1 singular values t.
 */
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import {
  approximate,
  Builder,
  fromFloat,
  lehmer,
  type Network,
  Rational,
  type RationalMatrix,
  tensor,
} from '../src/index.js';

const GRID = 2 ** 40;

export function truncationObject(M: RationalMatrix, r: number, barrier: RationalMatrix): Network {
  const b = new Builder();
  const constant = (name: string, rows: RationalMatrix) =>
    b.constant(tensor([rows.length, rows[0].length], rows.flat()), name);
  const svd = new SingularValueDecomposition(new Matrix(M.map((row) => row.map(approximate))), { autoTranspose: true });
  const columns = Array.from({ length: r }, (_, k) => k);
  const left = svd.leftSingularVectors.subMatrixColumn(columns).mmul(Matrix.diag(svd.diagonal.slice(0, r)));
  const right = svd.rightSingularVectors.subMatrixColumn(columns).transpose();
  const rounded = (floats: Matrix) =>
    floats.to2DArray().map((row) => row.map((x) => fromFloat(Math.round(x * GRID) / GRID)));
  const full = constant('M', M);
  const N = b.matmul(constant('U', rounded(left)), constant('V', rounded(right)), 'N');
  return b.network({ M: full, N, E: b.sub(full, N, 'E'), G: constant('G', barrier) });
}

/** W_Q' W_K for weights that are multiples of 1/8 in [-1, 1], drawn from the seed, of head dimension d and token dimension d. */
export function drawnQueryKey(d: number, seed: number): RationalMatrix {
  const random = lehmer(seed);
  const draw = () =>
    Array.from({ length: d }, () => Array.from({ length: d }, () => Rational.of(Math.floor(random() * 17) - 8, 8)));
  const [Q, K] = [draw(), draw()];
  return Q.map((_, i) => K.map((_, j) => Q.reduce((sum, row, k) => sum.add(row[i].mul(K[k][j])), Rational.zero)));
}

/** t (Pi - 11'/n) for the cyclic shift Pi. */
export function permutationLogits(n: number, t: Rational): RationalMatrix {
  const mean = t.div(Rational.of(n));
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => (j === (i + 1) % n ? t.sub(mean) : mean.neg())),
  );
}

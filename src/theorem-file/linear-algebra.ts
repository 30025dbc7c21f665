import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { InputError } from '../errors.js';
import { approximate, fromFloat } from '../numbers/convert.js';
import { determinant, inverse, kernel, rank, solve } from '../numbers/elimination.js';
import { diagonalised } from '../numbers/inertia.js';
import { Rational } from '../numbers/rational.js';
import { cleared, identityMatrix, isSymmetric, multiplied, type RationalMatrix } from '../numbers/rational-matrix.js';
import type { FunctionOfTensors } from './function-of-tensors.js';
import type { Graph } from './graph.js';
import { of, rationalOf, type Scalar } from './scalar.js';
import {
  type Constant,
  constantOf,
  constantValue,
  integerValue,
  number,
  showSizes,
  type TensorValue,
} from './value.js';

/** Exact linear algebra of constants. What it finds is a hint: the claims are about A and what is computed from it again. */
export const LINEAR_ALGEBRA: Readonly<Record<string, FunctionOfTensors>> = {
  det: ofMatrix('det(A)', (a) => number(of(determinant(square(a))))),
  rank: ofMatrix('rank(A)', (a) => number(of(rank(a)))),
  inverse: ofMatrix('inverse(A)', (a) => matrixOf(found(inverse(square(a)), 'the inverse of a singular matrix'))),
  kernel: ofMatrix('kernel(A), rows with A v = 0', (a) => {
    const rows = kernel(a);
    return matrixOf(found(rows.length > 0 ? rows : null, 'the kernel of a matrix of independent columns'));
  }),
  solve: {
    signature: 'solve(A, b)',
    arity: [2, 2],
    run: (graph, [a, b]) => {
      const [left, right] = [rowsOf(a, graph), constantValue(b, 'a right-hand side')];
      const isVector = right.shape.length === 1;
      const columns = isVector ? right.data.map((entry) => [rationalOf(entry)]) : rowsOf(b, graph);
      if (columns.length !== left.length)
        throw new InputError({ found: `${left.length} equations with ${columns.length} right-hand sides` });
      const solution = found(solve(left, columns), 'a system without a solution');
      return isVector ? listOf(solution.map(([entry]) => entry)) : matrixOf(solution);
    },
  },
  /** A = L D L' with L lower triangular, 1 on its diagonal: L and the diagonal of D. */
  lower: ofMatrix("lower(A), L of A = L D L'", (a) => matrixOf(decomposed(a).lower)),
  pivots: ofMatrix("pivots(A), D of A = L D L'", (a) => listOf(decomposed(a).pivots)),
  diagonaliser: ofMatrix("diagonaliser(A), T with T A T' diagonal", (a) =>
    matrixOf(diagonalised(symmetric(a)).transform),
  ),
  product: {
    signature: 'product([A, B, ...])',
    arity: [1, 1],
    run: (graph, [stack]) => {
      const { shape, data } = constantValue(stack, 'matrices');
      const [count, n, columns] = shape;
      if (shape.length !== 3 || count === 0 || n !== columns)
        throw new InputError({
          found: `a tensor ${showSizes(shape)}`,
          allowed: 'a list of square matrices of one order',
        });
      graph.charge(4 * count * n ** 3);
      const rows = (k: number) =>
        Array.from({ length: n }, (_, i) => data.slice((k * n + i) * n, (k * n + i + 1) * n).map(rationalOf));
      return matrixOf(Array.from({ length: count - 1 }, (_, k) => rows(k + 1)).reduce(multiplied, rows(0)));
    },
  },
  truncation: {
    signature: 'truncation(M, r), [L, R] with L.T @ R near M and r rows',
    arity: [2, 2],
    run: (graph, [m, size]) => {
      const rows = square(rowsOf(m, graph));
      const r = integerValue(size, 'a rank', 1, rows.length);
      return constantOf(
        [2, r, rows.length],
        truncated(rows, r).map((entry) => scalarOf(fromFloat(entry))),
      );
    },
  },
  kron: {
    signature: 'kron(A, B)',
    arity: [2, 2],
    run: (graph, [a, b]) => {
      const [left, right] = [rowsOf(a, graph), rowsOf(b, graph)];
      graph.charge(4 * left.length * right.length * left[0].length * right[0].length);
      return matrixOf(left.flatMap((row) => right.map((other) => row.flatMap((x) => other.map((y) => x.mul(y))))));
    },
  },
};

function ofMatrix(signature: string, run: (a: RationalMatrix) => TensorValue): FunctionOfTensors {
  return { signature, arity: [1, 1], run: (graph, [a]) => run(rowsOf(a, graph)) };
}

export function rowsOf(value: TensorValue, graph: Graph): RationalMatrix {
  const { shape, data } = constantValue(value, 'a matrix');
  if (shape.length !== 2 || data.length === 0)
    throw new InputError({ found: `a tensor ${showSizes(shape)}`, allowed: 'a matrix with entries' });
  const [rows, columns] = shape;
  graph.charge(rows * columns * Math.min(rows, columns));
  return Array.from({ length: rows }, (_, i) => data.slice(i * columns, (i + 1) * columns).map(rationalOf));
}

function matrixOf(rows: RationalMatrix): Constant {
  return constantOf([rows.length, rows[0].length], rows.flat().map(scalarOf));
}

function listOf(entries: readonly Rational[]): Constant {
  return constantOf([entries.length], entries.map(scalarOf));
}

function scalarOf(entry: Rational): Scalar {
  return of(entry);
}

function square(a: RationalMatrix): RationalMatrix {
  if (a.length === a[0].length) return a;
  throw new InputError({ found: `a matrix ${showSizes([a.length, a[0].length])}`, allowed: 'a square matrix' });
}

function symmetric(a: RationalMatrix): RationalMatrix {
  if (isSymmetric(square(a))) return a;
  throw new InputError({ found: 'a matrix that is not symmetric', allowed: "A with A = A'" });
}

/** The singular value decomposition in floats, cut to rank r and rounded to multiples of 2^-40. */
function truncated(rows: RationalMatrix, r: number): number[] {
  const floats = new Matrix(rows.map((row) => row.map(approximate)));
  const svd = new SingularValueDecomposition(floats, { autoTranspose: true });
  const columns = Array.from({ length: r }, (_, k) => k);
  const left = svd.leftSingularVectors.subMatrixColumn(columns).mmul(Matrix.diag(svd.diagonal.slice(0, r)));
  const right = svd.rightSingularVectors.subMatrixColumn(columns);
  return [left, right].flatMap((side) => side.transpose().to1DArray()).map((x) => Math.round(x * GRID) / GRID);
}

const GRID = 2 ** 40;

function found<T>(result: T | null, what: string): T {
  if (result === null) throw new InputError({ found: what });
  return result;
}

/**
 * Without fractions (Bareiss): after k steps the entries are minors of order k + 1, pivots are quotients of leading minors.
 * Throws InputError for a pivot of 0 above other entries, where there is no such decomposition.
 */
function decomposed(matrix: RationalMatrix): { readonly lower: RationalMatrix; readonly pivots: readonly Rational[] } {
  const { rows: a, den } = cleared(symmetric(matrix));
  const lower = identityMatrix(a.length).map((row) => [...row]);
  const pivots: Rational[] = [];
  let last = 1n;
  for (let k = 0; k < a.length; k++) {
    const pivot = a[k][k];
    pivots.push(Rational.of(pivot, last * den));
    if (pivot === 0n) {
      if (a.slice(k + 1).every((row) => row[k] === 0n)) continue;
      throw new InputError({ found: `pivot ${k + 1} is 0 and its column is not`, allowed: "a matrix A = L D L'" });
    }
    for (let i = k + 1; i < a.length; i++) {
      const factor = a[i][k];
      lower[i][k] = Rational.of(factor, pivot);
      for (let j = k + 1; j < a.length; j++) a[i][j] = (pivot * a[i][j] - factor * a[k][j]) / last;
    }
    last = pivot;
  }
  return { lower, pivots };
}

import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix, determinant as mlDeterminant, inverse as mlInverse, SVD } from 'ml-matrix';
import { expect, it } from 'vitest';
import { determinant, independentRows, inverse, kernel, rank, solve } from '../../src/numbers/elimination.js';
import { diagonalised, eigenvaluesAbove, inertia, isPositiveDefinite } from '../../src/numbers/inertia.js';
import { Rational } from '../../src/numbers/rational.js';
import { identityMatrix, multiplied, type RationalMatrix, transposed } from '../../src/numbers/rational-matrix.js';

const entry = fc
  .tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .map(([p, q]) => Rational.of(p, q));
const matrix = (rows: number, columns: number) =>
  fc.array(fc.array(entry, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows });
const rectangular = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([m, n]) => matrix(m, n));
const square = fc.integer({ min: 1, max: 6 }).chain((n) => matrix(n, n));
/** Symmetric, often singular, with zeros on the diagonal half of the time. */
const symmetric = fc
  .tuple(square, fc.boolean())
  .map(([a, isHollow]) =>
    a.map((row, i) =>
      row.map((_, j) =>
        i === j && isHollow
          ? Rational.zero
          : i === j || (i + j) % 3 > 0
            ? a[Math.min(i, j)][Math.max(i, j)]
            : Rational.zero,
      ),
    ),
  );
const floats = (a: RationalMatrix) => new Matrix(a.map((row) => row.map((x) => Number(x.num) / Number(x.den))));
const text = (a: RationalMatrix) => a.map((row) => row.join(' ')).join('\n');
const hilbert = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Rational.of(1, i + j + 1)));

it('diagonalises symmetric matrices by a unimodular congruence', () => {
  fc.assert(
    fc.property(symmetric, (a) => {
      const { diagonal, transform } = diagonalised(a);
      const product = multiplied(multiplied(transform, a), transposed(transform));
      expect(text(product)).toBe(text(diagonal.map((d, i) => diagonal.map((_, j) => (i === j ? d : Rational.zero)))));
      expect(determinant(transform).abs().toString()).toBe('1');
    }),
    { numRuns: 300 },
  );
});

it('counts the signs of the eigenvalues that ml-matrix finds', () => {
  fc.assert(
    fc.property(symmetric, (a) => {
      const values = new EigenvalueDecomposition(floats(a), { assumeSymmetric: true }).realEigenvalues;
      const { positive, negative, zero } = inertia(a);
      expect(positive).toBe(values.filter((value) => value > 1e-9).length);
      expect(negative).toBe(values.filter((value) => value < -1e-9).length);
      expect(zero).toBe(a.length - positive - negative);
      expect(a.length - zero).toBe(rank(a));
    }),
    { numRuns: 300 },
  );
});

it('has the rank, determinant and inverse that ml-matrix has', () => {
  fc.assert(
    fc.property(rectangular, (a) => {
      expect(rank(a)).toBe(new SVD(floats(a), { autoTranspose: true }).diagonal.filter((value) => value > 1e-9).length);
      expect(rank(a)).toBe(rank(transposed(a)));
      expect(independentRows(a)).toHaveLength(rank(a));
    }),
  );
  fc.assert(
    fc.property(square, (a) => {
      const found = determinant(a);
      expect(Number(found.num) / Number(found.den)).toBeCloseTo(mlDeterminant(floats(a)), 6);
      const exact = inverse(a);
      expect(exact === null).toBe(found.isZero());
      if (exact === null) return;
      expect(text(multiplied(a, exact))).toBe(text(identityMatrix(a.length)));
      const size = Math.max(...floats(exact).to1DArray().map(Math.abs));
      expect(Matrix.sub(floats(exact), mlInverse(floats(a))).max()).toBeLessThan(1e-6 * size ** 2 + 1e-9);
    }),
  );
});

it('solves what has a solution and spans what has no image', () => {
  fc.assert(
    fc.property(rectangular, fc.array(entry, { minLength: 6, maxLength: 6 }), (a, numbers) => {
      const columns = a[0].length;
      const b = multiplied(
        a,
        numbers.slice(0, columns).map((x) => [x]),
      );
      expect(text(multiplied(a, solve(a, b)!))).toBe(text(b));
      const basis = kernel(a);
      expect(basis).toHaveLength(columns - rank(a));
      for (const vector of basis) {
        const image = multiplied(
          a,
          vector.map((x) => [x]),
        );
        expect(image.every(([x]) => x.isZero())).toBe(true);
      }
      if (basis.length > 0) expect(rank(basis)).toBe(basis.length);
    }),
  );
  expect(solve([[Rational.one], [Rational.one]], [[Rational.one], [Rational.zero]])).toBeNull();
});

it('knows the Hilbert matrix', () => {
  // Hilbert 1894: 1/266716800000 for order 5; the inverse of order 3 is known as well.
  expect(determinant(hilbert(5)).toString()).toBe('1/266716800000');
  expect(text(inverse(hilbert(3))!)).toBe('9 -36 30\n-36 192 -180\n30 -180 180');
  expect(isPositiveDefinite(hilbert(12))).toBe(true);
  // numpy: the eigenvalues of order 4 are 1.50021428, 0.16914122, 0.00673827, 0.0000967.
  expect(eigenvaluesAbove(hilbert(4), Rational.of(169, 1000))).toBe(2);
  expect(eigenvaluesAbove(hilbert(4), Rational.of(170, 1000))).toBe(1);
});

it('finds an indefinite matrix without a diagonal', () => {
  const [o, i] = [Rational.zero, Rational.one];
  expect(
    inertia([
      [o, i],
      [i, o],
    ]),
  ).toEqual({ positive: 1, negative: 1, zero: 0 });
  expect(
    inertia([
      [o, o],
      [o, o],
    ]),
  ).toEqual({ positive: 0, negative: 0, zero: 2 });
  expect(() =>
    inertia([
      [o, i],
      [o, o],
    ]),
  ).toThrow('not symmetric');
  expect(() => determinant([[o, i]])).toThrow('square');
});

it('goes to order 60', () => {
  expect(eigenvaluesAbove(hilbert(60), Rational.of(1, 1000))).toBe(5);
});

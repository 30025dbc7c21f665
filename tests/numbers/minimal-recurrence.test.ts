import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Gaussian } from '../../src/numbers/gaussian.js';
import {
  divideByRoot,
  hankelDeterminant,
  minimalRecurrence,
  multiplicity,
} from '../../src/numbers/minimal-recurrence.js';
import { Rational } from '../../src/numbers/rational.js';

const small = fc.integer({ min: -3, max: 3 });
const gaussian = fc.tuple(small, small).map(([a, b]) => new Gaussian(Rational.of(a, 2), Rational.of(b, 2)));
const integers = (...values: number[]) => values.map((value) => new Gaussian(Rational.of(value)));

it('gives z^2 - z - 1 for the Fibonacci numbers', () => {
  expect(minimalRecurrence(integers(0, 1, 1, 2, 3, 5, 8, 13)).map(String)).toEqual(['-1', '-1', '1']);
});

it('gives (z - 1)^3 for the squares, and Hankel determinant -8 of order 3', () => {
  const squares = integers(0, 1, 4, 9, 16, 25, 36);
  const polynomial = minimalRecurrence(squares);
  expect(polynomial.map(String)).toEqual(['-1', '3', '-3', '1']);
  expect(multiplicity(polynomial, Gaussian.one)).toBe(3);
  expect(hankelDeterminant(squares, 3).toString()).toBe('-8');
  expect(hankelDeterminant(squares, 4).toString()).toBe('0');
});

it('gives the product of z - lam over the distinct exponentials of a sum', () => {
  const terms = fc.uniqueArray(gaussian, { maxLength: 5, selector: String });
  fc.assert(
    fc.property(terms, (roots) => {
      const powers = roots.map(() => Gaussian.one);
      const sequence = Array.from({ length: 2 * roots.length + 2 }, () => {
        const value = powers.reduce((sum, power) => sum.add(power), Gaussian.zero);
        roots.forEach((root, i) => {
          powers[i] = powers[i].mul(root);
        });
        return value;
      });
      const polynomial = minimalRecurrence(sequence);
      expect(polynomial.length).toBe(roots.length + 1);
      expect(polynomial.at(-1)!.toString()).toBe('1');
      for (const root of roots) expect(divideByRoot(polynomial, root).remainder.isZero()).toBe(true);
      expect(hankelDeterminant(sequence, roots.length).isZero()).toBe(false);
    }),
  );
});

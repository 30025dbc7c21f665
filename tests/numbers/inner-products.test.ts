import fc from 'fast-check';
import { expect, it } from 'vitest';
import { innerProducts } from '../../src/numbers/inner-products.js';
import { Rational } from '../../src/numbers/rational.js';
import { rational } from '../generators/numbers.js';

const nightly = process.env.EXHIBIT_NIGHTLY !== undefined;

it('agrees with the definition for short and for long denominators', () => {
  const long = fc.bigInt({ min: 1n, max: 1n << 2000n });
  const entry = fc.oneof(
    { weight: 9, arbitrary: rational },
    fc.tuple(long, long).map(([p, q]) => Rational.of(p, q)),
  );
  const matrix = fc.integer({ min: 1, max: 6 }).chain((inner) => {
    const lines = fc.array(fc.array(entry, { minLength: inner, maxLength: inner }), { maxLength: 4 });
    return fc.tuple(lines, lines);
  });
  fc.assert(
    fc.property(matrix, ([rows, columns]) => {
      const expected = rows.flatMap((row) =>
        columns.map((column) => row.reduce((total, x, k) => total.add(x.mul(column[k])), Rational.zero)),
      );
      expect(innerProducts(rows, columns).map(String)).toEqual(expected.map(String));
    }),
    { numRuns: nightly ? 100_000 : 200 },
  );
});

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { compile, convert } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { Builder } from '../../src/network/builder.js';
import { sparse, Tensor, tensor } from '../../src/network/tensor.js';
import { contains } from '../../src/numbers/arithmetic.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import { smallRational } from '../generators/numbers.js';
import { NIGHTLY, share } from '../generators/thinned.js';

if (NIGHTLY) vi.setConfig({ testTimeout: 3_600_000 });
const runs = NIGHTLY ? share(1_000_000) : 200;
const D = doubleIntervals;
const B = ballIntervals(200);

describe('what repeats', () => {
  it('has the softmax that it has as separate numbers', () => {
    const logits = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 12 });
    const box = fc.tuple(fc.double({ min: -40, max: 40, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true }));
    fc.assert(
      fc.property(logits, fc.tuple(box, box, box), ([...places], boxes) => {
        const shared = boxes.map(([lo, width]) => D.fromDoubles(lo, lo + width));
        const together = intervals(D).softmax(places.map((k) => shared[k]));
        const apart = intervals(D).softmax(places.map((k) => ({ ...shared[k] })));
        // The range over a corner of the box, to 200 bits.
        const corner = intervals(B).softmax(places.map((k, i) => B.fromDoubles(...ends(shared[k], i % 2 === 0))));
        together.forEach((p, i) => {
          const { lo, hi } = B.outer(corner[i]);
          expect(p.lo <= hi && lo <= p.hi).toBe(true);
          // As sharp as before, but for the rounding of a sum.
          expect(p.lo).toBeGreaterThanOrEqual(apart[i].lo - 2 ** -45 * apart[i].hi);
          expect(p.hi).toBeLessThanOrEqual(apart[i].hi * (1 + 2 ** -45));
        });
      }),
      { numRuns: runs },
    );
  });

  it('gives the same tokens the same values, in intervals around the exact ones', () => {
    const entry = fc.constantFrom(...[-3, 0, 1, 5].map((k) => Rational.of(k, 7)));
    const vector = (length: number) => fc.array(entry, { minLength: length, maxLength: length });
    fc.assert(
      fc.property(vector(12), vector(6), smallRational, (x, W, c) => {
        const b = new Builder();
        const input = b.input('x', { token: 6, coordinate: 2 });
        const hidden = b.relu(b.affine(input, b.constant(tensor([2, 3], W)), b.constant(tensor([3], [c, c, c]))));
        const scores = b.matmul(hidden, b.transpose(hidden, [1, 0]));
        const network = b.network({ scores, sum: b.add(scores, scores) });
        const at = compile(
          network,
          exact,
        )({
          x: tensor(
            [6, 2],
            x.map((value) => Rational.of(value.num, value.den)),
          ),
        });
        for (const A of [D, B] as const) {
          const found = compile(
            network,
            intervals(A as typeof D),
          )({ x: convert(tensor([6, 2], x), intervals(A as typeof D)) });
          for (const name of ['scores', 'sum']) {
            at[name].data.forEach((value, k) => {
              expect(contains(A as typeof D, found[name].data[k], value)).toBe(true);
            });
          }
        }
      }),
      { numRuns: NIGHTLY ? share(20_000) : runs },
    );
  });

  it('has a sum that contains the exact one, however many terms there are', () => {
    const terms = [1, 3, -7].map((k) => Rational.of(k, 11));
    const at = Array.from({ length: 5000 }, (_, k) => (k * k) % 3);
    const exactly = at.map((k) => terms[k]).reduce((a, b) => a.add(b));
    const once = terms.map(D.of);
    const several = terms.map(B.of);
    const sum = intervals(D).sum(at.map((k) => once[k]));
    expect(contains(D, sum, exactly)).toBe(true);
    expect(sum.hi - sum.lo).toBeLessThan(1e-9);
    expect(contains(B, intervals(B).sum(at.map((k) => several[k])), exactly)).toBe(true);
    expect(contains(D, intervals(D).sum(at.map((k) => D.of(terms[k]))), exactly)).toBe(true);
  });

  it('is as good when zeros are not stored', () => {
    const entries = (length: number) => fc.uniqueArray(fc.nat({ max: length - 1 }), { maxLength: 4 });
    fc.assert(
      fc.property(entries(24), entries(8), fc.array(smallRational, { minLength: 6, maxLength: 6 }), (codes, row, x) => {
        const value = (k: number) => Rational.of(2 * k + 1, 5);
        const [C, W] = [
          { shape: [3, 8], at: codes },
          { shape: [1, 8], at: row },
        ].map(({ shape, at }) =>
          sparse(
            shape,
            at.toSorted((i, j) => i - j).map((i) => [i, value(i)] as const),
          ),
        );
        const outputs = [true, false].map((isSparse) => {
          const b = new Builder();
          const weight = (w: Tensor<Rational>) =>
            b.constant(isSparse ? w : new Tensor(w.shape, w.dense(Rational.zero)));
          const spread = b.matmul(b.input('x', { token: 3, coordinate: 1 }), weight(W));
          const sum = b.sub(b.add(spread, weight(C)), weight(C));
          const y = b.matmul(b.add(sum, weight(C)), b.transpose(weight(C), [1, 0]));
          return compile(b.network({ y, sum }), exact)({ x: tensor([3, 1], x.slice(0, 3)) });
        });
        for (const name of ['y', 'sum']) {
          const [stored, dense] = outputs.map((found) => found[name].dense(Rational.zero).map(String));
          expect(stored).toEqual(dense);
        }
      }),
      { numRuns: NIGHTLY ? share(20_000) : runs },
    );
  });
});

/** One end of an interval as an interval. */
function ends({ lo, hi }: { lo: number; hi: number }, isUpper: boolean): [number, number] {
  return isUpper ? [hi, hi] : [lo, lo];
}

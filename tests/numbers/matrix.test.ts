import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFloat } from '../../src/numbers/convert.js';
import { bounds, type Interval } from '../../src/numbers/interval.js';
import { entriesOf, type IntervalMatrix, matrixOf, product } from '../../src/numbers/matrix.js';
import { Rational } from '../../src/numbers/rational.js';
import { cases, nastyBox, stream } from './samples.js';

type Random = () => number;

/** Boxes of one kind per matrix: tame, with zeros, of all sizes, or tiny enough to underflow. */
function randomMatrix(rows: number, columns: number, random: Random): IntervalMatrix {
  const kind = Math.floor(random() * 5);
  const entry = (): Interval => {
    if (kind === 0) return around(random() - 0.5, 0);
    if (kind === 1) return random() < 0.5 ? around(0, 0) : around(random() - 0.5, 2 ** -(60 * random()));
    if (kind === 2) return around((random() - 0.5) * 2 ** (900 * random() - 450), random() * 1e-9);
    if (kind === 3) return around((random() - 0.5) * 2 ** (-500 - 40 * random()), 0);
    const [lo, hi] = nastyBox(random);
    return bounds(lo, hi, 0);
  };
  return matrixOf(rows, columns, Array.from({ length: rows * columns }, entry));
}

function around(x: number, relative: number): Interval {
  return bounds(x - Math.abs(x) * relative, x + Math.abs(x) * relative, 0);
}

/** A matrix inside: each entry at an end of its interval, at the middle, or between. */
function inside({ mid, rad }: IntervalMatrix, random: Random): Rational[] {
  return Array.from(mid, (m, k) => {
    const place = [-1, 1, 0, random() * 2 - 1][Math.floor(random() * 4)];
    const radius = Number.isFinite(rad[k]) ? rad[k] : 1;
    return fromFloat(m).add(fromFloat(radius).mul(fromFloat(place)));
  });
}

function misses(a: IntervalMatrix, b: IntervalMatrix, c: IntervalMatrix, random: Random): number {
  const [x, y] = [inside(a, random), inside(b, random)];
  let missed = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      let exact = Rational.zero;
      for (let k = 0; k < a.columns; k++) exact = exact.add(x[i * a.columns + k].mul(y[k * b.columns + j]));
      const [m, r] = [c.mid[i * b.columns + j], c.rad[i * b.columns + j]];
      if (!(r >= 0)) missed += 1;
      else if (Number.isFinite(r) && fromFloat(r).lt(exact.sub(fromFloat(m)).abs())) missed += 1;
    }
  }
  return missed;
}

describe('a product of interval matrices', () => {
  it('holds every product of matrices inside', () => {
    const random = stream(41);
    for (let n = 0; n < cases(150, 20_000); n++) {
      const [rows, inner, columns] = [1, 2, 3].map(() => 1 + Math.floor(random() * 6));
      const [a, b] = [randomMatrix(rows, inner, random), randomMatrix(inner, columns, random)];
      expect(misses(a, b, product(a, b), random)).toBe(0);
    }
  });

  it('holds every product of large matrices, which the kernel multiplies', () => {
    const random = stream(53);
    for (let n = 0; n < cases(1, 2442); n++) {
      const [rows, inner, columns] = n % 2 === 0 ? [64, 8, 64] : [61, 9, 62];
      const [a, b] = [randomMatrix(rows, inner, random), randomMatrix(inner, columns, random)];
      expect(misses(a, b, product(a, b), random)).toBe(0);
    }
  });

  it('holds the exact product of long rows of points, and hardly more', () => {
    const random = stream(43);
    for (const inner of [1, 2, 100, 3000]) {
      const [a, b] = [
        matrixOf(
          1,
          inner,
          Array.from({ length: inner }, () => around(random() - 0.5, 0)),
        ),
        matrixOf(
          inner,
          1,
          Array.from({ length: inner }, () => around(random() - 0.5, 0)),
        ),
      ];
      const c = product(a, b);
      expect(misses(a, b, c, random)).toBe(0);
      expect(c.rad[0]).toBeLessThan(inner * inner * 2 ** -53);
    }
  });

  it('is found too narrow without the rounding error, or with half of it', () => {
    const random = stream(47);
    const narrowed = (share: number) => {
      let missed = 0;
      for (let n = 0; n < 300; n++) {
        const [a, b] = [
          matrixOf(1, 2, [around(random(), 0), around(random(), 0)]),
          matrixOf(2, 1, [around(random(), 0), around(random(), 0)]),
        ];
        const c = product(a, b);
        missed += misses(a, b, { ...c, rad: c.rad.map((r) => r * share) }, random);
      }
      return missed;
    };
    expect(narrowed(0)).toBeGreaterThan(100);
    expect(narrowed(0.2)).toBeGreaterThan(0);
    expect(narrowed(1)).toBe(0);
  });

  it('is about as wide as the exact set where radii dominate', () => {
    const [a, b] = [matrixOf(1, 1, [bounds(1, 3, 0)]), matrixOf(1, 1, [bounds(-1, 1, 0)])];
    const [{ lo, hi }] = entriesOf(product(a, b));
    expect(lo).toBeGreaterThan(-3.0000001);
    expect(hi).toBeLessThan(3.0000001);
    expect(lo <= -3 && hi >= 3).toBe(true);
  });

  it('keeps zeros exact up to underflow, and says the whole line after an overflow', () => {
    const zero = matrixOf(1, 1, [bounds(0, 0, 0)]);
    const huge = matrixOf(1, 1, [bounds(1e300, 1e300, 0)]);
    expect(product(zero, huge).rad[0]).toBeLessThan(1e-300);
    expect(entriesOf(product(huge, huge))).toEqual([bounds(-Infinity, Infinity, 0)]);
    const unbounded = matrixOf(1, 1, [bounds(-Infinity, 1, 0)]);
    expect(entriesOf(product(unbounded, zero))).toEqual([bounds(-Infinity, Infinity, 0)]);
    const cancelling = product(
      matrixOf(
        1,
        2,
        [huge.mid[0], huge.mid[0]].map((x) => bounds(x, x, 0)),
      ),
      matrixOf(2, 1, [bounds(1e300, 1e300, 0), bounds(-1e300, -1e300, 0)]),
    );
    expect(cancelling.rad[0]).toBe(Infinity);
  });

  it('comes back from intervals at most a double wider', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
        fc.double({ noNaN: true, min: 0, max: 1e300 }),
        (lo, width) => {
          const entry = bounds(lo, lo + width, 0);
          const [back] = entriesOf(matrixOf(1, 1, [entry]));
          expect(back.lo <= entry.lo && entry.hi <= back.hi).toBe(true);
          expect(back.hi - back.lo).toBeLessThanOrEqual(
            (entry.hi - entry.lo) * (1 + 1e-15) + Math.abs(lo) * 5e-16 + 1e-322,
          );
        },
      ),
    );
  });

  it('refuses shapes that do not fit, and empty entries', () => {
    const row = matrixOf(1, 2, [bounds(0, 1, 0), bounds(1, 1, 0)]);
    expect(() => product(row, row)).toThrow('1 x 2 times 1 x 2');
    expect(() => matrixOf(2, 2, [])).toThrow(RangeError);
    expect(() => matrixOf(1, 1, [bounds(1, -1, 0)])).toThrow(/empty/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitLength } from '../../src/numbers/bits.js';
import { approximate, type Direction, floorLog2, fromFloat, missUp, toFloat } from '../../src/numbers/convert.js';
import { FORMATS, largestFinite, smallestSubnormal, unitRoundoff } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { finiteDouble, rational } from '../generators/numbers.js';
import { doubleOf, exactOf, infinityBits, roundByBits } from './bits.js';
import { mpfrDouble } from './mpfr.js';

const DIRECTIONS = ['nearest', 'down', 'up'] as const;
const NAMES = ['float64', 'float32', 'float16', 'bfloat16'] as const;
type Name = (typeof NAMES)[number];

const half = Rational.of(1, 2);

function expectLikeBits(value: Rational, name: Name, direction: Direction) {
  const actual = toFloat(value, FORMATS[name], direction);
  const expected = roundByBits(value, name, direction);
  expect(Object.is(actual, expected), `${value} to ${name} ${direction}: ${actual}, not ${expected}`).toBe(true);
}

/** Values where rounding is decided: numbers of a format, midpoints, and either just beside. */
const delicate = (name: Name) =>
  fc
    .tuple(
      fc.bigInt({ min: 0n, max: infinityBits(name) - 1n }),
      fc.constantFrom(0, 1, 2),
      fc.constantFrom(-1, 0, 1),
      fc.boolean(),
    )
    .map(([bits, quarter, nudge, negative]) => {
      const [low, high] = [exactOf(name, bits), exactOf(name, bits + 1n)];
      const tiny = high.sub(low).mul(Rational.pow2(-70));
      const value = low.add(high.sub(low).mul(Rational.of(quarter, 2))).add(tiny.mul(Rational.of(nudge)));
      return negative ? value.neg() : value;
    });

describe('toFloat', () => {
  it.each(NAMES)('rounds integers to %s as a search among the bit patterns does', (name) => {
    const { precision } = FORMATS[name];
    const integers = fc
      .tuple(
        fc.integer({ min: 0, max: 56 }),
        fc.bigInt({ min: 0n, max: 1n << BigInt(precision) }),
        fc.constantFrom(-1n, 0n, 1n),
      )
      .map(([shift, bits, nudge]) => ((bits << BigInt(shift)) >> 1n) + nudge);
    fc.assert(
      fc.property(integers, fc.boolean(), (size, negative) => {
        expectLikeBits(Rational.of(negative ? -size : size), name, 'nearest');
      }),
      { numRuns: 300 },
    );
  });

  it.each(NAMES)('rounds fractions that no double tells from a midpoint of %s', (name) => {
    // p/q nearest to a midpoint: q up to 2^52 is too coarse to reach it, and its double is the midpoint itself.
    const fractions = fc
      .tuple(
        fc.bigInt({ min: 0n, max: 1n << 15n }),
        fc.bigInt({ min: 3n, max: 1n << 52n }),
        fc.integer({ min: -16, max: 0 }),
        fc.constantFrom(-1n, 0n, 1n),
      )
      .map(([bits, q, exponent, nudge]) => {
        const { precision } = FORMATS[name];
        const odd = (2n * bits + (1n << BigInt(Math.min(precision, 20)))) | 1n;
        const middle = Rational.of(odd).mul(Rational.pow2(exponent - Math.min(precision, 20) - 1));
        return Rational.of(middle.mul(Rational.of(q)).floor() + nudge, q);
      });
    fc.assert(
      fc.property(fractions, fc.boolean(), (value, negative) => {
        expectLikeBits(negative ? value.neg() : value, name, 'nearest');
      }),
      { numRuns: 400 },
    );
  });

  it.each(NAMES)('rounds to %s as a search among the bit patterns does', (name) => {
    fc.assert(
      fc.property(fc.oneof(delicate(name), rational), fc.constantFrom(...DIRECTIONS), (value, direction) => {
        expectLikeBits(value, name, direction);
      }),
      { numRuns: 400 },
    );
  });

  it.each(['float16', 'bfloat16'] as const)('rounds every number and every midpoint of %s', (name) => {
    const last = Number(infinityBits(name));
    for (let bits = 0; bits < last; bits++) {
      const [low, high] = [exactOf(name, BigInt(bits)), exactOf(name, BigInt(bits + 1))];
      const middle = low.add(high).mul(half);
      const [below, above] = [doubleOf(name, BigInt(bits)), doubleOf(name, BigInt(bits + 1))];
      const even = bits % 2 === 0 ? below : above;
      const inward = bits + 1 === last ? below : above;
      const results = [
        toFloat(low, FORMATS[name], 'nearest'),
        toFloat(middle, FORMATS[name], 'nearest'),
        toFloat(middle, FORMATS[name], 'down'),
        toFloat(middle, FORMATS[name], 'up'),
      ];
      if (inward === below) expect(results).toEqual([below, Infinity, below, Infinity]);
      else if (results[0] !== below || results[1] !== even || results[2] !== below || results[3] !== above)
        expect(results, `pattern ${bits}`).toEqual([below, even, below, above]);
    }
  });

  it('rounds to float64 in every direction as MPFR does', () => {
    const exponents = fc.integer({ min: -1100, max: 1100 });
    const wide = fc.tuple(rational, exponents).map(([x, k]) => x.mul(Rational.pow2(k)));
    fc.assert(
      fc.property(fc.oneof(delicate('float64'), rational, wide), fc.constantFrom(...DIRECTIONS), (value, direction) => {
        const expected = mpfrDouble(value, direction);
        expect(toFloat(value, FORMATS.float64, direction)).toBe(expected === 0 ? 0 : expected);
      }),
      { numRuns: 500 },
    );
  });

  it('rounds doubles to float32 as Math.fround does', () => {
    const near = fc.tuple(fc.integer(), fc.integer({ min: -160, max: 130 })).map(([m, k]) => (m / 2 ** 30) * 2 ** k);
    fc.assert(
      fc.property(fc.oneof(finiteDouble, near), (x) => {
        expect(toFloat(fromFloat(x), FORMATS.float32, 'nearest')).toBe(Math.fround(x) + 0);
      }),
      { numRuns: 1000 },
    );
  });

  it('knows where float16 and float32 end', () => {
    const to = (name: Name, value: number | Rational, direction: Direction) =>
      toFloat(typeof value === 'number' ? fromFloat(value) : value, FORMATS[name], direction);
    expect(to('float16', 65504, 'nearest')).toBe(65504);
    expect(to('float16', 65519, 'nearest')).toBe(65504);
    expect(to('float16', 65519.99999, 'nearest')).toBe(65504);
    expect(to('float16', 65520, 'nearest')).toBe(Infinity);
    expect(to('float16', 65520, 'down')).toBe(65504);
    expect(to('float16', 65505, 'up')).toBe(Infinity);
    expect(to('float16', -65520, 'nearest')).toBe(-Infinity);
    expect(to('float16', -65505, 'down')).toBe(-Infinity);
    expect(to('float16', -1e6, 'up')).toBe(-65504);
    expect(to('float16', 2 ** -24, 'nearest')).toBe(2 ** -24);
    expect(to('float16', 2 ** -25, 'nearest')).toBe(0);
    expect(to('float16', 3 * 2 ** -26, 'nearest')).toBe(2 ** -24);
    expect(to('float16', 1023.5 * 2 ** -24, 'nearest')).toBe(2 ** -14); // between the largest subnormal and 2^-14
    expect(to('float16', 1023 * 2 ** -24, 'up')).toBe(1023 * 2 ** -24);
    const top = Rational.pow2(128).sub(Rational.pow2(103)); // halfway between the largest float32 and 2^128
    expect(to('float32', top, 'nearest')).toBe(Infinity);
    expect(to('float32', top.sub(Rational.pow2(-9)), 'nearest')).toBe((2 - 2 ** -23) * 2 ** 127);
    const huge = Rational.of(10n ** 5000n);
    expect(DIRECTIONS.map((direction) => to('float64', huge, direction))).toEqual([
      Infinity,
      Number.MAX_VALUE,
      Infinity,
    ]);
    expect(to('float64', huge.inverse(), 'up')).toBe(Number.MIN_VALUE);
  });

  it('has no negative zero', () => {
    for (const name of NAMES)
      for (const direction of DIRECTIONS) {
        const result = toFloat(Rational.pow2(-3000).neg(), FORMATS[name], direction);
        expect(Object.is(result, -0)).toBe(false);
        expect(result).toBe(direction === 'down' ? -approximate(smallestSubnormal(FORMATS[name])) : 0);
      }
  });

  it('reads decimal literals as the JavaScript parser does', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: -340, max: 300 }), (m, e) => {
        const value = e >= 0 ? Rational.of(m * 10n ** BigInt(e)) : Rational.of(m, 10n ** BigInt(-e));
        expect(approximate(value)).toBe(Number(`${m}e${e}`) + 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('fromFloat', () => {
  it('gives the value of the bits', () => {
    const bits = fc.bigInt({ min: 0n, max: infinityBits('float64') - 1n });
    fc.assert(
      fc.property(bits, fc.boolean(), (pattern, negative) => {
        const double = doubleOf('float64', pattern);
        const value = exactOf('float64', pattern);
        expect(fromFloat(negative ? -double : double).equals(negative ? value.neg() : value)).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(fromFloat(0.1).toString()).toBe('3602879701896397/36028797018963968');
    expect(fromFloat(-0).toString()).toBe('0');
    expect(fromFloat(Number.MIN_VALUE).equals(Rational.pow2(-1074))).toBe(true);
  });

  it('is inverted by toFloat in every direction', () => {
    fc.assert(
      fc.property(finiteDouble, fc.constantFrom(...DIRECTIONS), (x, direction) => {
        expect(toFloat(fromFloat(x), FORMATS.float64, direction)).toBe(x + 0);
      }),
    );
  });

  it('refuses what is no number', () => {
    for (const x of [Number.NaN, Infinity, -Infinity]) expect(() => fromFloat(x)).toThrow(RangeError);
  });
});

describe('formats', () => {
  it('are met with the error of one rounding', () => {
    fc.assert(
      fc.property(rational, fc.constantFrom(...NAMES), (value, name) => {
        const float = toFloat(value, FORMATS[name], 'nearest');
        expect(float).toBe(roundByBits(value, name, 'nearest'));
        if (!Number.isFinite(float)) return;
        const error = fromFloat(float).sub(value);
        const relative = unitRoundoff(FORMATS[name]).mul(value.abs());
        expect(error.abs().le(relative.max(smallestSubnormal(FORMATS[name]).mul(half)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('are known by their constants', () => {
    for (const name of NAMES) {
      const format = FORMATS[name];
      expect(largestFinite(format).equals(exactOf(name, infinityBits(name) - 1n))).toBe(true);
      expect(smallestSubnormal(format).equals(exactOf(name, 1n))).toBe(true);
      const one = roundByBits(Rational.one.add(unitRoundoff(format)), name, 'nearest');
      expect(one).toBe(1); // 1 + u is a tie and goes to even
      expect(roundByBits(Rational.one.add(unitRoundoff(format)), name, 'up')).toBeGreaterThan(1);
    }
    expect(toFloat(Rational.of(65520), FORMATS.float16, 'nearest')).toBe(Infinity);
  });
});

describe('bitLength and floorLog2', () => {
  it('locate a number between powers of two', () => {
    fc.assert(
      fc.property(rational, ({ num, den }) => {
        const size = num < 0n ? -num : num;
        fc.pre(size > 0n);
        expect(bitLength(size)).toBe(size.toString(2).length);
        const k = floorLog2(size, den);
        const [low, high] = [Rational.pow2(k), Rational.pow2(k + 1)];
        expect(low.le(Rational.of(size, den)) && Rational.of(size, den).lt(high)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('missUp', () => {
  it('is at least the distance of a number from a float, and hardly more', () => {
    const near = fc
      .tuple(rational, fc.constantFrom(...NAMES))
      .map(([value, name]) => [value, toFloat(value, FORMATS[name], 'nearest')] as const);
    fc.assert(
      fc.property(fc.oneof(near, fc.tuple(rational, finiteDouble)), ([value, float]) => {
        fc.pre(Number.isFinite(float));
        const exact = value.sub(fromFloat(float)).abs();
        const bound = missUp(value, float);
        if (fromFloat(Number.MAX_VALUE).lt(exact)) {
          expect(bound).toBe(Number.POSITIVE_INFINITY);
          return;
        }
        expect(exact.le(fromFloat(bound))).toBe(true);
        if (exact.isZero()) expect(bound + 0).toBe(0);
        const room = exact.mul(Rational.of(2n ** 50n + 1n, 2n ** 50n)).add(Rational.pow2(-1070));
        expect(fromFloat(bound).le(room)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is infinite where the float or the distance is', () => {
    expect(missUp(Rational.one, Number.NEGATIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(missUp(Rational.of(9007199254740988), -Number.MAX_VALUE)).toBe(Number.POSITIVE_INFINITY);
  });
});

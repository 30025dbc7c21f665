import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFloat } from '../../src/numbers/convert.js';
import { floorLog10, pow10, toDecimal } from '../../src/numbers/decimal.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { finiteDouble, rational } from '../generators/numbers.js';

const wide = fc
  .tuple(rational, fc.integer({ min: -400, max: 400 }))
  .map(([x, k]) => (k >= 0 ? x.mul(Rational.of(7n ** BigInt(k))) : x.div(Rational.of(7n ** BigInt(-k)))));
const value = fc.oneof(rational, wide);
const digits = fc.integer({ min: 1, max: 40 });

/** Significant digits of a decimal text. */
function significant(text: string): number {
  const mantissa = text.replace(/e.*$/, '').replace('-', '');
  const all = mantissa.replace('.', '').replace(/^0+/, '');
  return mantissa.includes('.') ? all.length : all.replace(/0+$/, '').length;
}

it('finds the power of ten at or below a number, however near the next one is', () => {
  const near = [Rational.zero, Rational.of(1, 10n ** 40n), Rational.of(-1, 10n ** 40n)];
  for (let k = -700; k <= 700; k += 7)
    for (const off of near) {
      const x = pow10(k).mul(Rational.one.add(off));
      expect(floorLog10(x)).toBe(off.sign() < 0 ? k - 1 : k);
    }
});

describe('toDecimal', () => {
  it('brackets the value by less than a unit in the last place, in at most so many digits', () => {
    fc.assert(
      fc.property(value, digits, (x, P) => {
        const [down, up] = [toDecimal(x, P, 'down'), toDecimal(x, P, 'up')];
        const [low, high] = [parseRational(down), parseRational(up)];
        expect(low.le(x) && x.le(high), `${down} <= ${x} <= ${up}`).toBe(true);
        if (x.isZero()) return;
        const unit = pow10(floorLog10(x.abs()) - P + 1);
        expect(x.sub(low).lt(unit) && high.sub(x).lt(unit)).toBe(true);
        const nearest = toDecimal(x, P, 'nearest');
        expect(
          parseRational(nearest)
            .sub(x)
            .abs()
            .le(unit.mul(Rational.of(1, 2))),
        ).toBe(true);
        expect([down, up]).toContain(nearest);
        for (const text of [down, up, nearest]) expect(significant(text), text).toBeLessThanOrEqual(P);
      }),
      { numRuns: 300 },
    );
  });

  it('is odd, with the directions exchanged', () => {
    fc.assert(
      fc.property(value, digits, (x, P) => {
        const opposite = (text: string) => (text === '0' ? '0' : text.startsWith('-') ? text.slice(1) : `-${text}`);
        expect(toDecimal(x.neg(), P, 'down')).toBe(opposite(toDecimal(x, P, 'up')));
        expect(toDecimal(x.neg(), P, 'nearest')).toBe(opposite(toDecimal(x, P, 'nearest')));
      }),
    );
  });

  it('is exact when the digits suffice', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: -60, max: 60 }), (m, k) => {
        const x = Rational.of(m).mul(pow10(k));
        for (const direction of ['down', 'up', 'nearest'] as const)
          expect(parseRational(toDecimal(x, 31, direction)).equals(x)).toBe(true);
      }),
    );
  });

  it('agrees with the digits that JavaScript prints of doubles', () => {
    fc.assert(
      fc.property(finiteDouble, fc.integer({ min: 1, max: 60 }), (x, P) => {
        fc.pre(x !== 0);
        const exact = fromFloat(x);
        const unit = pow10(floorLog10(exact.abs()) - P + 1);
        const isTie = exact.div(unit).mul(Rational.of(2)).isInteger() && !exact.div(unit).isInteger();
        fc.pre(!isTie); // ECMAScript rounds ties away from zero
        expect(parseRational(toDecimal(exact, P, 'nearest')).equals(parseRational(x.toPrecision(P)))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['5/2', 1, 'nearest', '2'],
    ['7/2', 1, 'nearest', '4'],
    ['25', 1, 'nearest', '20'],
    ['-35', 1, 'nearest', '-40'],
    ['19/2', 1, 'nearest', '10'],
    ['0.0995', 2, 'nearest', '0.1'],
    ['999.5', 3, 'nearest', '1000'],
    ['1/3', 4, 'down', '0.3333'],
    ['1/3', 4, 'up', '0.3334'],
    ['-1/3', 4, 'down', '-0.3334'],
    ['-1/3', 4, 'up', '-0.3333'],
    ['99999', 2, 'up', '100000'],
    ['0.000001', 5, 'down', '0.000001'],
    ['0.0000001', 5, 'down', '1e-7'],
    ['0.00000012', 5, 'down', '1.2e-7'],
    ['100000000000000000000', 5, 'down', '100000000000000000000'],
    ['1000000000000000000000', 5, 'down', '1e21'],
    ['1234567890123456789012345', 10, 'down', '1.23456789e24'],
    ['1200', 4, 'up', '1200'],
    ['0', 3, 'up', '0'],
  ] as const)('prints %s with %i digits %s as %s', (text, P, direction, expected) => {
    expect(toDecimal(parseRational(text), P, direction)).toBe(expected);
  });
});

describe('floorLog10', () => {
  it('is exact next to powers of ten', () => {
    for (let k = -330; k <= 330; k++) {
      const power = pow10(k);
      const tiny = power.mul(pow10(-40));
      expect([power.sub(tiny), power, power.add(tiny)].map(floorLog10)).toEqual([k - 1, k, k]);
    }
  });
});

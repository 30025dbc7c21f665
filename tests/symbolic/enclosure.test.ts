import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains } from '../../src/numbers/arithmetic.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import {
  DomainError,
  enclose,
  evaluateExact,
  parseExpression,
  rangeOf,
  toIntervals,
} from '../../src/symbolic/index.js';
import { piBounds } from '../../src/symbolic/pi.js';
import { EXACT, expressions, rational, VARIABLES } from './arbitrary.js';

const read = (text: string) => parseExpression(text, ['x', 'y']);
const box = (x: readonly [number, number], y: readonly [number, number] = [0, 1]) =>
  new Map([
    ['x', doubleIntervals.fromDoubles(...x)],
    ['y', doubleIntervals.fromDoubles(...y)],
  ]);

/** A box of doubles and a rational point in it, per variable. */
const side = fc
  .tuple(rational, fc.integer({ min: 0, max: 64 }), fc.integer({ min: 0, max: 8 }))
  .map(([at, below, above]) => {
    const x = Rational.of(at.num * 64n, at.den);
    const start = Rational.of(x.floor() - BigInt(below), 64n);
    const end = Rational.of(x.ceil() + BigInt(above), 64n);
    return { at, lo: Number(start.num) / Number(start.den), hi: Number(end.num) / Number(end.den) };
  });

describe('toIntervals', () => {
  it('contains the exact value at every point of the box', () => {
    fc.assert(
      fc.property(expressions(EXACT), side, side, side, (e, ...sides) => {
        const intervals = sides.map(({ lo, hi }) => doubleIntervals.fromDoubles(lo, hi));
        const [value] = toIntervals([e], VARIABLES, doubleIntervals)(intervals);
        fc.pre(value.mark === 0);
        const exact = evaluateExact(e, new Map(VARIABLES.map((name, i) => [name, sides[i].at])));
        expect(contains(doubleIntervals, value, exact)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives the same as a fresh program after other boxes', () => {
    const f = toIntervals([read('x*exp(y) + 2*pi')], ['x', 'y'], doubleIntervals);
    const at = (x: number, y: number) => f([doubleIntervals.fromDoubles(x, x), doubleIntervals.fromDoubles(y, y)])[0];
    const first = at(1, 2);
    at(3, -4);
    expect(at(1, 2)).toEqual(first);
  });
});

describe('rangeOf', () => {
  it('contains the exact value at every point of the box, and lies in the natural extension', () => {
    fc.assert(
      fc.property(expressions(EXACT), side, side, side, (e, ...sides) => {
        const { value } = rangeOf(e, VARIABLES, doubleIntervals)(sides);
        const natural = toIntervals(
          [e],
          VARIABLES,
          doubleIntervals,
        )(sides.map(({ lo, hi }) => doubleIntervals.fromDoubles(lo, hi)))[0];
        expect(natural.lo <= value.lo && value.hi <= natural.hi).toBe(true);
        fc.pre(value.mark === 0);
        const exact = evaluateExact(e, new Map(VARIABLES.map((name, i) => [name, sides[i].at])));
        expect(contains(doubleIntervals, value, exact)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is exact for monotone functions and second order otherwise', () => {
    const { value: monotone } = rangeOf(
      read('x^2 + x*y - x'),
      ['x', 'y'],
      doubleIntervals,
    )([
      { lo: 1, hi: 2 },
      { lo: 0, hi: 1 },
    ]);
    expect(monotone).toMatchObject({ lo: 0, hi: 4 });
    const width = (h: number) => {
      const { value } = rangeOf(read('x*(1 - x)'), ['x'], doubleIntervals)([{ lo: 0.5 - h, hi: 0.5 + h }]);
      return value.hi - value.lo;
    };
    expect(width(2 ** -5) / width(2 ** -6)).toBeGreaterThan(3.9);
  });
});

describe('enclose', () => {
  it('bounds the range', () => {
    const { lo, hi } = enclose(read('(x - 1/2)^2 + max(y, 1/4)'), doubleIntervals, box([0, 1]));
    expect([lo, hi]).toEqual([0.25, 1.25]);
  });

  it.each([
    ['2 + log(x - 1)', [1, 2], 'log(x - 1) is not known to be defined', '[0, 1]'],
    ['2 + log(x - 1)', [-1, 0], 'log(x - 1) is undefined on all of the box', '[-2, -1]'],
    ['y + sqrt(x)*3', [-1, 1], 'sqrt(x) is not known to be defined', '[-1, 1]'],
    ['1 + y/x', [-1, 1], 'y/x is not known to be defined', '[-1, 1]'],
    ['exp(1/(x - x^2))', [0.5, 2], '1/(x - x^2) is not known', '[-3.5, 1.75]'],
    ['x^-2', [-1, 1], '1/x^2 is not known', '[-1, 1]'],
    ['x^(-1/2)', [0, 1], '1/sqrt(x) is not known', '[0, 1]'],
    ['0*log(x)', [-1, 1], 'log(x) is not known', '[-1, 1]'],
    ['x^2/x', [-1, 1], 'x^2/x is not known', '[-1, 1]'],
  ] as const)('names the part of %s that may be undefined over %s', (text, x, message, argument) => {
    const attempt = () => enclose(read(text), doubleIntervals, box(x));
    expect(attempt).toThrow(DomainError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(argument);
  });

  it('keeps the part as an expression, as TeX, and as bad input', () => {
    try {
      enclose(read('2 + log(x - 1)'), doubleIntervals, box([0, 2]));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(DomainError);
      const { tex, certain, argument } = error as DomainError;
      expect({ tex, certain, argument }).toMatchObject({
        tex: '\\log\\left(x - 1\\right)',
        certain: false,
        argument: { lo: -1, hi: 1 },
      });
      expect((error as DomainError).toInputError().message).toContain('allowed: arguments above 0');
    }
  });
});

describe('piBounds', () => {
  it('brackets pi as Math.PI and its rounding error do', () => {
    const digits = Rational.of(314159265358979323846264338327950288419716939937510n, 10n ** 50n);
    for (const bits of [20, 53, 100, 150]) {
      const { lo, hi } = piBounds(bits);
      const near = Rational.of(1n, 10n ** 49n);
      expect(lo.lt(digits.add(near)) && digits.sub(near).lt(hi)).toBe(true);
      expect(hi.sub(lo).le(Rational.pow2(-bits))).toBe(true);
    }
    const { lo, hi } = piBounds(2000);
    expect(hi.sub(lo).le(Rational.pow2(-2000)) && piBounds(100).lo.lt(lo) && hi.lt(piBounds(100).hi)).toBe(true);
    expect(fromFloat(Math.PI).lt(lo)).toBe(true);
  });
});

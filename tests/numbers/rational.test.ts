import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gcd, lcm } from '../../src/numbers/gcd.js';
import { dot, Rational, sum } from '../../src/numbers/rational.js';
import { bigInteger, positiveInteger, rational } from '../generators/numbers.js';

const SAFE = 2n ** 53n;

/** Euclid on BigInt, nothing else. */
function euclid(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a) : euclid(b, a % b);
}

function isNormal({ num, den }: Rational): boolean {
  return den > 0n && euclid(num, den) === 1n;
}

/** Asserts normal form and value num/den. */
function expectValue(result: Rational, num: bigint, den: bigint) {
  expect(isNormal(result), `${result} is not in lowest terms`).toBe(true);
  expect(result.num * den).toBe(num * result.den);
}

describe('Rational', () => {
  it('reduces every fraction to lowest terms with a positive denominator', () => {
    fc.assert(
      fc.property(bigInteger, bigInteger, (p, q) => {
        fc.pre(q !== 0n);
        expectValue(Rational.of(p, q), p, q);
      }),
    );
    expect(Rational.of(6, -4).toString()).toBe('-3/2');
    expect(Rational.of(0, -7).toString()).toBe('0');
    expect(Rational.of(-10, 5).toString()).toBe('-2');
  });

  it('refuses a denominator of zero and numbers that are not integers', () => {
    expect(() => Rational.of(1, 0)).toThrow(RangeError);
    expect(() => Rational.of(0, 0)).toThrow(RangeError);
    expect(() => Rational.of(1.5)).toThrow(RangeError);
    expect(() => Rational.of(Number.NaN)).toThrow(RangeError);
  });

  it('adds, subtracts, multiplies and divides as fractions do', () => {
    fc.assert(
      fc.property(rational, rational, (a, b) => {
        expectValue(a.add(b), a.num * b.den + b.num * a.den, a.den * b.den);
        expectValue(a.sub(b), a.num * b.den - b.num * a.den, a.den * b.den);
        expectValue(a.mul(b), a.num * b.num, a.den * b.den);
        if (b.num !== 0n) expectValue(a.div(b), a.num * b.den, a.den * b.num);
        expectValue(a.neg(), -a.num, a.den);
        expectValue(a.abs(), a.num < 0n ? -a.num : a.num, a.den);
      }),
    );
  });

  it('is a field', () => {
    const laws = (a: Rational, b: Rational, c: Rational) => {
      expect(a.add(b).equals(b.add(a))).toBe(true);
      expect(a.mul(b).equals(b.mul(a))).toBe(true);
      expect(a.add(b.add(c)).equals(a.add(b).add(c))).toBe(true);
      expect(a.mul(b.mul(c)).equals(a.mul(b).mul(c))).toBe(true);
      expect(a.mul(b.add(c)).equals(a.mul(b).add(a.mul(c)))).toBe(true);
      expect(a.add(Rational.zero).equals(a)).toBe(true);
      expect(a.mul(Rational.one).equals(a)).toBe(true);
      expect(a.add(a.neg()).isZero()).toBe(true);
      if (!a.isZero()) expect(a.mul(a.inverse()).equals(Rational.one)).toBe(true);
    };
    fc.assert(fc.property(rational, rational, rational, laws));
  });

  it('has no inverse of zero', () => {
    expect(() => Rational.zero.inverse()).toThrow(RangeError);
    expect(() => Rational.one.div(Rational.of(0, 3))).toThrow(RangeError);
    expect(() => Rational.zero.pow(-1)).toThrow(RangeError);
  });

  it('is totally ordered, compatibly with addition and multiplication', () => {
    fc.assert(
      fc.property(rational, rational, rational, (a, b, c) => {
        const order = Math.sign(a.compare(b));
        expect(order).toBe(a.num * b.den < b.num * a.den ? -1 : a.num * b.den > b.num * a.den ? 1 : 0);
        expect(Math.sign(b.compare(a))).toBe(0 - order);
        expect(Math.sign(a.add(c).compare(b.add(c)))).toBe(order);
        if (c.sign() > 0) expect(Math.sign(a.mul(c).compare(b.mul(c)))).toBe(order);
        expect([a.lt(b), a.le(b), a.equals(b)]).toEqual([order < 0, order <= 0, order === 0]);
        expect(a.sub(b).sign()).toBe(order);
        expect(a.max(b).sub(a.min(b)).equals(a.sub(b).abs())).toBe(true);
        expect(a.max(b).add(a.min(b)).equals(a.add(b))).toBe(true);
      }),
    );
  });

  it('has floor <= x < floor + 1 and ceil - 1 < x <= ceil', () => {
    fc.assert(
      fc.property(rational, (x) => {
        const [floor, ceil] = [x.floor(), x.ceil()];
        expect(floor * x.den <= x.num && x.num < (floor + 1n) * x.den).toBe(true);
        expect((ceil - 1n) * x.den < x.num && x.num <= ceil * x.den).toBe(true);
        expect(x.isInteger()).toBe(floor === ceil);
      }),
    );
    expect([Rational.of(-1, 2).floor(), Rational.of(-1, 2).ceil()]).toEqual([-1n, 0n]);
    expect([Rational.of(-4, 2).floor(), Rational.of(-4, 2).ceil()]).toEqual([-2n, -2n]);
  });

  it('raises to integer powers by repeated multiplication', () => {
    fc.assert(
      fc.property(rational, fc.integer({ min: -6, max: 6 }), (x, n) => {
        fc.pre(!x.isZero() || n >= 0);
        const base = n < 0 ? Rational.one.div(x) : x;
        let product = Rational.one;
        for (let k = 0; k < Math.abs(n); k++) product = product.mul(base);
        expect(x.pow(n).equals(product)).toBe(true);
        expect(isNormal(x.pow(n))).toBe(true);
      }),
    );
    expect(Rational.zero.pow(0).toString()).toBe('1');
    expect(Rational.of(-2, 3).pow(-3).toString()).toBe('-27/8');
    expect(Rational.pow2(-3).toString()).toBe('1/8');
    expect(Rational.pow2(70).toString()).toBe('1180591620717411303424');
  });

  it('sums over a common denominator', () => {
    fc.assert(
      fc.property(fc.array(rational, { maxLength: 12 }), (terms) => {
        const den = terms.reduce((product, term) => product * term.den, 1n);
        const num = terms.reduce((total, term) => total + term.num * (den / term.den), 0n);
        expectValue(sum(terms), num, den);
      }),
      { numRuns: 60 },
    );
    expect(sum([]).toString()).toBe('0');
  });

  it('agree for products of long and of equal denominators', () => {
    const long = fc.bigInt({ min: 1n, max: 1n << 200n });
    const entry = fc.oneof(
      rational,
      fc.tuple(long, long).map(([p, q]) => Rational.of(p, q)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, entry), { maxLength: 9 }), (pairs) => {
        const found = dot(
          pairs.map(([x]) => x),
          pairs.map(([, y]) => y),
        );
        const den = pairs.reduce((product, [x, y]) => product * x.den * y.den, 1n);
        const num = pairs.reduce((total, [x, y]) => total + (x.num * y.num * den) / (x.den * y.den), 0n);
        expectValue(found, num, den);
      }),
      { numRuns: 60 },
    );
  });
});

describe('gcd and lcm', () => {
  it('agree with Euclid, above all where doubles take over', () => {
    const near = fc.bigInt({ min: SAFE - 40n, max: SAFE + 40n });
    const multiple = fc.tuple(near, positiveInteger).map(([a, b]) => a * b);
    const factor = fc.oneof(near, multiple, positiveInteger);
    fc.assert(
      fc.property(factor, factor, positiveInteger, (a, b, common) => {
        expect(gcd(a, b)).toBe(euclid(a, b));
        expect(gcd(a * common, b * common)).toBe(euclid(a, b) * common);
        expect(lcm(a, b) * gcd(a, b)).toBe(a * b);
      }),
      { numRuns: 300 },
    );
  });

  it('agree with Euclid on long numbers, with small and huge quotients', () => {
    const long = fc.integer({ min: 1, max: 3000 }).chain((bits) => fc.bigInt({ min: 1n, max: 1n << BigInt(bits) }));
    fc.assert(
      fc.property(long, long, long, (a, b, common) => {
        expect(gcd(a * common, b * common)).toBe(euclid(a, b) * common);
        expect(gcd(a * b * common + a, b * common)).toBe(euclid(a * b * common + a, b * common));
      }),
      { numRuns: process.env.EXHIBIT_NIGHTLY === undefined ? 300 : 100_000 },
    );
    // Consecutive Fibonacci numbers need the most steps: all quotients are 1.
    let [f, g] = [1n, 1n];
    for (let k = 0; k < 5000; k++) [f, g] = [f + g, f];
    expect(gcd(f, g)).toBe(1n);
    expect(gcd(f * 3n ** 400n, g * 3n ** 400n)).toBe(3n ** 400n);
  });

  it('are right at the boundary itself', () => {
    for (const [a, b, expected] of [
      [0n, 5n, 5n],
      [SAFE, SAFE, SAFE],
      [SAFE + 1n, 3n, 3n], // 2^53 + 1 = 3 * 107 * 28059810762433, and is no double
      [SAFE - 1n, 6361n, 6361n], // 2^53 - 1 = 6361 * 69431 * 20394401
      [(SAFE + 1n) * 2n, SAFE + 1n, SAFE + 1n],
      [SAFE * SAFE, SAFE - 1n, 1n],
    ]) {
      expect(gcd(a, b)).toBe(expected);
    }
  });
});

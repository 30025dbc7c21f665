import { describe, expect, it } from 'vitest';
import { fromFloat, toFloat } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import type { Rational } from '../../src/numbers/rational.js';
import * as rounding from '../../src/numbers/rounding.js';
import { cases, nastyDouble, neighbour, stream } from './samples.js';

const ROUNDS = cases(20_000, 300_000);

describe('neighbours', () => {
  it('are those of the bit patterns', () => {
    const random = stream(11);
    for (let i = 0; i < ROUNDS; i++) {
      const x = Math.abs(nastyDouble(random));
      expect(rounding.nextUp(x)).toBe(neighbour(x, 1));
      expect(rounding.nextDown(-x)).toBe(-neighbour(x, 1));
      if (x > 0) expect(rounding.nextDown(x) + 0).toBe(neighbour(x, -1));
    }
  });

  it('of every power of two', () => {
    for (let k = -1074, x = 2 ** -1074; k <= 1023; k++, x *= 2) {
      for (const y of [neighbour(x, -1), x, neighbour(x, 1)]) expect(rounding.nextUp(y)).toBe(neighbour(y, 1));
    }
  });

  it('of zero, the largest number and infinities', () => {
    expect(rounding.nextUp(0)).toBe(2 ** -1074);
    expect(rounding.nextDown(0)).toBe(-(2 ** -1074));
    expect(rounding.nextUp(Number.MAX_VALUE)).toBe(Number.POSITIVE_INFINITY);
    expect(rounding.nextUp(Number.NEGATIVE_INFINITY)).toBe(-Number.MAX_VALUE);
    expect(rounding.nextDown(Number.POSITIVE_INFINITY)).toBe(Number.MAX_VALUE);
    expect(rounding.nextUp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  });
});

const OPERATIONS: readonly [
  name: string,
  down: (a: number, b: number) => number,
  up: (a: number, b: number) => number,
  exact: (a: Rational, b: Rational) => Rational,
][] = [
  ['sum', rounding.addDown, rounding.addUp, (a, b) => a.add(b)],
  ['difference', rounding.subDown, rounding.subUp, (a, b) => a.sub(b)],
  ['product', rounding.mulDown, rounding.mulUp, (a, b) => a.mul(b)],
  ['quotient', rounding.divDown, rounding.divUp, (a, b) => a.div(b)],
];

describe.each(OPERATIONS)('the directed %s', (_name, down, up, exact) => {
  it('is the rational result rounded once', () => {
    const random = stream(12);
    for (let i = 0; i < ROUNDS / 10; i++) {
      const [a, b] = [nastyDouble(random), nastyDouble(random)];
      if (b === 0) continue;
      const value = exact(fromFloat(a), fromFloat(b));
      const call = `${a}, ${b}`;
      expect(down(a, b) === toFloat(value, FORMATS.float64, 'down'), call).toBe(true);
      expect(up(a, b) === toFloat(value, FORMATS.float64, 'up'), call).toBe(true);
    }
  });
});

describe('the directed square root', () => {
  it('is tightest', () => {
    const random = stream(13);
    for (let i = 0; i < ROUNDS / 10; i++) {
      const x = Math.abs(nastyDouble(random));
      const [lo, hi] = [rounding.sqrtDown(x), rounding.sqrtUp(x)];
      const value = fromFloat(x);
      expect(fromFloat(lo).pow(2).le(value), `${x}`).toBe(true);
      expect(value.le(fromFloat(hi).pow(2)), `${x}`).toBe(true);
      expect(hi === lo || hi === neighbour(lo, 1), `${x}`).toBe(true);
      expect(hi === lo).toBe(fromFloat(lo).pow(2).equals(value));
    }
  });
});

describe('limits', () => {
  it('take 0 times infinity and anything over infinity as 0', () => {
    expect(rounding.mulDown(0, Number.POSITIVE_INFINITY)).toBe(0);
    expect(rounding.divDown(5, Number.POSITIVE_INFINITY)).toBe(0);
    expect(rounding.divDown(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(0);
  });

  it('overflow outward only', () => {
    expect(rounding.addDown(Number.MAX_VALUE, Number.MAX_VALUE)).toBe(Number.MAX_VALUE);
    expect(rounding.mulUp(-1e200, 1e200)).toBe(-Number.MAX_VALUE);
    expect(rounding.divDown(1e300, 1e-300)).toBe(Number.MAX_VALUE);
  });
});

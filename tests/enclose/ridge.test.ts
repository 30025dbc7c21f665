import { describe, expect, test } from 'vitest';
import { boundMeasure } from '../../src/enclose/bounds/bound.js';
import { ridgeOf, valuesOfForm } from '../../src/enclose/ridge.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const N = 15;
const NAMES = Array.from({ length: N }, (_, k) => `x${k + 1}`);
const BITS = { kind: 'finite', values: [Rational.zero, Rational.one] } as const;
const form = (coefficients: readonly number[]) => NAMES.map((name, k) => `${coefficients[k]}*${name}`).join(' + ');
const coefficientsOf = (seed: number) => NAMES.map((_, k) => 1 + ((seed * 31 + k * k * 17) % 3));

function largest(f: (x: readonly number[]) => number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let code = 0; code < 2 ** N; code++)
    best = Math.max(best, f(NAMES.map((_, k) => Math.floor(code / 2 ** k) % 2)));
  return best;
}

describe('functions of one linear form of bits', () => {
  test.each([1, 2, 3])('have the suprema that all 2^15 points have (%i)', (seed) => {
    const a = coefficientsOf(seed);
    const s = `(${form(a)})`;
    const quantity = E.parseExpression(`max(abs(2*${s} - 7), 3) - ${s}^2/5 + min(${s}, 4)`, NAMES);
    const sets = new Map(NAMES.map((name) => [name, BITS] as const));
    const found = boundMeasure({ quantity, measure: 'sup', sets, conditions: [] }, {});
    const value = (x: readonly number[]) => {
      const t = x.reduce((sum, bit, k) => sum + bit * a[k], 0);
      return Math.max(Math.abs(2 * t - 7), 3) - t ** 2 / 5 + Math.min(t, 4);
    };
    const best = largest(value);
    expect(approximate(found.enclosure.hi!)).toBeCloseTo(best, 12);
    expect(value(NAMES.map((name) => approximate(found.witness!.get(name)!)))).toBeCloseTo(best, 12);
  });

  test.each([
    'x1*x2 + x3',
    'x1 + x2 + max(x1, 0)',
    'abs(x1 + x2) + abs(x1 + 2*x2)',
    'abs(x1 + x2 + x3) + abs(x1 + x2)',
  ])('are not seen in %s', (text) => {
    expect(ridgeOf([E.parseExpression(text, NAMES)], new Set(NAMES))).toBe(null);
  });

  test('take each value at the point that is given for it', () => {
    const along = ridgeOf([E.parseExpression('abs(3*x1 - 2*x2 + x3/2 - 1)', NAMES)], new Set(NAMES))!;
    const variables = NAMES.slice(0, 3).map((name) => ({ name, values: BITS.values }));
    const values = [...valuesOfForm(along, variables, 100)!.values()];
    expect(new Set(values.map(({ value }) => `${value}`)).size).toBe(8);
    for (const { value, point } of values) {
      const sum = along.form.reduce(
        (t, { name, coefficient }) => t.add(coefficient.mul(point.get(name)!)),
        Rational.zero,
      );
      expect(sum.equals(value)).toBe(true);
    }
    expect(valuesOfForm(along, variables, 3)).toBe(null);
  });
});

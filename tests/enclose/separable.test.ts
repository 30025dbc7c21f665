import { describe, expect, it } from 'vitest';
import { domain, unitBox } from '../../src/enclose/box.js';
import { separableSupremum } from '../../src/enclose/separable.js';
import { type Supremum, supremum } from '../../src/enclose/supremum.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const third = (k: number) => Rational.of(k, 3);
const parse = (text: string) => E.parseExpression(text, ['x', 'y', 'z']);
const BOX = domain([
  { variable: 'x', lo: Rational.zero, hi: third(2) },
  { variable: 'y', lo: third(1), hi: Rational.one },
  { variable: 'z', lo: third(-1), hi: third(2) },
]);

const overlaps = (a: Supremum, b: Supremum) => a.lo.le(b.hi!) && b.lo.le(a.hi!);

describe('a supremum summand by summand', () => {
  it.each([
    'x*(1-x) + sin(3*y)',
    'x - y',
    'exp(-x)*y - z^2',
    'abs(x - 1/4) + max(y, 1 - y) + z',
    'x + y + x*y - cos(z)',
    '7/3 + x',
    'exp(1) + sin(x) - tanh(z)',
    '5',
  ])('of %s is the joint one', (text) => {
    const expression = parse(text);
    const absoluteWidth = Rational.of(1, 10 ** 6);
    const apart = separableSupremum(expression, BOX, { absoluteWidth });
    const together = supremum([expression], BOX, { absoluteWidth });
    expect(overlaps(apart, together)).toBe(true);
    expect(apart.hi!.sub(apart.lo).le(absoluteWidth.mul(Rational.of(2)))).toBe(true);
    const A = ballIntervals(256);
    const at = E.enclose(expression, A, new Map(BOX.variables.map((name, i) => [name, A.of(apart.witness[i])])));
    expect(apart.lo.le(A.upper(at)!)).toBe(true);
    apart.witness.forEach((x, i) => {
      expect(BOX.lo[i].le(x) && x.le(BOX.hi[i])).toBe(true);
    });
  });

  it('costs the sum of the searches where a joint one costs the product', () => {
    const names = Array.from({ length: 12 }, (_, i) => `v${i}`);
    const text = names.map((name, i) => `sin(${3 + (i % 4)}*${name}) - ${name}^2/${i + 1}`).join(' + ');
    const expression = E.parseExpression(text, names);
    const found = separableSupremum(expression, unitBox(names), { relativeWidth: Rational.of(1, 10 ** 8) });
    expect(found.boxes).toBeLessThan(3000);
    expect(found.hi!.sub(found.lo).le(found.hi!.mul(Rational.of(1, 10 ** 7)))).toBe(true);
  });

  it('has no upper bound where a summand has none', () => {
    const { hi } = separableSupremum(parse('x + 1/(y - 1/2)^2'), BOX, { mostBoxes: 500 });
    expect(hi).toBeNull();
  });

  it('keeps a true enclosure when it stops early', () => {
    const expression = parse('sin(9*x) + exp(-y)*cos(5*y) + z^3 - z');
    const fine = separableSupremum(expression, BOX, { absoluteWidth: Rational.of(1, 10 ** 8) });
    for (const mostBoxes of [1, 3, 10]) {
      const coarse = separableSupremum(expression, BOX, { mostBoxes });
      expect(overlaps(coarse, fine)).toBe(true);
      expect(coarse.stopped).not.toBe('exact');
    }
  });
});

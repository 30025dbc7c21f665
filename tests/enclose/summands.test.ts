import { describe, expect, it } from 'vitest';
import { domain } from '../../src/enclose/box.js';
import { separableSupremum } from '../../src/enclose/separable.js';
import { separated } from '../../src/enclose/separable-net.js';
import { separablePeaks } from '../../src/enclose/summands.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const parse = (text: string) => E.parseExpression(text, ['x', 'y']);
const BOX = domain([
  { variable: 'x', lo: Rational.of(-1, 3), hi: Rational.one },
  { variable: 'y', lo: Rational.zero, hi: Rational.of(2, 3) },
]);
const NET = parse('max(x, 1/7)/2 + abs(x - 2/3) - max(2*y - 1/3, 0) + y/5 + 1/9 + max(3*x - 1, 0)/11');
const absoluteWidth = Rational.of(1, 10 ** 7);

describe('the suprema of psi - f, f - psi, psi and -psi', () => {
  it.each([
    'x^2 - y^2/3',
    '2*x - 1 + y',
    'x^3 + exp(-y)',
    'abs(x - 1/2)/3 + y^2',
    'sin(5*x) + cos(3*y) - 1/4',
    'exp(3*x)*x - log(y + 1/8)',
    '1/(x + 1/2) + tanh(y)',
    '7/2',
  ])('against %s agree with branch and bound', (text) => {
    const f = parse(text);
    const peaks = separablePeaks(separated(NET, BOX.variables)!, f, BOX, { absoluteWidth })!;
    const functions = { above: E.sub(NET, f), below: E.sub(f, NET), most: NET, least: E.neg(NET) };
    const A = ballIntervals(256);
    for (const [name, expression] of Object.entries(functions)) {
      const { lo, hi, witness } = peaks[name as 'above' | 'below' | 'most' | 'least'];
      expect(lo.le(hi)).toBe(true);
      expect(hi.sub(lo).le(absoluteWidth)).toBe(true);
      const value = E.enclose(expression, A, new Map(BOX.variables.map((one, i) => [one, A.of(witness[i])])));
      expect(lo.le(A.upper(value)!)).toBe(true);
      witness.forEach((x, i) => {
        expect(BOX.lo[i].le(x) && x.le(BOX.hi[i])).toBe(true);
      });
      const other = separableSupremum(expression, BOX, { absoluteWidth });
      expect(other.lo.le(hi) && lo.le(other.hi!)).toBe(true);
    }
  });

  it('come with the function itself in doubles', () => {
    const { at } = separablePeaks(separated(NET, BOX.variables)!, parse('x^2'), BOX, { absoluteWidth })!;
    const floats = E.toFloat64([NET], ['x', 'y']);
    for (const point of [
      [0.3, 0.2],
      [-1 / 3, 2 / 3],
      [1 / 7, 1 / 6],
      [1, 0],
    ])
      expect(at(point)).toBeCloseTo(floats(point)[0], 12);
  });

  it('are not below a sample', () => {
    const f = parse('sin(9*x)*exp(-x) + y^3');
    const peaks = separablePeaks(separated(NET, BOX.variables)!, f, BOX, { absoluteWidth })!;
    const at = E.toFloat64([E.sub(NET, f), NET], ['x', 'y']);
    for (let i = 0; i <= 60; i++)
      for (let j = 0; j <= 60; j++) {
        const [error, value] = at([-1 / 3 + (i / 60) * (4 / 3), (j / 60) * (2 / 3)]);
        expect(error).toBeLessThanOrEqual(Number(peaks.above.hi.num) / Number(peaks.above.hi.den) + 1e-12);
        expect(-error).toBeLessThanOrEqual(Number(peaks.below.hi.num) / Number(peaks.below.hi.den) + 1e-12);
        expect(value).toBeLessThanOrEqual(Number(peaks.most.hi.num) / Number(peaks.most.hi.den) + 1e-12);
        expect(-value).toBeLessThanOrEqual(Number(peaks.least.hi.num) / Number(peaks.least.hi.den) + 1e-12);
      }
  });

  it.each(['x*y', 'abs(x - 1/3)^(3/2) + y', 'x + abs(sin(9*y))', 'log(x)'])(
    'are left to others against %s, which is not the sum of smooth functions of single coordinates',
    (text) => {
      expect(separablePeaks(separated(NET, BOX.variables)!, parse(text), BOX, { absoluteWidth })).toBeNull();
    },
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundMeasure } from '../../src/enclose/bounds/bound.js';
import { linearBeyond, piecesOfSpace, upperBoundOver } from '../../src/enclose/unbounded-boxes.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const number = fc.integer({ min: -8, max: 8 });
/** Sums, minima, maxima and moduli of x, as texts. */
const { piecewise } = fc.letrec<{ piecewise: string }>((tie) => ({
  piecewise: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(number, number).map(([a, b]) => `(${a}*x + ${b}/3)`),
    fc.tuple(tie('piecewise'), tie('piecewise')).map(([a, b]) => `max(${a}, ${b})`),
    fc.tuple(tie('piecewise'), tie('piecewise')).map(([a, b]) => `min(${a}, ${b})`),
    fc.tuple(tie('piecewise'), number, tie('piecewise')).map(([a, c, b]) => `(${a} + ${c}*${b})`),
    tie('piecewise').map((a) => `abs(${a})`),
  ),
}));

const at = (e: E.Expression, x: Rational) => E.evaluateExact(e, new Map([['x', x]]));

describe('all real numbers', () => {
  test('a piecewise linear formula goes on beyond T with the slopes that are said', () => {
    fc.assert(
      fc.property(piecewise, fc.integer({ min: 1, max: 10 ** 6 }), (text, step) => {
        const e = E.parseExpression(text, ['x']);
        const { T, slopes } = linearBeyond(e, 'x')!;
        const [far, farther] = [T.add(Rational.of(step, 7)), T.add(Rational.of(step))];
        [T.neg(), T].forEach((start, k) => {
          const sign = Rational.of(k === 0 ? -1 : 1);
          for (const t of [far, farther])
            expect(
              at(e, t.mul(sign))
                .sub(at(e, start))
                .equals(slopes[k].mul(t.sub(T))),
            ).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('suprema over all reals hold at points near and far, and are attained', () => {
    fc.assert(
      fc.property(
        piecewise,
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 })),
        (text, points) => {
          const quantity = E.parseExpression(text, ['x']);
          const problem = {
            quantity,
            measure: 'sup-abs',
            sets: new Map([['x', { kind: 'reals' as const }]]),
            conditions: [],
          } as const;
          const { enclosure, witness } = boundMeasure(problem, { relativeWidth: Rational.of(1, 1000) });
          const { hi, lo } = enclosure;
          for (const x of points) {
            const value = at(quantity, Rational.of(Math.round(x))).abs();
            if (hi) expect(value.le(hi)).toBe(true);
          }
          if (lo && witness) expect(lo.le(at(quantity, witness.get('x') ?? Rational.zero).abs())).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ['tanh(x) + sin(3*x)/2', 1.5],
    ['exp(-x^2)', 1],
    ['1/(1 + x^2)', 1],
    ['max(0, 1 - abs(x)) + tanh(x)^2', 2],
    ['exp(-abs(x))*cos(x)', 1],
  ])('%s does not exceed what intervals with infinite ends say', (text, most) => {
    const e = E.parseExpression(text, ['x']);
    const hi = upperBoundOver(e, new Map([['x', [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]]]))!;
    expect(Number(hi.num) / Number(hi.den)).toBeCloseTo(most, 6);
  });

  test.each(['x', 'exp(x)', '1/x', 'log(x)', 'sqrt(x)', 'max(x, 0) - max(x - 1, 0)'])(
    '%s has no such bound',
    (text) => {
      const whole = new Map([['x', [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]]] as const);
      expect(upperBoundOver(E.parseExpression(text, ['x']), whole)).toBeNull();
    },
  );

  test('space is a cube and 3^n - 1 pieces around it, which meet it', () => {
    for (const n of [1, 2, 3]) {
      const names = Array.from({ length: n }, (_, k) => `x${k}`);
      const pieces = piecesOfSpace(names, 5);
      expect(pieces).toHaveLength(3 ** n - 1);
      fc.assert(
        fc.property(fc.array(fc.double({ noNaN: true }), { minLength: n, maxLength: n }), (point) => {
          const isIn = pieces.some((piece) =>
            names.every(
              (name, k) => Number(piece.get(name)![0]) <= point[k] && point[k] <= Number(piece.get(name)![1]),
            ),
          );
          expect(isIn || point.every((x) => Math.abs(x) <= 5)).toBe(true);
        }),
      );
    }
  });
});

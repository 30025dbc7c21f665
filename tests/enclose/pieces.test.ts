import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { domain } from '../../src/enclose/box.js';
import { supNormOnPieces } from '../../src/enclose/pieces.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const unit = domain([{ variable: 'x', lo: Rational.zero, hi: Rational.one }]);
const small = fc
  .tuple(fc.integer({ min: -24, max: 24 }), fc.integer({ min: 1, max: 7 }))
  .map(([p, q]) => Rational.of(p, q));

/** y_0 + s x + sum of c_k relu(x - k/n): a random net of one hidden layer. */
const nets = fc.array(small, { minLength: 2, maxLength: 8 }).map((changes) => {
  const terms = changes.map((coefficient, k) => ({
    coefficient,
    of: E.apply('max', E.sub(E.variable('x'), E.constant(Rational.of(k, changes.length))), E.zero),
  }));
  return E.combination(changes[0], terms);
});

function errorAt(p: E.Expression, f: E.Expression, x: Rational): Rational {
  const point = new Map([['x', x]]);
  return E.evaluateExact(p, point).sub(E.evaluateExact(f, point)).abs();
}

describe('supNormOnPieces', () => {
  it('is exact for polynomials of degree 2 and piecewise linear targets', () => {
    fc.assert(
      fc.property(nets, small, small, fc.boolean(), (p, a, b, isBent) => {
        const x = E.variable('x');
        const bend = isBent ? E.apply('abs', E.sub(x, E.constant(Rational.of(1, 3)))) : E.power(x, Rational.of(2));
        const f = E.combination(b, [{ coefficient: a, of: bend }]);
        const { lo, hi, witness } = supNormOnPieces(p, f, unit, {})!;
        expect(hi!.equals(lo)).toBe(true);
        expect(errorAt(p, f, witness[0]).equals(lo)).toBe(true);
        for (let k = 0; k <= 60; k++) expect(errorAt(p, f, Rational.of(k, 60)).le(lo)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it.each(['x^3 - x/2', '3*x^4 - 2*x', 'abs(x - 1/3) + x^2', '1/(1 + x)'])('encloses the error against %s', (text) => {
    const f = E.parseExpression(text, ['x']);
    fc.assert(
      fc.property(nets, (p) => {
        const { lo, hi, witness } = supNormOnPieces(p, f, unit, { relativeWidth: Rational.of(1, 1000) })!;
        expect(lo.le(errorAt(p, f, witness[0]))).toBe(true);
        expect(hi!.sub(lo).le(hi!.div(Rational.of(1000)))).toBe(true);
        for (let k = 0; k <= 60; k++) expect(errorAt(p, f, Rational.of(k, 60)).le(hi!)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it('finds the error of one chord of exp: e^x is its slope where it is largest', () => {
    const slope = Math.E - 1;
    const p = E.combination(Rational.one, [{ coefficient: fromFloat(slope), of: E.variable('x') }]);
    const { lo, hi } = supNormOnPieces(p, E.parseExpression('exp(x)', ['x']), unit, {
      relativeWidth: Rational.of(1, 10 ** 9),
    })!;
    // 1 + s log s - s, s = e - 1, by mpmath.
    const value = fromFloat(0.211866832515566);
    const slack = Rational.of(1, 10 ** 9);
    expect(lo.le(value.add(slack)) && value.sub(slack).le(hi!)).toBe(true);
  });

  it('refuses a target with a pole, and leaves networks of other kinds to others', () => {
    const x = E.variable('x');
    expect(() => supNormOnPieces(x, E.parseExpression('1/(x - 1/2)', ['x']), unit, { mostBoxes: 100 })).toThrow(
      'undefined',
    );
    expect(supNormOnPieces(E.parseExpression('x^2', ['x']), x, unit, {})).toBeNull();
  });
});

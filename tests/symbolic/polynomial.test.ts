import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rational, sum as total } from '../../src/numbers/rational.js';
import { affineOf, evaluateExact, parseExpression, polynomialOf, variablesOf } from '../../src/symbolic/index.js';
import { expressions, POLYNOMIAL, point, VARIABLES } from './arbitrary.js';

const read = (text: string) => parseExpression(text, VARIABLES);

describe('polynomialOf', () => {
  it('has the same values', () => {
    fc.assert(
      fc.property(expressions(POLYNOMIAL), point, (e, p) => {
        const polynomial = polynomialOf(e, VARIABLES);
        fc.pre(polynomial !== undefined);
        const values = VARIABLES.map((name) => p.get(name)!);
        const terms = polynomial.terms.map(({ coefficient, exponents }) =>
          exponents.reduce((product, n, i) => product.mul(values[i].pow(n)), coefficient),
        );
        expect(total(terms).toString()).toBe(evaluateExact(e, p).toString());
      }),
      { numRuns: 500 },
    );
  });

  it('multiplies out', () => {
    const { terms, degree } = polynomialOf(read('(x + y)^3 - x^3 - y^3 + 2^2'), VARIABLES)!;
    expect(degree).toBe(3);
    const table = Object.fromEntries(terms.map((term) => [term.exponents.join(), term.coefficient.toString()]));
    expect(table).toEqual({ '2,1,0': '3', '1,2,0': '3', '0,0,0': '4' });
    expect(polynomialOf(read('(x + 1)^2 - x*(x + 2) - 1'), ['x'])).toEqual({ variables: ['x'], terms: [], degree: 0 });
  });

  it.each(['x/y', 'sqrt(x)', 'abs(x)', 'x + 0*log(x)', 'pi*x', '(x + y + z_1)^4000'])('is undefined for %s', (text) => {
    expect(polynomialOf(read(text), VARIABLES)).toBeUndefined();
  });

  it('is undefined for a variable that is not listed', () => {
    expect(polynomialOf(read('x + y'), ['x'])).toBeUndefined();
    expect([...variablesOf(read('y + sin(x)'))]).toEqual(['y', 'x']);
  });
});

describe('affineOf', () => {
  it('finds coefficients exactly', () => {
    const { constant, coefficients } = affineOf(read('(x - 0.1)/3 + (y + 1)^2 - y^2'), VARIABLES)!;
    expect(constant.toString()).toBe('29/30');
    expect(coefficients.map(String)).toEqual(['1/3', '2', '0']);
    expect(affineOf(read('7'), [])).toEqual({ variables: [], constant: Rational.of(7), coefficients: [] });
  });

  it('is undefined for what is not affine', () => {
    for (const text of ['x*y', 'max(x, y)', 'exp(x)']) expect(affineOf(read(text), VARIABLES)).toBeUndefined();
  });
});

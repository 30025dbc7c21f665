import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression, sameExpression, toTex, toText } from '../../src/symbolic/index.js';
import { EVERYTHING, expressions, VARIABLES } from './arbitrary.js';

describe('toText', () => {
  it('is read back to the same tree', () => {
    fc.assert(
      fc.property(expressions(EVERYTHING), (e) => {
        const text = toText(e);
        const back = parseExpression(text, VARIABLES);
        expect(toText(back)).toBe(text);
        expect(sameExpression(back, e)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['((x-0.3)^2 + (y-0.7)^2)/2', '1/2*(x - 3/10)^2 + 1/2*(y - 7/10)^2'],
    ['1 - x', '1 - x'],
    ['-x^2', '-x^2'],
    ['2^3^2', '512'],
    ['x/y/2', '1/2*x/y'],
    ['3/(x*y^2)', '3/x/y^2'],
    ['x*x*x', 'x^3'],
    ['x - x', '0'],
    ['x/x', 'x/x'],
    ['y - (x + 1)*y', 'y - 1*(x + 1)*y'],
    ['sqrt(x)^3', 'x^(3/2)'],
    ['sqrt(x)^2', '(sqrt(x))^2'],
    ['0*log(x)', '0*log(x)'],
    ['sqrt(x^2)', 'sqrt(x^2)'],
    ['(x^2)^3', 'x^6'],
    ['1/(1/x)', '(1/x)^(-1)'],
    ['max(x, max(1, y), 3, x)', 'max(x, y, 3)'],
    ['8^(2/3) + sqrt(9/4)', '11/2'],
    ['exp(0) + cos(0) + log(1)', '2'],
  ])('of %s is %s', (text, canonical) => {
    expect(toText(parseExpression(text, VARIABLES))).toBe(canonical);
  });
});

describe('toTex', () => {
  it.each([
    ['x/y', '\\frac{x}{y}'],
    ['-1/2*x1', '-\\frac{1}{2} x_{1}'],
    ['4*L*log(T)/eps', '4 \\frac{L \\log\\left(T\\right)}{\\varepsilon}'],
    ['sqrt(1 - beta)*(1 - beta)^3', '\\sqrt{1 - \\beta} \\left(1 - \\beta\\right)^{3}'],
    ['exp(-x1)*(x1 + 1)', 'e^{-x_{1}} \\left(x_{1} + 1\\right)'],
    ['3*sqrt(2)*abs(x1)', '3 \\sqrt{2} \\left|x_{1}\\right|'],
    ['max(x1, 0)^2', '\\left(\\max\\left(x_{1}, 0\\right)\\right)^{2}'],
    ['width_2 + 2*7^(1/3)', '\\mathrm{width}_{2} + 2 \\cdot 7^{1/3}'],
  ])('of %s is %s', (text, tex) => {
    expect(toTex(parseExpression(text, ['x', 'y', 'x1', 'L', 'T', 'eps', 'beta', 'width_2']))).toBe(tex);
  });
});

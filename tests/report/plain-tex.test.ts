import { expect, test } from 'vitest';
import { plainTex } from '../../src/report/plain-tex.js';

test.each([
  ['a \\le b,\\; b \\le c \\;\\Rightarrow\\; a \\le c', 'a <= b, b <= c => a <= c'],
  ['\\frac{1}{1 + (L-1)e^{D}} \\le p_j', '1/(1 + (L-1)e^D) <= p_j'],
  ['\\tfrac12 \\left(\\max_i f_i\\right)', '1/2(max_i f_i)'],
  ['\\sum_{t \\in T} |x_{(2)}|', 'sum_(t in T) |x_(2)|'],
  ['u(x) \\in [\\mathrm{lo}, \\mathrm{hi}]', 'u(x) in [lo, hi]'],
  ['x^{n+1} \\to \\infty', 'x^(n+1) -> infinity'],
  ['\\frac{1', '1/()'],
  ['}{', '}'],
])('%s as text: %s', (tex, text) => {
  expect(plainTex(tex)).toBe(text);
});

test.each(['{', '^', '\\frac', '\\sqrt{'])('many a %s ends in no stack overflow', (part) => {
  expect(plainTex(part.repeat(50_000)).length).toBeGreaterThan(0);
});

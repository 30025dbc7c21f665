import { describe, expect, it } from 'vitest';
import { leadingOrder, parseExpression, toText } from '../../src/symbolic/index.js';

const NAMES = ['t', 'a', 'b', 'L', 'T', 'eps', 'D', 'N', 'd'];

function order(text: string, parameter = 't', toward: 'infinity' | 'zero' = 'infinity') {
  const growth = leadingOrder(parseExpression(text, NAMES), parameter, toward);
  if (growth === 'unknown') return growth;
  return `${toText(growth.coefficient)}; ${growth.power}; ${growth.logPower}`;
}

describe('leadingOrder', () => {
  it.each([
    ['4*L*log(T)/eps', 'eps', 'zero', '4*L*log(T); 1; 0'],
    ['4*L*log(T)/eps', 'T', 'infinity', '4*L/eps; 0; 1'],
    ['D*(3*N + 1) + d*(d + 1)', 'N', 'infinity', '3*D; 1; 0'],
    ['D*(3*N + 1) + d*(d + 1)', 'd', 'infinity', '1; 2; 0'],
    ['log(1/eps)/sqrt(eps) + 7/eps^(1/3)', 'eps', 'zero', '1; 1/2; 1'],
    ['log(eps)^2', 'eps', 'zero', '1; 0; 2'],
  ] as const)('%s in %s to %s', (text, parameter, toward, expected) => {
    expect(order(text, parameter, toward)).toBe(expected);
  });

  it.each([
    ['t^2 + t^2*log(t) - 3', '1; 2; 1'],
    ['sqrt(9*t^2 + 1)', '3; 1; 0'],
    ['(2*t + 1)^3/t', '8; 2; 0'],
    ['log(5*t^3 + t)', '3; 0; 1'],
    ['exp(-1/t) + 1', '2; 0; 0'],
    ['sin(a/t)', 'a; -1; 0'],
    ['cos(1/t)', '1; 0; 0'],
    ['tanh(2*t)', '1; 0; 0'],
    ['tanh(-t)*t', '-1; 1; 0'],
    ['abs(3 - t)', '1; 1; 0'],
    ['max(2*t, t*log(t))', '1; 1; 1'],
    ['max(-t, 7)', '7; 0; 0'],
    ['min(t^2, a*t, b*t)', 'min(a, b); 1; 0'],
    ['min(-t, t^2)', '-1; 1; 0'],
    ['max(2*t, 3*t + 1)', '3; 1; 0'],
    ['max(0, t)', '1; 1; 0'],
    ['a*b', 'a*b; 0; 0'],
    ['pi*t', 'pi; 1; 0'],
    ['0*a', '0; 0; 0'],
    ['(a - b)*t', 'a - b; 1; 0'],
  ])('%s for t to infinity', (text, expected) => {
    expect(order(text)).toBe(expected);
  });

  it.each([
    'exp(t)',
    'log(log(t))',
    'sin(t)',
    't + 1 - t*(1 + 1/t)',
    'log(1 + 1/t)',
    'sqrt((a - b)*t)',
    'max((a - b)*t, 1)',
  ])('leaves %s unknown', (text) => {
    expect(order(text)).toBe('unknown');
  });
});

import { describe, expect, it } from 'vitest';
import { compositeOf } from '../../src/symbolic/composition.js';
import { decompose } from '../../src/symbolic/decompose.js';
import { parseExpression } from '../../src/symbolic/index.js';
import { sameFunction } from '../../src/symbolic/same-function.js';

const NAMES = ['x1', 'x2', 'x3'];
const parse = (text: string) => parseExpression(text, NAMES);

describe('decompose', () => {
  it.each([
    ['x1', ['affine']],
    ['1/3', ['affine']],
    ['2*x1 - x2 + 1', ['affine']],
    ['x1*x2', ['product']],
    ['exp(-x1)*x1', ['function']],
    ['exp(-(x1 - x2)^2)', ['affine', 'function']],
    ['(x1 - x2)^2 + sin(3*x2 - 3*x1)', ['affine', 'function']],
    ['abs(x1*x2 - 1/4)', ['product', 'affine', 'function']],
    ['sin(x1) + x1^2 + x2', ['function', 'affine']],
    ['abs(x1 - 1/3) + exp(x1)', ['function', 'function', 'affine']],
    ['x1*exp(x2)*sin(x1)', ['function', 'function', 'product']],
    ['max(x1, x2, 1/2)', undefined],
    ['min(x1*x2, x2*x3, 1/2) - 1/(2 + x1*x2)', undefined],
    ['(x1 + x2)^2*(x1 - x2)/8 + tanh(x1*x2*x3)', undefined],
    ['abs(sin(4*x1) - 1/2)/2', undefined],
    ['sqrt(1 + x1*x2)^3', undefined],
  ])('%s is the composition of its parts', (text, kinds) => {
    const f = parse(text);
    const parts = decompose(f, NAMES);
    expect(sameFunction(compositeOf(parts, NAMES), f)).toBe(true);
    if (kinds) expect(parts.map(({ kind }) => kind)).toEqual(kinds);
  });
});

describe('sameFunction', () => {
  it.each([
    ['(x1 - x2)^2', 'x1^2 - 2*x1*x2 + x2^2'],
    ['exp(x1*(x2 + 1))', 'exp(x1 + x2*x1)'],
    ['abs(x1 - x2)', 'abs(x2 - x1)'],
    ['max(x1, x2)', 'x2 + max(x1 - x2, 0)'],
    ['sin(x1)*(1 + x2)', 'sin(x1) + x2*sin(x1)'],
  ])('%s is %s', (a, b) => {
    expect(sameFunction(parse(a), parse(b))).toBe(true);
  });

  it.each([
    ['x1*x2', 'x1*x3'],
    ['exp(x1)', 'exp(2*x1)'],
    ['x1^2', 'x1^2 + 1/1000000'],
    ['sin(x1)*cos(x2)', 'sin(x2)*cos(x1)'],
    ['sqrt(x1)', 'x1'],
    ['1/x1', '1/x2'],
  ])('%s is not known to be %s', (a, b) => {
    expect(sameFunction(parse(a), parse(b))).toBe(false);
  });
});

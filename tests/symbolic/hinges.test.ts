import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hinges } from '../../src/symbolic/hinges.js';
import * as E from '../../src/symbolic/index.js';
import { cases } from '../numbers/samples.js';
import { EXACT, expressions, point, VARIABLES } from './arbitrary.js';

const parse = (text: string) => E.parseExpression(text, VARIABLES);

describe('kinks written as hinges', () => {
  it('leave the function what it was, everywhere', () => {
    fc.assert(
      fc.property(expressions(EXACT), point, (expression, x) => {
        const value = exactOrUndefined(expression, x);
        expect(`${exactOrUndefined(hinges(expression), x)}`).toBe(`${value}`);
      }),
      { numRuns: cases(600, 30_000) },
    );
  });

  it.each([
    ['abs(x)', 'max(x, 0) + max(-x, 0)'],
    ['abs(x - y)', 'abs(y - x)'],
    ['min(x, y)', 'x - max(x - y, 0)'],
    ['max(x, y)', 'x + max(y - x, 0)'],
    ['abs(2*x - 2*y)/2', 'max(x, y) - min(x, y)'],
    ['max(-3*x + 3, 0)', '3*max(1 - x, 0)'],
    ['max(x, 0) - max(-x, 0)', 'x'],
    ['max(x + y - 1/2, 0) + z_1', 'z_1 + x + y - 1/2 + max(1/2 - y - x, 0)'],
  ])('make %s and %s the same expression', (a, b) => {
    const difference = E.sub(hinges(parse(a)), hinges(parse(b)));
    expect(E.toText(difference)).toBe('0');
  });
});

function exactOrUndefined(e: E.Expression, x: ReadonlyMap<string, Parameters<typeof E.constant>[0]>) {
  try {
    return E.evaluateExact(e, x);
  } catch (error) {
    if (error instanceof E.DomainError) return undefined;
    throw error;
  }
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { specialise } from '../../src/enclose/specialise.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';
import { cases } from '../numbers/samples.js';
import { EXACT, expressions, VARIABLES } from '../symbolic/arbitrary.js';

const dyadic = fc.integer({ min: -40, max: 40 }).map((k) => Rational.of(k, 8));
const sides = fc.tuple(dyadic, dyadic).map(([a, b]) => [a.min(b), a.max(b)] as const);

function boxOf(ends: readonly (readonly [Rational, Rational])[]) {
  return new Map(VARIABLES.map((name, i) => [name, doubleIntervals.between(...ends[i])]));
}

describe('an expression on a box', () => {
  it('equals the original at every point of the box', () => {
    let simpler = 0;
    fc.assert(
      fc.property(
        expressions(EXACT),
        fc.tuple(sides, sides, sides),
        fc.array(fc.tuple(...VARIABLES.map(() => fc.integer({ min: 0, max: 6 }))), { minLength: 5, maxLength: 5 }),
        (expression, ends, places) => {
          const local = specialise(expression, boxOf(ends));
          if (local !== expression) simpler += 1;
          for (const place of places) {
            const x = new Map(
              VARIABLES.map((name, i) => {
                const [lo, hi] = ends[i];
                return [name, lo.add(hi.sub(lo).mul(Rational.of(place[i], 6)))];
              }),
            );
            const value = exactOrNull(expression, x);
            if (value) expect(`${exactOrNull(local, x)}`).toBe(`${value}`);
          }
        },
      ),
      { numRuns: cases(400, 20_000) },
    );
    expect(simpler).toBeGreaterThan(40);
  });

  it('loses the arguments that never win', () => {
    const parse = (text: string) => E.parseExpression(text, VARIABLES);
    const box = boxOf([
      [Rational.of(1), Rational.of(2)],
      [Rational.of(-3), Rational.of(0)],
      [Rational.of(0), Rational.of(1)],
    ]);
    const local = (text: string) => E.toText(specialise(parse(text), box));
    expect(local('max(x, 0) + abs(y) + min(x, 5, y)')).toBe(E.toText(parse('x')));
    expect(local('max(x, y, 2*z_1)')).toBe(E.toText(parse('max(x, 2*z_1)')));
    expect(local('max(x - z_1, 0) - abs(x - z_1)')).toBe('0');
  });

  it('keeps what may be undefined, though it never wins', () => {
    const expression = E.parseExpression('max(x, log(y))', VARIABLES);
    const box = boxOf([
      [Rational.of(5), Rational.of(6)],
      [Rational.of(-1), Rational.of(1)],
      [Rational.zero, Rational.zero],
    ]);
    expect(specialise(expression, box)).toBe(expression);
  });
});

function exactOrNull(e: E.Expression, x: ReadonlyMap<string, Rational>): Rational | null {
  try {
    return E.evaluateExact(e, x);
  } catch (error) {
    if (error instanceof E.DomainError) return null;
    throw error;
  }
}

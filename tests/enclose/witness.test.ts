import { describe, expect, it } from 'vitest';
import { domain, unitBox } from '../../src/enclose/box.js';
import { findWitness, verifyBest } from '../../src/enclose/witness.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const A = ballIntervals(400);

/** The value there, to 400 bits. */
function upperAt(expression: E.Expression, variables: readonly string[], point: readonly Rational[]): Rational {
  return A.upper(E.enclose(expression, A, new Map(variables.map((name, i) => [name, A.of(point[i])]))))!;
}

/** sin(7x) - x/9 at cos(7x) = 1/63. */
const SINE = Math.sqrt(1 - 63 ** -2) - Math.acos(1 / 63) / 63;

describe('a witness', () => {
  it.each([
    ['x*(1-x)*y*(1-y)', 1 / 16],
    ['sin(7*x)*exp(-y) - x/9', SINE],
    ['max(x - y, 0) - (x - 2/3)^2', 8 / 9],
    ['-(x - 1/3)^2 - (y - 1/7)^2', 0],
  ])('of %s is proved, and close to the supremum', (text, supremum) => {
    const variables = ['x', 'y'];
    const expression = E.parseExpression(text, variables);
    const witness = findWitness(expression, unitBox(variables), { seed: 3 })!;
    expect(witness.value.le(upperAt(expression, variables, witness.point))).toBe(true);
    for (const x of witness.point) expect(Rational.zero.le(x) && x.le(Rational.one)).toBe(true);
    const value = Number(witness.value.num) / Number(witness.value.den);
    expect(value).toBeGreaterThan(supremum - 1e-3);
    expect(value).toBeLessThanOrEqual(supremum + 1e-12);
  });

  it('stays inside a box whose ends are no doubles', () => {
    const box = domain([{ variable: 'x', lo: Rational.of(1, 3), hi: Rational.of(2, 3) }]);
    const expression = E.parseExpression('x', ['x']);
    const { point, value } = findWitness(expression, box, { seed: 1, hints: [[Rational.of(2, 3)]] })!;
    expect(point[0].le(Rational.of(2, 3))).toBe(true);
    expect(value.le(Rational.of(2, 3))).toBe(true);
    expect(Rational.of(665, 1000).lt(value)).toBe(true);
  });

  it('is found in a hundred dimensions by climbing', () => {
    const variables = Array.from({ length: 100 }, (_, i) => `v${i}`);
    const text = variables.map((name, i) => `-(${name} - ${(i % 9) + 0.5}/10)^2`).join(' + ');
    const expression = E.parseExpression(text, variables);
    const { value } = findWitness(expression, unitBox(variables), { seed: 5, starts: 4 })!;
    expect(Rational.of(-1, 10 ** 6).le(value)).toBe(true);
    expect(value.sign()).toBeLessThanOrEqual(0);
  });

  it('is the same for the same seed', () => {
    const expression = E.parseExpression('sin(9*x) + y*cos(x)', ['x', 'y']);
    const run = () => findWitness(expression, unitBox(['x', 'y']), { seed: 11 })!.point.join();
    expect(run()).toBe(run());
  });

  it('is found where the expression is undefined at most points', () => {
    const expression = E.parseExpression('sqrt(x - 9/10) + y', ['x', 'y']);
    const { point, value } = findWitness(expression, unitBox(['x', 'y']), { seed: 2 })!;
    expect(Rational.of(9, 10).le(point[0])).toBe(true);
    expect(Rational.of(5, 4).le(value)).toBe(true);
  });

  it('is null where none can be verified, and the best of the candidates otherwise', () => {
    const nowhere = E.parseExpression('log(x - 2)', ['x']);
    expect(findWitness(nowhere, unitBox(['x']), { seed: 1, starts: 3 })).toBeNull();
    const f = E.parseExpression('x^2', ['x']);
    const candidates = [[Rational.of(1, 3)], [Rational.of(-4, 5)], [Rational.of(1, 2)]];
    const best = verifyBest(f, domain([{ variable: 'x', lo: Rational.of(-1), hi: Rational.one }]), candidates)!;
    expect(best.point[0].toString()).toBe('-4/5');
    expect(best.value.le(Rational.of(16, 25))).toBe(true);
  });

  it('has a sign though doubles cancel', () => {
    const expression = E.parseExpression('(1 + x)*(1 - x) - 1 + x^2 + y*1e-40', ['x', 'y']);
    const { value } = verifyBest(expression, unitBox(['x', 'y']), [[Rational.of(1, 3), Rational.one]])!;
    expect(value.sign()).toBe(1);
  });
});

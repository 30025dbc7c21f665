import { describe, expect, it } from 'vitest';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import {
  add,
  apply,
  combination,
  differentiate,
  type Expression,
  enclose,
  evaluateExact,
  isExact,
  isPiecewiseLinear,
  isTotal,
  knotsOf,
  leadingOrder,
  mul,
  polynomialOf,
  sameExpression,
  variable,
} from '../../src/symbolic/index.js';
import { briefText, treeSize } from '../../src/symbolic/text.js';
import { fold, partsOf } from '../../src/symbolic/walk.js';

const x = variable('x');
const one = Rational.one;

/** Layers that use the one before twice: a graph of few parts, a tree of 2^depth. */
function layered(depth: number, layer: (below: Expression) => Expression, start: Expression = x): Expression {
  let e = start;
  for (let k = 0; k < depth; k++) e = layer(e);
  return e;
}

/** 2 relu(e) - 4 relu(e - 1/2): a tooth, whose k-fold composition has 2^(k - 1) teeth. */
const tooth = (e: Expression): Expression => {
  const shifted = combination(Rational.of(-1, 2), [{ coefficient: one, of: e }]);
  return combination(Rational.zero, [
    { coefficient: Rational.of(2), of: apply('max', e, combination(Rational.zero, [])) },
    { coefficient: Rational.of(-4), of: apply('max', shifted, combination(Rational.zero, [])) },
  ]);
};
const smooth = (e: Expression): Expression => add(apply('sin', e), mul(e, apply('cos', e)));

describe('walks over shared parts', () => {
  it('visit each part once, what is below first', () => {
    const e = layered(60, (below) => add(apply('sin', below), apply('cos', below)));
    const parts = partsOf([e]);
    expect(parts.length).toBe(1 + 3 * 60);
    expect(parts.at(-1)).toBe(e);
    expect(new Set(parts).size).toBe(parts.length);
    expect(fold<number>(x, () => 7)).toBe(7);
    expect(treeSize(e)).toBeGreaterThan(2 ** 60);
  });

  it('take graphs that no tree could hold', () => {
    const e = layered(60, smooth);
    expect(isExact(e)).toBe(false);
    expect(isTotal(e)).toBe(true);
    expect(isPiecewiseLinear(e, ['x'])).toBe(false);
    expect(polynomialOf(e, ['x'])).toBeUndefined();
    expect(leadingOrder(e, 'x', 'infinity')).toBe('unknown');
    expect(sameExpression(e, layered(60, smooth))).toBe(true);
    expect(sameExpression(e, layered(60, smooth, add(x, x)))).toBe(false);
    expect(briefText(e)).toMatch(/^an expression of \S+ parts$/);
    const slope = enclose(differentiate(e, 'x'), doubleIntervals, new Map([['x', doubleIntervals.zero]]));
    expect(slope.lo).toBeLessThanOrEqual(2 ** 60);
    expect(slope.hi).toBeGreaterThanOrEqual(2 ** 60);
  });

  it('find all knots of a sawtooth, and its exact values', () => {
    const saw = layered(9, tooth);
    expect(knotsOf(saw, 'x', Rational.zero, one)!.length).toBe(2 ** 9 + 1);
    const deep = layered(60, tooth);
    expect(evaluateExact(deep, new Map([['x', parseRational('1/3')]])).toString()).toBe('2/3');
  });

  it('need no stack', () => {
    const chain = layered(20_000, (below) => add(apply('max', below, combination(one, [])), x));
    expect(isExact(chain)).toBe(true);
    expect(isTotal(chain)).toBe(true);
    expect(evaluateExact(chain, new Map([['x', Rational.zero]])).toString()).toBe('1');
    expect(enclose(chain, doubleIntervals, new Map([['x', doubleIntervals.zero]])).hi).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { Arithmetic } from '../../src/numbers/arithmetic.js';
import type { Ball } from '../../src/numbers/ball.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals as D } from '../../src/numbers/doubles.js';
import { bounds, type Interval } from '../../src/numbers/interval.js';
import { nextDown, nextUp } from '../../src/numbers/rounding.js';
import { containmentFailures, doubleBounds, exactBounds } from '../numbers/containment.js';
import { Oracle } from '../numbers/oracle.js';
import { stream } from '../numbers/samples.js';

/** Each planted error and the operation that the containment check must name. */
const PLANTED: readonly [what: string, operation: string, arithmetic: Arithmetic<Interval>][] = [
  ['a sum rounded to nearest', 'add', { ...D, add: (a, b) => bounds(a.lo + b.lo, a.hi + b.hi, a.mark | b.mark) }],
  ['a difference with its upper end rounded down', 'sub', { ...D, sub: (a, b) => lowered(D.sub(a, b)) }],
  ['a product whose lower end is rounded up', 'mul', { ...D, mul: (a, b) => raised(D.mul(a, b)) }],
  ['a product that forgets a corner', 'mul', { ...D, mul: (a, b) => corners(a, b, (x, y) => x * y) }],
  ['a quotient rounded to nearest', 'div', { ...D, div: (a, b) => nearestQuotient(a, b) }],
  ['a quotient around zero without a mark', 'div', { ...D, div: (a, b) => unmarked(D.div(a, b)) }],
  ['exp from Math.exp without widening', 'exp', { ...D, exp: (x) => monotone(x, Math.exp) }],
  ['exp one double too low', 'exp', { ...D, exp: (x) => lowered(D.exp(x)) }],
  ['log from Math.log without widening', 'log', { ...D, log: (x) => (x.lo > 0 ? monotone(x, Math.log) : D.log(x)) }],
  ['log that clears no mark', 'log', { ...D, log: (x) => unmarked(D.log(x)) }],
  ['sqrt rounded to nearest', 'sqrt', { ...D, sqrt: (x) => (x.lo >= 0 ? monotone(x, Math.sqrt) : D.sqrt(x)) }],
  ['sin of the ends only', 'sin', { ...D, sin: (x) => D.hull(D.sin(end(x.lo)), D.sin(end(x.hi))) }],
  ['cos from Math.cos at points', 'cos', { ...D, cos: (x) => (x.lo === x.hi ? monotone(x, Math.cos) : D.cos(x)) }],
  ['tanh from Math.tanh without widening', 'tanh', { ...D, tanh: (x) => monotone(x, Math.tanh) }],
  ['W0 one double too low', 'lambertW', { ...D, lambertW: (x) => lowered(D.lambertW(x)) }],
  [
    'a square as if the interval were positive',
    'sqr',
    { ...D, sqr: (x) => D.hull(D.mul(end(x.lo), end(x.lo)), D.mul(end(x.hi), end(x.hi))) },
  ],
  ['abs that forgets zero', 'abs', { ...D, abs: (x) => D.hull(D.abs(end(x.lo)), D.abs(end(x.hi))) }],
  ['min that returns its first operand', 'min', { ...D, min: (a) => a }],
  ['max with swapped ends', 'max', { ...D, max: (a, b) => bounds(Math.max(a.lo, b.lo), Math.max(a.lo, b.hi), 0) }],
  ['neg that keeps its ends', 'neg', { ...D, neg: (x) => x }],
  [
    'a power by repeated rounding to nearest',
    '^',
    { ...D, pown: (x, n) => (x.lo > 0 && n > 1 ? monotone(x, (y) => y ** n) : D.pown(x, n)) },
  ],
  [
    'a part of the domain dropped by a comparison with NaN',
    'sqrt',
    { ...D, sqrt: (x) => (Math.sqrt(x.lo) >= 0 ? D.sqrt(x) : D.empty) },
  ],
];

function end(x: number): Interval {
  return bounds(x, x, 0);
}

function monotone(x: Interval, f: (x: number) => number): Interval {
  return bounds(f(x.lo), f(x.hi), x.mark);
}

function lowered(x: Interval): Interval {
  return x.lo < x.hi ? bounds(x.lo, nextDown(x.hi), x.mark) : x;
}

function raised(x: Interval): Interval {
  return x.lo < x.hi ? bounds(nextUp(x.lo), x.hi, x.mark) : x;
}

function unmarked(x: Interval): Interval {
  return bounds(x.lo, x.hi, 0);
}

function corners(a: Interval, b: Interval, f: (x: number, y: number) => number): Interval {
  const values = [f(a.lo, b.lo), f(a.hi, b.hi)].map((value) => (Number.isNaN(value) ? 0 : value));
  return bounds(nextDown(Math.min(...values)), nextUp(Math.max(...values)), a.mark | b.mark);
}

function nearestQuotient(a: Interval, b: Interval): Interval {
  if (b.lo <= 0 && b.hi >= 0) return D.div(a, b);
  const values = [a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi];
  return bounds(Math.min(...values), Math.max(...values), 0);
}

describe('a planted error is found in the arithmetic on doubles', () => {
  const oracle = new Oracle();

  it('while the sound one has none', () => {
    expect(containmentFailures(D, oracle, doubleBounds, stream(61), 200)).toEqual([]);
  });

  it.each(PLANTED)('%s', (_what, operation, arithmetic) => {
    const failures = containmentFailures(arithmetic, oracle, doubleBounds, stream(61), 200);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.every((failure) => failure.includes(operation))).toBe(true);
  });
});

const B = ballIntervals(128);
const PLANTED_IN_BALLS: readonly [what: string, arithmetic: Arithmetic<Ball>][] = [
  ['a product without the radius of its rounding', { ...B, mul: (a, b) => ({ ...B.mul(a, b), rad: 0 }) }],
  ['an exponential of the middle only', { ...B, exp: (x) => B.exp({ ...x, rad: 0 }) }],
  ['a logarithm with a radius a million times too small', { ...B, log: (x) => shrunk(B.log(x)) }],
  ['a sine off by its last place', { ...B, sin: (x) => ({ ...B.sin(x), rad: 0 }) }],
  ['a quotient by the middle', { ...B, div: (a, b) => B.div(a, { ...b, rad: 0 }) }],
];

function shrunk(x: Ball): Ball {
  return x.rad > 0 && x.rad < Number.POSITIVE_INFINITY ? { ...x, rad: x.rad * 2 ** -20 } : x;
}

describe('a planted error is found in the arithmetic on balls', () => {
  it.each(PLANTED_IN_BALLS)('%s', (_what, arithmetic) => {
    expect(containmentFailures(arithmetic, new Oracle(), exactBounds, stream(62), 60).length).toBeGreaterThan(0);
  });
});

import { describe, expect, it } from 'vitest';
import { isGuaranteed, PARTIAL, UNPROVED, width } from '../../src/numbers/arithmetic.js';
import { doubleIntervals as D } from '../../src/numbers/doubles.js';
import { type Interval, magnitude, midpoint } from '../../src/numbers/interval.js';
import { Rational } from '../../src/numbers/rational.js';

const infinity = Number.POSITIVE_INFINITY;
const MAX = Number.MAX_VALUE;
const TINY = Number.MIN_VALUE;

type Ends = readonly [lo: number, hi: number] | 'empty';

const box = (ends: Ends): Interval => (ends === 'empty' ? D.empty : D.fromDoubles(...ends));
/** Ends and mark, with -0 taken as 0. */
const seen = (x: Interval) => [D.isEmpty(x) ? 'empty' : [x.lo + 0, x.hi + 0], x.mark];

const entire: Ends = [-infinity, infinity];

/** a / b by IEEE 1788-2015 10.5.3 with the usual case distinction on the sign of a and the place of 0 in b. */
const QUOTIENTS: readonly [a: Ends, b: Ends, quotient: Ends, mark: number][] = [
  ['empty', [1, 2], 'empty', PARTIAL],
  [[1, 2], 'empty', 'empty', PARTIAL],
  [[1, 2], [0, 0], 'empty', PARTIAL],
  [[0, 0], [0, 0], 'empty', PARTIAL],
  [[0, 0], [-1, 1], [0, 0], PARTIAL],
  [[0, 0], [0, 2], [0, 0], PARTIAL],
  [[0, 0], [1, 2], [0, 0], 0],
  [[0, 0], entire, [0, 0], PARTIAL],
  [[6, 12], [2, 3], [2, 6], 0],
  [[6, 12], [-3, -2], [-6, -2], 0],
  [[-12, -6], [-3, -2], [2, 6], 0],
  [[-6, 12], [2, 3], [-3, 6], 0],
  [[-6, 12], [-3, -2], [-6, 3], 0],
  [[6, 12], [0, 3], [2, infinity], PARTIAL],
  [[6, 12], [-3, 0], [-infinity, -2], PARTIAL],
  [[-12, -6], [0, 3], [-infinity, -2], PARTIAL],
  [[-12, -6], [-3, 0], [2, infinity], PARTIAL],
  [[6, 12], [-1, 1], entire, PARTIAL],
  [[-6, 12], [0, 3], entire, PARTIAL],
  [[0, 12], [0, 3], [0, infinity], PARTIAL],
  [[-12, 0], [0, 3], [-infinity, 0], PARTIAL],
  [[0, 12], [-3, 0], [-infinity, 0], PARTIAL],
  [[6, 12], entire, entire, PARTIAL],
  [entire, [2, 3], entire, 0],
  [[6, infinity], [2, 3], [2, infinity], 0],
  [[6, 12], [2, infinity], [0, 6], 0],
  [[6, infinity], [2, infinity], [0, infinity], 0],
  [[-infinity, -6], [-infinity, -2], [0, infinity], 0],
  [[6, 12], [0, infinity], [0, infinity], PARTIAL],
];

const PRODUCTS: readonly [a: Ends, b: Ends, product: Ends][] = [
  [
    [2, 3],
    [5, 7],
    [10, 21],
  ],
  [
    [2, 3],
    [-7, -5],
    [-21, -10],
  ],
  [
    [2, 3],
    [-5, 7],
    [-15, 21],
  ],
  [
    [-3, -2],
    [5, 7],
    [-21, -10],
  ],
  [
    [-3, -2],
    [-7, -5],
    [10, 21],
  ],
  [
    [-3, -2],
    [-5, 7],
    [-21, 15],
  ],
  [
    [-3, 2],
    [5, 7],
    [-21, 14],
  ],
  [
    [-3, 2],
    [-7, -5],
    [-14, 21],
  ],
  [
    [-3, 2],
    [-5, 7],
    [-21, 15],
  ],
  [[0, 0], entire, [0, 0]],
  [
    [0, 1],
    [0, infinity],
    [0, infinity],
  ],
  [
    [1, 2],
    [-infinity, 3],
    [-infinity, 6],
  ],
  [
    [-infinity, 0],
    [0, infinity],
    [-infinity, 0],
  ],
  [[-1, 1], [2, infinity], entire],
  [
    [1e-200, 1e-200],
    [1e-200, 1e-200],
    [0, TINY],
  ],
  [
    [1e200, 1e200],
    [1e200, 1e200],
    [MAX, infinity],
  ],
];

const pi = Math.PI;
/** Domains, extrema and unbounded ends of the functions. */
const VALUES: readonly [
  name: 'sqrt' | 'log' | 'exp' | 'sin' | 'cos' | 'tanh' | 'abs' | 'sqr',
  x: Ends,
  value: Ends,
  mark: number,
][] = [
  ['sqrt', [0, 4], [0, 2], 0],
  ['sqrt', [-1, 4], [0, 2], PARTIAL],
  ['sqrt', [-2, -1], 'empty', PARTIAL],
  ['sqrt', [4, infinity], [2, infinity], 0],
  ['sqrt', entire, [0, infinity], PARTIAL],
  ['log', [0, 1], [-infinity, 0], PARTIAL],
  ['log', [-1, 1], [-infinity, 0], PARTIAL],
  ['log', [-1, 0], 'empty', PARTIAL],
  ['log', [0, 0], 'empty', PARTIAL],
  ['log', [1, infinity], [0, infinity], 0],
  ['exp', [-infinity, 0], [0, 1], 0],
  ['exp', entire, [0, infinity], 0],
  ['exp', [1000, 2000], [MAX, infinity], 0],
  ['exp', [-2000, -1000], [0, TINY], 0],
  ['sin', entire, [-1, 1], 0],
  ['sin', [0, pi], [0, 1], 0],
  ['sin', [1, 5], [-1, 1], 0],
  ['cos', [-1, 1], [0.5403023058681397, 1], 0],
  ['cos', [0, 0], [1, 1], 0],
  ['cos', [1, 100], [-1, 1], 0],
  ['tanh', entire, [-1, 1], 0],
  ['abs', [-3, 2], [0, 3], 0],
  ['abs', [-3, -2], [2, 3], 0],
  ['abs', entire, [0, infinity], 0],
  ['sqr', [-3, 2], [0, 9], 0],
  ['sqr', [-3, -2], [4, 9], 0],
  ['sqr', 'empty', 'empty', PARTIAL],
  ['exp', 'empty', 'empty', PARTIAL],
  ['sin', 'empty', 'empty', PARTIAL],
];

describe('special values of IEEE 1788', () => {
  it.each(QUOTIENTS)('%j / %j', (a, b, quotient, mark) => {
    expect(seen(D.div(box(a), box(b)))).toEqual([quotient, mark]);
  });

  it.each(PRODUCTS)('%j %j', (a, b, product) => {
    expect(seen(D.mul(box(a), box(b)))).toEqual([product, 0]);
    expect(seen(D.mul(box(b), box(a)))).toEqual([product, 0]);
  });

  it.each(VALUES)('%s %j', (name, x, value, mark) => {
    const actual = seen(D[name](box(x)));
    if (name === 'sin' && Array.isArray(actual[0]) && Math.abs(Number(actual[0][0])) < 1e-15)
      actual[0] = [0, actual[0][1]];
    expect(actual).toEqual([value, mark]);
  });

  it('of sums and differences', () => {
    expect(seen(D.add(box([1, infinity]), box([-infinity, 1])))).toEqual([entire, 0]);
    expect(seen(D.sub(box([1, 2]), box([3, 5])))).toEqual([[-4, -1], 0]);
    expect(seen(D.add(box([MAX, MAX]), box([MAX, MAX])))).toEqual([[MAX, infinity], 0]);
    expect(seen(D.add(D.empty, box(entire)))).toEqual(['empty', PARTIAL]);
  });

  it('of integer and rational powers', () => {
    expect(seen(D.pown(box([-3, 2]), 2))).toEqual([[0, 9], 0]);
    expect(seen(D.pown(box([-3, 2]), 3))).toEqual([[-27, 8], 0]);
    expect(seen(D.pown(box([-3, -2]), 3))).toEqual([[-27, -8], 0]);
    expect(seen(D.pown(box([-3, 2]), 0))).toEqual([[1, 1], 0]);
    expect(seen(D.pown(box([0, 2]), -1))).toEqual([[0.5, infinity], PARTIAL]);
    expect(seen(D.pown(box([-2, 4]), -3))).toEqual([entire, PARTIAL]);
    expect(seen(D.pown(box([-2, 4]), -2))).toEqual([[0.0625, infinity], PARTIAL]);
    expect(seen(D.pow(box([0, 4]), Rational.of(3, 2)))).toEqual([[0, 8], 0]);
    expect(seen(D.pow(box([-1, 4]), Rational.of(1, 2)))).toEqual([[0, 2], PARTIAL]);
    expect(seen(D.pow(box([0, 4]), Rational.of(-1, 2)))).toEqual([[0.5, infinity], PARTIAL]);
    expect(seen(D.pow(box([-2, -1]), Rational.of(1, 3)))).toEqual(['empty', PARTIAL]);
    expect(seen(D.pow(box([1, infinity]), Rational.of(1, 3)))).toEqual([[1, infinity], 0]);
    expect(() => D.pown(D.one, 0.5)).toThrow(RangeError);
  });

  it('of Lambert W at its branch point', () => {
    expect(seen(D.lambertW(box([-2, -1])))).toEqual(['empty', PARTIAL]);
    expect(D.lambertW(box([-1, 0])).mark).toBe(PARTIAL);
    expect(seen(D.lambertW(box([-1, 0])))).toEqual([[-1, 0], PARTIAL]);
    expect(D.lambertW(box([-0.3678794411714423, infinity]))).toMatchObject({ hi: infinity, mark: 0 });
    expect(D.lambertW(box([-0.36787944117144233, 0])).mark).toBe(PARTIAL);
  });

  it('of hulls and intersections', () => {
    expect(seen(D.hull(box([1, 2]), box([4, 5])))).toEqual([[1, 5], 0]);
    expect(D.hull(D.empty, box([4, 5]))).toMatchObject({ lo: 4, hi: 5 });
    expect(seen(D.intersect(box([1, 3]), box([2, 5])))).toEqual([[2, 3], 0]);
    expect(seen(D.intersect(box([1, 2]), box([4, 5])))).toEqual(['empty', PARTIAL]);
  });
});

describe('marks', () => {
  it('pass through every operation', () => {
    const partial = D.sqrt(box([-1, 4]));
    const unproved = D.marked(D.one, UNPROVED);
    expect(D.mark(D.add(D.exp(partial), D.one))).toBe(PARTIAL);
    expect(D.mark(D.mul(partial, unproved))).toBe(PARTIAL | UNPROVED);
    expect(D.mark(D.sum([D.one, unproved]))).toBe(UNPROVED);
    expect(D.mark(D.dot([partial], [D.zero]))).toBe(PARTIAL);
    expect(D.mark(D.affine([[Rational.zero]])([unproved])[0])).toBe(UNPROVED);
    expect(isGuaranteed(D, partial)).toBe(false);
    expect(isGuaranteed(D, D.empty)).toBe(false);
    expect(isGuaranteed(D, D.one)).toBe(true);
  });

  it('keep a value from deciding anything', () => {
    expect(D.less(D.marked(D.zero, UNPROVED), D.one)).toBeUndefined();
    expect(D.atMost(D.zero, D.log(box([-1, 1])))).toBeUndefined();
    expect(D.less(D.empty, D.one)).toBeUndefined();
  });
});

describe('comparisons refuse to guess', () => {
  it.each([
    [[1, 2], [3, 4], true, true],
    [[1, 2], [2, 4], undefined, true],
    [[1, 3], [2, 4], undefined, undefined],
    [[2, 3], [1, 2], false, undefined],
    [[3, 4], [1, 2], false, false],
    [[1, 1], [1, 1], false, true],
  ] as const)('%j and %j', (a, b, less, atMost) => {
    expect(D.less(box(a), box(b))).toBe(less);
    expect(D.atMost(box(a), box(b))).toBe(atMost);
  });
});

describe('bad bounds', () => {
  it.each([
    [Number.NaN, 1],
    [0, Number.NaN],
    [2, 1],
    [infinity, infinity],
    [-infinity, -infinity],
  ])('[%d, %d] is refused', (lo, hi) => {
    expect(() => D.fromDoubles(lo, hi)).toThrow(RangeError);
  });

  it('in exact form', () => {
    expect(() => D.between(Rational.one, Rational.zero)).toThrow(RangeError);
    expect(() => D.lower(D.empty)).toThrow(RangeError);
    expect(() => midpoint(D.empty)).toThrow(RangeError);
  });
});

describe('numeric functions', () => {
  it('give midpoints inside', () => {
    expect(midpoint(box(entire))).toBe(0);
    expect(midpoint(box([1, infinity]))).toBe(MAX);
    expect(midpoint(box([-infinity, 1]))).toBe(-MAX);
    expect(midpoint(box([MAX / 2, MAX]))).toBe(0.75 * MAX);
    expect(midpoint(box([TINY, 2 * TINY]))).toBeGreaterThanOrEqual(TINY);
    expect(midpoint(box([-1, 3]))).toBe(1);
  });

  it('give magnitudes and widths exactly', () => {
    expect(magnitude(box([-5, 2]))).toBe(5);
    expect(width(D, box([0.25, 1]))).toEqual(Rational.of(3, 4));
    expect(width(D, box([0, infinity]))).toBeUndefined();
  });

  it('enclose exact numbers tightly', () => {
    expect(D.of(Rational.of(3, 4))).toMatchObject({ lo: 0.75, hi: 0.75 });
    const third = D.of(Rational.of(1, 3));
    expect(third.lo).toBe(1 / 3);
    expect(third.hi).toBe(1 / 3 + 2 ** -54);
    expect(D.of(Rational.pow2(2000))).toMatchObject({ lo: MAX, hi: infinity });
  });
});

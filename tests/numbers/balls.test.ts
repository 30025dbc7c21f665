import { describe, expect, it } from 'vitest';
import { type Arithmetic, contains, PARTIAL, UNPROVED } from '../../src/numbers/arithmetic.js';
import type { Ball } from '../../src/numbers/ball.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { fromFloat } from '../../src/numbers/convert.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import { BINARY, UNARY } from './oracle.js';
import { cases, nastyBox, nastyDouble, stream } from './samples.js';

const B = ballIntervals(128);
const box = (lo: number, hi = lo) => B.fromDoubles(lo, hi);
const ends = (x: Ball) => [B.lower(x), B.upper(x)].map((end) => end?.toString());
const infinity = Number.POSITIVE_INFINITY;

describe('precisions', () => {
  it.each([63, 65537, 100.5, Number.NaN])('%d is refused', (precision) => {
    expect(() => ballIntervals(precision)).toThrow(RangeError);
  });

  it('double: the results overlap', () => {
    const random = stream(31);
    for (let round = 0; round < cases(40, 2000); round++) {
      const precision = 64 + Math.floor(random() * 300);
      const [coarse, fine] = [ballIntervals(precision), ballIntervals(2 * precision)];
      const [a, b] = [nastyBox(random), nastyBox(random)];
      const overlap = (call: string, evaluate: (arithmetic: Arithmetic<Ball>) => Ball) => {
        const common = coarse.intersect(evaluate(coarse), evaluate(fine));
        const isEmptyInBoth = coarse.isEmpty(evaluate(coarse)) && fine.isEmpty(evaluate(fine));
        expect(!coarse.isEmpty(common) || isEmptyInBoth, `${call} [${a}] [${b}] at ${precision}`).toBe(true);
      };
      for (const name of UNARY) overlap(name, (arithmetic) => arithmetic[name](arithmetic.fromDoubles(...a)));
      for (const name of BINARY) {
        overlap(name, (arithmetic) => arithmetic[name](arithmetic.fromDoubles(...a), arithmetic.fromDoubles(...b)));
      }
    }
  });

  it('higher: thin results shrink accordingly', () => {
    const third = Rational.of(1, 3);
    for (const precision of [64, 200, 1000, 3000]) {
      const arithmetic = ballIntervals(precision);
      for (const name of ['exp', 'log', 'sin', 'cos', 'tanh', 'sqrt', 'lambertW'] as const) {
        const x = arithmetic[name](arithmetic.of(third));
        const width = arithmetic.upper(x)!.sub(arithmetic.lower(x)!);
        expect(width.lt(Rational.pow2(6 - precision)), `${name} at ${precision}`).toBe(true);
      }
    }
  });
});

describe('exact cases stay exact', () => {
  it.each([
    ['1 + 2', B.add(box(1), box(2)), '3'],
    ['3 * 5 / 4', B.div(B.mul(box(3), box(5)), box(4)), '15/4'],
    ['sqrt 1/4', B.sqrt(box(0.25)), '1/2'],
    ['(9/4)^(3/2)', B.pow(box(2.25), Rational.of(3, 2)), '27/8'],
    ['(-2)^3', B.pown(box(-2), 3), '-8'],
    ['exp 0', B.exp(box(0)), '1'],
    ['log 1', B.log(box(1)), '0'],
    ['cos 0', B.cos(box(0)), '1'],
    ['sin 0', B.sin(box(0)), '0'],
    ['tanh 0', B.tanh(box(0)), '0'],
    ['W0(0)', B.lambertW(box(0)), '0'],
    ['a small sum', B.sum([box(1), box(2 ** -60), box(-1)]), '1/1152921504606846976'],
    ['an affine map', B.affine([[Rational.of(3, 4)]], [Rational.of(1, 8)])([box(0.5)])[0], '1/2'],
  ])('%s', (_name, x, value) => {
    expect(ends(x)).toEqual([value, value]);
  });

  it('for boxes too', () => {
    expect(ends(B.sqr(box(-3, 2)))).toEqual(['0', '9']);
    expect(ends(B.abs(box(-3, 2)))).toEqual(['0', '3']);
    expect(ends(B.mul(box(-3, 2), box(-5, 7)))).toEqual(['-21', '15']);
    expect(ends(B.max(box(-3, 2), box(0)))).toEqual(['0', '2']);
    expect(ends(B.min(box(-3, 2), box(1)))).toEqual(['-3', '1']);
    expect(ends(B.div(box(6, 12), box(2, 3)))).toEqual(['2', '6']);
    expect(ends(B.sqrt(box(0, 4)))).toEqual(['0', '2']);
    expect(ends(B.hull(box(1), box(3)))).toEqual(['1', '3']);
    expect(ends(B.add(box(0, 1), box(0, 0.25)))).toEqual(['0', '5/4']);
    expect(ends(B.sum([box(0, 1), box(0, 0.25), box(0, 3)]))).toEqual(['0', '17/4']);
  });
});

describe('special values', () => {
  it('unbounded results are the whole line', () => {
    expect(ends(B.div(box(1), box(0, 1)))).toEqual([undefined, undefined]);
    expect(B.mark(B.div(box(1), box(0, 1)))).toBe(PARTIAL);
    expect(ends(B.fromDoubles(0, infinity))).toEqual([undefined, undefined]);
    expect(B.outer(B.entire)).toEqual({ lo: -infinity, hi: infinity });
    expect(ends(B.sin(B.entire))).toEqual(['-1', '1']);
    expect(ends(B.tanh(B.entire))).toEqual(['-1', '1']);
    expect(ends(B.mul(B.entire, B.zero))).toEqual(['0', '0']);
    expect(ends(B.exp(box(1e300)))).toEqual([undefined, undefined]);
  });

  it('the empty set stays empty and outside the domain nothing is left', () => {
    for (const x of [B.log(box(-1, 0)), B.sqrt(box(-2, -1)), B.lambertW(box(-3, -1)), B.div(box(1), box(0))]) {
      expect([B.isEmpty(x), B.mark(x)]).toEqual([true, PARTIAL]);
      expect(B.isEmpty(B.exp(x)) && B.isEmpty(B.add(x, B.one)) && B.isEmpty(B.max(x, B.zero))).toBe(true);
      expect(B.isEmpty(B.sum([x, B.one])) && B.isEmpty(B.affine([[Rational.zero]])([x])[0])).toBe(true);
    }
    expect(() => B.lower(B.empty)).toThrow(RangeError);
  });

  it('domains are noticed', () => {
    expect(B.mark(B.sqrt(box(-1, 4)))).toBe(PARTIAL);
    expect(B.mark(B.log(box(0, 1)))).toBe(PARTIAL);
    expect(B.mark(B.lambertW(box(-0.36787944117144233, 1)))).toBe(PARTIAL);
    expect(B.mark(B.lambertW(box(-0.3678794411714423, 1)))).toBe(0);
  });

  it('NaN and reversed bounds are refused', () => {
    expect(() => box(Number.NaN)).toThrow(RangeError);
    expect(() => box(2, 1)).toThrow(RangeError);
    expect(() => B.between(Rational.one, Rational.zero)).toThrow(RangeError);
  });

  it('unproved values decide nothing', () => {
    expect(B.less(box(1), box(2))).toBe(true);
    expect(B.less(box(1), B.marked(box(2), UNPROVED))).toBeUndefined();
    expect(B.atMost(box(1, 3), box(2))).toBeUndefined();
    expect(B.atMost(box(1), box(1))).toBe(true);
    expect(B.less(box(1), box(1))).toBe(false);
  });
});

describe('positive functions of wide balls have no negative values', () => {
  it.each([
    ['exp', -1000, 0],
    ['exp', -1e6, 3],
    ['exp', -50, 50],
    ['sqrt', 0, 1e300],
    ['sqr', -1e-300, 1 / 3],
    ['abs', -1e-300, 1 / 3],
  ] as const)('%s of [%d, %d]', (name, lo, hi) => {
    expect(B.lower(B[name](box(lo, hi)))!.sign()).toBeGreaterThanOrEqual(0);
  });
});

describe('numbers far apart', () => {
  it('are added without being aligned', () => {
    const tiny = B.exp(box(-1e6));
    const total = B.add(B.one, tiny);
    expect(B.lower(total)!.sub(Rational.one).abs().lt(Rational.pow2(-120))).toBe(true);
    expect(Rational.one.lt(B.upper(total)!)).toBe(true);
    expect(ends(B.sub(total, total)).every((end) => end !== undefined)).toBe(true);
    expect(B.less(tiny, B.one)).toBe(true);
  });

  it('divide, as in a softmax of logits of a million', () => {
    const e = B.exp(box(-1e6));
    const share = B.div(e, B.add(B.one, e));
    expect(B.lower(share)!.sign()).toBe(1);
    expect(B.upper(share)!.lt(Rational.pow2(-1_442_694))).toBe(true);
  });
});

describe.each([
  ['float64', doubleIntervals],
  ['128 bits', B],
  ['1000 bits', ballIntervals(1000)],
] as readonly (readonly [string, Arithmetic<unknown>])[])('sums on %s', (_name, A) => {
  const exact = (terms: Rational[]) => terms.reduce((total, term) => total.add(term), Rational.zero);
  const moderate = (random: () => number) => {
    const x = nastyDouble(random);
    return Math.abs(x) < 1e30 && Math.abs(x) > 1e-30 ? x : random();
  };

  it('contain the exact sum, dot product and affine value at the corners', () => {
    const random = stream(41);
    for (let round = 0; round < cases(60, 2000); round++) {
      const n = 1 + Math.floor(random() * 8);
      const points = Array.from({ length: 2 * n }, () => moderate(random));
      const spread = round % 3 === 0 ? 0 : 2 ** (-60 * random());
      const boxes = points.map((x) => A.fromDoubles(x - Math.abs(x) * spread, x + Math.abs(x) * spread));
      const values = points.map(fromFloat);
      const weights = values.slice(n).map((value, i) => (i % 2 === 0 ? value : value.div(Rational.of(7))));

      expect(contains(A, A.sum(boxes), exact(values))).toBe(true);
      const products = exact(values.slice(0, n).map((value, i) => value.mul(values[n + i])));
      expect(contains(A, A.dot(boxes.slice(0, n), boxes.slice(n)), products)).toBe(true);
      const image = exact(values.slice(0, n).map((value, i) => value.mul(weights[i]))).add(Rational.of(1, 3));
      expect(contains(A, A.affine([weights], [Rational.of(1, 3)])(boxes.slice(0, n))[0], image)).toBe(true);
    }
  });

  it('are as exact as they can be', () => {
    const [a, b] = [A.fromDoubles(1e16, 1e16), A.fromDoubles(1, 1)];
    const sum = A.sum([a, b, A.neg(a), b]);
    expect([A.lower(sum), A.upper(sum)]).toEqual([Rational.of(2), Rational.of(2)]);
  });

  it('of nothing are zero, of unequal lengths an error', () => {
    expect(A.lower(A.sum([]))).toEqual(Rational.zero);
    expect(A.upper(A.dot([], []))).toEqual(Rational.zero);
    expect(A.affine([[], []])([]).map((x) => A.upper(x))).toEqual([Rational.zero, Rational.zero]);
    expect(() => A.dot([A.one], [])).toThrow(RangeError);
    expect(() => A.affine([[Rational.one]])([])).toThrow(RangeError);
    expect(() => A.affine([[Rational.one], []])).toThrow(RangeError);
    expect(() => A.affine([[Rational.one]], [])).toThrow(RangeError);
  });

  it('of unbounded terms are unbounded', () => {
    const image = A.affine([[Rational.one, Rational.zero]], [Rational.one])([A.entire, A.one])[0];
    expect([A.lower(A.sum([A.entire, A.one])), A.lower(A.dot([A.entire], [A.one])), A.upper(image)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { domain } from '../../src/enclose/box.js';
import type { Corner } from '../../src/enclose/cells/polytope.js';
import { largestSlope } from '../../src/enclose/cells/slopes.js';
import { cellsOf, supremumOnCells } from '../../src/enclose/cells/suprema.js';
import { supremum } from '../../src/enclose/supremum.js';
import { approximate } from '../../src/numbers/convert.js';
import { lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';

const NAMES = ['x1', 'x2', 'x3'];
const MANY = { mostCells: 100_000 };

interface Case {
  readonly u: E.Expression;
  readonly names: readonly string[];
  readonly random: () => number;
}

/** A network of two hidden layers in `inputs` numbers, with weights k/8 of which some are 0 and some alike. */
function netOf(seed: number, inputs: number, width: number): Case {
  const random = lehmer(seed);
  const weight = () => Rational.of(Math.floor(random() * 17) - 8, 8);
  const names = NAMES.slice(0, inputs);
  const layer = (below: readonly E.Expression[], count: number) =>
    Array.from({ length: count }, () =>
      E.combination(
        weight(),
        below.map((of) => ({ coefficient: weight(), of })),
      ),
    );
  const relu = (e: E.Expression) => E.apply('max', e, E.zero);
  const first = layer(names.map(E.variable), width).map(relu);
  const second = layer(first, width).map(relu);
  return { u: layer(second, 1)[0], names, random };
}

const nets = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 30 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }))
  .map(([seed, inputs, width]) => netOf(seed, inputs, inputs === 3 ? Math.min(width, 4) : width));

const boxOf = (names: readonly string[]) =>
  domain(names.map((variable, i) => ({ variable, lo: Rational.of(-1, 3 + i), hi: Rational.of(2, 3) })));

function pointIn({ lo, hi }: ReturnType<typeof boxOf>, random: () => number): Rational[] {
  return lo.map((from, i) => from.add(hi[i].sub(from).mul(Rational.of(Math.floor(random() * 65), 64))));
}

function valueAt(u: E.Expression, names: readonly string[], x: readonly Rational[]): Rational {
  const { lo, hi } = E.valueBounds(u, new Map(names.map((name, i) => [name, x[i]])));
  expect(lo.equals(hi)).toBe(true);
  return lo;
}

/** Twice the area of a convex polygon whose corners come in any order: they are sorted around one of them. */
function twiceArea(corners: readonly Corner[]): Rational {
  const points = corners.map(({ exact: [x, y, w] }) => [Rational.of(x, w), Rational.of(y, w)] as const);
  const [apex, ...others] = points;
  const cross = (a: (typeof points)[0], b: (typeof points)[0]) =>
    a[0]
      .sub(apex[0])
      .mul(b[1].sub(apex[1]))
      .sub(a[1].sub(apex[1]).mul(b[0].sub(apex[0])));
  others.sort((a, b) => cross(b, a).sign());
  return others.slice(1).reduce((sum, point, k) => sum.add(cross(others[k], point).abs()), Rational.zero);
}

describe('the cells of a piecewise linear formula', () => {
  test('cover the square once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 }), fc.integer({ min: 1, max: 8 }), (seed, width) => {
        const { u, names } = netOf(seed, 2, width);
        const cells = cellsOf([u], [], boxOf(names), MANY)!;
        const areas = [...cells.walk].map(({ corners }) => twiceArea(corners));
        expect(areas.every((area) => area.sign() > 0)).toBe(true);
        expect(areas.reduce((sum, area) => sum.add(area)).toString()).toBe('2');
      }),
      { numRuns: 40 },
    );
  });

  test('give the supremum: attained at the witness, exceeded at no point, and between the ends of another search', () => {
    fc.assert(
      fc.property(nets, fc.constantFrom('value' as const, 'size' as const), ({ u, names, random }, of) => {
        const box = boxOf(names);
        const found = supremumOnCells(u, [], box, of, MANY);
        if (!found || found === 'empty') throw new Error('no result');
        const measured = (value: Rational) => (of === 'size' ? value.abs() : value);
        expect(measured(valueAt(u, names, found.witness)).equals(found.hi)).toBe(true);
        expect(found.witness.every((x, i) => box.lo[i].le(x) && x.le(box.hi[i]))).toBe(true);
        for (let k = 0; k < 50; k++) {
          expect(measured(valueAt(u, names, pointIn(box, random))).le(found.hi)).toBe(true);
        }
        const other = supremum(of === 'size' ? [u, E.neg(u)] : [u], box, { mostBoxes: 300 });
        expect(other.lo.le(found.hi)).toBe(true);
        expect(other.hi === null || found.hi.le(other.hi)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('give the supremum under conditions, also where these leave a segment or nothing', () => {
    fc.assert(
      fc.property(nets, fc.integer({ min: 0, max: 2 }), ({ u, names, random }, kind) => {
        const box = boxOf(names);
        const [x] = names.map(E.variable);
        const bent = E.sub(E.apply('abs', E.sub(E.sum(names.map(E.variable)), x)), E.constant(Rational.of(1, 4)));
        const line = E.sub(x, E.constant(Rational.of(1, 5)));
        const conditions = [[bent], [line, E.neg(line)], [line, E.sub(E.constant(Rational.of(1, 4)), x)]][kind];
        const found = supremumOnCells(u, conditions, box, 'value', MANY);
        expect(found).not.toBeNull();
        if (kind === 2) expect(found).toBe('empty');
        if (!found || found === 'empty') return;
        expect(conditions.every((g) => valueAt(g, names, found.witness).sign() <= 0)).toBe(true);
        expect(valueAt(u, names, found.witness).equals(found.hi)).toBe(true);
        for (let k = 0; k < 50; k++) {
          const point = pointIn(box, random);
          if (kind === 1) point[0] = Rational.of(1, 5);
          const isMeant = conditions.every((g) => valueAt(g, names, point).sign() <= 0);
          if (isMeant) expect(valueAt(u, names, point).le(found.hi)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('give the Lipschitz constant: no pair exceeds it, and pairs near the point reach it', () => {
    const total = (slopes: readonly Rational[]) => slopes.reduce((sum, s) => sum.add(s.abs()), Rational.zero);
    fc.assert(
      fc.property(nets, ({ u, names, random }) => {
        const box = boxOf(names);
        const { value, point } = largestSlope(u, box, total, MANY)!;
        const quotient = (a: readonly Rational[], b: readonly Rational[]) => {
          const gap = a.reduce((most, x, i) => most.max(x.sub(b[i]).abs()), Rational.zero);
          return gap.isZero()
            ? Rational.zero
            : valueAt(u, names, a)
                .sub(valueAt(u, names, b))
                .abs()
                .div(gap);
        };
        for (let k = 0; k < 50; k++) {
          expect(quotient(pointIn(box, random), pointIn(box, random)).le(value)).toBe(true);
        }
        const step = Rational.pow2(-60);
        const signs = Array.from({ length: 2 ** names.length }, (_, k) =>
          names.map((_, i) => ((k >> i) & 1 ? step : step.neg())),
        );
        const near = signs.map((move) =>
          quotient(
            point,
            point.map((x, i) => x.add(move[i])),
          ),
        );
        expect(near.reduce((most, q) => most.max(q)).equals(value)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('of three nested absolute values are eight, with the slopes 10 and -10', () => {
    const wave = E.parseExpression('abs(abs(abs(10*x1 - 5) - 2) - 1)', ['x1']);
    const box = domain([{ variable: 'x1', lo: Rational.zero, hi: Rational.one }]);
    const cells = [...cellsOf([wave], [], box, MANY)!.walk];
    expect(cells.length).toBe(8);
    expect(approximate(largestSlope(wave, box, ([s]) => s.neg(), MANY)!.value)).toBe(10);
  });

  test('that were visited within the limits give a slope that is attained', () => {
    const { u, names } = netOf(7, 2, 8);
    const [some, all] = [1, MANY.mostCells].map(
      (mostCells) => largestSlope(u, boxOf(names), ([s]) => s.abs(), { mostCells })!,
    );
    expect([some.isComplete, all.isComplete]).toEqual([false, true]);
    expect(some.value.le(all.value)).toBe(true);
  });

  test('are not counted where there are too many, and not made of what is not piecewise linear', () => {
    const { u, names } = netOf(7, 2, 8);
    expect(supremumOnCells(u, [], boxOf(names), 'value', { mostCells: 1 })).toBeNull();
    const bent = E.parseExpression('x1 + sin(x1)', ['x1']);
    expect(supremumOnCells(bent, [], boxOf(['x1']), 'value', MANY)).toBeNull();
    const undefinedSomewhere = E.parseExpression('x1 + log(x1) - log(x1)', ['x1']);
    expect(supremumOnCells(undefinedSomewhere, [], boxOf(['x1']), 'value', MANY)).toBeNull();
  });
});

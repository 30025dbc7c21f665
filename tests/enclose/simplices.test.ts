import { describe, expect, it } from 'vitest';
import { domain } from '../../src/enclose/box.js';
import { type GridFunction, supNormOnGrid } from '../../src/enclose/simplices.js';
import type { Supremum } from '../../src/enclose/supremum.js';
import { InputError } from '../../src/errors.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import * as E from '../../src/symbolic/index.js';
import { cases, stream } from '../numbers/samples.js';

const NAMES = ['x', 'y', 'z'];
const A = ballIntervals(200);

/** The interpolant of values that are exact (or any values) on a box with rational ends. */
function gridOf(ends: readonly (readonly [string, string])[], cells: readonly number[], value: GridFunction['value']) {
  const sides = ends.map(([lo, hi], i) => ({ variable: NAMES[i], lo: parseRational(lo), hi: parseRational(hi) }));
  return { domain: domain(sides), cells, value };
}

function pointOf({ domain: { lo, hi }, cells }: GridFunction, s: readonly Rational[]): Rational[] {
  return lo.map((end, i) => end.add(hi[i].sub(end).mul(s[i]).div(Rational.of(cells[i]))));
}

/** Kuhn's interpolant by sorting the coordinates within the cell, s in units of cells. */
function interpolate({ cells, value }: GridFunction, s: readonly Rational[]): Rational {
  const corner = s.map((x, i) => Math.min(Number(x.floor()), cells[i] - 1));
  const rest = s.map((x, i) => x.sub(Rational.of(corner[i])));
  const order = rest.map((_, i) => i).sort((i, j) => rest[j].compare(rest[i]));
  const index = [...corner];
  let before = value(index);
  let total = before;
  for (const axis of order) {
    index[axis] += 1;
    const next = value(index);
    total = total.add(rest[axis].mul(next.sub(before)));
    before = next;
  }
  return total;
}

function errorAt(grid: GridFunction, f: E.Expression, s: readonly Rational[]) {
  const x = pointOf(grid, s);
  const value = E.enclose(f, A, new Map(grid.domain.variables.map((name, i) => [name, A.of(x[i])])));
  return A.abs(A.sub(A.of(interpolate(grid, s)), value));
}

const exactGrid = (ends: readonly (readonly [string, string])[], cells: readonly number[], text: string) => {
  const f = E.parseExpression(text, NAMES.slice(0, cells.length));
  const grid: GridFunction = gridOf(ends, cells, (index) => {
    const x = pointOf(
      grid,
      index.map((k) => Rational.of(k)),
    );
    return E.evaluateExact(f, new Map(grid.domain.variables.map((name, i) => [name, x[i]])));
  });
  return { grid, f };
};

const SQUARE = [
  ['0', '1'],
  ['0', '1'],
] as const;

describe('the error of an interpolant on a grid', () => {
  it.each([
    ['x*y', SQUARE, [4, 4], '1/64'],
    ['x^2 + y^2', SQUARE, [4, 4], '1/32'],
    [
      'x*y',
      [
        ['1/3', '2/3'],
        ['0', '1/7'],
      ],
      [1, 1],
      '1/84',
    ],
    ['x^2 - y^2', SQUARE, [2, 2], '1/16'],
    ['x*y + y*z + x*z', [...SQUARE, ['0', '1']], [2, 2, 2], '3/16'],
    ['x^2', [['-1', '2']], [3], '1/4'],
    ['2*x - y/3 + 1', SQUARE, [3, 5], '0'],
  ] as const)('of %s is known', (text, ends, cells, supremum) => {
    const { grid, f } = exactGrid(ends, cells, text);
    const found = supNormOnGrid(grid, f, { relativeWidth: Rational.of(1, 50), absoluteWidth: Rational.pow2(-48) });
    const value = parseRational(supremum);
    expect(found.lo.le(value) && value.le(found.hi!)).toBe(true);
    const width = Rational.pow2(-48).add(found.hi!.mul(Rational.of(1, 50)));
    expect(found.hi!.sub(found.lo).le(width)).toBe(true);
  });

  it('holds at random points, however early the search stops, and at its witness', () => {
    const random = stream(71);
    const texts = [
      ['exp(-x)*sin(3*x)', 1],
      ['exp(x*y) - cos(4*x)', 2],
      ['1/(1 + x + y^2)', 2],
      ['tanh(3*x - y) + x*y', 2],
      ['sin(x + 2*y)*z - exp(-z*x)', 3],
    ] as const;
    for (let n = 0; n < cases(25, 1500); n++) {
      const [text, d] = texts[n % texts.length];
      const f = E.parseExpression(text, NAMES.slice(0, d));
      const ends = Array.from(
        { length: d },
        () => [`${Math.floor(random() * 3)}/3`, `${4 + Math.floor(random() * 3)}/3`] as const,
      );
      const cells = ends.map(() => 1 + Math.floor(random() * 3));
      const heights = new Map<string, Rational>();
      const grid = gridOf(ends, cells, (index) => {
        const key = index.join();
        const height = heights.get(key) ?? Rational.of(Math.floor(random() * 64), 32);
        heights.set(key, height);
        return height;
      });
      const found = supNormOnGrid(grid, f, {
        mostBoxes: 1 + Math.floor(random() * 300),
        relativeWidth: Rational.of(1, 1000),
      });
      expect(found.lo.le(found.hi!)).toBe(true);
      expectAttained(grid, f, found);
      for (let k = 0; k < 12; k++) {
        const s = cells.map((c) => Rational.of(Math.floor(random() * (c * 24 + 1)), 24));
        expect(A.lower(errorAt(grid, f, s))!.le(found.hi!)).toBe(true);
      }
    }
  });

  it('is found to 10 % and to 1 % on fine grids', () => {
    const f = E.parseExpression('exp(-x)*sin(3*y)', ['x', 'y']);
    const float = E.toFloat64([f], ['x', 'y']);
    const grid = gridOf(SQUARE, [16, 16], (index) =>
      Rational.of(Math.round(float(index.map((k) => k / 16))[0] * 2 ** 40), 2 ** 40),
    );
    const [coarse, fine] = [10, 100].map((share) => supNormOnGrid(grid, f, { relativeWidth: Rational.of(1, share) }));
    expect(fine.lo.le(coarse.hi!) && coarse.lo.le(fine.hi!)).toBe(true);
    expect(fine.boxes).toBeLessThan(6000);
    expectAttained(grid, f, fine);
  });

  it('has no upper bound for a target with a kink or a pole, and is bad input where the target is undefined', () => {
    const flat = gridOf(SQUARE, [2, 2], () => Rational.one);
    const kink = E.parseExpression('abs(x - y + 1/10)', ['x', 'y']);
    expect(supNormOnGrid(flat, kink, { relativeWidth: Rational.of(1, 10) }).hi).toBeNull();
    const pole = E.parseExpression('1/(x - 1/3)', ['x', 'y']);
    expect(supNormOnGrid(flat, pole, { relativeWidth: Rational.of(1, 10) }).hi).toBeNull();
    const undefinedThere = E.parseExpression('log(x - 3/4)', ['x', 'y']);
    expect(() => supNormOnGrid(flat, undefinedThere, {})).toThrow(InputError);
    expect(() => supNormOnGrid(flat, undefinedThere, {})).toThrow(/undefined at x = 0, y = 0/);
  });

  it('stops at the deadline and for a bound', () => {
    const { grid } = exactGrid([...SQUARE, ['0', '1']], [4, 4, 4], 'x*y - z^2');
    const f = E.parseExpression('sin(x*y) - z^2 + exp(x)', NAMES);
    expect(supNormOnGrid(grid, f, { deadline: 0, relativeWidth: Rational.pow2(-30) }).stopped).toBe('time');
    expect(supNormOnGrid(grid, f, { bound: Rational.of(9) }).stopped).toBe('bound');
    expect(supNormOnGrid(grid, f, { bound: Rational.of(1, 2) }).stopped).toBe('bound');
  });
});

function expectAttained(grid: GridFunction, f: E.Expression, { lo, witness }: Supremum): void {
  const { domain: box, cells } = grid;
  const s = witness.map((x, i) => x.sub(box.lo[i]).div(box.hi[i].sub(box.lo[i])).mul(Rational.of(cells[i])));
  s.forEach((x, i) => {
    expect(Rational.zero.le(x) && x.le(Rational.of(cells[i]))).toBe(true);
  });
  expect(lo.le(A.upper(errorAt(grid, f, s))!)).toBe(true);
}

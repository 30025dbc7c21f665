import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Curve } from '../../src/enclose/linear/curves.js';
import type { LinearBounds } from '../../src/enclose/linear/relax.js';
import { bounds, type Interval } from '../../src/numbers/interval.js';
import { NIGHTLY, share } from '../generators/thinned.js';
import { contained, engine } from './linear.js';

const FUNCTIONS = NIGHTLY ? share(150_000) : 1000;

const NUMBERS = '../../src/numbers';
const LINEAR = '../../src/enclose/linear';
const REPLACED = [
  `${NUMBERS}/accumulation.js`,
  `${NUMBERS}/rounding.js`,
  `${NUMBERS}/convert.js`,
  `${LINEAR}/curves.js`,
  `${LINEAR}/relax.js`,
  `${LINEAR}/translate.js`,
  `${LINEAR}/reduce.js`,
];

afterEach(() => {
  for (const path of REPLACED) vi.doUnmock(path);
  vi.resetModules();
});

describe('linear relaxations', () => {
  it(
    'contain the exact values',
    async () => {
      const { count, failures } = contained(await engine(), NIGHTLY ? Date.now() : 3, FUNCTIONS);
      expect(failures).toEqual([]);
      expect(count).toBeGreaterThan(FUNCTIONS * 67);
    },
    60_000 + 10 * FUNCTIONS,
  );
});

type Module = Readonly<Record<string, never>>;

/** False statements found when functions of one module are replaced. */
async function failures(path: string, change: (module: Module) => object): Promise<readonly string[]> {
  vi.resetModules();
  vi.doMock(path, async (original) => {
    const module = await original<Module>();
    return { ...module, ...change(module) };
  });
  return contained(await engine(), 3, 500).failures;
}

type Numbers = (...args: number[]) => number;
type Relax = (
  lines: LinearBounds,
  atom: { kind: string },
  k: number,
  row: number,
  lo: Float64Array,
  hi: Float64Array,
) => void;
type Rows = { program: { error: Float64Array } };

/** A relaxation whose offsets around one kind of atoms are changed. */
const shifted = (
  kind: string,
  change: (lines: LinearBounds, k: number, row: number, lo: Float64Array, hi: Float64Array) => void,
) => ({
  path: `${LINEAR}/relax.js`,
  change: ({ relax }: Module) => ({
    relax: ((lines, atom, k, row, lo, hi) => {
      (relax as Relax)(lines, atom, k, row, lo, hi);
      if (atom.kind === kind) change(lines, k, row, lo, hi);
    }) satisfies Relax,
  }),
});

const withoutErrors =
  (name: string) =>
  (module: Module): object => ({
    [name]: (...args: unknown[]) => {
      const found = (module[name] as (...args: unknown[]) => Rows)(...args);
      return { ...found, program: { ...found.program, error: found.program.error.map(() => 0) } };
    },
  });

const withCurves = (change: (curve: Curve) => Partial<Curve>) => ({
  path: `${LINEAR}/curves.js`,
  change: ({ CURVES, powerCurve }: Module) => ({
    CURVES: Object.fromEntries(
      Object.entries(CURVES as Record<string, Curve>).map(([name, curve]) => [name, { ...curve, ...change(curve) }]),
    ),
    powerCurve: (exponent: never) => {
      const curve = (powerCurve as (exponent: never) => Curve)(exponent);
      return { ...curve, ...change(curve) };
    },
  }),
});

describe('a planted error is found in linear relaxations', () => {
  it.each<[string, { path: string; change: (module: Module) => object }]>([
    ['sums as if they were exact', { path: `${NUMBERS}/accumulation.js`, change: () => ({ lostInSteps: () => 0 }) }],
    [
      'sums that lose a hundredth of their bound',
      {
        path: `${NUMBERS}/accumulation.js`,
        change: ({ lostInSteps }) => ({ lostInSteps: (...of: number[]) => (lostInSteps as Numbers)(...of) / 100 }),
      },
    ],
    [
      'weights as if doubles held them',
      {
        path: `${NUMBERS}/convert.js`,
        change: ({ toFloat }) => ({
          toFloat: (x: never, format: never, direction: string) =>
            direction === 'up' ? 0 : (toFloat as (...of: unknown[]) => number)(x, format, direction),
        }),
      },
    ],
    ['a program without errors of its weights', { path: `${LINEAR}/translate.js`, change: withoutErrors('translate') }],
    ['a smaller program without its errors', { path: `${LINEAR}/reduce.js`, change: withoutErrors('reduce') }],
    [
      'additions to nearest',
      { path: `${NUMBERS}/rounding.js`, change: () => ({ addUp: (a: number, b: number) => a + b }) },
    ],
    [
      'products to nearest',
      { path: `${NUMBERS}/rounding.js`, change: () => ({ mulUp: (a: number, b: number) => a * b }) },
    ],
    [
      'a chord that is too low',
      shifted('relu', (lines, k) => {
        lines.upOffset[k] *= 1 - 2 ** -40;
      }),
    ],
    [
      'a line below a ReLU that is too steep',
      shifted('relu', (lines, _, row, lo, hi) => {
        if (lo[row] < 0 && hi[row] > 0) lines.loSlope[row] = 1 + 2 ** -40;
      }),
    ],
    [
      'a product that bends too little',
      shifted('product', (lines, k) => {
        const middle = lines.upOffset[k] / 2 + lines.loOffset[k] / 2;
        lines.upOffset[k] = 0.9 * lines.upOffset[k] + 0.1 * middle;
      }),
    ],
    ['a curve without its bend', withCurves(() => ({ second: () => bounds(0, 0, 0) }))],
    [
      'a slope from beside',
      withCurves(({ slope }) => ({ slope: ({ lo, hi, mark }) => slope(bounds(lo + 0.01, hi + 0.01, mark)) })),
    ],
    ['a value rounded to nearest', withCurves(({ value }) => ({ value: (x: Interval) => nearest(value(x)) }))],
    ['a curve taken for convex', withCurves(() => ({ shape: () => 'convex' }))],
  ])('%s', async (_, { path, change }) => {
    expect(await failures(path, change)).not.toEqual([]);
  });
});

/** At points the lower end alone. */
function nearest({ lo, hi, mark }: Interval): Interval {
  return hi - lo < 2 ** -50 * Math.abs(lo) ? bounds(lo, lo, mark) : bounds(lo, hi, mark);
}

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SecondDerivatives } from '../../src/enclose/second-derivatives.js';
import { intervals } from '../../src/evaluate/intervals.js';
import type { Arithmetic } from '../../src/numbers/arithmetic.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals as D } from '../../src/numbers/doubles.js';
import { bounds, type Interval } from '../../src/numbers/interval.js';
import { nextDown } from '../../src/numbers/rounding.js';
import { KNOWN } from '../enclose/known.js';
import { softmaxFailures } from '../evaluate/softmax.js';
import { stream } from '../numbers/samples.js';

type Module = Readonly<Record<string, unknown>>;
type Part = { readonly from: readonly number[]; readonly to: readonly number[] };

afterEach(() => {
  vi.doUnmock('../../src/numbers/doubles.js');
  vi.doUnmock('../../src/enclose/objective.js');
  vi.doUnmock('../../src/enclose/second-derivatives.js');
  vi.doUnmock('../../src/enclose/box.js');
  vi.doUnmock('../../src/enclose/specialise.js');
  vi.resetModules();
});

/** Encloses the suprema that are known by a search in which one module is replaced, and says what is wrong. */
async function failures(path?: string, change?: (module: Module) => Module): Promise<string[]> {
  vi.resetModules();
  if (path && change) vi.doMock(path, async (original) => change(await original<Module>()));
  const { supremum } = await import('../../src/enclose/supremum.js');
  const { parseExpression } = await import('../../src/symbolic/index.js');
  const { boxOf, knownFailure, relativeWidth } = await import('../enclose/known.js');
  const { parseRational } = await import('../../src/numbers/parse.js');
  return KNOWN.flatMap((known) => {
    const box = boxOf(known.box);
    const functions = known.functions.map((text) => parseExpression(text, [...box.variables]));
    const absoluteWidth = parseRational(known.width ?? '1e-14');
    const stop = { relativeWidth, absoluteWidth, mostBoxes: 5000 };
    return knownFailure(known, supremum(functions, box, stop)) ?? [];
  });
}

const DOUBLES = '../../src/numbers/doubles.js';
const OBJECTIVE = '../../src/enclose/objective.js';

const withArithmetic = (change: Partial<Arithmetic<Interval>>) => (module: Module) => ({
  ...module,
  doubleIntervals: { ...(module.doubleIntervals as Arithmetic<Interval>), ...change },
});

/** The same search with what it learns of a part changed. */
const withRange = (change: (range: Known, part: Part) => Known) => (module: Module) => {
  const Objective = module.Objective as new (...args: unknown[]) => { range(part: Part): Known };
  return {
    ...module,
    Objective: class extends Objective {
      override range(part: Part): Known {
        return change(super.range(part), part);
      }
    },
  };
};

interface Exact {
  add(other: Exact): Exact;
  sub(other: Exact): Exact;
}

interface Known {
  readonly upper: Exact | null;
  readonly centre: Exact | null;
}

/** A small exact number, of the class that the search under test uses. */
async function small(n: bigint, d: bigint): Promise<Exact> {
  const { Rational } = await import('../../src/numbers/rational.js');
  return Rational.of(n, d) as unknown as Exact;
}

const isNear = ({ from, to }: Part, width: number) => to.every((end, i) => end - from[i] < width);

describe('a planted error is found in the search', () => {
  it('while the sound one has none', async () => {
    expect(await failures()).toEqual([]);
  });

  it.each<[string, Partial<Arithmetic<Interval>>]>([
    ['a product whose upper end is rounded down', { mul: (a, b) => lowered(D.mul(a, b)) }],
    ['a product rounded to nearest', { mul: (a, b) => corners(a, b, (x, y) => x * y) }],
    ['an exponential without its last place', { exp: (x) => bounds(Math.exp(x.lo), Math.exp(x.hi), x.mark) }],
    ['a sine of the ends only', { sin: (x) => D.hull(D.sin(point(x.lo)), D.sin(point(x.hi))) }],
    ['a quotient off by its last place', { div: (a, b) => lowered(lowered(D.div(a, b))) }],
    [
      'a square of the ends only',
      {
        pown: (x, n) => (x.lo < 0 && n === 2 ? D.hull(D.pown(point(x.lo), n), D.pown(point(x.hi), n)) : D.pown(x, n)),
        sqr: (x) => D.hull(D.sqr(point(x.lo)), D.sqr(point(x.hi))),
      },
    ],
    ['a NaN that makes a comparison drop a box', { mul: (a, b) => comparedWithNaN(a, b) }],
  ])('%s', async (_, change) => {
    expect(await failures(DOUBLES, withArithmetic(change))).not.toEqual([]);
  });

  it('a float witness that exceeds the supremum by 9e-13', async () => {
    const excess = await small(9n, 10n ** 13n);
    const change = withRange((range) => ({ ...range, centre: range.centre?.add(excess) ?? null }));
    const found = await failures(OBJECTIVE, change);
    expect(found.filter((text) => text.includes('lower bound')).length).toBeGreaterThan(5);
  });

  it('an upper bound 6e-11 below what is attained, near the extremal point of the soft minimum', async () => {
    const lost = await small(6n, 10n ** 11n);
    const change = withRange((range, part) =>
      isNear(part, 2) ? { ...range, upper: range.upper?.sub(lost) ?? null } : range,
    );
    const found = await failures(OBJECTIVE, change);
    expect(found).toContainEqual(expect.stringContaining('on a box of radius 1e-6'));
  });

  it('a sub-box that is dropped', async () => {
    const nothing = await small(-1000n, 1n);
    const isThird = ({ from }: Part) => from[0] === 0.25;
    const found = await failures(
      OBJECTIVE,
      withRange((range, part) => (isThird(part) ? { ...range, upper: nothing, centre: nothing } : range)),
    );
    expect(found).not.toEqual([]);
  });

  it('halves that leave a gap between them', async () => {
    const found = await failures('../../src/enclose/box.js', (module) => {
      const intervalsOf = module.intervalsOf as (...args: unknown[]) => (part: Part) => unknown;
      return {
        ...module,
        intervalsOf: (...args: unknown[]) => {
          const sides = intervalsOf(...args);
          return ({ from, to }: Part) =>
            sides({ from, to: to.map((end, i) => (end < 1 && end > from[i] ? end - (end - from[i]) / 8 : end)) });
        },
      };
    });
    expect(found).not.toEqual([]);
  });

  it('an argument of max that is dropped though it wins', async () => {
    const found = await failures('../../src/enclose/specialise.js', (module) => {
      const specialise = module.specialise as (e: { kind: string; args: unknown[] }, box: unknown) => unknown;
      const first = (e: { kind: string; args: unknown[] }): unknown => (e.kind === 'application' ? e.args[0] : e);
      return {
        ...module,
        specialise: (
          e: { kind: string; terms?: { of: never; coefficient: unknown }[]; args: unknown[] },
          box: unknown,
        ) =>
          e.kind === 'sum'
            ? { ...e, terms: e.terms!.map((term) => ({ ...term, of: first(term.of) })) }
            : specialise(e, box),
      };
    });
    expect(found).not.toEqual([]);
  });
});

describe('a planted error is found in the search on a grid', () => {
  const upper = async (change?: (module: Module) => Module) => {
    vi.resetModules();
    if (change)
      vi.doMock('../../src/enclose/second-derivatives.js', async (original) => change(await original<Module>()));
    const { supNormOnGrid } = await import('../../src/enclose/simplices.js');
    const { unitBox } = await import('../../src/enclose/box.js');
    const { parseExpression } = await import('../../src/symbolic/index.js');
    const { Rational } = await import('../../src/numbers/rational.js');
    const product = (index: readonly number[]) => Rational.of(index[0] * index[1], 9);
    const grid = { domain: unitBox(['x', 'y']), cells: [3, 3], value: product };
    const f = parseExpression('x*y', ['x', 'y']);
    const { hi } = supNormOnGrid(grid, f, { mostBoxes: 1 });
    return hi !== null && Rational.of(1, 36).le(hi);
  };

  it('a curvature that is left out, or halved', async () => {
    expect(await upper()).toBe(true);
    for (const share of [0, 0.5]) {
      const change = (module: Module) => ({
        ...module,
        secondDerivativesOf: (...args: unknown[]) => {
          const derivatives = (
            module.secondDerivativesOf as (...of: unknown[]) => (...of: unknown[]) => SecondDerivatives
          )(...args);
          return (...of: unknown[]) => scaledDerivatives(derivatives(...of), share);
        },
      });
      expect(await upper(change)).toBe(false);
    }
  });
});

function scaledDerivatives(second: SecondDerivatives, share: number): SecondDerivatives {
  return {
    along: (v, w) => {
      const { lo, hi, blur } = second.along(v, w);
      return { lo: lo * share, hi: hi * share, blur };
    },
    blur: (points) => second.blur(points) * share,
  };
}

function point(x: number): Interval {
  return bounds(x, x, 0);
}

function lowered(x: Interval): Interval {
  return x.lo < x.hi ? bounds(x.lo, nextDown(x.hi), x.mark) : x;
}

function corners(a: Interval, b: Interval, f: (x: number, y: number) => number): Interval {
  const values = [f(a.lo, b.lo), f(a.lo, b.hi), f(a.hi, b.lo), f(a.hi, b.hi)];
  return bounds(Math.min(...values), Math.max(...values), a.mark | b.mark);
}

/** A product where 0 times anything is NaN, which no comparison with the largest end so far replaces. */
function comparedWithNaN(a: Interval, b: Interval): Interval {
  const { lo, hi, mark } = D.mul(a, b);
  const first = a.lo === 0 ? Number.NaN : a.lo * b.lo;
  const most = hi >= first ? hi : first;
  return bounds(lo, most > lo ? most : lo, mark);
}

describe('a planted error is found in the softmax', () => {
  const sound = intervals(D).softmax;
  const B = ballIntervals(128);

  it('while the sound one has none', () => {
    expect(softmaxFailures(D, sound, stream(31), 60)).toEqual([]);
    expect(softmaxFailures(B, intervals(B).softmax, stream(31), 30)).toEqual([]);
  });

  const planted = (change: Partial<Arithmetic<Interval>>) => intervals({ ...D, ...change }).softmax;
  it.each<[string, (z: readonly Interval[]) => readonly Interval[]]>([
    ['1e-12 in the denominator', planted({ div: (a, b) => D.div(a, D.add(b, D.fromDoubles(1e-12, 1e-12))) })],
    ['a sum without one term', planted({ add: (a, b) => (a === D.one && b.hi < 1e-3 ? a : D.add(a, b)) })],
    ['an exponential three places too low', planted({ exp: (x) => tooLow(D.exp(x)) })],
    ['a shift that is rounded', planted({ sub: (a, b) => bounds(a.lo - b.hi, a.hi - b.lo, a.mark | b.mark) })],
    ['sums rounded to nearest', planted({ add: (a, b) => bounds(a.lo + b.lo, a.hi + b.hi, a.mark | b.mark) })],
    ['a quotient rounded down', planted({ div: (a, b) => lowered(D.div(a, b)) })],
    ['the plain quotient in floats', (z) => inFloats(z)],
  ])('%s', (_, softmax) => {
    expect(softmaxFailures(D, softmax, stream(31), 60)).not.toEqual([]);
  });
});

function tooLow({ lo, hi, mark }: Interval): Interval {
  const places = [1, 2, 3];
  return bounds(places.reduce(nextDown, lo), places.reduce(nextDown, hi), mark);
}

function inFloats(z: readonly Interval[]): Interval[] {
  const powers = z.map(({ lo }) => Math.exp(lo));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => bounds(power / total, power / total, 0));
}

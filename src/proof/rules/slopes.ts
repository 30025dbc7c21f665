import { Unfinished } from '../../deadline.js';
import { type Domain, domain } from '../../enclose/box.js';
import { largestSlope } from '../../enclose/cells/slopes.js';
import { constrainedSupremum } from '../../enclose/constrained.js';
import type { Stop } from '../../enclose/supremum.js';
import { approximate, fromFloat } from '../../numbers/convert.js';
import { Rational } from '../../numbers/rational.js';
import type { EntrySet } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { type Bounded, boxesText, reasonOf } from './bounds/problem.js';

/**
 * f at two points of one convex box. By the mean value theorem of Lebourg (Clarke, Optimization and Nonsmooth Analysis,
 * theorem 2.3.7) f(x) - f(x') = g . (x - x') for some g of the generalised gradient at a point between them, which lies in
 * the box: bounds of the partial derivatives over the box bound the difference.
 */
export interface TwoPoints {
  readonly f: E.Expression;
  /** The entries of x, in the order of those of x'. */
  readonly entries: readonly string[];
  readonly sets: ReadonlyMap<string, EntrySet>;
}

/** How far apart the points are: max_i |x_i - x'_i| or sum_i |x_i - x'_i|. */
export type Distance = 'max' | 'sum';

/**
 * Bounds of the Lipschitz constant of f over the box: the supremum of sum_i |df/dx_i| for the max distance, of
 * max_i |df/dx_i| for the sum. Exact where f is piecewise linear with few pieces; otherwise the lower end is the slope at a
 * point where f is differentiable.
 */
export function boundLipschitz(points: TwoPoints, distance: Distance, stop: Stop): Bounded {
  const exact = boundOnCells(points, distance === 'max' ? total : largest, stop);
  if (exact) return exact;
  const { f, entries, sets } = points;
  const sizes = E.gradient(f, entries).map((slope) => E.apply('abs', slope));
  const quantity = distance === 'max' ? E.sum(sizes) : E.apply('max', ...sizes);
  return boundSlope(quantity, sets, entries, stop);
}

const total = (gradient: readonly Rational[]) => gradient.reduce((sum, slope) => sum.add(slope.abs()), Rational.zero);
const largest = (gradient: readonly Rational[]) =>
  gradient.reduce((most, slope) => most.max(slope.abs()), Rational.zero);

/** Bounds of the least derivative of f in an entry over the box: where it is not negative, f grows with the entry. */
export function boundLeastSlope(points: TwoPoints, entry: string, stop: Stop): Bounded {
  const { f, entries, sets } = points;
  const [slope] = E.gradient(f, [entry]);
  const place = usedBox(points).variables.indexOf(entry);
  const exact = boundOnCells(points, (gradient) => (gradient[place] ?? Rational.zero).neg(), stop);
  const { enclosure, ...found } = exact ?? boundSlope(E.neg(slope), sets, entries, { ...stop, bound: Rational.zero });
  return { ...found, enclosure: { lo: enclosure.hi?.neg() ?? null, hi: enclosure.lo?.neg() ?? null } };
}

/** The entries that f depends on. */
function usedBox({ f, entries, sets }: TwoPoints): Domain {
  const used = E.variablesOf(f);
  return domain(
    entries.filter((name) => used.has(name)).map((variable) => ({ variable, ...interval(sets, variable) })),
  );
}

const MOST_CELLS = 50_000;

/** What a function of the gradient takes at most on the cells where f is affine; null where these are too many. */
function boundOnCells(
  points: TwoPoints,
  size: (gradient: readonly Rational[]) => Rational,
  { deadline }: Stop,
): Bounded | null {
  const box = usedBox(points);
  const found = largestSlope(points.f, box, size, { deadline: halfway(deadline), mostCells: MOST_CELLS });
  if (!found) return null;
  const { value, point, cells } = found;
  return {
    enclosure: { lo: value, hi: value },
    // Rounding leaves it inside of all but the smallest cells, and short.
    witness: new Map(
      box.variables.map((name, i) => [name, fromFloat(approximate(point[i])).max(box.lo[i]).min(box.hi[i])]),
    ),
    method: `the gradients on all ${cells} cells`,
    reason: null,
  };
}

/** The cells may take half of the time that is left. */
function halfway(deadline: number | undefined): number | undefined {
  return deadline === undefined ? undefined : (Date.now() + deadline) / 2;
}

/** Gradients of networks are large formulas, and slow to bound. */
const MOST_BOXES = 5000;

/**
 * A search that halves on where the value at the middle of a part is not known sharply: at a kink the generalised
 * gradient is a whole interval, in any arithmetic.
 */
function boundSlope(
  quantity: E.Expression,
  sets: ReadonlyMap<string, EntrySet>,
  entries: readonly string[],
  stop: Stop,
): Bounded {
  const used = E.variablesOf(quantity);
  const sides = entries.filter((name) => used.has(name)).map((variable) => ({ variable, ...interval(sets, variable) }));
  const box = domain(sides);
  const limits = stop.deadline === undefined ? { ...stop, mostBoxes: MOST_BOXES } : stop;
  const { lo, hi, witness, boxes, stopped } = constrainedSupremum(quantity, [], box, limits);
  return {
    enclosure: { lo, hi },
    witness: witness && new Map(box.variables.map((name, i) => [name, witness[i]])),
    method: `branch and bound, ${boxesText(boxes)}`,
    reason: reasonOf(stopped),
  };
}

function interval(sets: ReadonlyMap<string, EntrySet>, name: string): { lo: Rational; hi: Rational } {
  const set = sets.get(name)!;
  if (set.kind !== 'interval') throw new Error(`the slope of a function of ${name} over no interval`);
  return set;
}

/**
 * Two points whose difference quotient is enough, or else the largest that was found near a point of large slope: exact numbers,
 * evaluated in outward-rounded arithmetic. Null when none was found.
 */
export function steepPair(
  { f, entries, sets }: TwoPoints,
  distance: Distance,
  start: ReadonlyMap<string, Rational>,
  isEnough: (quotient: Rational) => boolean,
): { readonly pair: readonly [Point, Point]; readonly quotient: Rational } | null {
  const slopes = E.toFloat64(E.gradient(f, entries), entries)(entries.map((name) => approximate(start.get(name)!)));
  const largest = slopes.reduce((most, slope, i) => (Math.abs(slopes[most]) < Math.abs(slope) ? i : most), 0);
  let best: { pair: readonly [Point, Point]; quotient: Rational } | null = null;
  for (let k = 0; k <= 40; k += 2) {
    for (const sign of [1, -1]) {
      const step = Rational.pow2(-k).mul(Rational.of(sign));
      const other = new Map(
        entries.map((name, i) => {
          const moves = distance === 'max' || i === largest;
          const moved = start.get(name)!.add(moves ? step.mul(Rational.of(Math.sign(slopes[i]))) : Rational.zero);
          return [name, clamped(moved, sets.get(name)!)] as const;
        }),
      );
      const gaps = entries.map((name) => other.get(name)!.sub(start.get(name)!).abs());
      const apart = gaps.reduce((a, b) => (distance === 'max' ? a.max(b) : a.add(b)), Rational.zero);
      if (apart.isZero()) continue;
      const rise = difference(f, start, other);
      const quotient = rise && (rise.lo.sign() > 0 ? rise.lo : rise.hi.neg()).div(apart);
      if (quotient && (!best || best.quotient.lt(quotient))) best = { pair: [start, other], quotient };
    }
    if (best && isEnough(best.quotient)) return best;
  }
  return best;
}

export type Point = ReadonlyMap<string, Rational>;

/** Two points with x_i <= x'_i, equal elsewhere, for which f(x) > f(x'), near a point of negative slope; null if none. */
export function falling(
  { f, sets }: TwoPoints,
  entry: string,
  start: Point,
): { readonly pair: readonly [Point, Point]; readonly drop: Rational } | null {
  const set = sets.get(entry)!;
  for (let k = 0; k <= 40; k += 2) {
    for (const sign of [1, -1]) {
      const moved = clamped(start.get(entry)!.add(Rational.pow2(-k).mul(Rational.of(sign))), set);
      const other = new Map([...start, [entry, moved] as const]);
      const pair = moved.lt(start.get(entry)!) ? ([other, start] as const) : ([start, other] as const);
      const fall = difference(f, pair[1], pair[0]);
      if (fall && fall.lo.sign() > 0) return { pair, drop: fall.lo };
    }
  }
  return null;
}

/** What leaves a value unknown: the point, the numbers there, or the time. */
const UNKNOWN = [E.DomainError, RangeError, Unfinished];

function difference(f: E.Expression, from: Point, to: Point): { lo: Rational; hi: Rational } | null {
  try {
    const [a, b] = [E.valueBounds(f, from), E.valueBounds(f, to)];
    return { lo: b.lo.sub(a.hi), hi: b.hi.sub(a.lo) };
  } catch (error) {
    if (UNKNOWN.some((kind) => error instanceof kind)) return null;
    throw error;
  }
}

function clamped(x: Rational, set: EntrySet): Rational {
  return set.kind === 'interval' ? x.max(set.lo).min(set.hi) : x;
}

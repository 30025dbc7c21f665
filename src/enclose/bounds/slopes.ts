import { isPast } from '../../deadline.js';
import { InputError } from '../../errors.js';
import { approximate, fromFloat } from '../../numbers/convert.js';
import { Rational } from '../../numbers/rational.js';
import type { EntrySet } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { type Domain, domain } from '../box.js';
import { largestSlope } from '../cells/slopes.js';
import { constrainedSupremum } from '../constrained.js';
import { containsKink } from '../objective.js';
import type { Stop, Supremum } from '../supremum.js';
import { type Bounded, boxesText, reasonOf } from './problem.js';
import { halfway, MOST_BOXES_IN_TIME, relaxation } from './searches.js';

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
  const onCells = boundOnCells(points, distance === 'max' ? total : largest, stop);
  if (onCells?.enclosure.hi) return onCells;
  const { f, entries } = points;
  const sizes = E.gradient(f, entries).map((slope) => E.apply('abs', slope));
  const quantities = distance === 'max' ? [E.sum(sizes)] : sizes;
  // The supremum of a maximum is the largest of the suprema, each of a simpler function.
  const found = quantities.map((quantity, k) => boundSlope(quantity, points, shareOf(stop, quantities.length - k)));
  return higher(found.reduce(largerOf), onCells);
}

/** Of the time that is left, one of so many parts. */
function shareOf(stop: Stop, parts: number): Stop {
  const { deadline } = stop;
  return deadline === undefined ? stop : { ...stop, deadline: Date.now() + (deadline - Date.now()) / parts };
}

/** Bounds of the larger of two suprema. */
function largerOf(a: Bounded, b: Bounded): Bounded {
  const [first, second] = [a.enclosure, b.enclosure];
  const isAbove = (x: Rational | null, y: Rational | null) => x !== null && (y === null || y.lt(x));
  const attained = isAbove(second.lo, first.lo) ? b : a;
  const open = [a, b].find(({ enclosure }) => enclosure.hi === null);
  const top = open ?? (isAbove(second.hi, first.hi) ? b : a);
  return { ...top, enclosure: { lo: attained.enclosure.lo, hi: top.enclosure.hi }, witness: attained.witness };
}

/** An upper end with the larger of two lower ones. */
function higher(found: Bounded, other: Bounded | null): Bounded {
  const { lo, hi } = found.enclosure;
  const value = other?.enclosure.lo ?? null;
  if (!other || !value || (lo && value.le(lo))) return found;
  const method = `${other.method}, ${found.method}`;
  return { ...found, enclosure: { lo: value, hi }, witness: other.witness, method };
}

const total = (gradient: readonly Rational[]) => gradient.reduce((sum, slope) => sum.add(slope.abs()), Rational.zero);
const largest = (gradient: readonly Rational[]) =>
  gradient.reduce((most, slope) => most.max(slope.abs()), Rational.zero);

/** Bounds of the least derivative of f in an entry over the box: where it is not negative, f grows with the entry. */
export function boundLeastSlope(points: TwoPoints, entry: string, stop: Stop): Bounded {
  const { f } = points;
  const [slope] = E.gradient(f, [entry]);
  const place = usedBox(points).variables.indexOf(entry);
  const onCells = boundOnCells(points, (gradient) => (gradient[place] ?? Rational.zero).neg(), stop);
  const { enclosure, ...found } = onCells?.enclosure.hi
    ? onCells
    : higher(boundSlope(E.neg(slope), points, { ...stop, bound: Rational.zero }), onCells);
  return { ...found, enclosure: { lo: enclosure.hi?.neg() ?? null, hi: enclosure.lo?.neg() ?? null } };
}

/** The entries that f depends on. */
function usedBox({ f, entries, sets }: TwoPoints): Domain {
  const used = E.variablesOf(f);
  return domain(
    entries.filter((name) => used.has(name)).map((variable) => ({ variable, ...interval(sets, variable) })),
  );
}

/** Without a time limit; some ten thousand of them take a second. */
const MOST_CELLS = 200_000;

/** What a function of the gradient takes at most on the cells where f is affine, and at least on those there is time for. */
function boundOnCells(
  points: TwoPoints,
  size: (gradient: readonly Rational[]) => Rational,
  { deadline }: Stop,
): Bounded | null {
  const box = usedBox(points);
  const found = largestSlope(points.f, box, size, {
    deadline: halfway(deadline),
    mostCells: deadline === undefined ? MOST_CELLS : Number.POSITIVE_INFINITY,
  });
  if (!found) return null;
  const { value, point, cells, isComplete } = found;
  return {
    enclosure: { lo: value, hi: isComplete ? value : null },
    // Rounding leaves it inside of all but the smallest cells, and short.
    witness: new Map(
      box.variables.map((name, i) => [name, fromFloat(approximate(point[i])).max(box.lo[i]).min(box.hi[i])]),
    ),
    method: `the gradients on ${isComplete ? 'all ' : ''}${cells} cells`,
    reason: isComplete ? null : 'there are more cells than were visited',
  };
}

/** Where no time limit is given. */
const MOST_BOXES = 20_000;

/**
 * Bounds of what is made of the derivatives of f. At a kink the generalised gradient is a whole interval, in any arithmetic:
 * then a search that halves on where the value at the middle of a part is not known sharply.
 */
function boundSlope(quantity: E.Expression, { f, sets, entries }: TwoPoints, stop: Stop): Bounded {
  const used = E.variablesOf(quantity);
  const sides = entries.filter((name) => used.has(name)).map((variable) => ({ variable, ...interval(sets, variable) }));
  const box = domain(sides);
  const mostBoxes = stop.mostBoxes ?? (stop.deadline === undefined ? MOST_BOXES : MOST_BOXES_IN_TIME);
  const limits = { ...stop, mostBoxes, deadline: withRest(stop.deadline) };
  const isSmooth = !containsKink(f) && sides.length > 0;
  const first = isSmooth ? relaxed(quantity, box, limits) : null;
  const found = first?.hi ? first : constrainedSupremum(quantity, [], box, limits);
  const { lo, hi, witness, boxes, stopped } = found;
  return {
    enclosure: { lo, hi },
    witness: witness && new Map(box.variables.map((name, i) => [name, witness[i]])),
    method: `branch and bound, ${boxesText(boxes)}`,
    reason: reasonOf(stopped),
  };
}

/** By linear relaxations; null where they have no bound, or where a derivative may be undefined. */
function relaxed(quantity: E.Expression, box: Domain, stop: Stop): Supremum | null {
  try {
    return relaxation(quantity, 'sup', box, stop);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** A tenth of the time is left for the pair of points that shows the lower end. */
function withRest(deadline: number | undefined): number | undefined {
  return deadline === undefined ? undefined : deadline - (deadline - Date.now()) / 10;
}

function interval(sets: ReadonlyMap<string, EntrySet>, name: string): { lo: Rational; hi: Rational } {
  const set = sets.get(name)!;
  if (set.kind !== 'interval') throw new Error(`the slope of a function of ${name} over no interval`);
  return set;
}

const RISING = Array.from({ length: 21 }, (_, k) => 2 * k);
const NEAR = [40, 30, 20, 10];

/**
 * Two points whose difference quotient is enough, or else the largest that was found near a point of large slope: exact numbers,
 * evaluated in outward-rounded arithmetic. Null when none was found.
 */
export function steepPair(
  { f, entries, sets }: TwoPoints,
  distance: Distance,
  start: ReadonlyMap<string, Rational>,
  isEnough: ((quotient: Rational) => boolean) | null,
  deadline?: number,
): { readonly pair: readonly [Point, Point]; readonly quotient: Rational } | null {
  const slopes = E.toFloat64(E.gradient(f, entries), entries)(entries.map((name) => approximate(start.get(name)!)));
  const largest = slopes.reduce((most, slope, i) => (Math.abs(slopes[most]) < Math.abs(slope) ? i : most), 0);
  let best: { pair: readonly [Point, Point]; quotient: Rational } | null = null;
  // Near points have the largest quotients, far ones the shortest numbers.
  for (const k of isEnough ? RISING : NEAR) {
    if (best && isPast(deadline)) return best;
    const step = Rational.pow2(-k);
    const from = new Map(entries.map((name) => [name, inside(start.get(name)!, sets.get(name)!, step)] as const));
    for (const sign of [1, -1]) {
      const other = new Map(
        entries.map((name, i) => {
          const moves = distance === 'max' || i === largest;
          const move = moves ? step.mul(Rational.of(sign * Math.sign(slopes[i]))) : Rational.zero;
          return [name, clamped(from.get(name)!.add(move), sets.get(name)!)] as const;
        }),
      );
      const gaps = entries.map((name) => other.get(name)!.sub(from.get(name)!).abs());
      const apart = gaps.reduce((a, b) => (distance === 'max' ? a.max(b) : a.add(b)), Rational.zero);
      if (apart.isZero()) continue;
      const rise = difference(f, from, other);
      const quotient = rise && (rise.lo.sign() > 0 ? rise.lo : rise.hi.neg()).div(apart);
      if (quotient && (!best || best.quotient.lt(quotient))) best = { pair: [from, other], quotient };
    }
    if (best && isEnough?.(best.quotient)) return best;
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

function difference(f: E.Expression, from: Point, to: Point): { lo: Rational; hi: Rational } | null {
  const [a, b] = [from, to].map((point) => E.knownBounds(f, point));
  return a && b && { lo: b.lo.sub(a.hi), hi: b.hi.sub(a.lo) };
}

/** As far from the ends as a step, where there is room: from a corner not all entries can move as the slopes would have it. */
function inside(x: Rational, set: EntrySet, step: Rational): Rational {
  if (set.kind !== 'interval' || set.hi.sub(set.lo).lt(step.add(step))) return x;
  return x.max(set.lo.add(step)).min(set.hi.sub(step));
}

function clamped(x: Rational, set: EntrySet): Rational {
  return set.kind === 'interval' ? x.max(set.lo).min(set.hi) : x;
}

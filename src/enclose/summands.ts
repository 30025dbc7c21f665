import TinyQueue from 'tinyqueue';
import { isPast } from '../deadline.js';
import { isGuaranteed } from '../numbers/arithmetic.js';
import { approximate, fromFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import type { Domain } from './box.js';
import { quadraticErrors, type Value } from './pieces.js';
import { bySummand, type SeparableNet } from './separable-net.js';
import type { Stop } from './supremum.js';

/** Between the value at a point and a bound for the whole domain. */
export interface Peak {
  readonly lo: Rational;
  readonly hi: Rational;
  readonly witness: readonly Rational[];
  /** Another point with the same value, where there is one. */
  readonly other: readonly Rational[];
}

/** Suprema of psi - f, f - psi, psi and -psi. */
export interface Peaks {
  readonly above: Peak;
  readonly below: Peak;
  readonly most: Peak;
  readonly least: Peak;
  /** psi near a point, in doubles. */
  at(point: readonly number[]): number;
}

/**
 * The four suprema over a box for two sums of functions of single coordinates, psi's piecewise linear: coordinate by
 * coordinate, and all four from one walk over the pieces. Exact where the summands of f are piecewise linear or polynomials
 * of degree at most 2. Null for other functions, and where doubles do not reach the width that is asked for.
 *
 * Between two points of a piece at distance w, e = psi - f lies below its chord by no more than M (x - a)(b - x)/2, M a
 * bound of -e'' there (the error of linear interpolation): with the values u, v at the ends and h = M w^2/8 it is at most
 * (u + v)/2 + h + (v - u)^2/(16 h), or max(u, v) where |v - u| >= 4 h. Intervals are halved, the largest bound first.
 */
export function separablePeaks(psi: SeparableNet, f: E.Expression, box: Domain, stop: Stop): Peaks | null {
  const targets = bySummand(f, box.variables);
  if (!targets) return null;
  const width = stop.absoluteWidth?.div(Rational.of(PART * box.variables.length)) ?? Rational.zero;
  const shift = psi.constant.sub(targets.constant);
  const start = (value: Rational): Peak => ({ lo: value, hi: value, witness: [], other: [] });
  let peaks: Four<Peak> = {
    ...{ above: start(shift), below: start(shift.neg()) },
    ...{ most: start(psi.constant), least: start(psi.constant.neg()) },
  };
  const curves: ((x: number) => number)[] = [];
  for (const [j, variable] of box.variables.entries()) {
    const knots = box.lo[j].lt(box.hi[j]) ? psi.curve(j, box.lo[j], box.hi[j]) : undefined;
    const errors = knots && peaksOfError(knots, targets.summands[j], variable, { ...stop, absoluteWidth: width });
    if (!errors) return null;
    const ends = { most: peakOf(knots.map(atKnot)), least: peakOf(knots.map(atKnot).map(negative)) };
    peaks = joined(peaks, { ...errors, ...ends });
    curves.push(inDoubles(knots));
  }
  const constant = approximate(psi.constant);
  return { ...peaks, at: (point) => curves.reduce((sum, curve, j) => sum + curve(point[j]), constant) };
}

/** The width of an enclosure that is asked for is undercut by so much: halving a piece quarters what is left. */
const PART = 16;

type Four<P> = Record<'above' | 'below' | 'most' | 'least', P>;

function joined(a: Four<Peak>, b: Four<OnePeak>): Four<Peak> {
  const join = (p: Peak, q: OnePeak): Peak => ({
    lo: p.lo.add(q.value),
    hi: p.hi.add(q.hi),
    witness: [...p.witness, q.point],
    other: [...p.other, q.other],
  });
  return {
    ...{ above: join(a.above, b.above), below: join(a.below, b.below) },
    ...{ most: join(a.most, b.most), least: join(a.least, b.least) },
  };
}

/** A value of a function of one number, with a bound of them all. */
interface OnePeak extends Value {
  readonly hi: Rational;
  readonly other: Rational;
}

/** The function through the knots, in doubles; constant beyond the ends. */
function inDoubles(knots: readonly E.Knot[]): (x: number) => number {
  const [xs, ys] = [knots.map(({ x }) => approximate(x)), knots.map(({ y }) => approximate(y))];
  return (x) => {
    let [low, high] = [0, xs.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (xs[middle] <= x) low = middle;
      else high = middle;
    }
    const share = Math.min(1, Math.max(0, (x - xs[low]) / (xs[high] - xs[low])));
    return ys[low] + share * (ys[high] - ys[low]);
  };
}

const atKnot = ({ x, y }: E.Knot): Value => ({ value: y, point: x });
const negative = ({ value, point }: Value): Value => ({ value: value.neg(), point });

/** The middle one and the last of equal values. */
function peakOf(values: readonly Value[]): OnePeak {
  const most = values.map(({ value }) => value).reduce((a, b) => a.max(b));
  const equals = values.filter(({ value }) => value.equals(most));
  return { ...equals[equals.length >> 1], hi: most, other: equals[equals.length - 1].point };
}

type Errors = { readonly above: OnePeak; readonly below: OnePeak };

function peaksOfError(knots: readonly E.Knot[], f: E.Expression, variable: string, stop: Stop): Errors | null {
  const [first, last] = [knots[0].x, knots[knots.length - 1].x];
  const polynomial = E.polynomialOf(f, [variable]);
  if (polynomial && polynomial.degree <= 2) {
    const values = quadraticErrors(knots, polynomial);
    return { above: peakOf(values), below: peakOf(values.map(negative)) };
  }
  const corners = E.knotsOf(f, variable, first, last);
  if (corners) {
    const values = merged(knots, corners);
    return { above: peakOf(values), below: peakOf(values.map(negative)) };
  }
  const curve = new Curve(f, variable);
  const above = search(knots, curve, 1, stop);
  const below = above && search(knots, curve, -1, stop);
  return below && { above, below };
}

/** p - q at the knots of either. */
function merged(p: readonly E.Knot[], q: readonly E.Knot[]): Value[] {
  const values: Value[] = [];
  let [i, j] = [0, 0];
  while (i < p.length && j < q.length) {
    const order = p[i].x.compare(q[j].x);
    const x = order <= 0 ? p[i].x : q[j].x;
    values.push({ value: on(p, i, x).sub(on(q, j, x)), point: x });
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return values;
}

/** The value at x, which lies on the piece that ends at knot k. */
function on(knots: readonly E.Knot[], k: number, x: Rational): Rational {
  if (knots[k].x.equals(x)) return knots[k].y;
  const [from, to] = [knots[k - 1], knots[k]];
  return from.y.add(to.y.sub(from.y).div(to.x.sub(from.x)).mul(x.sub(from.x)));
}

/** f and f'' in doubles. */
class Curve {
  readonly at: (x: Rational) => Interval;
  readonly over: (lo: Rational, hi: Rational) => readonly Interval[];

  constructor(f: E.Expression, variable: string) {
    const value = E.toIntervals([f], [variable], A);
    const both = E.toIntervals([f, E.differentiate(E.differentiate(f, variable), variable)], [variable], A);
    this.at = (x) => value([A.of(x)])[0];
    this.over = (lo, hi) => both([A.between(lo, hi)]);
  }
}

const A = doubleIntervals;

interface Point extends E.Knot {
  /** sign (p - f) there. */
  readonly error: Interval;
}

interface Piece {
  readonly from: Point;
  readonly to: Point;
  readonly upper: number;
  /** The bulge above the chord. */
  readonly height: number;
}

/** sup of sign (p - f) to the width that is asked for; null where it is not reached. */
function search(knots: readonly E.Knot[], f: Curve, sign: 1 | -1, stop: Stop): OnePeak | null {
  const width = approximate(stop.absoluteWidth!);
  let best: Value | null = null;
  let reached = Number.NEGATIVE_INFINITY;
  const pointAt = ({ x, y }: E.Knot): Point => {
    const value = A.sub(A.of(y), f.at(x));
    const error = sign > 0 ? value : A.neg(value);
    if (isGuaranteed(A, error) && error.lo > reached) {
      reached = error.lo;
      best = { value: fromFloat(error.lo), point: x };
    }
    return { x, y, error };
  };
  const pieceOf = (from: Point, to: Point): Piece => {
    const [value, second] = f.over(from.x, to.x);
    const isKnown = [value, second, from.error, to.error].every((one) => isGuaranteed(A, one));
    if (!isKnown) return { from, to, upper: Number.POSITIVE_INFINITY, height: 0 };
    const curvature = Math.max(0, sign > 0 ? second.hi : -second.lo);
    const side = A.of(to.x.sub(from.x));
    const bulge = A.div(A.mul(A.fromDoubles(curvature, curvature), A.sqr(side)), EIGHT);
    const upper =
      curvature === 0 ? Math.max(from.error.hi, to.error.hi) : largest(from.error.hi, to.error.hi, bulge.hi);
    return { from, to, upper, height: bulge.hi };
  };
  const points = knots.map(pointAt);
  const pieces = points.slice(1).map((to, k) => pieceOf(points[k], to));
  const queue = new TinyQueue(pieces, (a, b) => b.upper - a.upper);
  for (let step = 0; step < MOST_STEPS && !isPast(stop.deadline); step++) {
    const top = queue.peek()!;
    if (best && top.upper - reached <= width) {
      const hi = fromFloat(top.upper);
      const { value, point } = best as Value;
      return { value, point, other: point, hi: hi.max(value) };
    }
    queue.pop();
    const at = cut(top);
    queue.push(pieceOf(top.from, pointAt(at)));
    queue.push(pieceOf(pointAt(at), top.to));
  }
  return null;
}

const MOST_STEPS = 1024;

/** A point near where the bound is taken, and not near the ends. */
function cut({ from, to, height }: Piece): E.Knot {
  const [u, v] = [from.error.hi, to.error.hi];
  const share = height > 0 && Number.isFinite(v - u) ? 1 / 2 + (v - u) / (8 * height) : 1 / 2;
  const t = Rational.of(Math.round(16 * Math.min(3 / 4, Math.max(1 / 4, share))), 16);
  const between = (a: Rational, b: Rational) => a.add(b.sub(a).mul(t));
  return { x: between(from.x, to.x), y: between(from.y, to.y) };
}

/** An upper bound of the largest of (1 - t) u + t v + 4 h t (1 - t), t in [0, 1]. */
function largest(u: number, v: number, h: number): number {
  const [one, other, height] = [u, v, h].map((x) => A.fromDoubles(x, x));
  const rise = A.sub(other, one);
  const most = A.mul(FOUR, height);
  if (A.less(A.abs(rise), most) === false) return Math.max(u, v);
  const vertex = A.add(A.div(A.add(one, other), TWO), A.add(height, A.div(A.sqr(rise), A.mul(FOUR, most))));
  return vertex.hi;
}

const [TWO, FOUR, EIGHT] = [2, 4, 8].map((n) => A.of(Rational.of(n)));

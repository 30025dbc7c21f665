import { isPast, Unfinished } from '../deadline.js';
import { type Arithmetic, isGuaranteed, width } from '../numbers/arithmetic.js';
import type { Ball } from '../numbers/ball.js';
import { ballIntervals } from '../numbers/balls.js';
import { approximate } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { type Domain, domain } from './box.js';
import { type Stop, type Supremum, supremum } from './supremum.js';

/**
 * sup over an interval of |p - f|, p piecewise linear: as a network of ReLUs of one number is. Null when p is not.
 *
 * - f piecewise linear, or a polynomial of degree at most 2: exact, by the knots and the vertices between them.
 * - Otherwise, on a piece of length w where f is twice differentiable, p - f stays within max |f''| w^2 / 8 of its own
 *   chord, hence below the larger end by no more than that (the error of linear interpolation, applied to p - f).
 *   Pieces are searched one by one, the largest bound first, until no other can hold the supremum. Where doubles blur f
 *   as much as a part of the error, that bound in many digits is taken as it is, unless more is asked.
 *
 * Throws as `supremum`.
 */
export function supNormOnPieces(p: E.Expression, f: E.Expression, interval: Domain, stop: Stop): Supremum | null {
  const [variable] = interval.variables;
  const [lo, hi] = [interval.lo[0], interval.hi[0]];
  const together = E.isPiecewiseLinear(f, [variable]) && E.knotsOf(E.sub(p, f), variable, lo, hi);
  if (together) return exact(together.map(({ x, y }) => ({ value: y.abs(), point: x })));
  const knots = E.knotsOf(p, variable, lo, hi);
  if (!knots) return null;
  const polynomial = E.polynomialOf(f, [variable]);
  if (polynomial && polynomial.degree <= 2) {
    return exact(quadraticErrors(knots, polynomial).map(({ value, point }) => ({ value: value.abs(), point })));
  }
  return searchPieces(knots, f, variable, stop);
}

/** A value with where it is taken. */
export interface Value {
  readonly value: Rational;
  readonly point: Rational;
}

function exact(values: readonly Value[]): Supremum {
  const best = values.reduce((most, candidate) => (most.value.lt(candidate.value) ? candidate : most));
  return {
    lo: best.value,
    hi: best.value,
    witness: [best.point],
    boxes: values.length,
    stopped: 'exact',
    arithmetic: 'exact',
  };
}

/**
 * The extreme values of p - f, f = c x^2 + ...: those at the knots of p, and where its derivative vanishes between them.
 */
export function quadraticErrors(knots: readonly E.Knot[], { terms }: E.Polynomial): Value[] {
  const coefficient = (n: number) => terms.find(({ exponents }) => exponents[0] === n)?.coefficient ?? Rational.zero;
  const [constant, linear, square] = [0, 1, 2].map(coefficient);
  const f = (x: Rational) => constant.add(x.mul(linear.add(x.mul(square))));
  const values = knots.map(({ x, y }) => ({ value: y.sub(f(x)), point: x }));
  if (square.isZero()) return values;
  // Between a and b, at a + s (b - a), it is the chord of its ends' values p and q and s (1 - s) c (b - a)^2.
  for (let k = 1; k < knots.length; k++) {
    const width = knots[k].x.sub(knots[k - 1].x);
    const bend = square.mul(width).mul(width);
    const { value: p, point: from } = values[k - 1];
    const rise = values[k].value.sub(p);
    if (rise.isZero()) {
      values.push({ value: p.add(bend.mul(QUARTER)), point: from.add(width.mul(HALF)) });
    } else if (rise.abs().lt(bend.abs())) {
      const share = rise.div(bend).add(Rational.one).mul(HALF);
      values.push({ value: p.add(bend.mul(share).mul(share)), point: from.add(width.mul(share)) });
    }
  }
  return values;
}

const [HALF, QUARTER] = [Rational.of(1, 2), Rational.of(1, 4)];

interface Piece {
  readonly from: E.Knot;
  readonly to: E.Knot;
  /** A bound of |p - f| there; Infinity where none is known. */
  readonly upper: Rational | null;
}

function searchPieces(knots: readonly E.Knot[], f: E.Expression, variable: string, stop: Stop): Supremum {
  const { pieces, start, isBlurred } = bounded(knots, f, variable);
  pieces.sort((a, b) => (a.upper === null || b.upper === null ? rank(b) - rank(a) : b.upper.compare(a.upper)));
  let best = start;
  let searched: Rational | null = Rational.zero;
  let boxes = pieces.length;
  let arithmetic = doubleIntervals.name;
  const sharper: Sharper = isBlurred ? sharperBound(f, variable) : () => null;
  for (const { from, to, upper } of pieces) {
    const top = upper && searched && upper.max(searched);
    if (best && upper?.le(best.value)) break;
    const reason = best && top && decided(best.value, top, stop);
    if (reason) return { lo: best!.value, witness: [best!.point], hi: top, boxes, stopped: reason, arithmetic };
    const finer = sharper(from, to, stop.deadline);
    if (finer && best && finer.le(best.value)) continue;
    if (finer && (!stop.bound || finer.le(stop.bound))) {
      searched = searched?.max(finer) ?? null;
      continue;
    }
    const slope = to.y.sub(from.y).div(to.x.sub(from.x));
    const line = E.combination(from.y.sub(slope.mul(from.x)), [{ coefficient: slope, of: E.variable(variable) }]);
    const error = E.sub(line, f);
    const found = supremum([error, E.neg(error)], domain([{ variable, lo: from.x, hi: to.x }]), stop);
    boxes += found.boxes;
    arithmetic = found.arithmetic;
    if (!best || best.value.lt(found.lo)) best = { value: found.lo, point: found.witness[0] };
    searched = searched && found.hi && searched.max(found.hi);
  }
  const hi = searched?.max(best!.value) ?? null;
  const stopped = (hi && decided(best!.value, hi, stop)) ?? 'precision';
  return { lo: best!.value, witness: [best!.point], hi, boxes, stopped, arithmetic };
}

function rank({ upper }: Piece): number {
  return upper === null ? 1 : 0;
}

function decided(lo: Rational, hi: Rational, { bound, relativeWidth, deadline }: Stop): Supremum['stopped'] | null {
  if (bound && (bound.lt(lo) || hi.le(bound))) return 'bound';
  if (relativeWidth && hi.sub(lo).le(relativeWidth.mul(hi))) return 'width';
  return isPast(deadline) ? 'time' : null;
}

const FINE = ballIntervals(320);
/** Parts of a piece on which its second derivative is bounded. */
const MOST_CELLS = 4096;

type Sharper = (from: E.Knot, to: E.Knot, deadline?: number) => Rational | null;

/** As in `bounded`, in many digits and with f'' from its Taylor coefficients, cell by cell: for what cancels in f. */
function sharperBound(f: E.Expression, variable: string): Sharper {
  const A = FINE;
  const secondOver = E.secondDerivativeByJets(f, variable, A);
  const error = errorAt(f, variable, A);
  /** Whether a second derivative is known well, or counts for less on the piece than the rounding of values. */
  const isKnown = (second: Ball, from: E.Knot, to: E.Knot) => {
    const { lo, hi } = A.outer(second);
    const size = Math.max(Math.abs(lo), Math.abs(hi));
    const square = approximate(to.x.sub(from.x)) ** 2;
    return hi - lo <= size / 16 || size * square <= 2 ** -60 * approximate(from.y.abs().max(to.y.abs()));
  };
  const largestSecond = (from: E.Knot, to: E.Knot, deadline?: number): Ball | null => {
    let second: Ball | null = null;
    const open = [{ lo: from.x, hi: to.x }];
    for (let looked = 0; open.length > 0; looked++) {
      const { lo, hi } = open.pop()!;
      if (looked === MOST_CELLS || isPast(deadline)) return null;
      const here = secondOver(lo, hi);
      if (here && isKnown(here, from, to)) second = second ? A.max(second, A.abs(here)) : A.abs(here);
      else {
        const middle = lo.add(hi).div(TWO);
        open.push({ lo, hi: middle }, { lo: middle, hi });
      }
    }
    return second;
  };
  return (from, to, deadline) => {
    const second = largestSecond(from, to, deadline);
    if (!second) return null;
    const half = A.of(to.x.sub(from.x).div(TWO));
    const bound = A.add(A.max(error(from), error(to)), A.div(A.mul(second, A.sqr(half)), A.of(TWO)));
    return isGuaranteed(A, bound) ? (A.upper(bound) ?? null) : null;
  };
}

/** Every piece with its bound, and the best of their ends and middles; in more digits where doubles blur them. */
function bounded(knots: readonly E.Knot[], f: E.Expression, variable: string): Bounded {
  const found = boundedIn(doubleIntervals, knots, f, variable);
  return found.isBlurred ? { ...boundedIn(FINE, knots, f, variable), isBlurred: true } : found;
}

interface Bounded {
  readonly pieces: Piece[];
  readonly start: Value | null;
  readonly isBlurred: boolean;
}

/** Rounding of f at the knots that counts beside the error itself. */
const BLUR = Rational.pow2(-10);

function boundedIn<I>(A: Arithmetic<I>, knots: readonly E.Knot[], f: E.Expression, variable: string): Bounded {
  const second = secondDerivative(f, variable);
  const program = E.toIntervals(second ? [f, second] : [f], [variable], A);
  const error = errorAt(f, variable, A);
  const ends = knots.map((knot) => error(knot));
  let start: Value | null = null;
  const offer = (value: I, point: Rational) => {
    if (!isGuaranteed(A, value)) return;
    const least = A.lower(value);
    if (least && (!start || start.value.lt(least))) start = { value: least, point };
  };
  const blurs = ends.map((end) => (isGuaranteed(A, end) ? (width(A, end) ?? null) : null));
  ends.forEach((end, k) => {
    offer(end, knots[k].x);
  });
  const pieces = knots.slice(1).map((to, k): Piece => {
    const from = knots[k];
    const middle = { x: from.x.add(to.x).div(TWO), y: from.y.add(to.y).div(TWO) };
    offer(error(middle), middle.x);
    const [value, second = A.entire] = program([A.between(from.x, to.x)]);
    const half = A.of(to.x.sub(from.x).div(TWO));
    const bulge = A.div(A.mul(A.abs(second), A.sqr(half)), A.of(TWO));
    const bound = A.add(A.max(ends[k], ends[k + 1]), bulge);
    return { from, to, upper: isGuaranteed(A, value) && isGuaranteed(A, bound) ? (A.upper(bound) ?? null) : null };
  });
  const level = (start as Value | null)?.value.mul(BLUR) ?? null;
  const isBlurred = blurs.some((blur) => blur === null || level === null || level.lt(blur));
  return { pieces, start, isBlurred };
}

/** Null where it is too large to be worth its time. */
function secondDerivative(f: E.Expression, variable: string): E.Expression | null {
  try {
    return E.differentiate(E.differentiate(f, variable), variable);
  } catch (error) {
    if (error instanceof Unfinished) return null;
    throw error;
  }
}

/** |p - f| at a point of the graph of p. */
function errorAt<I>(f: E.Expression, variable: string, A: Arithmetic<I>): (knot: E.Knot) => I {
  const value = E.toIntervals([f], [variable], A);
  return ({ x, y }) => A.abs(A.sub(A.of(y), value([A.of(x)])[0]));
}

const TWO = Rational.of(2);

import type { Arithmetic } from '../numbers/arithmetic.js';
import { gradient } from './differentiate.js';
import { intervals } from './enclosure.js';
import type { Expression } from './expression.js';
import { compile, prepare } from './program.js';

/** A closed interval between two finite doubles, taken exactly. */
export interface Side {
  readonly lo: number;
  readonly hi: number;
}

/** Enclosures of a function and of its partial derivatives over one box. */
export interface Range<I> {
  readonly value: I;
  readonly gradient: readonly I[];
}

/**
 * A function from boxes to enclosures of the range of an expression: the natural extension, intersected with the mean
 * value form and with what monotonicity in single variables gives (Moore, Kearfott and Cloud, Introduction to Interval
 * Analysis, chapter 6). Where the gradient is not known to exist, the natural extension alone, with its mark.
 */
export function rangeOf<I>(
  e: Expression,
  variables: readonly string[],
  arithmetic: Arithmetic<I>,
): (box: readonly Side[]) => Range<I> {
  const calculus = intervals(arithmetic);
  const valueAndGradient = prepare(compile([e, ...gradient(e, variables)], variables), calculus);
  const value = prepare(compile([e], variables), calculus);
  const valueOn = (box: readonly Side[]) => value(box.map(({ lo, hi }) => arithmetic.fromDoubles(lo, hi)))[0];

  return (box) => {
    const [natural, ...slopes] = valueAndGradient(box.map(({ lo, hi }) => arithmetic.fromDoubles(lo, hi)));
    const isDefined = (x: I) => arithmetic.mark(x) === 0;
    if (!isDefined(natural) || !slopes.every(isDefined)) return { value: natural, gradient: slopes };
    const centre = box.map(midpoint);
    const deviations = box.map(({ lo, hi }, i) =>
      arithmetic.sub(arithmetic.fromDoubles(lo, hi), arithmetic.fromDoubles(centre[i].lo, centre[i].hi)),
    );
    const meanValue = arithmetic.add(valueOn(centre), arithmetic.dot(slopes, deviations));
    const sharpened = arithmetic.intersect(natural, meanValue);
    const trends = slopes.map((slope) => trend(arithmetic, slope));
    if (trends.every((sign) => sign === 0)) return { value: sharpened, gradient: slopes };
    const lowest = valueOn(box.map((side, i) => corner(side, trends[i])));
    const highest = valueOn(box.map((side, i) => corner(side, -trends[i])));
    return { value: arithmetic.intersect(sharpened, arithmetic.hull(lowest, highest)), gradient: slopes };
  };
}

/** 1 for a function that does not fall, -1 for one that does not rise, 0 for one that may do both. */
function trend<I>(arithmetic: Arithmetic<I>, slope: I): number {
  const { lo, hi } = arithmetic.outer(slope);
  return lo >= 0 ? 1 : hi <= 0 ? -1 : 0;
}

/** Where a function of that trend is least on the side. */
function corner(side: Side, sign: number): Side {
  return sign === 0 ? side : sign > 0 ? { lo: side.lo, hi: side.lo } : { lo: side.hi, hi: side.hi };
}

/** A point of the side near its middle. */
export function midpoint({ lo, hi }: Side): Side {
  const x = Math.min(Math.max(lo / 2 + hi / 2, lo), hi);
  return { lo: x, hi: x };
}

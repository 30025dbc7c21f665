import { Rational } from '../numbers/rational.js';
import { ARGUMENT, type Component } from '../symbolic/composition.js';
import { type Expression, power, variable } from '../symbolic/expression.js';
import type { Knot } from '../symbolic/piecewise.js';
import { interpolationError, type Span } from './interpolation.js';

/** Where the value of a part in the net lies, and its error. */
export interface PartBounds {
  readonly range: Span;
  readonly error: Span;
}

/** What stands in the net for a function, or for one of the two squares of a product. */
export type Curve = 'function' | 'plus' | 'minus';

/** The knots over an interval of what stands for part k; a sentence that says why there are none, otherwise. */
export type Curves = (k: number, curve: Curve, over: Span) => readonly Knot[] | string;

/**
 * How far a net that replaces each function of one number by a piecewise linear one is from the function it stands for.
 *
 * Let v^ be the value of a part in the net and v the one it stands for, v^ in V and v^ - v in [e, E], so that v lies in
 * V - [e, E]. Then, on an interval that holds both,
 * - an affine form has the affine form of the errors;
 * - g^(v^) - g(v) = (g^(v^) - g^(v)) + (g^ - g)(v): the least and largest slope of g^ times the error of v, plus the
 *   error of interpolation;
 * - with uv = s^2 - t^2, s = (u + v)/2, t = (u - v)/2, and Q, Q' for the squares in the net,
 *   Q(s^) - Q'(t^) - uv = (Q(s^) - s^^2) - (Q'(t^) - t^^2) + u^ (v^ - v) + v (u^ - u).
 * Ends are rounded outward to multiples of 2^-80, intervals for knots to multiples of 2^-20.
 *
 * The value and the error of every part, or a sentence that says which part has none.
 */
export function composedErrors(
  parts: readonly Component[],
  inputs: readonly Span[],
  curves: Curves,
): readonly PartBounds[] | string {
  const known: PartBounds[] = inputs.map((range) => ({ range, error: NONE }));
  for (const [k, part] of parts.entries()) {
    const next =
      part.kind === 'affine'
        ? affine(part.terms, part.constant, known)
        : part.kind === 'product'
          ? product(known[part.of[0]], known[part.of[1]], (curve, over) => curves(k, curve, over))
          : unary(part.g, known[part.of], (over) => curves(k, 'function', over));
    if (typeof next === 'string') return next;
    known.push({ range: outward(next.range, FINE), error: outward(next.error, FINE) });
  }
  return known.slice(inputs.length);
}

/** Where the knots of a function of an approximated number are needed. */
export function argumentSpan({ range, error }: PartBounds): Span {
  const exact = { lo: range.lo.sub(error.hi), hi: range.hi.sub(error.lo) };
  return onGrid(join(range, exact));
}

/** The same for s = (u + v)/2 and t = (u - v)/2. */
export function halfSpans(u: PartBounds, v: PartBounds): readonly [Span, Span] {
  const [plus, minus] = [Rational.of(1, 2), Rational.of(-1, 2)];
  const half = scaled(plus, u.range);
  return [onGrid(added(half, scaled(plus, v.range))), onGrid(added(half, scaled(minus, v.range)))];
}

function affine(
  terms: readonly (readonly [Rational, number])[],
  constant: Rational,
  known: readonly PartBounds[],
): PartBounds {
  let [range, error]: [Span, Span] = [{ lo: constant, hi: constant }, NONE];
  for (const [coefficient, place] of terms) {
    range = added(range, scaled(coefficient, known[place].range));
    error = added(error, scaled(coefficient, known[place].error));
  }
  return { range, error };
}

function unary(g: Expression, v: PartBounds, curve: (over: Span) => readonly Knot[] | string): PartBounds | string {
  const knots = curve(argumentSpan(v));
  if (typeof knots === 'string') return knots;
  const miss = interpolationError(knots, g, ARGUMENT);
  if (!miss) return 'the second derivative of a function is not bounded';
  const slopes = knots.slice(1).map((to, j) => to.y.sub(knots[j].y).div(to.x.sub(knots[j].x)));
  return { range: spanOf(knots.map(({ y }) => y)), error: added(miss, multiplied(spanOf(slopes), v.error)) };
}

function product(
  u: PartBounds,
  v: PartBounds,
  curve: (curve: Curve, over: Span) => readonly Knot[] | string,
): PartBounds | string {
  const misses: Span[] = [];
  for (const [k, over] of halfSpans(u, v).entries()) {
    const knots = curve(k === 0 ? 'plus' : 'minus', over);
    if (typeof knots === 'string') return knots;
    misses.push(interpolationError(knots, SQUARE, ARGUMENT)!);
  }
  const squares = added(misses[0], scaled(Rational.of(-1), misses[1]));
  const exact = added(v.range, scaled(Rational.of(-1), v.error));
  const carried = added(multiplied(u.range, v.error), multiplied(exact, u.error));
  return { range: added(multiplied(u.range, v.range), squares), error: added(squares, carried) };
}

const SQUARE = power(variable(ARGUMENT), Rational.of(2));
const NONE: Span = { lo: Rational.zero, hi: Rational.zero };
const FINE = Rational.pow2(-80);
const COARSE = Rational.pow2(-20);

function added(a: Span, b: Span): Span {
  return { lo: a.lo.add(b.lo), hi: a.hi.add(b.hi) };
}

function join(a: Span, b: Span): Span {
  return { lo: a.lo.min(b.lo), hi: a.hi.max(b.hi) };
}

function scaled(factor: Rational, { lo, hi }: Span): Span {
  const [a, b] = [lo.mul(factor), hi.mul(factor)];
  return factor.sign() < 0 ? { lo: b, hi: a } : { lo: a, hi: b };
}

function multiplied(a: Span, b: Span): Span {
  return spanOf([a.lo.mul(b.lo), a.lo.mul(b.hi), a.hi.mul(b.lo), a.hi.mul(b.hi)]);
}

function spanOf(values: readonly Rational[]): Span {
  return { lo: values.reduce((a, b) => a.min(b)), hi: values.reduce((a, b) => a.max(b)) };
}

/** A span of some length around another, with short ends. */
function onGrid(span: Span): Span {
  const { lo, hi } = outward(span, COARSE);
  return lo.lt(hi) ? { lo, hi } : { lo, hi: hi.add(COARSE) };
}

/** The least span with ends that are multiples of the unit. */
function outward({ lo, hi }: Span, unit: Rational): Span {
  return { lo: Rational.of(lo.div(unit).floor()).mul(unit), hi: Rational.of(hi.div(unit).ceil()).mul(unit) };
}

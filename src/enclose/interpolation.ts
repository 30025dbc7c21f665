import { isGuaranteed } from '../numbers/arithmetic.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { quadraticErrors } from './pieces.js';

/** Two exact numbers, the smaller first. */
export interface Span {
  readonly lo: Rational;
  readonly hi: Rational;
}

/**
 * A span that holds p - g on the interval of the knots, p linear between them; null where g'' is not bounded.
 *
 * - g piecewise linear, or a polynomial of degree at most 2: the least one.
 * - Otherwise, on a piece of length w, p - g lies within [0, w^2/8] g'' of its own chord (the error of linear
 *   interpolation, applied to p - g), and so between the ends' values and those plus that.
 */
export function interpolationError(knots: readonly E.Knot[], g: E.Expression, variable: string): Span | null {
  const [first, last] = [knots[0], knots[knots.length - 1]];
  const corners = E.isPiecewiseLinear(g, [variable]) ? E.knotsOf(g, variable, first.x, last.x) : undefined;
  if (corners) return hull(differences(knots, corners));
  const polynomial = E.polynomialOf(g, [variable]);
  if (polynomial && polynomial.degree <= 2) return hull(quadraticErrors(knots, polynomial).map(({ value }) => value));
  return byBend(knots, g, variable);
}

/** p - q at the knots of either. */
function differences(p: readonly E.Knot[], q: readonly E.Knot[]): Rational[] {
  return [...p, ...q].map(({ x }) => valueAt(p, x).sub(valueAt(q, x)));
}

function valueAt(knots: readonly E.Knot[], x: Rational): Rational {
  const j = Math.max(
    1,
    knots.findIndex((knot) => x.le(knot.x)),
  );
  const [from, to] = [knots[j - 1], knots[j]];
  const slope = to.y.sub(from.y).div(to.x.sub(from.x));
  return from.y.add(slope.mul(x.sub(from.x)));
}

function byBend(knots: readonly E.Knot[], g: E.Expression, variable: string): Span | null {
  const A = doubleIntervals;
  const second = E.differentiate(E.differentiate(g, variable), variable);
  const program = E.toIntervals([g, second], [variable], A);
  const ends = knots.map(({ x, y }) => A.sub(A.of(y), program([A.of(x)])[0]));
  let all = ends.reduce(A.hull);
  for (let k = 1; k < knots.length; k++) {
    const [from, to] = [knots[k - 1].x, knots[k].x];
    const [value, second] = program([A.between(from, to)]);
    if (!isGuaranteed(A, value)) return null;
    const half = A.of(to.sub(from).div(TWO));
    const bulge = A.div(A.mul(second, A.sqr(half)), A.of(TWO));
    all = A.hull(all, A.add(A.hull(ends[k - 1], ends[k]), A.hull(A.zero, bulge)));
  }
  const [lo, hi] = [A.lower(all), A.upper(all)];
  return isGuaranteed(A, all) && lo && hi ? { lo, hi } : null;
}

function hull(values: readonly Rational[]): Span {
  return { lo: values.reduce((a, b) => a.min(b)), hi: values.reduce((a, b) => a.max(b)) };
}

const TWO = Rational.of(2);

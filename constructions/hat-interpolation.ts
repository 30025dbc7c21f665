/**
 * Piecewise linear interpolation of f on N equal pieces of [a, b] (`hat-interpolation`), knots x_j = a + j (b - a)/N:
 *   |f - fhat| <= L (b - a)/(2 N)              for f with Lipschitz constant L,
 *   |f - fhat| <= max|f''| (b - a)^2 / (8 N^2)   for f in C^2, attained by f = x^2,
 * and fhat stays within [min f, max f], because on each piece it lies between two values of f. An irrational f(x_j) is
 * replaced by a double next to it, on the side of the middle of all values: so fhat does not leave the range of f.
 */
import {
  Builder,
  type Construction,
  DomainError,
  doubleIntervals,
  type Expression,
  InputError,
  Rational,
  toText,
  valueBounds,
} from '../src/index.js';
import { equalKnots, hatNet } from './hat-net.js';

export interface Interpolation {
  /** In the variable x. */
  readonly f: Expression;
  readonly a: Rational;
  readonly b: Rational;
  readonly N: number;
}

/** Input x [coordinate 1], output y [value 1]. Throws InputError where f is undefined at a knot. */
export function hatInterpolation(design: Interpolation): Construction<Interpolation> {
  const { f, a, b, N } = design;
  const knots = equalKnots(a, b, N);
  const builder = new Builder();
  const x = builder.input('x', { coordinate: 1 });
  const y = hatNet(builder, x, [{ coordinate: 0, hat: { knots, values: knotValues(f, knots) } }], Rational.zero, 'y');
  return { network: builder.network({ y }), design };
}

/** Parameters of the net: N weights, N biases, N output weights and the offset. */
export function hatParameters(N: number): number {
  return 3 * N + 1;
}

interface Bounds {
  readonly lo: Rational;
  readonly hi: Rational;
}

function knotValues(f: Expression, knots: readonly Rational[]): Rational[] {
  const bounds = knots.map((x) => boundsAt(f, x));
  const least = bounds.reduce((low, { lo }) => low.min(lo), bounds[0].lo);
  const most = bounds.reduce((high, { hi }) => high.max(hi), bounds[0].hi);
  const middle = least.add(most).div(Rational.of(2));
  return bounds.map(({ lo, hi }) => (hi.le(middle) ? hi : lo));
}

/** f(x), or two doubles around it. */
function boundsAt(f: Expression, x: Rational): Bounds {
  try {
    return valueBounds(f, new Map([['x', x]]), doubleIntervals);
  } catch (error) {
    if (!(error instanceof DomainError || error instanceof RangeError)) throw error;
    const found = `${toText(f)} is undefined or too large at x = ${x}`;
    throw new InputError({ found, allowed: 'f that is defined on all of [a, b]' });
  }
}

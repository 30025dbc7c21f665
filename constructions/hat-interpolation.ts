/**
 * Piecewise linear interpolation of f on N equal pieces of [a, b] (`hat-interpolation`), knots x_j = a + j (b - a)/N:
 *   |f - fhat| <= L (b - a)/(2 N)              for f with Lipschitz constant L,
 *   |f - fhat| <= max|f''| (b - a)^2 / (8 N^2)   for f in C^2, attained by f = x^2,
 * and fhat stays within [min f, max f], because on each piece it lies between two values of f. An irrational f(x_j) is
 * replaced by the nearest double, or the one next to it where that would leave the range of the values at the knots: so
 * fhat stays in the range of f, and misses it by the rounding of its values more than the interpolant does.
 */
import {
  Builder,
  type Construction,
  DomainError,
  type Expression,
  InputError,
  Rational,
  roundedTo,
  toText,
  type ValueBounds,
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

/** Values for the net within the range of f on the knots, wherever numbers of 106 bits lie there. */
function knotValues(f: Expression, knots: readonly Rational[]): Rational[] {
  const bounds = knots.map((x) => boundsAt(f, x));
  const range = {
    lo: bounds.reduce((low, { hi }) => low.min(hi), bounds[0].hi),
    hi: bounds.reduce((high, { lo }) => high.max(lo), bounds[0].lo),
  };
  return bounds.map((value) => weightFor(value, range));
}

/** The nearest number of 53 bits to a value, or its neighbour inside the range, or a longer one. */
function weightFor({ lo, hi }: ValueBounds, range: ValueBounds): Rational {
  if (lo.equals(hi)) return lo;
  const value = lo.add(hi).div(Rational.of(2));
  for (const bits of [WEIGHT_BITS, 2 * WEIGHT_BITS]) {
    const near = (['nearest', 'down', 'up'] as const).map((direction) => roundedTo(value, bits, direction));
    const inside = near.find((x) => range.lo.le(x) && x.le(range.hi));
    if (inside) return inside;
  }
  return roundedTo(value, WEIGHT_BITS, 'nearest');
}

/**
 * What the rounding of irrational f(x_j) to weights adds to the error at most: a unit of the largest of them. 0 when all
 * are rational.
 */
export function roundingOfValues({ f, a, b, N }: Interpolation): Rational {
  const bounds = equalKnots(a, b, N).map((x) => boundsAt(f, x));
  const rounded = bounds.filter(({ lo, hi }) => !lo.equals(hi));
  const most = rounded.reduce((size, { lo, hi }) => size.max(lo.abs()).max(hi.abs()), Rational.zero);
  return roundedTo(most.mul(UNIT), WEIGHT_BITS, 'up');
}

const WEIGHT_BITS = 53;
const UNIT = Rational.pow2(1 - WEIGHT_BITS);
const LARGEST = Rational.pow2(1024);

/** Tight bounds of f(x). */
function boundsAt(f: Expression, x: Rational): ValueBounds {
  try {
    const bounds = valueBounds(f, new Map([['x', x]]));
    if (bounds.lo.abs().max(bounds.hi.abs()).lt(LARGEST)) return bounds;
  } catch (error) {
    if (!(error instanceof DomainError || error instanceof RangeError)) throw error;
  }
  const found = `${toText(f)} is undefined or too large at x = ${x}`;
  throw new InputError({ found, allowed: 'f that is defined on all of [a, b]' });
}

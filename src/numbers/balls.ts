import type { Arithmetic } from './arithmetic.js';
import { type Ball, bits, EMPTY, ENTIRE, ends, marked, negated, ONE, scale, shift, ZERO } from './ball.js';
import * as basic from './ball-arithmetic.js';
import { exp, log, sqrt, tanh } from './ball-elementary.js';
import { erf } from './ball-erf.js';
import { lambertW } from './ball-lambert.js';
import { ofRational, pow, pown } from './ball-powers.js';
import * as sums from './ball-sums.js';
import { cos, sin } from './ball-trigonometric.js';
import { fromFloat } from './convert.js';
import { interval } from './interval.js';
import { Rational } from './rational.js';
import { LARGEST, mulDown, SMALLEST } from './rounding.js';

/**
 * Rigorous numbers with middles of P to P + 63 bits, for P from 64 to 65536. Unbounded results become the whole line;
 * otherwise the same contract as on doubles. Throws RangeError for another precision.
 */
export function ballIntervals(precision: number): Arithmetic<Ball> {
  if (!Number.isInteger(precision) || precision < 64 || precision > 65536) {
    throw new RangeError(`a precision of ${precision} bits; allowed: 64 to 65536`);
  }
  type Unary = (x: Ball, precision: number) => Ball;
  type Binary = (a: Ball, b: Ball, precision: number) => Ball;
  const unary = (f: Unary) => (x: Ball) => f(x, precision);
  const binary = (f: Binary) => (a: Ball, b: Ball) => f(a, b, precision);
  return {
    name: `${precision} bits`,
    precision,

    empty: EMPTY,
    entire: ENTIRE,
    zero: ZERO,
    one: ONE,

    of: (value) => ofRational(value, precision),
    between: (lo, hi) => fromBounds(lo, hi, precision),
    fromDoubles: (lo, hi) => {
      interval(lo, hi);
      return Number.isFinite(lo) && Number.isFinite(hi) ? fromBounds(fromFloat(lo), fromFloat(hi), precision) : ENTIRE;
    },

    lower,
    upper: (x) => lower(negated(x))?.neg(),
    outer,
    isEmpty: (x) => x.rad < 0,
    mark: (x) => x.mark,
    marked,

    less: basic.less,
    atMost: basic.atMost,

    neg: negated,
    abs: unary(basic.abs),
    sqr: unary(basic.sqr),
    sqrt: unary(sqrt),
    exp: unary(exp),
    log: unary(log),
    sin: unary(sin),
    cos: unary(cos),
    tanh: unary(tanh),
    erf: unary(erf),
    lambertW: unary(lambertW),

    add: binary(basic.add),
    sub: binary(basic.sub),
    mul: binary(basic.mul),
    div: binary(basic.div),
    min: binary(basic.min),
    max: binary(basic.max),

    pown: (x, exponent) => pown(x, exponent, precision),
    pow: (x, exponent) => pow(x, exponent, precision),

    hull: binary(basic.hull),
    intersect: binary(basic.intersect),

    sum: (terms) => sums.sum(terms, precision),
    dot: (a, b) => sums.dot(a, b, precision),
    affine: (rows, offset) => sums.affine(rows, offset, precision),
  };
}

function fromBounds(lo: Rational, hi: Rational, precision: number): Ball {
  if (hi.lt(lo)) throw new RangeError(`[${lo}, ${hi}] is not an interval`);
  return basic.hull(ofRational(lo, precision), ofRational(hi, precision), precision);
}

function lower(x: Ball): Rational | undefined {
  if (x.rad < 0) throw new RangeError('the empty interval has no bounds');
  if (x.rad === Number.POSITIVE_INFINITY) return undefined;
  const { lo, exp } = ends(x);
  return dyadic(lo, exp);
}

/** m 2^e in lowest terms. */
function dyadic(m: bigint, e: number): Rational {
  if (e >= 0 || m === 0n) return Rational.of(shift(m, Math.max(e, 0)));
  const zeros = Math.min(bits(m & -m) - 1, -e);
  return Rational.unsafeReduced(m >> BigInt(zeros), 1n << BigInt(-e - zeros));
}

function outer(x: Ball): { readonly lo: number; readonly hi: number } {
  if (x.rad < 0) return { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY };
  if (x.rad === Number.POSITIVE_INFINITY) return { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };
  const { lo, hi, exp } = ends(x);
  return { lo: doubleDown(lo, exp), hi: -doubleDown(-hi, exp) };
}

/** A double at most m 2^e. */
function doubleDown(m: bigint, e: number): number {
  const excess = bits(m) - 53;
  const leading = Number(shift(m, -excess));
  const k = e + excess;
  if (k > 971) return m > 0n ? LARGEST : m < 0n ? Number.NEGATIVE_INFINITY : 0;
  if (k < -1134) return m >= 0n ? 0 : -SMALLEST;
  return k >= -1000 ? mulDown(leading, scale(1, k)) : mulDown(leading * 2 ** -60, scale(1, k + 60));
}

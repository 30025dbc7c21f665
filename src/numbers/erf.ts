import { ballIntervals } from './balls.js';
import { Rational } from './rational.js';
import { addDown, addUp, mulDown, mulUp, nextDown } from './rounding.js';

/**
 * erf of a double, rounded down or up, from Taylor polynomials around the multiples of 1/16.
 *
 * Let c be the multiple nearest to x > 0 and h = x - c, which is exact (c = 0, or c/2 <= x <= 2c) and |h| <= 1/32. In the
 * disk of radius 1 around c, |erf'| <= 2 e/sqrt(pi) < 3.1, so the coefficient a_j of h^j is below 3.1/j (Cauchy) and the
 * terms beyond degree 12 add less than 2^-66. u = 2^-53.
 *
 * For c > 0, erf c is a pair high + low up to 2^-100 and a_j is within 2u of its rounded value. Horner's rule on
 * a_1 + h (a_2 + ...) errs by at most 6u 1.13 (1 + 1/32 + ...), times h: 0.22 u. The additions of low and of high add
 * 0.04 u and u |erf x|. Stated: u (1/2 + 2 |erf x|).
 *
 * For c = 0 the odd polynomial h (s_0 + h^2 (s_1 + ...)) to degree 13 errs by 4u of itself, its truncation by 2^-80.
 * Stated: 8u.
 */
const SPACING = 1 / 16;
const DEGREE = 12;
/** From here on 1 - erf x < 2^-55. */
const LAST = 6;
const U = 2 ** -53;

export function erfDown(x: number): number {
  return x < 0 ? -bound(-x, true) : bound(x, false);
}

export function erfUp(x: number): number {
  return x < 0 ? -bound(-x, false) : bound(x, true);
}

/** erf x to a few units in the last place, for searches. */
export function erfNear(x: number): number {
  return Math.abs(x) < LAST ? Math.sign(x) * polynomial(Math.abs(x)) : Math.sign(x);
}

/** A bound of erf x for x >= 0. */
function bound(x: number, up: boolean): number {
  if (x === 0) return 0;
  if (x >= LAST) return up ? 1 : nextDown(1);
  if (x < 2 ** -27) return smallBound(x, up);
  const value = polynomial(x);
  const error = x < SPACING / 2 ? 8 * U * value : U * (0.5 + 2 * value);
  return up ? Math.min(addUp(value, error), 1) : addDown(value, -error);
}

/** 2/sqrt(pi) (x - x^3/3) < erf x < 2/sqrt(pi) x, and x^2/3 < u. */
function smallBound(x: number, up: boolean): number {
  const { slope } = table();
  return up ? mulUp(x, slope.hi) : nextDown(mulDown(x, slope.lo));
}

function polynomial(x: number): number {
  const { centers } = table();
  const k = Math.floor(x / SPACING + 0.5);
  const h = x - k * SPACING;
  const { high, low, coefficients } = centers[k];
  if (k === 0) {
    const z = h * h;
    let s = coefficients[6];
    for (let n = 5; n >= 0; n--) s = s * z + coefficients[n];
    return h * s;
  }
  let q = coefficients[DEGREE - 1];
  for (let j = DEGREE - 2; j >= 0; j--) q = q * h + coefficients[j];
  return high + (low + h * q);
}

interface Center {
  readonly high: number;
  readonly low: number;
  /** a_1, a_2, ...; at 0 those of odd powers alone. */
  readonly coefficients: Float64Array;
}

interface Table {
  readonly slope: { readonly lo: number; readonly hi: number };
  readonly centers: readonly Center[];
}

let made: Table | undefined;

function table(): Table {
  made ??= makeTable();
  return made;
}

/**
 * With g = erf', g' = -2 x g: the Taylor coefficients b_j of g around c satisfy (j + 1) b_(j+1) = -2 (c b_j + b_(j-1)),
 * and a_(j+1) = b_j/(j + 1).
 */
function makeTable(): Table {
  const A = ballIntervals(192);
  const ratio = (p: number, q = 1) => A.of(Rational.of(p, q));
  // erf x / x -> 2/sqrt(pi): from erf at 2^-200, where the next term of the series is below 2^-400 of it.
  const tiny = Rational.pow2(-200);
  const slope = A.div(A.erf(A.of(tiny)), A.of(tiny));
  const middle = (x: ReturnType<typeof A.of>): number => {
    const { lo, hi } = A.outer(x);
    return lo === hi ? lo : Math.abs(lo) < Math.abs(hi) ? lo : hi;
  };
  const centers = Array.from({ length: LAST / SPACING + 1 }, (_, k): Center => {
    const c = Rational.of(k, 16);
    const value = A.erf(A.of(c));
    const high = k === 0 ? 0 : middle(value);
    const low = k === 0 ? 0 : middle(A.sub(value, A.fromDoubles(high, high)));
    const g = [A.mul(slope, A.exp(A.of(c.mul(c).neg())))];
    for (let j = 0; j < 2 * DEGREE; j++) {
      const before = j > 0 ? g[j - 1] : A.zero;
      g.push(A.mul(ratio(-2, j + 1), A.add(A.mul(A.of(c), g[j]), before)));
    }
    const all = g.map((b, j) => middle(A.div(b, ratio(j + 1))));
    return { high, low, coefficients: Float64Array.from(k === 0 ? all.filter((_, j) => j % 2 === 0) : all) };
  });
  return { slope: A.outer(slope), centers };
}

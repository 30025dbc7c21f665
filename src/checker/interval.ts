import { spend } from './budget.js';
import { Rejected } from './failure.js';
import { bitsOf, costOfProduct, Fraction } from './fraction.js';
import type { Side } from './side.js';

/**
 * Closed intervals whose ends are integers over 2^BITS, rounded outward by every operation. null is "no bound": a
 * function may be undefined somewhere on its argument, or the value is too large to be worth a bound.
 */
export interface Interval {
  readonly lo: bigint;
  readonly hi: bigint;
}

type Bound = Interval | null;

export const BITS = 256n;
const ONE = 1n << BITS;
/** Ends beyond this are refused: no bound of a network is so large, and they would cost time and memory. */
const LARGEST = 1n << 4096n;
const ORDINARY = 1n << 512n;

/** About the bits of the longer end, 0 for ends of ordinary size. Throws Rejected beyond LARGEST. */
function lengthOf({ lo, hi }: Interval): number {
  if (hi < ORDINARY && lo > -ORDINARY) return 0;
  if (hi > LARGEST || lo < -LARGEST) throw new Rejected('a number grows too large to be enclosed');
  return Math.max(bitsOf(lo), bitsOf(hi));
}

export function interval(value: Fraction): Interval {
  spend(30 + costOfProduct(value.bits, value.bits));
  const found = around(value.n << BITS, value.d);
  lengthOf(found);
  return found;
}

/** The least interval around both numbers, a <= b. */
export function between(a: Fraction, b: Fraction): Interval {
  return { lo: interval(a).lo, hi: interval(b).hi };
}

export function lower(x: Interval): Fraction {
  spend(30);
  return Fraction.of(x.lo, ONE);
}

export function upper(x: Interval): Fraction {
  spend(30);
  return Fraction.of(x.hi, ONE);
}

/** The ends as numbers. */
export function sideOf(x: Interval): Side {
  return { lo: lower(x), hi: upper(x) };
}

export function add(x: Interval, y: Interval): Interval {
  spend(10);
  return { lo: x.lo + y.lo, hi: x.hi + y.hi };
}

export function neg(x: Interval): Interval {
  return { lo: -x.hi, hi: -x.lo };
}

export function mul(x: Interval, y: Interval): Interval {
  spend(20 + 4 * costOfProduct(lengthOf(x), lengthOf(y)));
  if (x.lo >= 0n && y.lo >= 0n) return { lo: (x.lo * y.lo) >> BITS, hi: -((-x.hi * y.hi) >> BITS) };
  const ends = [x.lo * y.lo, x.lo * y.hi, x.hi * y.lo, x.hi * y.hi];
  return { lo: least(ends) >> BITS, hi: -(-most(ends) >> BITS) };
}

export function inverse(x: Interval): Bound {
  spend(50);
  if (x.lo <= 0n && x.hi >= 0n) return null;
  return { lo: floorDiv(ONE * ONE, x.hi), hi: ceilDiv(ONE * ONE, x.lo) };
}

export function hull(x: Interval, y: Interval): Interval {
  return { lo: least([x.lo, y.lo]), hi: most([x.hi, y.hi]) };
}

/** What two intervals that hold the same number have in common. */
export function meet(x: Interval, y: Interval): Interval {
  return { lo: most([x.lo, y.lo]), hi: least([x.hi, y.hi]) };
}

export function min(x: Interval, y: Interval): Interval {
  return { lo: least([x.lo, y.lo]), hi: least([x.hi, y.hi]) };
}

export function max(x: Interval, y: Interval): Interval {
  return neg(min(neg(x), neg(y)));
}

/** -1 or 1 where the sign is the same on the whole interval (0 counts as either); 0 when it is not known. */
export function sign(x: Interval): -1 | 0 | 1 {
  return x.lo >= 0n ? 1 : x.hi <= 0n ? -1 : 0;
}

/** x^n for n >= 0, sharp for even n. */
export function power(x: Interval, n: number): Interval {
  if (n % 2 === 0 && sign(x) === 0) {
    const end = power({ lo: 0n, hi: most([-x.lo, x.hi]) }, n);
    return { lo: n === 0 ? ONE : 0n, hi: end.hi };
  }
  let [result, base] = [point(ONE), x];
  for (let k = n; k > 0; k >>= 1) {
    if (k & 1) result = mul(result, base);
    if (k > 1) base = mul(base, base);
  }
  return result;
}

/** The square root; exact where it has at most BITS binary places. */
export function root(x: Interval): Bound {
  if (x.lo < 0n) return null;
  const [below, above] = [integerRoot(x.lo << BITS), integerRoot(x.hi << BITS)];
  return { lo: below, hi: above * above === x.hi << BITS ? above : above + 1n };
}

/** floor(sqrt(n)) by Newton's iteration from above. */
function integerRoot(n: bigint): bigint {
  spend(200);
  if (n < 2n) return n;
  const bits = bitsOf(n);
  for (let x = 1n << BigInt((bits >> 1) + 1); ; ) {
    spend(30 + costOfProduct(bits, bits >> 1));
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** Arguments of exp beyond this in modulus are 0 up to rounding, or too large to be worth a bound. */
const LARGEST_EXPONENT = 1024n << BITS;

/** e^x by monotony. */
export function exp(x: Interval): Bound {
  const [below, above] = [pointExp(x.lo), pointExp(x.hi)];
  return below && above && { lo: below.lo, hi: above.hi };
}

/** sum r^k/k! with r = x/2^HALVINGS, |r| <= 1/2, squared HALVINGS times. The series' rest is at most its last term. */
function pointExp(x: bigint): Bound {
  if (x < -LARGEST_EXPONENT) return { lo: 0n, hi: 1n };
  if (x > LARGEST_EXPONENT) return null;
  const halvings = 12n;
  let result = widen(exponentialTerms(halved(x, halvings)).reduce(add), 2n);
  for (let k = 0n; k < halvings; k++) result = mul(result, result);
  return { lo: result.lo < 0n ? 0n : result.lo, hi: result.hi };
}

/** r^k/k! for k = 0, 1, ..., until they are at most an ulp. */
function exponentialTerms(r: Interval): Interval[] {
  const terms = [point(ONE)];
  for (let k = 1n; magnitude(terms[terms.length - 1]) > 1n; k++) terms.push(shrink(mul(terms[terms.length - 1], r), k));
  return terms;
}

/** log x by monotony; null when x is not positive throughout. */
export function log(x: Interval): Bound {
  return x.lo <= 0n ? null : { lo: pointLog(x.lo).lo, hi: pointLog(x.hi).hi };
}

const LOG_2 = logOfMantissa(point(2n * ONE));

function pointLog(x: bigint): Interval {
  const shift = BigInt(x.toString(2).length) - BITS - 1n;
  const m = shift > 0n ? halved(x, shift) : point(x << -shift);
  return add(logOfMantissa(m), mul(point(shift * ONE), LOG_2));
}

/** 2 atanh(y) with y = (m - 1)/(m + 1) in [0, 1/3], m in [1, 2]; each term is at most 1/9 of the one before. */
function logOfMantissa(m: Interval): Interval {
  const y = mul({ lo: m.lo - ONE, hi: m.hi - ONE }, inverse({ lo: m.lo + ONE, hi: m.hi + ONE })!);
  const square = mul(y, y);
  let [sum, term] = [y, y];
  for (let k = 3n; magnitude(term) > 1n; k += 2n) {
    term = mul(term, square);
    sum = add(sum, shrink(term, k));
  }
  return widen(add(sum, sum), 2n);
}

/** sin or cos, from the centre with Lipschitz constant 1. */
export function sine(x: Interval): Interval {
  return aroundCentre(x, (centre) => sineAndCosine(centre)[0]);
}

export function cosine(x: Interval): Interval {
  return aroundCentre(x, (centre) => sineAndCosine(centre)[1]);
}

function aroundCentre(x: Interval, value: (centre: bigint) => Interval): Interval {
  const centre = (x.lo + x.hi) >> 1n;
  const radius = most([x.hi - centre, centre - x.lo]);
  const { lo, hi } = widen(value(centre), radius);
  return { lo: most([lo, -ONE]), hi: least([hi, ONE]) };
}

const MOST_HALVINGS = 64n;
const UNIT: Interval = { lo: -ONE, hi: ONE };

/** Taylor series at x/2^k, |x/2^k| <= 1, whose rest is at most its last term, then k times the double angle. */
function sineAndCosine(x: bigint): [Interval, Interval] {
  const halvings = BigInt(Math.max(0, (x < 0n ? -x : x).toString(2).length - Number(BITS)));
  if (halvings > MOST_HALVINGS) return [UNIT, UNIT];
  const terms = exponentialTerms(halved(x, halvings)).map((term, k) => (k % 4 < 2 ? term : neg(term)));
  let [s, c] = [1, 0].map((odd) => widen(terms.filter((_, k) => k % 2 === odd).reduce(add), 2n));
  for (let k = 0n; k < halvings; k++) {
    const square = mul(c, c);
    [s, c] = [mul(add(s, s), c), { lo: 2n * square.lo - ONE, hi: 2n * square.hi - ONE }];
  }
  return [s, c];
}

/** The error function by monotony. */
export function erf(x: Interval): Interval {
  return { lo: pointErf(x.lo).lo, hi: pointErf(x.hi).hi };
}

/** 2/sqrt(pi) sum (-1)^n x^(2n+1)/(n! (2n+1)); beyond 8 it is 1 up to e^(-64), which is below 2^(-92). */
function pointErf(x: bigint): Interval {
  if (x < 0n) return neg(pointErf(-x));
  if (x >= 8n * ONE) return { lo: ONE - (ONE >> 92n), hi: ONE };
  let [sum, power] = [point(x), point(x)];
  const square = mul(sum, sum);
  // From x^2 terms on they fall, and alternate: the rest is at most the next one.
  for (let n = 1n; magnitude(power) > 1n || n * ONE <= square.hi; n++) {
    power = shrink(mul(power, square), n);
    const term = shrink(power, 2n * n + 1n);
    sum = add(sum, n % 2n === 0n ? term : neg(term));
  }
  return meet(mul(widen(sum, 2n), TWO_OVER_ROOT_PI), { lo: 0n, hi: ONE });
}

/** Machin: pi = 16 atan(1/5) - 4 atan(1/239). */
export const PI: Interval = add(
  mul(interval(Fraction.of(16)), inverseTangent(5n)),
  neg(mul(interval(Fraction.of(4)), inverseTangent(239n))),
);

/** atan(1/q): an alternating series with falling terms. */
function inverseTangent(q: bigint): Interval {
  let [sum, term] = [interval(Fraction.zero), interval(Fraction.of(1, q))];
  for (let k = 1n; magnitude(term) > 1n; k += 2n) {
    sum = add(sum, shrink(k % 4n === 1n ? term : neg(term), k));
    term = shrink(term, q * q);
  }
  return widen(sum, 2n);
}

/** 2/sqrt(pi), the slope of erf at 0. */
export const TWO_OVER_ROOT_PI: Interval = mul(interval(Fraction.of(2)), inverse(root(PI)!)!);

/** n/d for d > 0, which need not be in lowest terms. */
export function quotient(n: bigint, d: bigint): Interval {
  spend(30 + costOfProduct(bitsOf(n), bitsOf(d)));
  return around(n << BITS, d);
}

function around(n: bigint, d: bigint): Interval {
  return { lo: floorDiv(n, d), hi: ceilDiv(n, d) };
}

function point(x: bigint): Interval {
  return { lo: x, hi: x };
}

/** x/2^halvings. */
function halved(x: bigint, halvings: bigint): Interval {
  return { lo: x >> halvings, hi: -(-x >> halvings) };
}

function shrink(x: Interval, divisor: bigint): Interval {
  spend(30);
  return { lo: floorDiv(x.lo, divisor), hi: ceilDiv(x.hi, divisor) };
}

function widen(x: Interval, by: bigint): Interval {
  return { lo: x.lo - by, hi: x.hi + by };
}

function magnitude(x: Interval): bigint {
  return most([-x.lo, x.hi]);
}

function floorDiv(n: bigint, d: bigint): bigint {
  const [p, q] = d < 0n ? [-n, -d] : [n, d];
  return p >= 0n ? p / q : -((-p + q - 1n) / q);
}

function ceilDiv(n: bigint, d: bigint): bigint {
  return -floorDiv(-n, d);
}

function least(values: readonly bigint[]): bigint {
  let found = values[0];
  for (const value of values) if (value < found) found = value;
  return found;
}

function most(values: readonly bigint[]): bigint {
  let found = values[0];
  for (const value of values) if (value > found) found = value;
  return found;
}

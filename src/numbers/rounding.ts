/**
 * Directed rounding of +, -, *, / and sqrt on doubles: the only place where float64 results are turned into bounds.
 *
 * ECMAScript prescribes IEEE 754 binary64, round to nearest even, for the four operators (and nothing for Math.*).
 * Each function rounds to nearest, finds the sign of the rounding error by an error-free transformation and steps to
 * the neighbour only when the error points the wrong way: every bound is the tightest one, and exact cases stay exact.
 * (Stepping always costs about the same and makes 1 + 1 an interval.)
 *
 * Knuth's TwoSum: the error of fl(a + b) is exact whenever the sum is finite, apart from an overflow inside, which
 * leaves an infinity or NaN (Boldo, Graillat, Muller 2017). Dekker's TwoProduct with Veltkamp's splitting is exact for
 * factors below 2^995 and 2^-969 <= |ab| < 2^1021; outside it runs on scaled factors. No argument may be NaN.
 */

export const LARGEST = Number.MAX_VALUE;
export const SMALLEST = Number.MIN_VALUE;

/** phi = u(1 + 2u): fl(c + fl(phi |c|)) succeeds c for |c| >= 2^-969 (Rump, Zimmermann, Boldo, Melquiond 2009). */
const PHI = 2 ** -53 * (1 + 2 ** -52);
const MEDIUM = 2 ** -969;
const SMALL = 2 ** -1021;
const SCALE = 2 ** 53;

/** The least double above x; +infinity for +infinity. */
export function nextUp(x: number): number {
  const size = Math.abs(x);
  if (size >= MEDIUM) return x === Number.NEGATIVE_INFINITY ? -LARGEST : x + PHI * size;
  if (size < SMALL) return x + SMALLEST;
  return (x * SCALE + PHI * (size * SCALE)) / SCALE;
}

/** The greatest double below x; -infinity for -infinity. */
export function nextDown(x: number): number {
  return -nextUp(-x);
}

/** The greatest double at most a + b. */
export function addDown(a: number, b: number): number {
  const sum = a + b;
  const error = sumError(a, b, sum);
  return error >= 0 && error < LARGEST ? sum : nextDown(sum);
}

/** The least double at least a + b. */
export function addUp(a: number, b: number): number {
  const sum = a + b;
  const error = sumError(a, b, sum);
  return error <= 0 && error > -LARGEST ? sum : nextUp(sum);
}

/** The greatest double at most a - b. */
export function subDown(a: number, b: number): number {
  return addDown(a, -b);
}

/** The least double at least a - b. */
export function subUp(a: number, b: number): number {
  return addUp(a, -b);
}

/** The greatest double at most ab; 0 times infinity is 0. */
export function mulDown(a: number, b: number): number {
  const product = a * b;
  if (isSafeProduct(a, b, product)) return productError(a, b, product) < 0 ? nextDown(product) : product;
  if (a === 0 || b === 0) return 0;
  return Number.isFinite(product) && edgeError(a, b, product) >= 0 ? product : nextDown(product);
}

/** The least double at least ab; 0 times infinity is 0. */
export function mulUp(a: number, b: number): number {
  return -mulDown(-a, b);
}

/** The greatest double at most a/b for b other than 0; anything over infinity is 0. */
export function divDown(a: number, b: number): number {
  if (b < 0) return divDown(-a, -b);
  const quotient = a / b;
  if (isSafeProduct(quotient, b, a)) {
    const product = quotient * b;
    return a - product - productError(quotient, b, product) < 0 ? nextDown(quotient) : quotient;
  }
  if (a === 0 || b === Number.POSITIVE_INFINITY) return 0;
  if (quotient === 0) return a > 0 ? 0 : -SMALLEST;
  return Number.isFinite(quotient) && edgeError(quotient, b, a) <= 0 ? quotient : nextDown(quotient);
}

/** The least double at least a/b for b other than 0; anything over infinity is 0. */
export function divUp(a: number, b: number): number {
  return -divDown(-a, b);
}

/** A double whose square is at most x >= 0; the greatest one if Math.sqrt rounds to nearest, as hardware does. */
export function sqrtDown(x: number): number {
  if (x > 2 ** 900) return x === Number.POSITIVE_INFINITY ? 2 ** 511 : sqrtDown(x * 2 ** -600) * 2 ** 300;
  if (x < 2 ** -900) return x === 0 ? 0 : sqrtDown(x * 2 ** 600) * 2 ** -300;
  let root = Math.sqrt(x);
  while (squareExcess(root, x) > 0) root = nextDown(root);
  return root;
}

/** A double whose square is at least x >= 0; the least one if Math.sqrt rounds to nearest, as hardware does. */
export function sqrtUp(x: number): number {
  if (x > 2 ** 900) return x === Number.POSITIVE_INFINITY ? x : sqrtUp(x * 2 ** -600) * 2 ** 300;
  if (x < 2 ** -900) return x === 0 ? 0 : sqrtUp(x * 2 ** 600) * 2 ** -300;
  let root = Math.sqrt(x);
  while (squareExcess(root, x) < 0) root = nextUp(root);
  return root;
}

/** (a + b) - sum for sum = fl(a + b). */
export function sumError(a: number, b: number, sum: number): number {
  const partOfA = sum - b;
  return a - partOfA + (b - (sum - partOfA));
}

const SPLITTER = 2 ** 27 + 1;

/** ab - product for product = fl(ab), exact where `isSafeProduct`. */
export function productError(a: number, b: number, product: number): number {
  const ca = SPLITTER * a;
  const aHigh = ca - (ca - a);
  const aLow = a - aHigh;
  const cb = SPLITTER * b;
  const bHigh = cb - (cb - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

const HUGE = 2 ** 990;
const TINY = 2 ** -960;

/** Whether `productError` is exact: neither the splitting overflows nor the error underflows. */
export function isSafeProduct(a: number, b: number, product: number): boolean {
  const size = Math.abs(product);
  return size > TINY && size < HUGE && Math.abs(a) < HUGE && Math.abs(b) < HUGE;
}

/**
 * A number with the sign of ab - product, for finite numbers at the ends of the range. The scaled product lies between
 * 2^-948 and 2^848; `product`, close to ab, is scaled alike, by the smaller factor first lest it overflow on the way.
 */
function edgeError(a: number, b: number, product: number): number {
  const aScale = scaleOf(a);
  const bScale = scaleOf(b);
  const scaled = a * aScale * (b * bScale);
  const difference = scaled - product * Math.min(aScale, bScale) * Math.max(aScale, bScale);
  return difference + productError(a * aScale, b * bScale, scaled);
}

function scaleOf(x: number): number {
  const size = Math.abs(x);
  return size < 2 ** -300 ? 2 ** 600 : size > 2 ** 300 ? 2 ** -600 : 1;
}

/** A number with the sign of root^2 - x. */
function squareExcess(root: number, x: number): number {
  const square = root * root;
  return square - x + productError(root, root, square);
}

/**
 * Elementary functions on fixed-point numbers: X stands for X 2^-w. Every function says how far below or around the
 * exact value its result can be, in units of 2^-w ("ulps").
 *
 * All series have decreasing terms of fixed sign pattern that are rounded down, so that each term lacks less than 3
 * ulps when the argument is at most 1: d_n <= (d_(n-1) x + 2)/n + 1.
 */

/** A fixed-point value with a bound of its error in ulps, on both sides. */
export interface Approximate {
  readonly value: bigint;
  readonly error: number;
}

/**
 * e^x for x in [0, 0.7]. j halvings leave x/2^j, and squaring j times multiplies the at most 3N + 3 ulps of an N-term
 * Taylor sum by 2^j e^x <= 2^(j+1) and adds 2^(j+1): less than 2^(j+15) for N < 2^12. With j + 16 guard bits this is
 * less than half an ulp, and the final rounding loses less than one.
 */
export function expOf(x: bigint, width: number): Approximate {
  const halvings = Math.ceil(Math.sqrt(width) / 2) + 1;
  const w = BigInt(width + halvings + 16);
  const reduced = x << 16n;
  let sum = 1n << w;
  let term = sum;
  for (let n = 1n; term !== 0n; n++) {
    term = ((term * reduced) >> w) / n;
    sum += term;
  }
  for (let i = 0; i < halvings; i++) sum = (sum * sum) >> w;
  return { value: sum >> BigInt(halvings + 16), error: 2 };
}

/** atanh x, the sum of x^(2n+1)/(2n+1), for |x| <= 1/2: what was rounded is at most 3N + 4 ulps for N terms. */
export function atanhOf(x: bigint, width: number): Approximate {
  const w = BigInt(width);
  const square = (x * x) >> w;
  const isNegative = x < 0n;
  let power = isNegative ? -x : x;
  let sum = 0n;
  let n = 1n;
  for (; power !== 0n; n += 2n) {
    sum += power / n;
    power = (power * square) >> w;
  }
  return { value: isNegative ? -sum : sum, error: 1.5 * Number(n) + 4 };
}

/** sin x for x in [0, 1]. */
export function sinOf(x: bigint, width: number): Approximate {
  return alternating(x, 2n, x, width);
}

/** cos x for x in [0, 1]. */
export function cosOf(x: bigint, width: number): Approximate {
  return alternating(1n << BigInt(width), 1n, x, width);
}

/** first (1 - x^2/(k(k+1)) + x^4/(k(k+1)(k+2)(k+3)) - ...): each of N terms is off by at most 3 ulps, as is the rest. */
function alternating(first: bigint, start: bigint, x: bigint, width: number): Approximate {
  const w = BigInt(width);
  const square = (x * x) >> w;
  let term = first;
  let sum = 0n;
  let sign = 1n;
  let k = start;
  for (; term !== 0n; k += 2n) {
    sum += sign * term;
    sign = -sign;
    term = ((term * square) >> w) / (k * (k + 1n));
  }
  return { value: sum, error: 1.5 * Number(k) + 6 };
}

/** ln 2 = 18 atanh(1/26) - 2 atanh(1/4801) + 8 atanh(1/8749); off by less than 2 ulps. */
export const ln2 = constant(
  (w) => 18n * inverseSeries(26n, w, 1n) - 2n * inverseSeries(4801n, w, 1n) + 8n * inverseSeries(8749n, w, 1n),
);

/** pi/2 = 8 atan(1/5) - 2 atan(1/239) (Machin); off by less than 2 ulps. */
export const halfPi = constant((w) => 8n * inverseSeries(5n, w, -1n) - 2n * inverseSeries(239n, w, -1n));

/** atanh(1/k) for sign 1, atan(1/k) for sign -1: N terms, each off by less than 2 ulps. */
function inverseSeries(k: bigint, width: number, sign: bigint): bigint {
  let power = (1n << BigInt(width)) / k;
  let sum = 0n;
  let factor = 1n;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += (factor * power) / n;
    power /= k * k;
    factor *= sign;
  }
  return sum;
}

/**
 * A constant at any width, kept at widths rounded up to multiples of 128. 32 guard bits swallow the at most 28 (2N + 2)
 * ulps of the series, and each of the two cuts loses less than one ulp.
 */
function constant(compute: (width: number) => bigint): (width: number) => bigint {
  const known = new Map<number, bigint>();
  return (width) => {
    const rounded = Math.ceil(width / 128) * 128;
    let value = known.get(rounded);
    if (value === undefined) known.set(rounded, (value = compute(rounded + 32) >> 32n));
    return value >> BigInt(rounded - width);
  };
}

/** The greatest r with r^2 <= n, for n >= 0: Newton's iteration, which is never below after its first step. */
export function integerSqrt(n: bigint): bigint {
  if (n < 2n) return n;
  const start = approximateRoot(n);
  let root = (start + n / start) >> 1n;
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** A positive number near sqrt(n). */
function approximateRoot(n: bigint): bigint {
  const size = Number(n);
  if (size < 2 ** 1000) return BigInt(Math.ceil(Math.sqrt(size)));
  const half = BigInt(n.toString(16).length) * 2n - 100n;
  return approximateRoot(n >> (2n * half)) << half;
}

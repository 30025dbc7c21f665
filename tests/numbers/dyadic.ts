/** Doubles as exact numbers m 2^e. Sums and products of integers: nothing of the code under test. */
export interface Dyadic {
  readonly m: bigint;
  readonly e: number;
}

const floats = new Float64Array(1);
const words = new Uint32Array(floats.buffer);

/** A finite double, exactly. */
export function dyadic(x: number): Dyadic {
  floats[0] = x;
  const high = words[1];
  const exponent = (high >>> 20) & 0x7ff;
  if (exponent === 0x7ff) throw new RangeError(`${x} is not finite`);
  const mantissa = (high & 0xfffff) * 2 ** 32 + words[0] + (exponent === 0 ? 0 : 2 ** 52);
  return { m: BigInt(high >>> 31 === 1 ? -mantissa : mantissa), e: Math.max(exponent, 1) - 1075 };
}

export function plus(a: Dyadic, b: Dyadic): Dyadic {
  if (a.m === 0n) return b;
  if (b.m === 0n) return a;
  return a.e >= b.e ? { m: (a.m << BigInt(a.e - b.e)) + b.m, e: b.e } : { m: a.m + (b.m << BigInt(b.e - a.e)), e: a.e };
}

export function times(a: Dyadic, b: Dyadic): Dyadic {
  return { m: a.m * b.m, e: a.e + b.e };
}

export function negated({ m, e }: Dyadic): Dyadic {
  return { m: -m, e };
}

export function power(a: Dyadic, exponent: number): Dyadic {
  return { m: a.m ** BigInt(exponent), e: a.e * exponent };
}

/** Negative, zero or positive as a is below, equal to or above b. */
export function compared(a: Dyadic, b: Dyadic): number {
  const { m } = plus(a, negated(b));
  return m < 0n ? -1 : m > 0n ? 1 : 0;
}

/** Whether lo <= x <= hi, for doubles that may be infinite. */
export function holds(lo: number, hi: number, x: Dyadic): boolean {
  const above = lo === Number.NEGATIVE_INFINITY || (lo < Number.POSITIVE_INFINITY && compared(dyadic(lo), x) <= 0);
  return above && (hi === Number.POSITIVE_INFINITY || (hi > Number.NEGATIVE_INFINITY && compared(x, dyadic(hi)) <= 0));
}

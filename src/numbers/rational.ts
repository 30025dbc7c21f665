/**
 * Exact rational numbers num/den on BigInt, always in lowest terms with den > 0.
 *
 * Every weight of a network is one of these. Two shortcuts keep a million of them cheap: integers (den = 1n, one
 * shared BigInt) skip every gcd, and a gcd of two numbers below 2^53 runs on doubles.
 */
export class Rational {
  private constructor(
    readonly num: bigint,
    readonly den: bigint,
  ) {}

  static readonly zero = new Rational(0n, 1n);
  static readonly one = new Rational(1n, 1n);

  /** num/den in lowest terms. Throws RangeError when den is 0. */
  static of(num: bigint | number, den: bigint | number = 1n): Rational {
    const p = BigInt(num);
    const q = BigInt(den);
    if (q === 1n) return p === 0n ? Rational.zero : new Rational(p, 1n);
    if (q === 0n) throw new RangeError(`${p}/0 is not a rational number`);
    return reduced(q < 0n ? -p : p, q < 0n ? -q : q);
  }

  /** 2^exponent, exact for every integer exponent. */
  static pow2(exponent: number): Rational {
    return exponent >= 0 ? new Rational(1n << BigInt(exponent), 1n) : new Rational(1n, 1n << BigInt(-exponent));
  }

  add(other: Rational): Rational {
    if (this.den === other.den) {
      const num = this.num + other.num;
      return this.den === 1n ? new Rational(num, 1n) : reduced(num, this.den);
    }
    if (other.den === 1n) return new Rational(this.num + other.num * this.den, this.den);
    if (this.den === 1n) return new Rational(this.num * other.den + other.num, other.den);
    return reduced(this.num * other.den + other.num * this.den, this.den * other.den);
  }

  sub(other: Rational): Rational {
    return this.add(other.neg());
  }

  mul(other: Rational): Rational {
    if (this.den === 1n && other.den === 1n) return new Rational(this.num * other.num, 1n);
    return reduced(this.num * other.num, this.den * other.den);
  }

  /** Throws RangeError when `other` is 0. */
  div(other: Rational): Rational {
    return this.mul(other.inverse());
  }

  inverse(): Rational {
    if (this.num === 0n) throw new RangeError('division by zero');
    return this.num < 0n ? new Rational(-this.den, -this.num) : new Rational(this.den, this.num);
  }

  neg(): Rational {
    return new Rational(-this.num, this.den);
  }

  abs(): Rational {
    return this.num < 0n ? this.neg() : this;
  }

  /** this^exponent for an integer exponent; 0^0 = 1. Throws RangeError for 0 to a negative power. */
  pow(exponent: number): Rational {
    if (exponent < 0) return this.inverse().pow(-exponent);
    const e = BigInt(exponent);
    return new Rational(this.num ** e, this.den ** e);
  }

  /** -1, 0 or 1. */
  sign(): -1 | 0 | 1 {
    return this.num === 0n ? 0 : this.num < 0n ? -1 : 1;
  }

  isZero(): boolean {
    return this.num === 0n;
  }

  isInteger(): boolean {
    return this.den === 1n;
  }

  /** Negative, zero or positive as this is below, equal to or above `other`. */
  compare(other: Rational): number {
    const left = this.den === other.den ? this.num : this.num * other.den;
    const right = this.den === other.den ? other.num : other.num * this.den;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  equals(other: Rational): boolean {
    return this.num === other.num && this.den === other.den;
  }

  lt(other: Rational): boolean {
    return this.compare(other) < 0;
  }

  le(other: Rational): boolean {
    return this.compare(other) <= 0;
  }

  max(other: Rational): Rational {
    return this.lt(other) ? other : this;
  }

  min(other: Rational): Rational {
    return other.lt(this) ? other : this;
  }

  /** The largest integer at most this. */
  floor(): bigint {
    const quotient = this.num / this.den;
    return this.num < 0n && quotient * this.den !== this.num ? quotient - 1n : quotient;
  }

  /** The least integer at least this. */
  ceil(): bigint {
    return -this.neg().floor();
  }

  /** `p` or `p/q` in lowest terms; `parseRational` reads it back. */
  toString(): string {
    return this.den === 1n ? this.num.toString() : `${this.num}/${this.den}`;
  }

  /** Internal constructor for a pair that is known to be in lowest terms with den > 0. */
  static unsafeReduced(num: bigint, den: bigint): Rational {
    return new Rational(num, den);
  }
}

function reduced(num: bigint, den: bigint): Rational {
  if (num === 0n) return Rational.zero;
  const divisor = gcd(num < 0n ? -num : num, den);
  return divisor === 1n ? Rational.unsafeReduced(num, den) : Rational.unsafeReduced(num / divisor, den / divisor);
}

const SAFE = 1n << 53n;

/** Greatest common divisor of a >= 0 and b > 0: the common power of two by shifts, the rest by Euclid. */
export function gcd(a: bigint, b: bigint): bigint {
  if (b < SAFE) return euclid(a, b);
  const twos = b & -b;
  if (twos === 1n) return euclid(a, b);
  const odd = euclid(a, b / twos);
  const shared = a & -a;
  return odd * (shared === 0n || twos < shared ? twos : shared);
}

function euclid(a: bigint, b: bigint): bigint {
  while (b >= SAFE) [a, b] = [b, a % b];
  if (b === 0n) return a;
  let [x, y] = [Number(b), Number(a % b)];
  while (y !== 0) [x, y] = [y, x % y];
  return BigInt(x);
}

/** Least common multiple of positive integers. */
export function lcm(a: bigint, b: bigint): bigint {
  return (a / gcd(a, b)) * b;
}

/** The sum over a common denominator, reduced once: for long sums much cheaper than repeated `add`. */
export function sum(terms: Iterable<Rational>): Rational {
  let num = 0n;
  let den = 1n;
  for (const term of terms) {
    if (term.den === den) num += term.num;
    else if (den % term.den === 0n) num += term.num * (den / term.den);
    else {
      const common = lcm(den, term.den);
      num = num * (common / den) + term.num * (common / term.den);
      den = common;
    }
  }
  return Rational.of(num, den);
}

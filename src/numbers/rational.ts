import { gcd } from './gcd.js';

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
    // With g = gcd of the denominators, a common factor of the sum divides g (Knuth, TAOCP 2, section 4.5.1).
    const g = gcd(this.den, other.den);
    if (g === 1n) return new Rational(this.num * other.den + other.num * this.den, this.den * other.den);
    const den = this.den / g;
    const num = this.num * (other.den / g) + other.num * den;
    if (num === 0n) return Rational.zero;
    const h = gcd(num < 0n ? -num : num, g);
    return h === 1n ? new Rational(num, den * other.den) : new Rational(num / h, den * (other.den / h));
  }

  sub(other: Rational): Rational {
    return this.add(other.neg());
  }

  mul(other: Rational): Rational {
    if (this.den === 1n && other.den === 1n) return new Rational(this.num * other.num, 1n);
    if (this.num === 0n || other.num === 0n) return Rational.zero;
    const g = common(this.num, other.den);
    const h = common(other.num, this.den);
    return new Rational(
      (g === 1n ? this.num : this.num / g) * (h === 1n ? other.num : other.num / h),
      (h === 1n ? this.den : this.den / h) * (g === 1n ? other.den : other.den / g),
    );
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

/** The greatest common divisor of a numerator other than 0 and a denominator. */
function common(num: bigint, den: bigint): bigint {
  return den === 1n ? 1n : gcd(num < 0n ? -num : num, den);
}

function reduced(num: bigint, den: bigint): Rational {
  if (num === 0n) return Rational.zero;
  const divisor = gcd(num < 0n ? -num : num, den);
  return divisor === 1n ? Rational.unsafeReduced(num, den) : Rational.unsafeReduced(num / divisor, den / divisor);
}

/** The sum over a common denominator, reduced once: for long sums much cheaper than repeated `add`. */
export function sum(terms: Iterable<Rational>): Rational {
  const total = new Accumulator();
  for (const { num, den } of terms) total.add(num, den);
  return total.value();
}

/** sum_k a_k b_k for two vectors of one length, reduced once. */
export function dot(a: readonly Rational[], b: readonly Rational[]): Rational {
  const total = new Accumulator();
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k], b[k]];
    if (x.num === 0n || y.num === 0n) continue;
    total.add(x.num * y.num, x.den === 1n ? y.den : y.den === 1n ? x.den : x.den * y.den);
  }
  return total.value();
}

/** A sum of fractions: numerators of equal denominators are added at once, different denominators meet at the end. */
class Accumulator {
  private num = 0n;
  private den = 1n;
  private others: Map<bigint, bigint> | null = null;

  add(num: bigint, den: bigint): void {
    if (den === this.den) this.num += num;
    else if (this.num === 0n) [this.num, this.den] = [num, den];
    else {
      this.others ??= new Map();
      this.others.set(den, (this.others.get(den) ?? 0n) + num);
    }
  }

  value(): Rational {
    if (!this.others) return this.den === 1n ? Rational.of(this.num) : reduced(this.num, this.den);
    let fractions: Fraction[] = [...this.others].map(([den, num]) => ({ num, den }));
    fractions.push({ num: this.num, den: this.den });
    const join = haveMuchInCommon(fractions[0].den, fractions[1].den) ? overLeastMultiple : overProduct;
    while (fractions.length > 1) {
      const pairs: Fraction[] = [];
      for (let k = 0; k + 1 < fractions.length; k += 2) pairs.push(join(fractions[k], fractions[k + 1]));
      if (fractions.length % 2 === 1) pairs.push(fractions[fractions.length - 1]);
      fractions = pairs;
    }
    return reduced(fractions[0].num, fractions[0].den);
  }
}

/** num/den, not necessarily in lowest terms. */
interface Fraction {
  readonly num: bigint;
  readonly den: bigint;
}

/**
 * Whether common factors are worth the search: two of the denominators are taken for all. It is a matter of speed alone,
 * as the sum is reduced in the end.
 */
function haveMuchInCommon(a: bigint, b: bigint): boolean {
  return a < SAFE || b < SAFE || gcd(a, b) ** 8n >= a;
}

const SAFE = 1n << 53n;

function overProduct(a: Fraction, b: Fraction): Fraction {
  return { num: a.num * b.den + b.num * a.den, den: a.den * b.den };
}

function overLeastMultiple(a: Fraction, b: Fraction): Fraction {
  const g = gcd(a.den, b.den);
  if (g === 1n) return overProduct(a, b);
  const [left, right] = [a.den / g, b.den / g];
  return { num: a.num * right + b.num * left, den: a.den * right };
}

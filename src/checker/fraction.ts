import { spend } from './budget.js';
import { Rejected, Unfinished } from './failure.js';

/** An exact rational number n/d in lowest terms, d > 0. */
export class Fraction {
  private constructor(
    readonly n: bigint,
    readonly d: bigint,
    /** About the bits of the longer of n and d; 0 for numbers of ordinary length. */
    readonly bits: number,
  ) {}

  static readonly zero = new Fraction(0n, 1n, 0);
  static readonly one = new Fraction(1n, 1n, 0);

  static of(n: bigint | number, d: bigint = 1n): Fraction {
    spend(8);
    if (d === 0n) throw new Rejected('a division by zero');
    const [p, q] = d < 0n ? [-BigInt(n), -d] : [BigInt(n), d];
    if (q === 1n) return new Fraction(p, 1n, lengthOf(p, q));
    const g = gcd(p < 0n ? -p : p, q);
    if (g === 1n) return new Fraction(p, q, lengthOf(p, q));
    spendProduct(lengthOf(p, q), lengthOf(g, g));
    const [top, bottom] = [p / g, q / g];
    return new Fraction(top, bottom, lengthOf(top, bottom));
  }

  add(other: Fraction): Fraction {
    if (this.d === other.d) return Fraction.of(this.n + other.n, this.d);
    spendProduct(this.bits, other.bits);
    return Fraction.of(this.n * other.d + other.n * this.d, this.d * other.d);
  }

  sub(other: Fraction): Fraction {
    return this.add(other.neg());
  }

  mul(other: Fraction): Fraction {
    spendProduct(this.bits, other.bits);
    return Fraction.of(this.n * other.n, this.d * other.d);
  }

  /** In lowest terms as this is, without a search for them. */
  squared(): Fraction {
    spendProduct(this.bits, this.bits);
    const [p, q] = [this.n * this.n, this.d * this.d];
    return new Fraction(p, q, lengthOf(p, q));
  }

  div(other: Fraction): Fraction {
    spendProduct(this.bits, other.bits);
    return Fraction.of(this.n * other.d, this.d * other.n);
  }

  neg(): Fraction {
    spend(3);
    return new Fraction(-this.n, this.d, this.bits);
  }

  abs(): Fraction {
    return this.n < 0n ? this.neg() : this;
  }

  /** Negative, zero or positive as this is below, at or above `other`. */
  compare(other: Fraction): number {
    spendProduct(this.bits, other.bits);
    const difference = this.n * other.d - other.n * this.d;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  le(other: Fraction): boolean {
    return this.compare(other) <= 0;
  }

  lt(other: Fraction): boolean {
    return this.compare(other) < 0;
  }

  equals(other: Fraction): boolean {
    return this.n === other.n && this.d === other.d;
  }

  max(other: Fraction): Fraction {
    return this.lt(other) ? other : this;
  }

  min(other: Fraction): Fraction {
    return other.lt(this) ? other : this;
  }

  get isZero(): boolean {
    return this.n === 0n;
  }

  /** Charged like a product: digits come from divisions by powers of ten. */
  toString(): string {
    spendProduct(this.bits, this.bits);
    return this.d === 1n ? `${this.n}` : `${this.n}/${this.d}`;
  }
}

export function raise(base: Fraction, exponent: bigint): Fraction {
  const n = exponent < 0n ? -exponent : exponent;
  spendProduct(base.bits * Number(n), base.bits * Number(n));
  const power = Fraction.of(base.n ** n, base.d ** n);
  return exponent < 0n ? Fraction.one.div(power) : power;
}

/** Adds many numbers with one reduction to lowest terms at the end. */
export class Total {
  private n = 0n;
  private d = 1n;
  /** Of the longest number met so far. */
  private bits = 0;
  /** The sum in lowest terms, where that is known. */
  private lowest: Fraction | null = Fraction.zero;

  /** Adds a b. */
  add(a: Fraction, b: Fraction = Fraction.one): void {
    spend(8);
    if (this.n === 0n) {
      this.become(b === Fraction.one ? a : a.mul(b));
      return;
    }
    this.lowest = null;
    if (a.bits > 0 || b.bits > 0 || this.bits > 0) {
      this.bits = Math.max(a.bits + b.bits, lengthOf(this.n, this.d));
      spendProduct(a.bits, b.bits);
      spendProduct(this.bits, this.bits);
    }
    const [p, q] = b === Fraction.one ? [a.n, a.d] : [a.n * b.n, a.d * b.d];
    if (q === this.d) this.n += p;
    else if (this.d % q === 0n) this.n += p * (this.d / q);
    else if (q % this.d === 0n) [this.n, this.d] = [this.n * (q / this.d) + p, q];
    else this.become(Fraction.of(this.n * q + p * this.d, this.d * q));
  }

  private become(sum: Fraction): void {
    this.lowest = sum;
    ({ n: this.n, d: this.d, bits: this.bits } = sum);
  }

  value(): Fraction {
    return (this.lowest ??= Fraction.of(this.n, this.d));
  }
}

/** Numbers below this are of ordinary length. */
const ORDINARY = 1n << 512n;
const MOST_BITS = 2 ** 20;

/** About the bits of the longer number, 0 below ORDINARY. Throws Unfinished beyond MOST_BITS. */
function lengthOf(p: bigint, q: bigint): number {
  if (p < ORDINARY && p > -ORDINARY && q < ORDINARY) return 0;
  const bits = Math.max(bitsOf(p), bitsOf(q));
  if (bits > MOST_BITS) throw new Unfinished('a number grows longer than the checker allows itself');
  return bits;
}

/** At least the bits of n without its sign, and at most four more. */
export function bitsOf(n: bigint): number {
  return 4 * n.toString(16).length;
}

/** The length from which multiplication no longer takes time like the product of the lengths. */
const LONG = 4096;

/**
 * What a product or a quotient of numbers of so many bits costs, with the sum that it goes into: per word and pair of words. 0 is
 * said of numbers of ordinary length, which cost next to nothing among themselves.
 */
export function costOfProduct(a: number, b: number): number {
  if (a === 0 && b === 0) return 4;
  const [longer, shorter] = [Math.max(a, b), Math.max(a === 0 || b === 0 ? 512 : Math.min(a, b), 64)];
  return 4 + longer * (1 / 1000 + Math.min(shorter, LONG) / 20_000 + Math.max(shorter - LONG, 0) / 125_000);
}

function spendProduct(a: number, b: number): void {
  spend(costOfProduct(a, b));
}

/** Integers below this are doubles. */
const EXACT = 1n << 53n;
/** Leading parts have at most this many bits; matrices of LEADING/2 bits then keep all products exact. */
const LEADING = 52;
const LARGEST_FACTOR = 2 ** 25;

/**
 * The greatest common divisor of a and b > 0, by Lehmer's algorithm: Euclid's quotients are found from the leading bits,
 * and many of their steps are done at once. Each step is (p, q) -> (q, p - t q), which keeps the common divisors whatever
 * the integer t is, so a quotient that is off by one costs time and nothing else.
 */
function gcd(a: bigint, b: bigint): bigint {
  if ((b & (b - 1n)) === 0n) {
    const power = a & -a;
    return power === 0n || power > b ? b : power;
  }
  let [p, q] = a < b ? [b, a] : [a, b];
  let length = q < EXACT ? 0 : bitsOf(p);
  while (q >= EXACT) {
    spend(50 + length / 60);
    const shift = BigInt(Math.max(length - LEADING, 0));
    const [x, y] = [Number(p >> shift), Number(q >> shift)];
    if (x < 2 ** 32 && length > LEADING) {
      length -= 20;
      continue;
    }
    const [A, B, C, D] = quotients(x, y);
    if (B === 0) {
      spendProduct(length, length);
      [p, q] = [q, p % q];
    } else {
      [p, q] = [BigInt(A) * p + BigInt(B) * q, BigInt(C) * p + BigInt(D) * q];
      if (p < 0n) p = -p;
      if (q < 0n) q = -q;
      if (p < q) [p, q] = [q, p];
    }
  }
  if (q === 0n) return p;
  spendProduct(length, 0);
  let [x, y] = [Number(q), Number(p % q)];
  while (y !== 0) [x, y] = [y, x % y];
  return BigInt(x);
}

/** The product of as many of Euclid's steps as the leading parts x >= y decide, by rows; (1, 0, 0, 1) for none. */
function quotients(x: number, y: number): readonly [number, number, number, number] {
  let [A, B, C, D] = [1, 0, 0, 1];
  while (y + C > 0 && y + D > 0) {
    const t = Math.floor((x + A) / (y + C));
    if (t !== Math.floor((x + B) / (y + D)) || t > LARGEST_FACTOR) break;
    const [next, last] = [A - t * C, B - t * D];
    if (Math.max(next, -next, last, -last) > LARGEST_FACTOR) break;
    [A, B, C, D] = [C, D, next, last];
    [x, y] = [y, x - t * y];
  }
  return [A, B, C, D];
}

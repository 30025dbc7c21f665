import { Rejected, spend } from './failure.js';

/** An exact rational number n/d in lowest terms, d > 0. */
export class Fraction {
  private constructor(
    readonly n: bigint,
    readonly d: bigint,
  ) {}

  static readonly zero = new Fraction(0n, 1n);
  static readonly one = new Fraction(1n, 1n);

  static of(n: bigint | number, d: bigint = 1n): Fraction {
    if (d === 0n) throw new Rejected('a division by zero');
    const [p, q] = d < 0n ? [-BigInt(n), -d] : [BigInt(n), d];
    if (p > LONG || p < -LONG || q > LONG) weigh(p, q);
    if (q === 1n) return new Fraction(p, 1n);
    const g = gcd(p < 0n ? -p : p, q);
    return g === 1n ? new Fraction(p, q) : new Fraction(p / g, q / g);
  }

  add(other: Fraction): Fraction {
    if (this.d === other.d) return Fraction.of(this.n + other.n, this.d);
    return Fraction.of(this.n * other.d + other.n * this.d, this.d * other.d);
  }

  sub(other: Fraction): Fraction {
    return this.add(other.neg());
  }

  mul(other: Fraction): Fraction {
    return Fraction.of(this.n * other.n, this.d * other.d);
  }

  div(other: Fraction): Fraction {
    return Fraction.of(this.n * other.d, this.d * other.n);
  }

  neg(): Fraction {
    return new Fraction(-this.n, this.d);
  }

  abs(): Fraction {
    return this.n < 0n ? this.neg() : this;
  }

  /** Negative, zero or positive as this is below, at or above `other`. */
  compare(other: Fraction): number {
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

  toString(): string {
    return this.d === 1n ? `${this.n}` : `${this.n}/${this.d}`;
  }
}

/** Adds many numbers with one reduction to lowest terms at the end. */
export class Total {
  private n = 0n;
  private d = 1n;

  /** Adds a b. */
  add(a: Fraction, b: Fraction = Fraction.one): void {
    const [p, q] = b === Fraction.one ? [a.n, a.d] : [a.n * b.n, a.d * b.d];
    if (q === this.d) this.n += p;
    else if (this.d % q === 0n) this.n += p * (this.d / q);
    else if (q % this.d === 0n) [this.n, this.d] = [this.n * (q / this.d) + p, q];
    else {
      const sum = Fraction.of(this.n * q + p * this.d, this.d * q);
      [this.n, this.d] = [sum.n, sum.d];
    }
  }

  value(): Fraction {
    return Fraction.of(this.n, this.d);
  }
}

const LONG = 1n << 2048n;
const LONGEST = 1n << 200_000n;

/** Long numbers cost more than one operation: a gcd takes time like the square of the length. */
function weigh(p: bigint, q: bigint): void {
  if (p > LONGEST || p < -LONGEST || q > LONGEST) throw new Rejected('a number grows too long');
  spend((p.toString(16).length * q.toString(16).length) >> 8);
}

const EXACT = 1n << 53n;

function gcd(a: bigint, b: bigint): bigint {
  if ((b & (b - 1n)) === 0n) {
    const power = a & -a;
    return power === 0n || power > b ? b : power;
  }
  let [p, q, steps] = [a, b, 3];
  for (; q !== 0n && (p >= EXACT || q >= EXACT); steps++) [p, q] = [q, p % q];
  spend(8 * steps);
  if (q === 0n) return p;
  let [x, y] = [Number(p), Number(q)];
  while (y !== 0) [x, y] = [y, x % y];
  return BigInt(x);
}

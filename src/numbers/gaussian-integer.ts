import { Gaussian } from './gaussian.js';
import { lcm } from './gcd.js';
import { Rational } from './rational.js';

/** Exact complex integers re + im i: fraction-free arithmetic for long sums of products, at no cost when im = 0. */
export interface GaussianInteger {
  readonly re: bigint;
  readonly im: bigint;
}

export const ZERO: GaussianInteger = { re: 0n, im: 0n };
export const ONE: GaussianInteger = { re: 1n, im: 0n };

export function add(a: GaussianInteger, b: GaussianInteger): GaussianInteger {
  return { re: a.re + b.re, im: a.im + b.im };
}

export function sub(a: GaussianInteger, b: GaussianInteger): GaussianInteger {
  return { re: a.re - b.re, im: a.im - b.im };
}

export function mul(a: GaussianInteger, b: GaussianInteger): GaussianInteger {
  if (b.im === 0n) return scale(a, b.re);
  if (a.im === 0n) return scale(b, a.re);
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

export function scale(a: GaussianInteger, factor: bigint): GaussianInteger {
  if (factor === 1n) return a;
  return { re: a.re * factor, im: a.im === 0n ? 0n : a.im * factor };
}

export function pow(a: GaussianInteger, exponent: number): GaussianInteger {
  if (a.im === 0n) return { re: a.re ** BigInt(exponent), im: 0n };
  let result = ONE;
  for (let k = 0; k < exponent; k++) result = mul(result, a);
  return result;
}

export function equals(a: GaussianInteger, b: GaussianInteger): boolean {
  return a.re === b.re && a.im === b.im;
}

export function isZero(a: GaussianInteger): boolean {
  return a.re === 0n && a.im === 0n;
}

/** The least positive integer that makes a number a Gaussian integer. */
export function denominatorOf({ re, im }: Gaussian): bigint {
  return re.den === im.den ? re.den : lcm(re.den, im.den);
}

/** value * factor, for a multiple `factor` of its denominator. */
export function timesInteger({ re, im }: Gaussian, factor: bigint): GaussianInteger {
  return { re: re.num * (factor / re.den), im: im.num === 0n ? 0n : im.num * (factor / im.den) };
}

/** a / b in lowest terms. Throws RangeError when b is 0. */
export function quotient(a: GaussianInteger, b: GaussianInteger): Gaussian {
  if (b.im === 0n) return new Gaussian(Rational.of(a.re, b.re), a.im === 0n ? Rational.zero : Rational.of(a.im, b.re));
  const norm = b.re * b.re + b.im * b.im;
  const { re, im } = mul(a, { re: b.re, im: -b.im });
  return new Gaussian(Rational.of(re, norm), Rational.of(im, norm));
}

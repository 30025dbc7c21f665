import { InputError, quote } from '../errors.js';
import { LONGEST_TEXT, parseRational } from './parse.js';
import { Rational } from './rational.js';

/** Exact complex numbers re + im i with rational parts (the field Q(i)). */
export class Gaussian {
  constructor(
    readonly re: Rational,
    readonly im: Rational = Rational.zero,
  ) {}

  static readonly zero = new Gaussian(Rational.zero);
  static readonly one = new Gaussian(Rational.one);

  add(other: Gaussian): Gaussian {
    return new Gaussian(this.re.add(other.re), this.im.add(other.im));
  }

  sub(other: Gaussian): Gaussian {
    return new Gaussian(this.re.sub(other.re), this.im.sub(other.im));
  }

  mul(other: Gaussian): Gaussian {
    if (this.im.isZero() && other.im.isZero()) return new Gaussian(this.re.mul(other.re));
    return new Gaussian(
      this.re.mul(other.re).sub(this.im.mul(other.im)),
      this.re.mul(other.im).add(this.im.mul(other.re)),
    );
  }

  /** Throws RangeError when `other` is 0. */
  div(other: Gaussian): Gaussian {
    const scale = other.squaredModulus().inverse();
    const { re, im } = this.mul(other.conjugate());
    return new Gaussian(re.mul(scale), im.mul(scale));
  }

  neg(): Gaussian {
    return new Gaussian(this.re.neg(), this.im.neg());
  }

  conjugate(): Gaussian {
    return new Gaussian(this.re, this.im.neg());
  }

  /** |z|^2, exact; the modulus itself is irrational in general. */
  squaredModulus(): Rational {
    return this.re.pow(2).add(this.im.pow(2));
  }

  isZero(): boolean {
    return this.re.isZero() && this.im.isZero();
  }

  equals(other: Gaussian): boolean {
    return this.re.equals(other.re) && this.im.equals(other.im);
  }

  /** `a`, `bi` or `a+bi`; `parseGaussian` reads it back. */
  toString(): string {
    if (this.im.isZero()) return this.re.toString();
    const imaginary = `${this.im}i`;
    if (this.re.isZero()) return imaginary;
    return `${this.re}${this.im.sign() > 0 ? '+' : ''}${imaginary}`;
  }
}

/** A real or imaginary part: a sign, then digits, point, exponent and fraction bar, and possibly the unit i. */
const TERM = /^[+-]?[\d./]*(?:[eE][+-]?[\d./]+)*i?$/;

/**
 * The exact value of `0.8+0.1i`, `1/2`, `-3e-2i` or `i`: a real part, an imaginary part, or both in this order.
 * Throws InputError for anything else and for more characters than two numbers may have.
 */
export function parseGaussian(text: string): Gaussian {
  if (text.length > 2 * LONGEST_TEXT) {
    throw new InputError({ found: `a number of ${text.length} characters`, allowed: `at most ${2 * LONGEST_TEXT}` });
  }
  const compact = text.trim().replace(/\s*([-+/i])\s*/g, '$1');
  const split = /^(.*[^eE+-])([+-].*)$/s.exec(compact);
  const terms = compact.endsWith('i') && split ? [split[1], split[2]] : [compact];
  const [first, second] = terms;
  if (!terms.every((term) => term.length > 0 && TERM.test(term)) || (second && first.endsWith('i')))
    throw notComplex(text);
  if (second) return new Gaussian(parseRational(first), imaginaryPart(second));
  return first.endsWith('i') ? new Gaussian(Rational.zero, imaginaryPart(first)) : new Gaussian(parseRational(first));
}

function imaginaryPart(term: string): Rational {
  const coefficient = term.slice(0, -1);
  return parseRational(coefficient === '' || coefficient === '+' ? '1' : coefficient === '-' ? '-1' : coefficient);
}

function notComplex(text: string): InputError {
  return new InputError({
    found: `${quote(text)} is not a complex number`,
    allowed: 'numbers such as 0.8+0.1i, 1/2 or -3e-2i',
  });
}

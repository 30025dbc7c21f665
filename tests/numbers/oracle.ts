import { init } from 'gmp-wasm';
import type { Rational } from '../../src/numbers/rational.js';

const { binding } = await init();

/** mpfr_rnd_t. */
const UP = 2;
const DOWN = 3;

/** A bound of an enclosure: a double, or exact, or none. */
export type Bound = number | Rational | undefined;

const ONE_ARGUMENT = {
  neg: binding.mpfr_neg,
  abs: binding.mpfr_abs,
  sqr: binding.mpfr_sqr,
  sqrt: binding.mpfr_sqrt,
  exp: binding.mpfr_exp,
  log: binding.mpfr_log,
  sin: binding.mpfr_sin,
  cos: binding.mpfr_cos,
  tanh: binding.mpfr_tanh,
};

const TWO_ARGUMENTS = {
  add: binding.mpfr_add,
  sub: binding.mpfr_sub,
  mul: binding.mpfr_mul,
  div: binding.mpfr_div,
  min: binding.mpfr_min,
  max: binding.mpfr_max,
};

export type UnaryName = keyof typeof ONE_ARGUMENT | 'lambertW';
export type BinaryName = keyof typeof TWO_ARGUMENTS;

export const UNARY = [...Object.keys(ONE_ARGUMENT), 'lambertW'] as UnaryName[];
export const BINARY = Object.keys(TWO_ARGUMENTS) as BinaryName[];

/** MPFR at a fixed precision as the judge of enclosures of function values at points that are doubles. */
export class Oracle {
  private readonly x: number;
  private readonly y: number;
  private readonly below: number;
  private readonly above: number;
  private readonly bound: number;
  private readonly quotient = binding.mpq_t();

  constructor(precision = 300) {
    [this.x, this.y, this.below, this.above, this.bound] = Array.from({ length: 5 }, () => {
      const float = binding.mpfr_t();
      binding.mpfr_init2(float, precision);
      return float;
    });
    binding.mpq_init(this.quotient);
  }

  /** Whether lo <= f(x) <= hi; undefined when x is outside the domain. */
  unary(name: UnaryName, x: number, lo: Bound, hi: Bound): boolean | undefined {
    if (x < 0 && (name === 'sqrt' || name === 'log')) return undefined;
    if (x === 0 && name === 'log') return undefined;
    binding.mpfr_set_d(this.x, x, 0);
    if (name === 'lambertW') return this.lambertW(lo, hi);
    ONE_ARGUMENT[name](this.below, this.x, DOWN);
    ONE_ARGUMENT[name](this.above, this.x, UP);
    return this.isWithin(lo, hi);
  }

  /** Whether lo <= f(x, y) <= hi; undefined when (x, y) is outside the domain. */
  binary(name: BinaryName, x: number, y: number, lo: Bound, hi: Bound): boolean | undefined {
    if (name === 'div' && y === 0) return undefined;
    binding.mpfr_set_d(this.x, x, 0);
    binding.mpfr_set_d(this.y, y, 0);
    TWO_ARGUMENTS[name](this.below, this.x, this.y, DOWN);
    TWO_ARGUMENTS[name](this.above, this.x, this.y, UP);
    return this.isWithin(lo, hi);
  }

  /** Whether lo <= x^(p/q) <= hi for q > 0; undefined outside the domain of `pown` (q = 1) or `pow`. */
  power(x: number, p: number, q: number, lo: Bound, hi: Bound): boolean | undefined {
    if ((x === 0 && p < 0) || (x < 0 && q > 1)) return undefined;
    binding.mpfr_set_d(this.x, x, 0);
    binding.mpfr_pow_si(this.below, this.x, p, DOWN);
    binding.mpfr_pow_si(this.above, this.x, p, UP);
    if (q > 1) {
      binding.mpfr_rootn_ui(this.below, this.below, q, DOWN);
      binding.mpfr_rootn_ui(this.above, this.above, q, UP);
    }
    return this.isWithin(lo, hi);
  }

  private isWithin(lo: Bound, hi: Bound): boolean {
    return this.compare(this.below, lo, 1) >= 0 && this.compare(this.above, hi, -1) <= 0;
  }

  private compare(x: number, bound: Bound, unbounded: number): number {
    if (bound === undefined) return unbounded;
    if (typeof bound === 'number') return binding.mpfr_cmp_d(x, bound);
    binding.mpq_set_string(this.quotient, `${bound.num.toString(16)}/${bound.den.toString(16)}`, 16);
    return binding.mpfr_cmp_q(x, this.quotient);
  }

  /** lo <= W0(x) <= hi by definition of the inverse of the increasing w e^w on [-1, inf). */
  private lambertW(lo: Bound, hi: Bound): boolean | undefined {
    binding.mpfr_set_d(this.below, -1, 0);
    binding.mpfr_exp(this.below, this.below, DOWN);
    binding.mpfr_neg(this.below, this.below, UP);
    if (binding.mpfr_cmp(this.x, this.below) < 0) return undefined;
    return this.isLeftOf(lo) && this.isRightOf(hi);
  }

  private isLeftOf(w: Bound): boolean {
    if (w === undefined || !this.set(w, DOWN)) return true;
    if (binding.mpfr_cmp_d(this.bound, -1) <= 0) return true;
    binding.mpfr_exp(this.above, this.bound, binding.mpfr_sgn(this.bound) < 0 ? DOWN : UP);
    binding.mpfr_mul(this.above, this.above, this.bound, UP);
    return binding.mpfr_cmp(this.above, this.x) <= 0;
  }

  private isRightOf(w: Bound): boolean {
    if (w === undefined || !this.set(w, UP)) return true;
    if (binding.mpfr_cmp_d(this.bound, -1) < 0) return false;
    binding.mpfr_exp(this.below, this.bound, binding.mpfr_sgn(this.bound) < 0 ? UP : DOWN);
    binding.mpfr_mul(this.below, this.below, this.bound, DOWN);
    return binding.mpfr_cmp(this.below, this.x) >= 0;
  }

  /** Sets `bound`; false for an infinity. */
  private set(value: number | Rational, mode: number): boolean {
    if (typeof value === 'number') {
      binding.mpfr_set_d(this.bound, value, mode);
      return Number.isFinite(value);
    }
    binding.mpq_set_string(this.quotient, `${value.num.toString(16)}/${value.den.toString(16)}`, 16);
    binding.mpfr_set_q(this.bound, this.quotient, mode);
    return true;
  }
}

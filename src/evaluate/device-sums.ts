import { lowestBit } from '../numbers/bits.js';
import { type FloatFormat, isNormal } from '../numbers/format.js';
import { bounds, type Interval } from '../numbers/interval.js';
import { LowerSum } from '../numbers/lower-sum.js';
import { addDown, addUp, divUp, mulUp, subDown } from '../numbers/rounding.js';
import { partialSumsIn } from './summation.js';
import type { Terms } from './terms.js';

/** A value of the execution may exceed the format's largest finite number. */
export class OverflowPossible extends Error {
  override readonly name = 'OverflowPossible';

  constructor(format: FloatFormat) {
    super(`a value may leave the range of ${format.name}`);
  }
}

/** What a device makes of exact results, by the model of `rounded`: ends of intervals into two places of
 * a list, so that no object is made on the way. */
export interface DeviceSums {
  /** One rounding of a number in [lo, hi]. */
  round(to: Float64Array, lower: number, upper: number, lo: number, hi: number): void;
  /** [lo - by, hi + by]. */
  widened(to: Float64Array, lower: number, upper: number, lo: number, hi: number, by: number): void;
  /** The sum of numbers that the device holds, or of products that it rounds. */
  accumulated(to: Float64Array, lower: number, upper: number, terms: Terms, areProducts: boolean): void;
  /** Throws where a number in [lo, hi] is not within the format's range. */
  inRange(lo: number, hi: number): void;
  /** n u/(1 - n u). */
  gamma(n: number): Interval;
}

/** Each throws OverflowPossible where a number may be beyond the format. u is the error of one operation, eta what underflows. */
export function deviceSums(format: FloatFormat, u: number, eta: number): DeviceSums {
  const largest = (2 - 2 ** (1 - format.precision)) * 2 ** format.maxExponent;

  const inRange = (lo: number, hi: number): void => {
    if (!(hi <= largest && lo >= -largest)) throw new OverflowPossible(format);
  };
  const put: DeviceSums['round'] = (to, lower, upper, lo, hi) => {
    inRange(lo, hi);
    to[lower] = lo;
    to[upper] = hi;
  };
  const widened: DeviceSums['widened'] = (to, lower, upper, lo, hi, by) =>
    put(to, lower, upper, addDown(lo, -by), addUp(hi, by));
  const round: DeviceSums['round'] = (to, lower, upper, lo, hi) => {
    if (lo === hi && (lo === 0 || isNormal(lo, format))) put(to, lower, upper, lo, hi);
    else widened(to, lower, upper, lo, hi, addUp(mulUp(Math.max(-lo, hi), u), eta));
  };

  /** What sums of n terms need: gamma_n, 1 + gamma_n and 2 n eta (1 + gamma_n), above. */
  const figures = new Map<number, { readonly gamma: Interval; readonly factor: number; readonly lost: number }>();
  const figuresOf = (n: number) => {
    const known = figures.get(n);
    if (known) return known;
    const nu = mulUp(n, u);
    const rest = subDown(1, nu);
    if (!(rest > 0)) throw new OverflowPossible(format);
    const gamma = bounds(0, divUp(nu, rest), 0);
    const factor = addUp(1, gamma.hi);
    const found = { gamma, factor, lost: mulUp(mulUp(2 * n, eta), factor) };
    figures.set(n, found);
    return found;
  };

  const accumulated: DeviceSums['accumulated'] = (to, lowerEnd, upperEnd, terms, areProducts) => {
    const { lo, hi, length } = terms;
    if (length === 1) return round(to, lowerEnd, upperEnd, lo[0], hi[0]);
    const [lower, upper, sizes] = [new LowerSum(), new LowerSum(), new LowerSum()];
    for (let k = 0; k < length; k++) {
      lower.add(lo[k]);
      upper.add(-hi[k]);
      sizes.add(-Math.max(-lo[k], hi[k]));
    }
    const [least, most, size] = [lower.bound(), -upper.bound(), -sizes.bound()];
    // A sum beyond all doubles is beyond the format.
    if (!(least <= most && size < Number.POSITIVE_INFINITY)) throw new OverflowPossible(format);
    if (isOnGrid(terms, format)) return put(to, lowerEnd, upperEnd, least, most);
    const { factor, lost } = figuresOf(length);
    const partial = partialSumsIn(terms);
    if (!Number.isFinite(partial)) throw new OverflowPossible(format);
    const rounded = areProducts ? addUp(partial, size) : partial;
    const error = addUp(mulUp(mulUp(u, rounded), factor), lost);
    inRange(0, addUp(size, error));
    widened(to, lowerEnd, upperEnd, least, most, error);
  };

  return { round, inRange, widened, accumulated, gamma: (n) => figuresOf(n).gamma };
}

/**
 * Whether the terms are known numbers on one grid 2^g of the format with sum |t| <= 2^(g + precision): then every
 * partial sum in every order is held exactly, and so is every term.
 */
function isOnGrid({ lo, hi, length }: Terms, format: FloatFormat): boolean {
  let finest = Number.POSITIVE_INFINITY;
  let total = 0;
  for (let k = 0; k < length; k++) {
    if (lo[k] !== hi[k]) return false;
    if (lo[k] === 0) continue;
    finest = Math.min(finest, lowestBit(lo[k]));
    total += Math.abs(lo[k]);
  }
  // The doubles added up in `total` are exact when the test below holds in float64, and off by far less than its
  // factor 2 of slack otherwise: n 2^-53 < 1/2 for every n that fits in memory.
  return finest >= format.minExponent && total <= 2 ** Math.min(finest + format.precision - 1, format.maxExponent);
}

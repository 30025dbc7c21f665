import type { Arithmetic } from '../numbers/arithmetic.js';
import { toFloat } from '../numbers/convert.js';
import { FORMATS } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import type { Ridge } from './ridges.js';

/** The units of a layer in the order of their knots. */
export interface Knots {
  /** Where a unit begins or ends to be active: -bias/fan, increasing. */
  readonly places: readonly Rational[];
  /** The unit that belongs to each. */
  readonly units: readonly number[];
  /** The places rounded to nearest, which keeps their order. */
  readonly near: Float64Array;
}

/** The knots of the units that have one: all whose weight is not 0. */
export function knotsOf({ fan, bias }: Pick<Ridge, 'fan' | 'bias'>): Knots {
  const all = fan.flatMap((weight, unit) => {
    if (weight.isZero()) return [];
    const place = weight.equals(Rational.one) ? bias[unit].neg() : bias[unit].div(weight).neg();
    return [{ unit, place, near: nearest(place) }];
  });
  all.sort((a, b) => (a.near === b.near ? a.place.compare(b.place) : a.near < b.near ? -1 : 1));
  return {
    places: all.map(({ place }) => place),
    units: all.map(({ unit }) => unit),
    near: Float64Array.from(all, ({ near }) => near),
  };
}

/** The number of knots below u. */
export function knotsBelow({ places, near }: Knots, u: Rational): number {
  const float = nearest(u);
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (near[middle] === float ? places[middle].lt(u) : near[middle] < float) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rounding is monotone: numbers whose doubles differ are in the order of these. */
function nearest(x: Rational): number {
  return toFloat(x, FORMATS.float64, 'nearest');
}

/**
 * u -> constant + sum_k readout_k relu(fan_k u + bias_k) as a piecewise linear function: between two knots it is slope u + offset
 * with sums over the units that are active there, one added or taken away at each knot. Exact.
 */
export class PiecewiseLinear {
  readonly #slopes: Rational[] = [];
  readonly #offsets: Rational[] = [];

  constructor(
    readonly knots: Knots,
    { fan, bias }: Pick<Ridge, 'fan' | 'bias'>,
    readout: readonly Rational[],
    constant: Rational,
  ) {
    let [slope, offset] = [Rational.zero, constant];
    const change = (k: number) => {
      const size = fan[k].sign() < 0 ? readout[k].neg() : readout[k];
      slope = slope.add(size.mul(fan[k]));
      offset = offset.add(size.mul(bias[k]));
    };
    fan.forEach((weight, k) => {
      if (weight.isZero()) offset = offset.add(readout[k].mul(bias[k].max(Rational.zero)));
      else if (weight.sign() < 0) {
        slope = slope.add(readout[k].mul(weight));
        offset = offset.add(readout[k].mul(bias[k]));
      }
    });
    for (let i = 0; ; i++) {
      this.#slopes.push(slope);
      this.#offsets.push(offset);
      if (i === knots.units.length) break;
      change(knots.units[i]);
    }
  }

  /** The value at u on piece `piece`: the number of knots below u. */
  on(piece: number, u: Rational): Rational {
    return this.#slopes[piece].mul(u).add(this.#offsets[piece]);
  }
}

/** The columns of a layer as functions; made when they are first asked for. */
export function piecesOf(ridge: Ridge): () => { readonly knots: Knots; readonly columns: readonly PiecewiseLinear[] } {
  let made: { readonly knots: Knots; readonly columns: readonly PiecewiseLinear[] } | undefined;
  return () => {
    if (made) return made;
    const knots = knotsOf(ridge);
    made = {
      knots,
      columns: ridge.columns.map((column, j) => new PiecewiseLinear(knots, ridge, column, ridge.offset[j])),
    };
    return made;
  };
}

/** The layer at exact numbers. */
export function exactRidge(ridge: Ridge): (u: Rational) => readonly Rational[] {
  const pieces = piecesOf(ridge);
  return (u) => {
    const { knots, columns } = pieces();
    const piece = knotsBelow(knots, u);
    return columns.map((column) => column.on(piece, u));
  };
}

/** Intervals across more knots than this are left to interval arithmetic. */
const MOST_KNOTS = 8;

/** The layer over intervals: its exact range where that takes few pieces. */
export function intervalRidge<I>(A: Arithmetic<I>, ridge: Ridge): (u: I) => readonly I[] {
  const pieces = piecesOf(ridge);
  const plain = plainly(A, ridge);
  return (u) => {
    if (A.mark(u) !== 0 || A.isEmpty(u)) return plain(u);
    const [lo, hi] = [A.lower(u), A.upper(u)];
    if (!lo || !hi) return plain(u);
    const { knots, columns } = pieces();
    const [first, last] = [knotsBelow(knots, lo), knotsBelow(knots, hi)];
    if (last - first > MOST_KNOTS) return plain(u);
    return columns.map((column) => {
      let [least, most] = [column.on(first, lo), column.on(first, lo)];
      for (let piece = first; piece <= last; piece++) {
        const value = column.on(piece, piece === last ? hi : knots.places[piece]);
        [least, most] = [least.min(value), most.max(value)];
      }
      return A.between(least, most);
    });
  };
}

/** The layer by interval arithmetic, unit by unit. */
function plainly<I>(A: Arithmetic<I>, { fan, bias, columns, offset }: Ridge): (u: I) => readonly I[] {
  const map = (
    rows: readonly (readonly Rational[])[],
    constant: readonly Rational[],
  ): ((x: readonly I[]) => readonly I[]) => {
    if (A.affine) return A.affine(rows, constant);
    const weights = rows.map((row) => row.map(A.of));
    const ends = constant.map(A.of);
    return (x) => weights.map((row, j) => A.add(A.dot(x, row), ends[j]));
  };
  let layers: readonly ((x: readonly I[]) => readonly I[])[] | undefined;
  return (u) => {
    layers ??= [
      map(
        fan.map((weight) => [weight]),
        bias,
      ),
      map(columns, offset),
    ];
    const [inner, outer] = layers;
    return outer(inner([u]).map((x) => A.max(x, A.zero)));
  };
}

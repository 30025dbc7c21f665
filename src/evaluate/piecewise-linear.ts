import type { Arithmetic } from '../numbers/arithmetic.js';
import { toFloat } from '../numbers/convert.js';
import { FORMATS } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import type { Ridge, RidgePart } from './ridges.js';

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
export function knotsOf({ fan, bias }: Pick<RidgePart, 'fan' | 'bias'>): Knots {
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
function knotsBelow({ places, near }: Knots, u: Rational): number {
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
 * u -> sum_k readout_k relu(fan_k u + bias_k) as a piecewise linear function: between two knots it is slope u + offset
 * with sums over the units that are active there, one added or taken away at each knot. Exact.
 */
export class PiecewiseLinear {
  /** Piece k lies below knot k; there is one more piece than there are knots. */
  readonly slopes: Rational[] = [];
  readonly offsets: Rational[] = [];

  constructor(
    readonly knots: Knots,
    { fan, bias }: Pick<RidgePart, 'fan' | 'bias'>,
    readout: readonly Rational[],
  ) {
    let [slope, offset] = [Rational.zero, Rational.zero];
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
      this.slopes.push(slope);
      this.offsets.push(offset);
      if (i === knots.units.length) break;
      change(knots.units[i]);
    }
  }

  /** The value at u on piece `piece`: the number of knots below u. */
  on(piece: number, u: Rational): Rational {
    return this.slopes[piece].mul(u).add(this.offsets[piece]);
  }
}

/** The columns of a part as functions. */
export interface Pieces {
  readonly knots: Knots;
  readonly columns: readonly PiecewiseLinear[];
}

const made = new WeakMap<RidgePart, Pieces>();

/** Made when they are first asked for. */
function piecesOf(part: RidgePart): Pieces {
  const known = made.get(part);
  if (known) return known;
  const knots = knotsOf(part);
  const pieces = { knots, columns: part.columns.map((column) => new PiecewiseLinear(knots, part, column)) };
  made.set(part, pieces);
  return pieces;
}

/** A column of a part on [lo, hi], lo < hi: its ends and corners, in increasing order. */
export function curveOn(part: RidgePart, column: number, lo: Rational, hi: Rational): { x: Rational; y: Rational }[] {
  const { knots, columns } = piecesOf(part);
  const { places } = knots;
  const line = columns[column];
  let piece = knotsBelow(knots, lo);
  while (piece < places.length && places[piece].equals(lo)) piece += 1;
  const curve = [{ x: lo, y: line.on(piece, lo) }];
  while (piece < places.length && places[piece].lt(hi)) {
    const x = places[piece];
    let next = piece + 1;
    while (next < places.length && places[next].equals(x)) next += 1;
    if (!line.slopes[next].equals(line.slopes[piece])) curve.push({ x, y: line.on(next, x) });
    piece = next;
  }
  return [...curve, { x: hi, y: line.on(piece, hi) }];
}

/** The layer at exact numbers. */
export function exactRidge({ parts, offset }: Ridge): (row: readonly Rational[]) => readonly Rational[] {
  return (row) =>
    parts.reduce<readonly Rational[]>((total, part) => {
      const { knots, columns } = piecesOf(part);
      const u = row[part.entry];
      const piece = knotsBelow(knots, u);
      return total.map((value, j) => value.add(columns[j].on(piece, u)));
    }, offset);
}

/** The layer near numbers, in doubles. */
export function floatRidge({ parts, offset }: Ridge): (row: readonly number[]) => readonly number[] {
  const start = offset.map(nearest);
  const maps = parts.map((part) => ({ entry: part.entry, map: floatPart(part) }));
  return (row) => {
    const values = [...start];
    for (const { entry, map } of maps) map(row[entry], values);
    return values;
  };
}

/** Adds the values of a part at u to a list. */
function floatPart(part: RidgePart): (u: number, values: number[]) => void {
  const { knots, columns } = piecesOf(part);
  const from = Float64Array.from(knots.places, nearest);
  const lines = columns.map((column) => ({
    values: Float64Array.from(column.slopes, (_, k) => nearest(column.on(k, anchorOf(knots, k)))),
    slopes: Float64Array.from(column.slopes, nearest),
  }));
  return (u, values) => {
    const piece = firstAtLeast(knots.near, u);
    const step = u - (from[Math.max(0, piece - 1)] ?? 0);
    for (let j = 0; j < lines.length; j++) values[j] += lines[j].values[piece] + lines[j].slopes[piece] * step;
  };
}

/** The lower knot of a piece, the upper one of the first: a place on its closure. */
function anchorOf({ places }: Knots, piece: number): Rational {
  return places[Math.max(0, piece - 1)] ?? Rational.zero;
}

/** Intervals across more knots than this are left to interval arithmetic. */
const MOST_KNOTS = 8;

/** The layer over intervals: every part in its exact range where that takes few pieces. */
export function intervalRidge<I>(A: Arithmetic<I>, { parts, offset }: Ridge): (row: readonly I[]) => readonly I[] {
  const start = offset.map(A.of);
  const maps = parts.map((part) => ({ entry: part.entry, map: intervalPart(A, part) }));
  return (row) =>
    maps.reduce<readonly I[]>((total, { entry, map }) => {
      const values = map(row[entry]);
      return total.map((value, j) => A.add(value, values[j]));
    }, start);
}

function intervalPart<I>(A: Arithmetic<I>, part: RidgePart): (u: I) => readonly I[] {
  const plain = plainly(A, part);
  /** Each piece from its lower knot, so that the knots' distance to u is all that is rounded. */
  const lines: { readonly from: I; readonly columns: readonly { readonly value: I; readonly slope: I }[] }[] = [];
  const lineOf = (piece: number) => {
    if (lines[piece]) return lines[piece];
    const { knots, columns } = piecesOf(part);
    const from = anchorOf(knots, piece);
    lines[piece] = {
      from: A.of(from),
      columns: columns.map((column) => ({ value: A.of(column.on(piece, from)), slope: A.of(column.slopes[piece]) })),
    };
    return lines[piece];
  };
  return (u) => {
    if (A.mark(u) !== 0 || A.isEmpty(u)) return plain(u);
    const { knots, columns } = piecesOf(part);
    const { lo, hi } = A.outer(u);
    const piece = firstAtLeast(knots.near, lo);
    const isWithin = piece === knots.near.length || hi < knots.near[piece];
    if (isWithin) {
      const line = lineOf(piece);
      const step = A.sub(u, line.from);
      return line.columns.map(({ value, slope }) => A.add(value, A.mul(slope, step)));
    }
    const [from, to] = [A.lower(u), A.upper(u)];
    if (!from || !to) return plain(u);
    const [first, last] = [knotsBelow(knots, from), knotsBelow(knots, to)];
    if (last - first > MOST_KNOTS) return plain(u);
    return columns.map((column) => {
      let [least, most] = [column.on(first, from), column.on(first, from)];
      for (let k = first; k <= last; k++) {
        const value = column.on(k, k === last ? to : knots.places[k]);
        [least, most] = [least.min(value), most.max(value)];
      }
      return A.between(least, most);
    });
  };
}

/** The first place of a number that is not below x, in an increasing list. As rounding is monotone, the knots before it lie below x. */
function firstAtLeast(increasing: Float64Array, x: number): number {
  let [low, high] = [0, increasing.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (increasing[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part by interval arithmetic, unit by unit. */
function plainly<I>(A: Arithmetic<I>, { fan, bias, columns }: RidgePart): (u: I) => readonly I[] {
  const map = (
    rows: readonly (readonly Rational[])[],
    constant?: readonly Rational[],
  ): ((x: readonly I[]) => readonly I[]) => {
    if (A.affine) return A.affine(rows, constant);
    const weights = rows.map((row) => row.map(A.of));
    const ends = constant?.map(A.of);
    return (x) => weights.map((row, j) => (ends ? A.add(A.dot(x, row), ends[j]) : A.dot(x, row)));
  };
  let layers: readonly ((x: readonly I[]) => readonly I[])[] | undefined;
  return (u) => {
    layers ??= [
      map(
        fan.map((weight) => [weight]),
        bias,
      ),
      map(columns),
    ];
    const [inner, outer] = layers;
    return outer(inner([u]).map((x) => A.max(x, A.zero)));
  };
}

import { doubleIntervals } from '../numbers/doubles.js';
import { type Interval, midpoint } from '../numbers/interval.js';
import { addUp, mulUp, subUp } from '../numbers/rounding.js';
import * as E from '../symbolic/index.js';

/** Second derivatives on a box in units of cells: within R of C, entry by entry. */
export interface SecondDerivatives {
  /** Bounds of (v - w)^T C (v - w), and sum R_ij |v - w|_i |v - w|_j. */
  along(
    v: readonly number[],
    w: readonly number[],
  ): { readonly lo: number; readonly hi: number; readonly blur: number };
  /** An upper bound of 1/8 sum_ij R_ij w_i w_j, w the sides of the least box around the points. */
  blur(points: readonly (readonly number[])[]): number;
}

const D = doubleIntervals;

interface Entry {
  readonly i: number;
  readonly j: number;
  /** 1 on the diagonal, 2 for the two entries off it. */
  readonly weight: number;
  readonly centre: number;
  readonly radius: number;
}

/**
 * Encloses the second derivatives of f over boxes, multiplied by the sides of a cell. Coordinates that are asked for are
 * multiples of 2^-20 whose differences are at most 1, so that products of two differences are exact.
 */
export function secondDerivativesOf(
  f: E.Expression,
  variables: readonly string[],
): (box: readonly Interval[], sides: readonly Interval[]) => SecondDerivatives {
  const places = variables.flatMap((_, i) => variables.slice(i).map((_, k) => [i, i + k] as const));
  const gradient = E.gradient(f, variables);
  const program = E.toIntervals(
    places.map(([i, j]) => E.differentiate(gradient[i], variables[j])),
    variables,
    D,
  );
  return (box, sides) => {
    const entries = program(box).map((second, k): Entry => {
      const [i, j] = places[k];
      const scaled = D.mul(second, D.mul(sides[i], sides[j]));
      const isBounded = scaled.mark === 0 && Number.isFinite(scaled.hi - scaled.lo);
      const centre = isBounded ? midpoint(scaled) : 0;
      const radius = isBounded
        ? Math.max(subUp(scaled.hi, centre), subUp(centre, scaled.lo))
        : Number.POSITIVE_INFINITY;
      return { i, j, weight: i === j ? 1 : 2, centre, radius };
    });
    return fromEntries(entries);
  };
}

function fromEntries(entries: readonly Entry[]): SecondDerivatives {
  const around = (size: (i: number) => number) => {
    let total = 0;
    for (const { i, j, weight, radius } of entries) {
      const product = size(i) * size(j) * weight;
      if (product > 0) total = addUp(total, mulUp(radius, product));
    }
    return total;
  };
  return {
    along: (v, w) => {
      let [least, most] = [0, 0];
      for (const { i, j, weight, centre } of entries) {
        const product = (v[i] - w[i]) * (v[j] - w[j]) * weight;
        most = addUp(most, mulUp(centre, product));
        least = addUp(least, mulUp(-centre, product));
      }
      return { lo: -least, hi: most, blur: around((i) => Math.abs(v[i] - w[i])) };
    },
    blur: (points) => {
      const sides = points[0].map((_, i) => {
        const ends = points.map((point) => point[i]);
        return Math.max(...ends) - Math.min(...ends);
      });
      return around((i) => sides[i]) / 8;
    },
  };
}

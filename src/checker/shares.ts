import { above, below, between, type Ends, outward } from './floats.js';
import * as I from './interval.js';
import { flatten, inside, type Known, type Plane } from './planes.js';

/** Bounds of the shares of a softmax over a box, and at the middle of its logits. */
export interface Shares {
  readonly shares: readonly Ends[];
  readonly middles: readonly Ends[];
}

/** The shares of a softmax over a box and at the middle of its logits. */
export function sharesAt(logits: readonly Known[]): Shares {
  const top = Math.max(...logits.map(({ hi }) => hi));
  const powers = (ends: readonly Ends[]) =>
    ends.map(([lo, hi]): Ends => {
      const [a, b] = [below(lo - top), above(hi - top)];
      const value = a <= b ? I.exp(between(a, b)) : null;
      return value ? outward(value) : [Number.NaN, Number.NaN];
    });
  const shares = sharesOf(powers(logits.map(({ lo, hi }) => [lo, hi])));
  const middles = sharesOf(powers(logits.map((logit) => [inside(logit), inside(logit)])));
  return { shares, middles };
}

/** Share `i` of a softmax by its tangent plane at the middle of the logits; what they may differ from it is height. */
export function sharePlane(plane: Plane, known: Known, i: number, logits: readonly Known[], row: Shares): void {
  const { shares, middles } = row;
  const [own, at] = [shares[i], middles[i]];
  let rest = 0;
  let [least, most] = at;
  logits.forEach((logit, k) => {
    const { lo, hi } = logit;
    const m = inside(logit);
    const tilt = k === i ? at[0] * (1 - at[0]) : -at[0] * middles[k][0];
    const [slow, fast] = shareSlope(shares, i, k);
    const off = above(Math.max(above(fast - tilt), above(tilt - slow)));
    rest = above(rest + above(off * above(Math.max(hi - m, m - lo))));
    least = below(least - above(tilt * m));
    most = above(most - below(tilt * m));
    plane.tilts[k] = tilt;
  });
  [known.lo, known.hi] = own;
  plane.lo = below(least - rest);
  plane.hi = above(most + rest);
  flatten(plane, known);
}

/** The derivative of share i by logit k: s_i (1 - s_i), or -s_i s_k. */
export function shareSlope(shares: readonly Ends[], i: number, k: number): Ends {
  const [own, other] = [shares[i], shares[k]];
  return k === i ? quarter(own) : [-above(own[1] * other[1]), -below(own[0] * other[0])];
}

/** p_i / sum p where each power lies between two ends. */
function sharesOf(powers: readonly Ends[]): Ends[] {
  return powers.map(([lo, hi], i) => {
    let [least, most] = [0, 0];
    powers.forEach(([a, b], k) => {
      if (k === i) return;
      least = below(least + Math.max(a, 0));
      most = above(most + b);
    });
    const floor = Math.max(lo, 0);
    const all = below(hi + Math.max(least, 0));
    return [
      Math.max(0, below(floor / above(floor + most))),
      all > 0 ? Math.min(1, above(hi / all)) : all <= 0 ? 1 : Number.NaN,
    ];
  });
}

/** Bounds of s (1 - s) on an interval. */
function quarter([lo, hi]: Ends): Ends {
  const ends = [lo, hi].map((s): Ends => [below(s * below(1 - s)), above(s * above(1 - s))]);
  const most = lo <= 0.5 && hi >= 0.5 ? 0.25 : Math.max(ends[0][1], ends[1][1]);
  return [Math.min(ends[0][0], ends[1][0]), most];
}

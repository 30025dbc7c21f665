import { InputError } from '../errors.js';
import type { Arithmetic } from '../numbers/arithmetic.js';
import { fromFloat } from '../numbers/convert.js';
import { Rational } from '../numbers/rational.js';

/** A closed box: one interval [lo, hi] with rational ends per variable. */
export interface Domain {
  readonly variables: readonly string[];
  readonly lo: readonly Rational[];
  readonly hi: readonly Rational[];
}

/** Throws InputError for a side with lo > hi. */
export function domain(
  sides: readonly { readonly variable: string; readonly lo: Rational; readonly hi: Rational }[],
): Domain {
  for (const { variable, lo, hi } of sides) {
    if (hi.lt(lo)) throw new InputError({ field: variable, found: `the box side [${lo}, ${hi}]`, allowed: 'lo <= hi' });
  }
  return {
    variables: sides.map((side) => side.variable),
    lo: sides.map((side) => side.lo),
    hi: sides.map((side) => side.hi),
  };
}

/** [0, 1] in every variable. */
export function unitBox(variables: readonly string[]): Domain {
  return domain(variables.map((variable) => ({ variable, lo: Rational.zero, hi: Rational.one })));
}

/**
 * A part of a domain, in the coordinates s of x = lo + s (hi - lo): doubles in [0, 1], so that halving is exact.
 */
export interface Part {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export function whole(dimension: number): Part {
  return { from: new Array<number>(dimension).fill(0), to: new Array<number>(dimension).fill(1) };
}

/** The part as intervals of x. */
export function intervalsOf<I>({ lo, hi }: Domain, arithmetic: Arithmetic<I>): (part: Part) => I[] {
  const offsets = lo.map((end) => arithmetic.of(end));
  const widths = lo.map((end, i) => arithmetic.of(hi[i].sub(end)));
  const isUnit = lo.map((end, i) => end.isZero() && hi[i].equals(Rational.one));
  return ({ from, to }) =>
    from.map((s, i) => {
      const side = arithmetic.fromDoubles(s, to[i]);
      return isUnit[i] ? side : arithmetic.add(offsets[i], arithmetic.mul(widths[i], side));
    });
}

/** The exact point of x at coordinates s. */
export function pointOf({ lo, hi }: Domain, s: readonly number[]): Rational[] {
  return lo.map((end, i) => end.add(hi[i].sub(end).mul(fromFloat(s[i]))));
}

/** A double strictly between two, near the middle; undefined when there is none. */
export function middle(from: number, to: number): number | undefined {
  const s = from / 2 + to / 2;
  return from < s && s < to ? s : undefined;
}

import { Rejected } from './failure.js';
import type { Fraction } from './fraction.js';

/** A part of a box with bounds of a function u there. */
export interface Region {
  /** A value that sign * u takes. */
  attained(sign: 1 | -1): Fraction;
  /** An upper bound of sign * u, no better than `enough`. */
  bound(sign: 1 | -1, enough: Fraction | null): Fraction;
  /** Two parts that cover this one, the same ones each time. */
  halves(): readonly Region[];
}

/** Bounds of sup sign * u that are at most `tolerance` apart or below `enough`, by halving parts; as they come where it is null. */
export function supremum(
  parts: readonly Region[],
  sign: 1 | -1,
  tolerance: Fraction | null,
  enough: Fraction | null = null,
): { readonly lo: Fraction; readonly hi: Fraction } {
  const stack = parts.map((part) => ({ part, depth: 0 }));
  let lo = parts.map((part) => part.attained(sign)).reduce((a, b) => a.max(b));
  let hi = lo;
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { part, depth } = next;
    lo = lo.max(part.attained(sign));
    const bound = part.bound(sign, enough);
    if (depth > DEEPEST || !tolerance || bound.le(lo.add(tolerance)) || (enough && bound.le(enough)))
      hi = hi.max(bound);
    else for (const half of part.halves()) stack.push({ part: half, depth: depth + 1 });
  }
  return { lo, hi };
}

const DEEPEST = 60;
export function undefinedAt(x: Fraction | readonly Fraction[]): never {
  throw new Rejected(`a target is undefined near ${x}, or too steep to bound`);
}

export function signed(sign: 1 | -1, value: Fraction): Fraction {
  return sign > 0 ? value : value.neg();
}

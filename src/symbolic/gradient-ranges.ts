import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import { gradient } from './differentiate.js';
import { enclose } from './enclosure.js';
import type { Expression } from './expression.js';
import { ExpressionMap } from './identity.js';
import { conditionsOf, resolve } from './kinks.js';

/** Kinks up to which every choice of sides is looked at by itself. */
const MOST_KINKS = 10;

/**
 * Enclosures of the partial derivatives over a box, one list for each choice of a side at every kink: the generalised
 * gradient of Clarke at a point of the box is a convex combination of vectors, each within one of the lists. With more
 * than 10 kinks there is one list, for all choices.
 */
export function gradientRanges(e: Expression, box: ReadonlyMap<string, Interval>): readonly (readonly Interval[])[] {
  const slopes = gradient(e, [...box.keys()]);
  const conditions = conditionsOf(slopes);
  const kinks = conditions.length <= MOST_KINKS ? conditions : [];
  return Array.from({ length: 1 << kinks.length }, (_, choice) => {
    const signs = new ExpressionMap<1 | -1>();
    kinks.forEach((condition, k) => {
      signs.set(condition, (choice >> k) & 1 ? 1 : -1);
    });
    return slopes.map((slope) => enclose(resolve(slope, signs), doubleIntervals, box));
  });
}

import { Unfinished } from '../../../deadline.js';
import type { Bounded } from '../../../enclose/bounds/problem.js';
import { statable } from '../../../numbers/significant-bits.js';
import type * as E from '../../../symbolic/index.js';

/** Numbers too long for a statement between shorter ones. */
export function brief({ lo, hi }: E.ValueBounds, largest?: number): E.ValueBounds {
  const [below, above] = [statable(lo, 'down', largest), statable(hi, 'up', largest)];
  if (below && above) return { lo: below, hi: above };
  throw new Unfinished('a number too long to be written out');
}

/** The same of an enclosure, where an end of which none is short is unknown. */
export function briefly(found: Bounded): Bounded {
  const { lo, hi } = found.enclosure;
  return { ...found, enclosure: { lo: lo && statable(lo, 'down'), hi: hi && statable(hi, 'up') } };
}

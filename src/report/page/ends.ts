import type { ClaimDocument } from '../document.js';
import type { Content } from './markup.js';

/** An enclosure in words: one number where both ends are the same. */
export function ends([lo, hi]: NonNullable<ClaimDocument['enclosure']>): Content {
  if (lo === hi) return lo;
  if (lo === null) return `at most ${hi}`;
  return hi === null ? `at least ${lo}` : `[${lo}, ${hi}]`;
}

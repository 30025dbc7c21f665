import { toDecimal } from '../numbers/decimal.js';
import type { Rational } from '../numbers/rational.js';
import type { Enclosure } from '../proof/verdict.js';

/** Digits of two ends for people: enough to tell them apart, and at least so many. */
const FEWEST = 6;
const LONGEST_FRACTION = 24;

/** Digits that show how far apart two ends are, or all of a number that has no more than `most`. */
function digitsOf({ lo, hi }: Enclosure, most: number): number {
  if (!lo || !hi) return Math.min(FEWEST, most);
  const width = (digits: number) => Number(toDecimal(hi, digits, 'up')) - Number(toDecimal(lo, digits, 'down'));
  let digits = Math.min(FEWEST, most);
  while (digits < most && width(digits) !== 0 && width(digits + 1) < 0.5 * width(digits)) digits++;
  return digits;
}

/** A number beside two ends, rounded up, in as many digits; beside one number only as many as people read. */
export function besideText(value: Rational, enclosure: Enclosure | null, most: number): string {
  const isOne = enclosure?.lo && enclosure.hi?.equals(enclosure.lo);
  return toDecimal(value, enclosure && !isOne ? digitsOf(enclosure, most) : Math.min(FEWEST, most), 'up');
}

/** One number in braces, as a fraction where its digits are not all of it; otherwise two ends, rounded outward. */
export function endsText(enclosure: Enclosure, most: number): string {
  const { lo, hi } = enclosure;
  const digits = digitsOf(enclosure, most);
  const [from, to] = [lo ? toDecimal(lo, digits, 'down') : '-inf', hi ? toDecimal(hi, digits, 'up') : 'inf'];
  if (from === to) return `{${from}}`;
  const fraction = lo && hi && lo.equals(hi) ? String(lo) : '';
  if (fraction === '' || fraction.length > LONGEST_FRACTION) return `[${from}, ${to}]`;
  return `{${fraction} (${toDecimal(lo!, Math.min(FEWEST, most), 'nearest')})}`;
}

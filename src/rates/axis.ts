import { InputError, placed, quote } from '../errors.js';
import { asList, asMap, asText, type Raw } from '../instance/raw.js';
import { ballIntervals } from '../numbers/balls.js';
import { toDecimal } from '../numbers/decimal.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';

/** A parameter and the values that a sweep gives it, in order and without doubles. */
export interface Axis {
  readonly name: string;
  readonly values: readonly Raw[];
}

/** Values of one axis; a longer one is a mistake. */
export const LONGEST_AXIS = 1_000_000;
/** Points of a geometric axis, each of which costs an exponential. */
const LONGEST_GEOMETRIC = 10_000;
const ALLOWED = 'a list, {range: [lo, hi, step]} or {geometric: [lo, hi, n]}';
/** Significant digits of the inner points of a geometric axis. */
const DIGITS = 6;
const BITS = 192;

/**
 * Reads an axis: a list of values; `{range: [lo, hi, step]}`, the numbers lo, lo + step, ... up to hi; or
 * `{geometric: [lo, hi, n]}`, see `geometric`. Throws InputError for an empty or oversized axis.
 */
export function readAxis(name: string, raw: Raw): Axis {
  const values = distinct(raw.kind === 'list' ? raw.items : generated(raw));
  if (values.length === 0)
    throw new InputError({ ...raw.place, found: 'an empty axis', allowed: 'at least one value' });
  return { name, values };
}

function generated(raw: Raw): readonly Raw[] {
  const entries = raw.kind === 'map' ? [...asMap(raw, ALLOWED)] : [];
  const [kind, given] = entries[0] ?? [];
  const make = kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind as keyof typeof KINDS] : undefined;
  if (!make || !given || entries.length !== 1)
    throw new InputError({
      ...raw.place,
      found: raw.kind === 'text' ? quote(raw.text) : `a ${raw.kind}`,
      allowed: ALLOWED,
    });
  const numbers = asList(given, make.form).map((item) =>
    placed(item.place, () => parseRational(asText(item, make.form))),
  );
  if (numbers.length !== 3)
    throw new InputError({ ...given.place, found: `${numbers.length} numbers`, allowed: make.form });
  const points = placed(given.place, () => make.points(numbers[0], numbers[1], numbers[2]));
  return points.map((value) => ({ kind: 'text', text: value.toString(), place: given.place }));
}

const KINDS = {
  range: { form: 'three numbers: lo, hi, step', points: range },
  geometric: { form: 'three numbers: lo, hi, n', points: geometric },
} as const;

/** lo, lo + step, ... up to hi. */
function range(lo: Rational, hi: Rational, step: Rational): Rational[] {
  if (step.sign() <= 0) throw new InputError({ found: `the step ${step}`, allowed: 'a step above 0' });
  if (hi.lt(lo)) return [];
  const count = hi.sub(lo).div(step).floor() + 1n;
  checkLength(Rational.of(count), LONGEST_AXIS);
  return Array.from({ length: Number(count) }, (_, k) => lo.add(step.mul(Rational.of(k))));
}

/**
 * n points from lo to hi with (nearly) equal ratios, as exact numbers that depend on lo, hi and n alone. The ends are
 * lo and hi; point k between them is lo (hi/lo)^(k/(n-1)) rounded to the nearest integer when both ends are integers,
 * to 6 significant digits otherwise. Points that coincide are one point.
 */
export function geometric(lo: Rational, hi: Rational, n: Rational): Rational[] {
  if (lo.sign() <= 0) throw new InputError({ found: `a geometric axis from ${lo}`, allowed: 'ends above 0' });
  if (hi.lt(lo)) return [];
  if (!n.isInteger() || n.lt(Rational.of(2)))
    throw new InputError({ found: `${n} points`, allowed: 'an integer of at least 2' });
  checkLength(n, LONGEST_GEOMETRIC);
  const last = Number(n.num) - 1;
  const A = ballIntervals(BITS);
  const [start, end] = [A.log(A.of(lo)), A.log(A.of(hi))];
  const inner = (k: number): Rational => {
    const share = A.of(Rational.of(k, last));
    const near = A.lower(A.exp(A.add(start, A.mul(share, A.sub(end, start)))))!;
    const isWhole = lo.isInteger() && hi.isInteger();
    const rounded = isWhole
      ? Rational.of(near.add(Rational.of(1, 2)).floor())
      : parseRational(toDecimal(near, DIGITS, 'nearest'));
    return rounded.max(lo).min(hi);
  };
  return Array.from({ length: last + 1 }, (_, k) => (k === 0 ? lo : k === last ? hi : inner(k)));
}

function checkLength(count: Rational, most: number): void {
  if (Rational.of(most).lt(count))
    throw new InputError({
      found: `an axis of ${toDecimal(count, 6, 'nearest')} values`,
      allowed: `at most ${most}`,
    });
}

/** The first of each value; numbers that are equal are one value however they are written. */
function distinct(values: readonly Raw[]): Raw[] {
  const seen = new Set<string>();
  return values.filter((raw) => {
    const key = keyOf(raw);
    return !seen.has(key) && seen.add(key);
  });
}

function keyOf(raw: Raw): string {
  if (raw.kind === 'list') return `[${raw.items.map(keyOf).join(',')}]`;
  if (raw.kind === 'map') return `{${[...raw.entries].map(([name, entry]) => `${name}:${keyOf(entry)}`).join(',')}}`;
  try {
    return parseRational(raw.text).toString();
  } catch {
    return JSON.stringify(raw.text);
  }
}

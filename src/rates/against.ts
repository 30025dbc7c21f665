import { InputError, placed, quote } from '../errors.js';
import { ballIntervals } from '../numbers/balls.js';
import { toFloat } from '../numbers/convert.js';
import { FORMATS } from '../numbers/format.js';
import { looksLikeNumber, parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';

/** What a quantity is held against: a parameter, a number to the power of an integer parameter, or an exponential. */
export interface Against {
  readonly text: string;
  readonly parameter: string;
  /** b of b^parameter. */
  readonly base: Rational | null;
  /** g of exp(g), which is `scale` times a power of the parameter. */
  readonly exponential: { readonly g: E.Expression; readonly scale: E.Expression; readonly power: Rational } | null;
}

/** `N`, `2^m` for an integer parameter m, or `exp(pi*sqrt(m/2))`. Throws InputError when no axis has the parameter. */
export function readAgainst(text: string, names: readonly string[]): Against {
  const trimmed = text.trim();
  if (/^exp\b/.test(trimmed)) return readExponential(trimmed, names);
  const [, base, name = trimmed] = /^([^^]+)\^(\w+)$/.exec(trimmed) ?? [];
  const isPower = base !== undefined && looksLikeNumber(base);
  if ((base !== undefined && !isPower) || !names.includes(name)) {
    const allowed = `an axis (${names.join(', ')}), a number to the power of one such as 2^${names[0]}, or exp(sqrt(${names[0]}))`;
    throw new InputError({ found: quote(text), allowed });
  }
  const value = isPower ? parseRational(base) : null;
  if (value && !Rational.one.lt(value)) throw new InputError({ found: quote(text), allowed: 'a base above 1' });
  return { text: trimmed, parameter: name, base: value, exponential: null };
}

function readExponential(text: string, names: readonly string[]): Against {
  const allowed = 'exp of a positive number times a positive power of one axis, such as exp(pi*sqrt(m/2)) or exp(m)';
  const parsed = placed({ field: 'against' }, () => E.parseExpression(text, names));
  const [parameter, ...others] = E.variablesOf(parsed);
  const g = parsed.kind === 'application' && parsed.fn.name === 'exp' ? parsed.args[0] : null;
  const growth = g && parameter && others.length === 0 ? E.leadingOrder(g, parameter, 'infinity') : 'unknown';
  if (!g || growth === 'unknown' || growth.power.sign() <= 0) throw new InputError({ found: quote(text), allowed });
  const { coefficient: scale, power } = growth;
  const monomial = E.mul(scale, E.power(E.variable(parameter), power));
  const isPositive = sizeOf(scale, new Map()) > 0;
  if (!isPositive || !isSame(g, monomial)) throw new InputError({ found: quote(text), allowed });
  return { text, parameter, base: null, exponential: { g, scale, power } };
}

/** Whether two expressions in one positive variable that tend to infinity alike are the same, by their form or two values. */
function isSame(a: E.Expression, b: E.Expression): boolean {
  if (E.sameExpression(a, b)) return true;
  const [name] = E.variablesOf(a);
  return [2, 7].every((x) => {
    const at = new Map([[name, Rational.of(x)]]);
    return Math.abs(sizeOf(a, at) / sizeOf(b, at) - 1) < 1e-12;
  });
}

/** The value of `against` where its parameter is `value`; null for one that is no positive rational number. */
export function valueAgainst({ base, exponential }: Against, value: unknown): Rational | null {
  const number = numeric(value);
  if (!number || exponential) return null;
  if (!base) return number.sign() > 0 ? number : null;
  const isSmall = number.isInteger() && number.abs().le(Rational.of(LARGEST_POWER));
  return isSmall ? base.pow(Number(number.num)) : null;
}

const LARGEST_POWER = 10_000;

/** The logarithm of the value of `against`, as a double; null where it has none. */
export function logAgainst(against: Against, value: unknown): number | null {
  const { exponential, parameter } = against;
  const number = numeric(value);
  if (exponential) return number && number.sign() > 0 ? sizeOf(exponential.g, new Map([[parameter, number]])) : null;
  const x = valueAgainst(against, value);
  return x && logarithm(x);
}

const A = ballIntervals(64);

/** The logarithm of a positive number as a double. */
export function logarithm(value: Rational): number {
  return toFloat(A.lower(A.log(A.of(value)))!, FORMATS.float64, 'nearest');
}

function sizeOf(e: E.Expression, at: ReadonlyMap<string, Rational>): number {
  return toFloat(E.valueBounds(e, at).lo, FORMATS.float64, 'nearest');
}

/** An exact parameter as a number; null for one that is none. */
export function numeric(value: unknown): Rational | null {
  if (typeof value === 'number') return Rational.of(value);
  return value instanceof Rational ? value : null;
}

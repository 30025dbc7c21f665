import { InputError, type Place, placed, quote } from '../errors.js';
import { asMap, asText, checkFields, type Raw } from '../instance/raw.js';
import { looksLikeNumber, parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import type { Rate, Theorem } from '../proof/theorem.js';
import { evaluateExact } from '../symbolic/exact.js';
import { parseExpression } from '../symbolic/parse.js';
import { type Against, numeric, readAgainst } from './against.js';
import type { Axis } from './axis.js';
import { checkQuantity } from './quantity.js';

/** A rate that a sweep tests: its exponents, or null for those that the theorem states. */
export interface RateTest {
  readonly quantity: string;
  readonly against: Against;
  readonly exponent: string | null;
  readonly log: string;
  readonly toward: 'infinity' | 'zero';
  readonly place: Place;
}

/** A test's exponents for the parameters of some points, and the theorem's statement that agrees with them. */
export interface Prediction {
  /** null for any negative one: decay without a stated constant in its exponent. */
  readonly exponent: Rational | null;
  readonly log: Rational;
  readonly stated: Rate<never> | null;
}

type Params = Readonly<Record<string, unknown>>;

const SHAPE = 'a map such as {quantity: error, against: N, exponent: -2}, or a list of such maps';
const FIELDS = ['quantity', 'against', 'exponent', 'log', 'toward'];

/** Reads `rate`; without it, all rates that the theorem states for the swept parameters. */
export function readRates(raw: Raw | undefined, theorem: Theorem, axes: readonly Axis[]): RateTest[] {
  if (!raw) return statedTests(theorem, axes);
  const items = raw.kind === 'list' ? raw.items : [raw];
  return items.map((item) => readRate(asMap(item, SHAPE), item.place, theorem, axes));
}

/** The exponents for these parameters. Throws InputError when the file gives none and the theorem states none. */
export function predictionFor(test: RateTest, theorem: Theorem, params: Params): Prediction {
  const { quantity, against } = test;
  const stated = (theorem.rates ?? []).filter(
    (rate) =>
      rate.quantity === quantity &&
      rate.against === against.text &&
      (rate.toward ?? 'infinity') === test.toward &&
      (rate.applies?.(params as never) ?? true),
  );
  const orders = stated.map((rate) => ({
    exponent: exponentOf(rate.exponent, params),
    log: evaluate(rate.log ?? '0', params),
    stated: rate as Rate<never>,
  }));
  if (test.exponent === null) {
    if (orders.length > 0) return orders[0];
    const found = `no exponent for ${quantity} against ${against.text}, and ${theorem.id} states none`;
    throw new InputError({ ...test.place, found, allowed: SHAPE });
  }
  const given = placed(test.place, () => ({
    exponent: exponentOf(test.exponent!, params),
    log: evaluate(test.log, params),
  }));
  const same = orders.find(({ exponent, log }) => sameExponent(exponent, given.exponent) && log.equals(given.log));
  return same ?? { ...given, stated: null };
}

/** The parameters that are numbers. */
export function numericValues(params: Params): Map<string, Rational> {
  const entries = Object.entries(params).map(([name, value]) => [name, numeric(value)] as const);
  return new Map(entries.filter((entry): entry is [string, Rational] => entry[1] !== null));
}

function evaluate(text: string, params: Params): Rational {
  const values = numericValues(params);
  return evaluateExact(parseExpression(text, [...values.keys()]), values);
}

/** The word for an exponent of which only the sign is known. */
export const NEGATIVE = 'negative';

function exponentOf(text: string, params: Params): Rational | null {
  return text.trim() === NEGATIVE ? null : evaluate(text, params);
}

function sameExponent(a: Rational | null, b: Rational | null): boolean {
  return a === b || (a !== null && b !== null && a.equals(b));
}

function statedTests({ rates = [] }: Theorem, axes: readonly Axis[]): RateTest[] {
  const tests = new Map<string, RateTest>();
  for (const { quantity, against, toward = 'infinity' } of rates) {
    const swept = namesOf(axes.filter(({ values }) => values.length > 1));
    const key = `${quantity} ${against} ${toward}`;
    if (tests.has(key) || !swept.some((name) => new RegExp(`\\b${name}\\b`).test(against))) continue;
    tests.set(key, {
      ...{ quantity, against: readAgainst(against, namesOf(axes)), toward },
      ...{ exponent: null, log: '0', place: { field: 'rate' } },
    });
  }
  return [...tests.values()];
}

function readRate(entries: ReadonlyMap<string, Raw>, place: Place, theorem: Theorem, axes: readonly Axis[]): RateTest {
  checkFields(entries, FIELDS);
  const text = (name: string): string => {
    const raw = entries.get(name);
    if (!raw) throw new InputError({ ...place, found: `no ${name}`, allowed: SHAPE });
    return asText(raw, SHAPE);
  };
  const placeOf = (name: string) => entries.get(name)?.place ?? place;
  const quantity = text('quantity');
  placed(placeOf('quantity'), () => checkQuantity(quantity, theorem));
  const against = placed(placeOf('against'), () => readAgainst(text('against'), namesOf(axes)));
  return {
    quantity,
    against,
    exponent: entries.has('exponent') ? text('exponent') : null,
    log: entries.has('log') ? text('log') : '0',
    toward: readToward(entries.get('toward')) ?? statedToward(theorem, quantity, against) ?? guessToward(against, axes),
    place: placeOf('exponent'),
  };
}

function readToward(raw: Raw | undefined): RateTest['toward'] | undefined {
  if (!raw) return undefined;
  const text = asText(raw, 'infinity or zero');
  if (text === 'infinity' || text === 'zero') return text;
  throw new InputError({ ...raw.place, found: quote(text), allowed: 'infinity or zero' });
}

function statedToward({ rates = [] }: Theorem, quantity: string, { text }: Against): RateTest['toward'] | undefined {
  const stated = rates.find((rate) => rate.quantity === quantity && rate.against === text);
  return stated && (stated.toward ?? 'infinity');
}

/** Values that are all below 1 tend to 0. */
function guessToward({ parameter, base }: Against, axes: readonly Axis[]): RateTest['toward'] {
  const values = axes.find(({ name }) => name === parameter)!.values;
  const isSmall = (raw: Raw) =>
    raw.kind === 'text' && looksLikeNumber(raw.text) && parseRational(raw.text).lt(Rational.one);
  return !base && values.every(isSmall) ? 'zero' : 'infinity';
}

function namesOf(axes: readonly Axis[]): string[] {
  return axes.map(({ name }) => name);
}

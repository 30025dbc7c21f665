import { InputError } from '../errors.js';
import { Rational } from '../numbers/rational.js';
import type { Enclosure } from '../proof/verdict.js';
import { DomainError } from '../symbolic/domain.js';
import { type Expression, variablesOf } from '../symbolic/expression.js';
import { leadingOrder } from '../symbolic/leading-order.js';
import { parseExpression } from '../symbolic/parse.js';
import { valueBounds } from '../symbolic/value.js';
import { inExponential } from './exponential.js';
import { numericValues, type Prediction, type RateTest } from './rate-test.js';

/** Stands for `against` in formulas where that is a power. */
const POWER = 'x';

let last: { readonly key: string; readonly formula: Expression } | undefined;

/** Most points of a sweep have the same formula. */
function read(text: string, names: readonly string[]): Expression {
  const key = [text, ...names].join('\n');
  if (last?.key !== key) last = { key, formula: parseExpression(text, names) };
  return last.formula;
}

/**
 * Whether the predicted order is the leading order of the bound that the theorem states in closed form. A proof of the
 * rate needs besides that the claim, the quantity is at most the bound, was proved.
 */
export function followsFromClosedForm(
  { against, toward }: RateTest,
  { stated, exponent, log }: Prediction,
  params: Readonly<Record<string, unknown>>,
): boolean {
  const text = stated?.formula?.(params as never);
  if (text === undefined) return false;
  const formula = read(text, [...Object.keys(params), ...(stated!.constants ?? []), POWER]);
  const { exponential, base, parameter } = against;
  const inPower = exponential ? inExponential(formula, exponential, parameter, numericValues(params), POWER) : formula;
  const order = leadingOrder(inPower, base || exponential ? POWER : parameter, toward);
  if (order === 'unknown') return false;
  const power = toward === 'infinity' ? order.power : order.power.neg();
  if (exponent === null) return power.sign() < 0;
  return power.equals(exponent) && order.logPower.equals(log);
}

/** A quantity whose lower end is within a percent of its closed form at every point is of its order from below, too. */
const NEAR = Rational.of(101, 100);

/**
 * How the enclosed quantity lies against the closed form at this point, as a guard against a closed form that is not the
 * claim's bound: at most that, up to the factor `unit` for rounding, and within a percent of it (`equal`) or not, as where
 * it names constants and so has no value (`below`); null where it is not known to be at most that.
 */
export function comparedWithClosedForm(
  { lo, hi }: Enclosure,
  { stated }: Prediction,
  params: Readonly<Record<string, unknown>>,
  x: Rational | null,
  unit: Rational,
): 'equal' | 'below' | null {
  const text = stated?.formula?.(params as never);
  if (text === undefined || !hi) return null;
  const values = numericValues(params);
  if (x) values.set(POWER, x);
  const formula = read(text, [...Object.keys(params), ...(stated!.constants ?? []), POWER]);
  if (![...variablesOf(formula)].every((name) => values.has(name))) return 'below';
  try {
    const value = valueBounds(formula, values);
    if (!hi.le(value.hi.mul(unit))) return null;
    return lo && value.lo.le(lo.mul(NEAR)) ? 'equal' : 'below';
  } catch (error) {
    if (error instanceof DomainError || error instanceof RangeError || error instanceof InputError) return null;
    throw error;
  }
}

import { toFloat } from '../numbers/convert.js';
import { pow10 } from '../numbers/decimal.js';
import { FORMATS } from '../numbers/format.js';
import { Rational } from '../numbers/rational.js';
import { logAgainst, logarithm, valueAgainst } from './against.js';
import { comparedWithClosedForm, followsFromClosedForm } from './closed-form.js';
import { type Fit, fitRate } from './fit.js';
import { type Point, parametersAt, type Settings } from './point.js';
import { boundsOf } from './quantity.js';
import { type Prediction, predictionFor, type RateTest } from './rate-test.js';
import type { PointResult } from './run.js';
import type { Sample } from './slope.js';
import type { Sweep } from './sweep.js';
import { type Judgement, judge, judgeDecay, widestInterval } from './verdict.js';

/** A predicted rate and what a sweep says of it. Slopes are exponents of `against`, of the quantity divided by log(s)^log. */
export interface Rated extends Judgement {
  readonly test: RateTest;
  readonly prediction: Prediction;
  /** The values of other axes for which this prediction is made, where it differs between them. */
  readonly at: Readonly<Record<string, string>>;
  readonly fit: Fit | null;
  readonly slope: number | null;
  readonly interval: readonly [number, number] | null;
  /** Whether the order is shown from both sides, by a closed form that the quantity equals; otherwise it may be smaller. */
  readonly sharp: boolean;
  readonly usable: number;
  readonly points: number;
}

/** Points that share the values of all axes but one have one intercept; those with one prediction have one slope. */
export function rateSweep(sweep: Sweep, results: readonly (PointResult | undefined)[], settings: Settings): Rated[] {
  const known = results.flatMap((result, index) => (result ? [{ result, index }] : []));
  const points = known.map(({ result, index }) => ({ ...parametersAt(sweep, index), result }));
  return sweep.rates.flatMap((test) => {
    const lines = groupBy(points, ({ shown }) => JSON.stringify(others(shown, test)));
    const predicted = [...lines.values()].map((line) => ({
      line,
      prediction: predictionFor(test, sweep.theorem, line[0].params),
    }));
    const rows = groupBy(predicted, ({ prediction: { exponent, log, stated } }) => {
      return `${exponent} ${log} ${stated === null ? 'none' : sweep.theorem.rates!.indexOf(stated as never)}`;
    });
    return [...rows.values()].map((row) => {
      const at = rows.size > 1 ? shared(row.map(({ line }) => others(line[0].shown, test))) : {};
      return {
        at,
        ...rate(
          test,
          row[0].prediction,
          row.map(({ line }) => line),
          settings.digits,
        ),
      };
    });
  });
}

type Line = readonly (Omit<Point, 'job'> & { readonly result: PointResult })[];

function rate(test: RateTest, prediction: Prediction, lines: readonly Line[], digits: number): Omit<Rated, 'at'> {
  const samples = lines.flatMap((line, group) => line.flatMap((point) => sample(point, test, prediction, group)));
  const orientation = test.toward === 'infinity' ? 1 : -1;
  const given = prediction.exponent && approximate(prediction.exponent);
  const fit = fitRate(samples, given === null ? WIDEST_OF_ANY : widestInterval(given));
  const base = {
    test,
    prediction,
    fit,
    slope: fit && orientation * fit.slope,
    interval: fit && (orientation === 1 ? fit.interval : ([-fit.interval[1], -fit.interval[0]] as const)),
    usable: samples.length,
    points: lines.reduce((count, line) => count + line.length, 0),
  };
  const shown = shownOrder(test, prediction, lines, digits);
  const judged = given === null ? judgeDecay(fit) : judge(fit, orientation * given);
  if (!shown) return { ...base, ...judged, sharp: false };
  const contradiction = shown === 'equal' || given === null ? null : contradicted(fit, orientation * given);
  const reason = ['the order of the closed bound, which was proved at every point', contradiction];
  return { ...base, verdict: 'proved', sharp: shown === 'equal', reason: reason.filter(Boolean).join('; ') };
}

/** How narrow an interval has to be where only the sign of the exponent is predicted: decided by the slope itself. */
const WIDEST_OF_ANY = 0;

/** What the fit says against an order that is shown from above alone. */
function contradicted(fit: Fit | null, predicted: number): string | null {
  if (!fit) return null;
  if (fit.interval[1] < predicted) return 'the slope is below it: the order is not sharp here';
  return predicted < fit.interval[0] ? 'the slope is above it: the bound is still far away here' : null;
}

/**
 * The closed bound has the stated order, and the claim behind the quantity was proved at every point: `equal` where the
 * quantity is that bound, `below` where it is at most that. Null when the order is not shown.
 */
function shownOrder(
  test: RateTest,
  prediction: Prediction,
  lines: readonly Line[],
  digits: number,
): 'equal' | 'below' | null {
  const unit = Rational.one.add(pow10(1 - digits));
  if (!lines.every((line) => followsFromClosedForm(test, prediction, line[0].params))) return null;
  const sides = lines.flat().map(({ params, result }) => {
    const x = valueAgainst(test.against, params[test.against.parameter]);
    const enclosure = boundsOf(result.values[test.quantity]);
    return (x || test.against.exponential) && !result.open.includes(test.quantity)
      ? comparedWithClosedForm(enclosure, prediction, params, x, unit)
      : null;
  });
  if (sides.includes(null)) return null;
  return sides.every((side) => side === 'equal') ? 'equal' : 'below';
}

const ULP = 2 ** -52;

/** A point on logarithmic scales; none where the quantity has no two positive bounds. */
function sample(
  { params, result }: Line[number],
  { against, quantity, toward }: RateTest,
  { log }: Prediction,
  group: number,
): Sample[] {
  const size = logAgainst(against, params[against.parameter]);
  const { lo, hi } = boundsOf(result.values[quantity]);
  if (size === null || !lo || !hi || lo.sign() <= 0) return [];
  const t = size * (toward === 'infinity' ? 1 : -1);
  if (!log.isZero() && t <= 0) return [];
  const correction = log.isZero() ? 0 : approximate(log) * Math.log(t);
  const [low, high] = [logarithm(lo) - correction, logarithm(hi) - correction];
  const y = (low + high) / 2;
  return [{ t, y, e: (high - low) / 2 + ULP * (1 + Math.abs(y)), group }];
}

function approximate(value: Rational): number {
  return toFloat(value, FORMATS.float64, 'nearest');
}

function others(shown: Readonly<Record<string, string>>, { against }: RateTest): Record<string, string> {
  return Object.fromEntries(Object.entries(shown).filter(([name]) => name !== against.parameter));
}

/** The entries that all records have in common. */
function shared(records: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first, ...rest] = records;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((record) => record[name] === value)),
  );
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

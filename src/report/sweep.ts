import { toDecimal } from '../numbers/decimal.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import type { Value } from '../rates/quantity.js';
import { boundsOf } from '../rates/quantity.js';
import { NEGATIVE, type Prediction } from '../rates/rate-test.js';
import type { Rated } from '../rates/rates.js';
import type { PointResult } from '../rates/run.js';
import type { Sweep } from '../rates/sweep.js';
import type { RateVerdict } from '../rates/verdict.js';
import { toText } from '../symbolic/text.js';
import { tool } from '../version.js';
import { type Circumstances, circumstancesJson } from './circumstances.js';
import type { Painter } from './style.js';
import { oneLine } from './visible.js';

/** A sweep with what came of it; points that were not reached are undefined. */
export interface SweepReport {
  readonly sweep: Sweep;
  readonly results: readonly (PointResult | undefined)[];
  readonly rates: readonly Rated[];
  readonly circumstances: Circumstances;
}

/** From bad to good: the overall verdict is the first that occurs. */
const ORDER = ['inconsistent', 'suspicious', 'too-few-points', 'consistent', 'proved'] as const;
const COLOUR = {
  proved: 'green',
  consistent: 'green',
  inconsistent: 'red',
  suspicious: 'red',
  'too-few-points': 'yellow',
} as const satisfies Record<RateVerdict, string>;

/** The worst verdict of the rates; too few points when the sweep ended early; null when no rate was tested. */
export function overallRate({ rates, results }: SweepReport): RateVerdict | null {
  const verdicts: RateVerdict[] = rates.map(({ verdict }) => verdict);
  if (results.includes(undefined)) verdicts.push('too-few-points');
  return ORDER.find((verdict) => verdicts.includes(verdict)) ?? null;
}

/** The document of `sweep`: the same bytes for the same sweep, however often it was interrupted. */
export function sweepJson(report: SweepReport): object {
  const { sweep, results, rates, circumstances } = report;
  return {
    tool: tool(),
    ...circumstancesJson(circumstances),
    theorem: sweep.theorem.id,
    verdict: overallRate(report),
    complete: !results.includes(undefined),
    points: reached(results).map(({ params, values }) => ({ params, values })),
    rates: rates.map(rateJson),
  };
}

function rateJson({
  test,
  prediction,
  at,
  fit,
  slope,
  interval,
  sharp,
  usable,
  points,
  verdict,
  reason,
}: Rated): object {
  const { log } = prediction;
  const value = (t: number) => Math.exp(test.toward === 'infinity' ? t : -t);
  const sign = test.toward === 'infinity' ? 1 : -1;
  return {
    quantity: test.quantity,
    against: test.against.text,
    toward: test.toward,
    ...(Object.keys(at).length > 0 && { at }),
    predicted: prediction.exponent?.toString() ?? NEGATIVE,
    ...(!log.isZero() && { log: log.toString() }),
    slope,
    interval,
    verdict,
    ...(verdict === 'proved' && { sharp }),
    reason,
    points,
    usable,
    used: fit?.used.map(value) ?? null,
    floor: fit?.floor ? { from: value(fit.floor.t), value: Math.exp(fit.floor.y) } : null,
    localSlopes:
      fit?.local.map((local) => ({ from: value(local.from), to: value(local.to), slope: sign * local.slope })) ?? [],
  };
}

/** Axes and recorded quantities as columns, an enclosure as two. */
export function* sweepCsv({ sweep, results }: SweepReport): Generator<string> {
  const pairs = new Set(sweep.record.filter((id) => isClaim(sweep, id)));
  const columns = sweep.record.flatMap((id) => (pairs.has(id) ? [`${id}.lo`, `${id}.hi`] : [id]));
  yield row([...sweep.axes.map(({ name }) => name), ...columns]);
  for (const { params, values } of reached(results)) {
    const cells = sweep.record.flatMap((id) => (pairs.has(id) ? (values[id] ?? [null, null]) : [values[id]]));
    yield row([...Object.values(params), ...(cells as (string | null)[])]);
  }
}

function row(cells: readonly (string | null)[]): string {
  const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `${cells.map((cell) => quoted(cell ?? '')).join(',')}\n`;
}

const MOST_ROWS = 24;

/** The table and the rates for people; the last line is `s ` and the worst verdict, or `s RECORDED` without rates. */
export function sweepText(report: SweepReport, files: readonly string[], paint: Painter): string {
  const { sweep, results, rates } = report;
  const points = reached(results);
  const open = points.filter((point) => point.open.length > 0);
  const ids = [...new Set(open.flatMap((point) => point.open))].join(', ');
  return [
    paint('bold', sweep.theorem.id),
    `  ${sweep.theorem.summary}`,
    '',
    ...table(sweep, points.slice(0, MOST_ROWS)),
    ...(points.length > MOST_ROWS ? [`  ... and ${points.length - MOST_ROWS} more points`] : []),
    '',
    ...(points.length < results.length ? [`  ended early: ${points.length} of ${results.length} points`] : []),
    ...(open.length > 0
      ? [`  ${paint('yellow', 'warning')}: ${ids}: not proved at ${open.length} of ${points.length} points`]
      : []),
    ...rates.flatMap((rated) => rateLines(rated, paint)),
    `  ${files.join(', ')}`,
    '',
    `s ${(overallRate(report) ?? 'recorded').toUpperCase()}`,
    '',
  ]
    .map(oneLine)
    .join('\n');
}

function rateLines(rated: Rated, paint: Painter): string[] {
  const { test, prediction, at, fit, slope, interval, sharp, usable, points, verdict, reason } = rated;
  const value = (t: number) =>
    t > LARGEST_EXPONENT ? `e^${short(t)}` : short(Math.exp(test.toward === 'infinity' ? t : -t));
  const where = Object.entries(at).map(([name, shown]) => `, ${name} = ${shown}`);
  const order = orderText(test, prediction);
  const log = prediction.log.isZero() ? '' : ` log(${test.against.text})^${bracketed(prediction.log.toString())}`;
  const relation = verdict === 'proved' && !sharp ? `= O(${order}${log})` : `~ ${order}${log}`;
  const indent = ' '.repeat(17);
  const range = fit && [...fit.used].map(value);
  return [
    `  ${paint(COLOUR[verdict], verdict.toUpperCase().padEnd(14))} ${paint('bold', test.quantity)} ${relation}${where.join('')}: ${reason}`,
    ...(fit
      ? [
          `${indent}slope ${short(slope!)} in [${interval!.map(short).join(', ')}], fitted from ${range![0]} to ${range![1]}`,
          `${indent}local slopes ${locals(fit.local.map((local) => (test.toward === 'infinity' ? local.slope : -local.slope)))}`,
        ]
      : []),
    ...(fit?.floor ? [`${indent}levels off at ${short(Math.exp(fit.floor.y))} from ${value(fit.floor.t)}`] : []),
    ...(usable < points ? [`${indent}${points - usable} of ${points} points have no two positive bounds`] : []),
  ];
}

/** `N^-2`, `(2^m)^-2`, `exp(-sqrt(m))`, and `exp(-c*(sqrt(m)))` where c is not stated. */
function orderText({ against: { text, base, exponential } }: Rated['test'], { exponent }: Prediction): string {
  const g = exponential && toText(exponential.g);
  if (g && exponent?.equals(Rational.of(-1))) return `exp(-${/[+ -]/.test(g) ? `(${g})` : g})`;
  if (g) return `exp(${exponent ?? '-c'}*${g})`;
  return `${base ? `(${text})` : text}^${exponent ? bracketed(exponent.toString()) : '(-c)'}`;
}

/** Exponentials of more are shown by their exponent. */
const LARGEST_EXPONENT = 40;

const MOST_LOCAL = 8;

function locals(slopes: readonly number[]): string {
  const shown = slopes.map((slope) => slope.toFixed(3));
  return shown.length <= MOST_LOCAL
    ? shown.join(' ')
    : `${shown.slice(0, 3).join(' ')} ... ${shown.slice(-4).join(' ')}`;
}

function table(sweep: Sweep, points: readonly PointResult[]): string[] {
  const header = [...sweep.axes.map(({ name }) => name), ...sweep.record];
  const body = points.map(({ params, values }) => [
    ...Object.values(params).map(showParameter),
    ...sweep.record.map((id) => showValue(values[id])),
  ]);
  const widths = header.map((name, i) => Math.max(name.length, ...body.map((cells) => cells[i].length)));
  return [header, ...body].map(
    (cells) =>
      `  ${cells
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd()}`,
  );
}

const DIGITS = 6;
const LONGEST_PARAMETER = 24;

/** A fraction as a decimal where that is no longer. */
function showParameter(text: string): string {
  const decimal = /^-?\d+\/\d+$/.test(text) ? toDecimal(parseRational(text), LONGEST_PARAMETER, 'nearest') : text;
  const shown = decimal.length <= text.length ? decimal : text;
  return shown.length > LONGEST_PARAMETER ? `${shown.slice(0, LONGEST_PARAMETER - 3)}...` : shown;
}

function showValue(value: Value): string {
  if (value === null) return '-';
  const { lo, hi } = boundsOf(value);
  if (lo && hi && toDecimal(lo, DIGITS, 'nearest') === toDecimal(hi, DIGITS, 'nearest'))
    return toDecimal(lo, DIGITS, 'nearest');
  return `[${lo ? toDecimal(lo, DIGITS, 'down') : '-inf'}, ${hi ? toDecimal(hi, DIGITS, 'up') : 'inf'}]`;
}

function bracketed(exponent: string): string {
  return exponent.includes('/') ? `(${exponent})` : exponent;
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

function reached(results: readonly (PointResult | undefined)[]): PointResult[] {
  return results.filter((result) => result !== undefined);
}

function isClaim({ theorem }: Sweep, id: string): boolean {
  return theorem.claims.some((claim) => claim.id === id);
}

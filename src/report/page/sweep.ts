import { approximate } from '../../numbers/convert.js';
import { looksLikeNumber, parseRational } from '../../numbers/parse.js';
import { logAgainst, readAgainst } from '../../rates/against.js';
import { NEGATIVE } from '../../rates/rate-test.js';
import type { SweepDocument } from '../document.js';
import { logLogPlot, type Series } from '../plot.js';
import { badge, drawing, type Markup, markup, table } from './markup.js';

type Rate = SweepDocument['rates'][number];
type Point = SweepDocument['points'][number];
type Value = Point['values'][string];

/** A result of `sweep`: each rate with its picture, and the points as a table. */
export async function sweepBody({ theorem, verdict, points, rates, tool, seed }: SweepDocument): Promise<Markup> {
  const axes = Object.keys(points[0]?.params ?? {});
  const recorded = Object.keys(points[0]?.values ?? {});
  const sections: Markup[] = [];
  for (const rate of rates) sections.push(await rateSection(rate, points, axes));
  if (rates.length === 0) sections.push(await recordedSection(points, axes, recorded));
  return markup`<h1>Sweep of ${theorem}${verdict !== null && [': ', badge(verdict)]}</h1>
<p class="soft">${points.length} points, ${tool.name} ${tool.version}, seed ${seed}</p>
${sections}
<h2>Points</h2>
${table(
  [...axes, ...recorded],
  points.map(({ params, values }) => [
    ...axes.map((name) => params[name]),
    ...recorded.map((name) => (Array.isArray(values[name]) ? values[name].join(' to ') : `${values[name]}`)),
  ]),
  'numbers',
)}`;
}

/** Without rates, what was recorded in one picture, against the axis with most values. */
async function recordedSection(points: readonly Point[], axes: readonly string[], recorded: readonly string[]) {
  const counts = axes.map((name) => new Set(points.map(({ params }) => params[name])).size);
  const along = axes[counts.indexOf(Math.max(...counts))];
  const series = recorded.flatMap((quantity) => seriesOf(quantity, points, along, axes));
  const distinct = series.filter(
    ({ points: own }, k) => !series.slice(0, k).some((other) => isSameCurve(other.points, own)),
  );
  if (along === undefined || !distinct.some(({ points: own }) => own.length > 1)) return markup``;
  const title = `${recorded.join(', ')} against ${along}`;
  const plot = await logLogPlot({ title, x: along, y: recorded.join(', '), series: distinct });
  return markup`<figure>${drawing(plot, `${title}, both axes logarithmic`)}</figure>`;
}

/** A curve of upper ends for each choice of the other axes, and one of lower ends where the two are apart. */
function seriesOf(quantity: string, points: readonly Point[], along: string, axes: readonly string[]): Series[] {
  const curves = new Map<string, [x: number, y: number][]>();
  const add = (label: string, x: number, y: number) => {
    if (!isPositive(x) || !isPositive(y)) return;
    curves.set(label, [...(curves.get(label) ?? []), [x, y]]);
  };
  for (const { params, values } of points) {
    const others = axes.filter((name) => name !== along).map((name) => `, ${name} = ${params[name]}`);
    const text = params[along] ?? '';
    const x = looksLikeNumber(text) ? approximate(parseRational(text)) : Number.NaN;
    const value = values[quantity];
    const [lo, hi] = [Number(Array.isArray(value) ? value[0] : value), upper(value)];
    add(`${quantity}${others.join('')}`, x, hi);
    if (hi > APART * lo) add(`${quantity}, lower end${others.join('')}`, x, lo);
  }
  return [...curves].map(([label, curve]) => ({ label, points: curve }));
}

/** Ends are drawn apart from this factor between them on. */
const APART = 1.01;

function isSameCurve(a: Series['points'], b: Series['points']): boolean {
  return a.length === b.length && a.every(([x, y], k) => x === b[k][0] && y === b[k][1]);
}

async function rateSection(rate: Rate, points: readonly Point[], axes: readonly string[]): Promise<Markup> {
  const { quantity, against, predicted, log, slope, interval, verdict, reason } = rate;
  const exponent = predicted === NEGATIVE ? '-c' : predicted;
  const order = `${against}^(${exponent})${log === undefined ? '' : ` log^(${log})`}`;
  const plot = await picture(rate, points, axes);
  return markup`<h2>${badge(verdict)} ${quantity} against ${against}</h2>
<p>Predicted ${order}.${slope !== null && ` Slope ${slope.toFixed(4)}`}${interval && ` in [${interval[0].toPrecision(5)}, ${interval[1].toPrecision(5)}]`}</p>
${reason && markup`<p>${reason}</p>`}
${plot && markup`<figure>${drawing(plot, `${quantity} against ${against}, both axes logarithmic`)}</figure>`}`;
}

/** The points of a rate, a curve for each choice of the other axes, and the predicted order through the last point. */
async function picture(rate: Rate, points: readonly Point[], axes: readonly string[]): Promise<string | null> {
  const against = readAgainst(rate.against, axes);
  const curves = new Map<string, [x: number, y: number][]>();
  for (const { params, values } of points) {
    const text = params[against.parameter] ?? '';
    const at = looksLikeNumber(text) ? logAgainst(against, parseRational(text)) : null;
    const [x, y] = [at === null ? null : Math.exp(at), upper(values[rate.quantity])];
    if (x === null || !isPositive(x) || !isPositive(y)) continue;
    const others = axes.filter((name) => name !== against.parameter).map((name) => `${name} = ${params[name]}`);
    const label = others.join(', ') || rate.quantity;
    const curve = curves.get(label) ?? [];
    curve.push([x, y]);
    curves.set(label, curve);
  }
  const first = curves.values().next().value;
  if (!first) return null;
  const predicted: Series = { label: `predicted order`, points: throughLast(rate, first), predicted: true };
  const measured = [...curves].map(([label, curve]) => ({ label, points: curve }));
  const title = `${rate.quantity} against ${rate.against}`;
  return logLogPlot({ title, x: rate.against, y: rate.quantity, series: [...measured, predicted] });
}

/** C x^p log(s)^q through the point that is nearest to the limit, s = x toward infinity and 1/x toward 0. */
function throughLast({ predicted, slope, log = '0', toward }: Rate, curve: readonly (readonly [number, number])[]) {
  const p = predicted === NEGATIVE ? (slope ?? 0) : approximate(parseRational(predicted));
  const q = approximate(parseRational(log));
  const order = (x: number) => x ** p * (q === 0 ? 1 : Math.abs(Math.log(x)) ** q);
  const [x, y] = curve.reduce((a, b) => ((toward === 'zero' ? b[0] < a[0] : b[0] > a[0]) ? b : a));
  return curve.map(([at]) => [at, (y / order(x)) * order(at)] as const);
}

/** The upper end of an enclosure, or the number itself. */
function upper(value: Value | undefined): number {
  return Math.abs(Number(Array.isArray(value) ? value[1] : value));
}

/** Whether a number has a place on a logarithmic axis. */
function isPositive(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

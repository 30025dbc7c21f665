import { approximate } from '../../numbers/convert.js';
import { looksLikeNumber, parseRational } from '../../numbers/parse.js';
import { logAgainst, readAgainst } from '../../rates/against.js';
import { NEGATIVE } from '../../rates/rate-test.js';
import type { SweepDocument } from '../document.js';
import { logLogPlot, type Series } from '../plot.js';
import { ends } from './ends.js';
import { badge, type Content, drawing, type Markup, markup, table } from './markup.js';

type Rate = SweepDocument['rates'][number];
type Point = SweepDocument['points'][number];
type Value = Point['values'][string];

/** A result of `sweep`: each rate with its picture, and the points as a table. */
export async function sweepBody({ theorem, verdict, points, rates, tool, seed, call }: SweepDocument): Promise<Markup> {
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
    ...recorded.map((name) => shownValue(values[name])),
  ]),
  'numbers',
)}
${call !== undefined && markup`<h2 id="repeat">Again, by hand</h2><pre tabindex="0">${call}</pre>`}`;
}

function shownValue(value: Value): Content {
  return Array.isArray(value) ? ends(value) : `${value ?? '–'}`;
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
${rate.floor && markup`<p>Levels off${rate.floor.value !== null && ` at ${rate.floor.value.toPrecision(4)}`}${rate.floor.from !== null && ` from ${against} = ${Number(rate.floor.from.toPrecision(6))}`}: the dotted line.</p>`}
${plot && markup`<figure>${drawing(plot, `${quantity} against ${against}, both axes logarithmic`)}<figcaption>A bar reaches from the lower to the upper bound of a point; the dashed line is the predicted order, the one called fit the fitted slope where it was fitted.</figcaption></figure>`}`;
}

/** The points of a rate: a curve with bars for each choice of the other axes, the fit, the predicted order, the floor. */
async function picture(rate: Rate, points: readonly Point[], axes: readonly string[]): Promise<string | null> {
  const against = readAgainst(rate.against, axes);
  const curves = new Map<string, { points: [x: number, y: number][]; bars: [x: number, lo: number, hi: number][] }>();
  for (const { params, values } of points) {
    const text = params[against.parameter] ?? '';
    const at = looksLikeNumber(text) ? logAgainst(against, parseRational(text)) : null;
    const [x, y] = [at === null ? null : Math.exp(at), upper(values[rate.quantity])];
    if (x === null || !isPositive(x) || !isPositive(y)) continue;
    const others = axes.filter((name) => name !== against.parameter).map((name) => `${name} = ${params[name]}`);
    const label = others.join(', ') || rate.quantity;
    const curve = curves.get(label) ?? { points: [], bars: [] };
    curve.points.push([x, y]);
    const value = values[rate.quantity];
    const lo = Array.isArray(value) ? Math.abs(Number(value[0])) : y;
    if (isPositive(lo) && lo < y) curve.bars.push([x, lo, y]);
    curves.set(label, curve);
  }
  const first = curves.values().next().value;
  if (!first) return null;
  const own = Object.entries(rate.at).map(([name, value]) => `${name} = ${value}`);
  const curve = (curves.get(own.join(', ')) ?? first).points;
  const drawn: Series[] = [...curves].map(([label, found]) => ({ label, ...found }));
  const fit = fitOf(rate, curve);
  if (fit) drawn.push({ label: 'fit', points: fit, fitted: true });
  drawn.push({ label: 'predicted order', points: throughLast(rate, curve), predicted: true });
  const title = `${rate.quantity} against ${rate.against}`;
  const floors = [rate.floor?.value ?? 0];
  return logLogPlot({ title, x: rate.against, y: rate.quantity, series: drawn, floors });
}

type Curve = readonly (readonly [x: number, y: number])[];

/** C x^p log(s)^q, where s = x toward infinity and 1/x toward 0. */
function orderOf(p: number, log = '0'): (x: number) => number {
  const q = looksLikeNumber(log) ? approximate(parseRational(log)) : 0;
  return (x) => x ** p * (q === 0 ? 1 : Math.abs(Math.log(x)) ** q);
}

/** The fitted slope over the range that it was fitted on, amid the points there. */
function fitOf({ slope, used, log }: Rate, curve: Curve): Curve | null {
  const [from, to] = used ?? [null, null];
  if (slope === null || from === null || to === null) return null;
  const inside = curve.filter(([x]) => x >= Math.min(from, to) * (1 - 1e-9) && x <= Math.max(from, to) * (1 + 1e-9));
  if (inside.length < 2) return null;
  const order = orderOf(slope, log);
  const offset = inside.reduce((sum, [x, y]) => sum + Math.log(y / order(x)), 0) / inside.length;
  return inside.map(([x]) => [x, Math.exp(offset) * order(x)] as const);
}

/** The predicted order through the point that is nearest to the limit. */
function throughLast({ predicted, slope, log, toward }: Rate, curve: Curve): Curve {
  const order = orderOf(predicted === NEGATIVE ? (slope ?? 0) : approximate(parseRational(predicted)), log);
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

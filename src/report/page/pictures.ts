import type { ClaimDocument, FiguresDocument } from '../document.js';
import { linePlot, poleMap } from '../plot.js';
import { heatMap, number, scaleOf } from './heat-map.js';
import { type Content, drawing, Markup, markup } from './markup.js';

/** The network and the formula along lines through the witness, their difference, and its shape over two inputs. */
export async function errorPictures(figures: FiguresDocument, claim: ClaimDocument | undefined): Promise<Content> {
  const { slices, field } = figures;
  const bound = claim?.enclosure?.[1] ?? null;
  const drawn: Markup[] = [];
  for (const [k, slice] of slices.entries()) {
    const figure = await sliceFigure(slice, k, bound === null ? null : Number(bound));
    if (figure) drawn.push(figure);
  }
  if (drawn.length === 0 && !field) return null;
  const choices = drawn.map(
    (_, k) =>
      markup`<label><input type="radio" name="slice" ${k === 0 ? new Markup('checked') : null} value="${k}"> ${slices[k].entry}</label>`,
  );
  return markup`<h2 id="pictures">The error, drawn</h2>
<p class="soft">Sampled in doubles for the eye; what is proved stands above.</p>
${drawn.length > 1 && markup`<fieldset class="choices"><legend>Along</legend>${choices}</fieldset>`}
<div class="slices">${drawn}</div>
${field && fieldFigure(field)}`;
}

type Slice = FiguresDocument['slices'][number];

async function sliceFigure({ entry, at, points }: Slice, k: number, bound: number | null): Promise<Markup | null> {
  const curve = (name: 'network' | 'formula' | 'difference') =>
    points.flatMap((point) => (point[name] === undefined ? [] : [[point.x, point[name]] as const]));
  const both = [
    { label: 'network', points: curve('network') },
    { label: 'formula', points: curve('formula') },
  ].filter((series) => series.points.length > 0);
  const values = both.length > 0 ? await linePlot({ x: entry, y: 'value', series: both, at }) : null;
  const difference = curve('difference');
  const levels = bound === null ? [] : [bound, -bound];
  const label = both.length > 0 ? 'network - formula' : 'what is bounded';
  const linear = await linePlot({ x: entry, y: label, series: [{ label, points: difference }], at, levels });
  const sizes = difference.map(([x, y]) => [x, Math.abs(y)] as const);
  const log = await linePlot({ x: entry, y: `|${label}|`, series: [{ label, points: sizes }], at, levels, log: true });
  if (!linear) return null;
  const plots = [values, linear].map(
    (plot, n) =>
      plot && plotMarkup(plot, n === 0 ? `Network and formula against ${entry}` : `${label} against ${entry}`),
  );
  return markup`<figure class="slice" data-slice="${k}"><figcaption>Along ${entry}, through ${entry} = ${number(at)} (the dashed line)${bound !== null && `; the proved bound ${number(bound)} on both sides`}.</figcaption>
${plots}${log && markup`<details><summary>Logarithmic</summary>${plotMarkup(log, `Size of ${label} against ${entry}, logarithmic`)}</details>`}</figure>`;
}

function plotMarkup({ svg, area }: NonNullable<Awaited<ReturnType<typeof linePlot>>>, label: string): Markup {
  const { left, top, width, height, from, to } = area;
  return drawing(svg, label, [left, top, width, height, from, to].join(' '));
}

function fieldFigure({ entries, box, at, cells }: NonNullable<FiguresDocument['field']>): Markup {
  const [[a, b], [c, d]] = box;
  const [x, y] = at ?? [Number.NaN, Number.NaN];
  const place = at && markup`<span class="mark" style="left:${share(x, a, b)};bottom:${share(y, c, d)}"></span>`;
  const range = (name: string, lo: number, hi: number) => `${name} from ${number(lo)} to ${number(hi)}`;
  const caption = `The difference over the box: ${range(entries[0], a, b)} to the right, ${range(entries[1], c, d)} upward; ${scaleOf(cells)}${at ? '; the ring is the witness' : ''}.`;
  return markup`<div class="field">${heatMap(cells, caption, place)}</div>`;
}

function share(value: number, lo: number, hi: number): string {
  return `${(hi > lo ? (100 * (value - lo)) / (hi - lo) : 50).toFixed(2)}%`;
}

/** Softmax weights at the witness; impulse response and poles of a state-space model. */
export async function insidePictures({ attention, response }: FiguresDocument): Promise<Content> {
  const parts: Content[] = [];
  if (attention.length > 0) {
    parts.push(
      markup`<h2 id="attention">Attention at the witness</h2><div class="gallery">${attention.map((cells) =>
        heatMap(cells, `${cells.name}, ${cells.shape[0]} by ${cells.shape[1]}; ${scaleOf(cells)}`),
      )}</div>`,
    );
  }
  if (response) {
    const points = response.values.map((value, t) => [t, value] as const);
    const plot = await linePlot({ x: 't', y: 'impulse response', series: [{ label: 'rho', points }], at: null });
    const poles = await poleMap(response.poles.flat());
    parts.push(markup`<h2 id="response">Impulse response and poles</h2>${plot && plotMarkup(plot, 'Impulse response against t')}<figure>${drawing(poles, 'Poles in the complex plane, with the unit circle')}
<figcaption>The poles of all layers; the circle is |z| = 1.</figcaption></figure>`);
  }
  return parts;
}

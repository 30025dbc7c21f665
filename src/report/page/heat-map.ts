import type { HeatMapDocument } from '../document.js';
import { type Content, Markup, markup } from './markup.js';
import { pngUri } from './png.js';

/** Blue below 0, white at 0, orange above: told apart without colour vision as well. */
const [BELOW, ZERO, ABOVE] = [
  [0, 90, 170],
  [247, 247, 244],
  [205, 85, 0],
] as const;

/** A matrix as a picture of coloured cells, with what it is in words for those who do not see it. */
export function heatMap(cells: HeatMapDocument, caption: Content, mark: Content = null): Markup {
  const { name, shape, rows, columns, values } = cells;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const pixels = Array.from({ length: rows * columns }, (_, k) => colour(values[k] ?? 0, largest));
  const described = `${name}: ${shape[0]} rows, ${shape[1]} columns, entries up to ${number(largest)} in size`;
  return markup`<figure class="cells"><div class="heat" style="aspect-ratio:${aspect(columns, rows)}">${new Markup(
    `<img alt="" src="${pngUri(Math.max(columns, 1), Math.max(rows, 1), pixels.length > 0 ? pixels : [[...ZERO]])}">`,
  )}${mark}</div>
<figcaption><span class="hidden">${described}. </span>${caption}</figcaption></figure>`;
}

/** The scale of the colours, as words. */
export function scaleOf({ values }: HeatMapDocument): string {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? 'all 0' : `blue -${number(largest)}, white 0, orange ${number(largest)}`;
}

/** No stripe, however long a vector is. */
function aspect(columns: number, rows: number): string {
  const ratio = Math.min(8, Math.max(1 / 4, columns / Math.max(rows, 1)));
  return ratio.toFixed(4);
}

function colour(value: number, largest: number): [number, number, number] {
  const part = largest > 0 && Number.isFinite(value) ? Math.abs(value) / largest : 0;
  const end = value < 0 ? BELOW : ABOVE;
  return [0, 1, 2].map((k) => Math.round(ZERO[k] + (end[k] - ZERO[k]) * part)) as [number, number, number];
}

export function number(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}

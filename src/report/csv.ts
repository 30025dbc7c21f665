import type { SweepDocument } from './document.js';

/** The points of a sweep as CSV: its axes, then of each recorded quantity one column, or two for an enclosure. */
export function sweepCsv({ points }: SweepDocument): string {
  const axes = Object.keys(points[0]?.params ?? {});
  const recorded = Object.keys(points[0]?.values ?? {});
  const isRange = (name: string) => points.some(({ values }) => Array.isArray(values[name]));
  const head = [...axes, ...recorded.flatMap((name) => (isRange(name) ? [`${name}.lo`, `${name}.hi`] : [name]))];
  const rows = points.map(({ params, values }) => [
    ...axes.map((name) => params[name] ?? ''),
    ...recorded.flatMap((name) => {
      const value = values[name];
      if (!isRange(name)) return [value ?? ''];
      return Array.isArray(value) ? value.map((end) => end ?? '') : [value ?? '', value ?? ''];
    }),
  ]);
  return [head, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

/** A field by RFC 4180. */
function field(value: unknown): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

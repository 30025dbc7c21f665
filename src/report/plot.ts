/** A curve of a plot: points as doubles, joined in their order. */
export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Drawn dashed and without marks: something predicted, not measured. */
  readonly predicted?: boolean;
}

export interface LogLogPlot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

/** Distinguishable without colour vision as well (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000', '#999999'];

/**
 * A plot with logarithmic axes as an SVG document that needs nothing from elsewhere. Points that are not positive and
 * finite are left out. Throws RangeError when none is left.
 */
export async function logLogPlot({ title, x, y, series }: LogLogPlot): Promise<string> {
  const rows = series.flatMap(({ label, points, predicted = false }) =>
    points.filter((point) => point.every(isShown)).map(([x, y]) => ({ label, predicted, x, y })),
  );
  if (rows.length === 0) throw new RangeError('a logarithmic plot needs a positive point');
  const axis = (field: 'x' | 'y', name: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { type: 'log' as const, nice: true },
    axis: { title: name, format: '~e', labelOverlap: true },
  });
  const colour = {
    field: 'label',
    type: 'nominal' as const,
    scale: { domain: series.map(({ label }) => label), range: COLOURS },
    legend: { title: null, symbolType: 'stroke' as const },
  };
  return svgOf({
    ...FRAME,
    width: 500,
    height: 380,
    title: { text: title, anchor: 'start' as const },
    data: { values: rows },
    encoding: { x: axis('x', x), y: axis('y', y), color: colour },
    layer: [
      {
        mark: { type: 'line' as const, strokeWidth: 1.5 },
        encoding: {
          order: { field: 'x', type: 'quantitative' as const },
          strokeDash: { condition: { test: 'datum.predicted', value: [6, 4] }, value: [] },
        },
      },
      {
        transform: [{ filter: '!datum.predicted' }],
        mark: { type: 'circle' as const, size: 24, opacity: 1 },
      },
    ],
  });
}

/** What is known of a quantity: proved or measured bounds, and a value that was announced. */
export interface Range {
  readonly label: string;
  readonly lo: number | null;
  readonly hi: number | null;
  readonly predicted: number | null;
}

/** Ranges as bars on one logarithmic axis, announced values as ticks; null when there is nothing positive to show. */
export async function rangePlot(ranges: readonly Range[]): Promise<string | null> {
  const rows = ranges
    .map(({ label, ...values }) => ({
      label,
      ...Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && isShown(value))),
    }))
    .filter((row) => 'hi' in row);
  if (rows.length === 0) return null;
  const scale = { type: 'log' as const, nice: true };
  const place = (field: string) => ({ field, type: 'quantitative' as const, scale, title: null });
  const onlyWith = (field: string) => [{ filter: `isValid(datum.${field})` }];
  return svgOf({
    ...FRAME,
    width: 500,
    height: { step: 26 },
    data: { values: rows },
    encoding: {
      y: { field: 'label', type: 'nominal' as const, sort: null, title: null, axis: { labelLimit: LEGEND_WIDTH } },
    },
    layer: [
      {
        transform: onlyWith('lo'),
        mark: { type: 'rule' as const, strokeWidth: 3, color: COLOURS[0] },
        encoding: { x: { ...place('lo'), axis: { format: '~e' } }, x2: { field: 'hi' } },
      },
      { mark: { type: 'circle' as const, size: 60, opacity: 1, color: COLOURS[0] }, encoding: { x: place('hi') } },
      {
        transform: onlyWith('predicted'),
        mark: { type: 'tick' as const, thickness: 2, color: COLOURS[1] },
        encoding: { x: place('predicted') },
      },
    ],
  });
}

/** Longest label, by the width that is estimated without a font: 0.8 em for each character. */
const LEGEND_WIDTH = 400;
const FRAME = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: '#fff',
  padding: 8,
  config: { legend: { labelLimit: LEGEND_WIDTH } },
} as const;

/** The drawing of a Vega-Lite specification; all of its expressions are constants of this file. */
async function svgOf(specification: object): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile(specification as Parameters<typeof compile>[0]);
  return new View(parse(spec), { renderer: 'none' }).toSVG();
}

function isShown(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

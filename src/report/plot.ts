import { loadPlots } from './vega.js';

/** A curve of a plot: points as doubles, joined in their order. */
export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Drawn dashed and without marks: something predicted, not measured. */
  readonly predicted?: boolean;
  /** Drawn as a line without marks: something that was fitted. */
  readonly fitted?: boolean;
  /** Between which bounds each point lies. */
  readonly bars?: readonly (readonly [x: number, lo: number, hi: number])[];
}

export interface LogLogPlot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Where something levels off, as horizontal lines. */
  readonly floors?: readonly number[];
}

/** Distinguishable without colour vision as well (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000', '#999999'];

/**
 * A plot with logarithmic axes as an SVG document that needs nothing from elsewhere. Points that are not positive and
 * finite are left out. Throws RangeError when none is left.
 */
export async function logLogPlot({ title, x, y, series, floors = [] }: LogLogPlot): Promise<string> {
  const rows = series.flatMap(({ label, points, predicted = false, fitted = false }) =>
    points.filter((point) => point.every(isShown)).map(([x, y]) => ({ label, predicted, fitted, x, y })),
  );
  const bars = series.flatMap(({ label, bars: own = [] }) =>
    own.filter((bar) => bar.every(isShown)).map(([x, lo, hi]) => ({ label, x, lo, hi })),
  );
  const levels = floors.filter(isShown).map((level) => ({ level }));
  if (rows.length === 0) throw new RangeError('a logarithmic plot needs a positive point');
  const axis = (field: string, name: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { type: 'log' as const, nice: true },
    axis: { title: name, labelExpr: LABEL, labelOverlap: true },
  });
  const places = rows.map((row) => row.x);
  // The next powers of 10 may be far away, and an axis that ends there is mostly empty.
  const domain = [Math.min(...places) / MARGIN, Math.max(...places) * MARGIN];
  const across = { ...axis('x', x), scale: { type: 'log' as const, nice: false, domain } };
  const colour = {
    field: 'label',
    type: 'nominal' as const,
    scale: { domain: series.map(({ label }) => label), range: COLOURS },
    legend: { title: null, symbolType: 'stroke' as const, symbolOpacity: 1 },
  };
  return svgOf({
    ...FRAME,
    width: 500,
    height: 380,
    title: { text: title, anchor: 'start' as const },
    data: { values: rows },
    encoding: { x: across, y: axis('y', y), color: colour },
    layer: [
      {
        data: { values: bars },
        mark: { type: 'bar' as const, width: 5, opacity: 0.35 },
        encoding: { y: axis('lo', y), y2: { field: 'hi' } },
      },
      {
        data: { values: levels },
        mark: { type: 'rule' as const, strokeDash: [2, 3], color: '#555' },
        encoding: { x: { value: 0 }, x2: { value: 'width' as const }, y: axis('level', y), color: { value: '#555' } },
      },
      {
        mark: { type: 'line' as const, strokeWidth: 1.5 },
        encoding: {
          order: { field: 'x', type: 'quantitative' as const },
          strokeDash: { condition: { test: 'datum.predicted', value: [6, 4] }, value: [] },
        },
      },
      {
        transform: [{ filter: '!datum.predicted && !datum.fitted' }],
        mark: { type: 'circle' as const, size: 24, opacity: 1 },
      },
    ],
  });
}

const MARGIN = 1.1;
/** Numbers of few digits as they are, others by their power of 10. */
const LABEL = "format(datum.value, datum.value < 1e-4 || datum.value > 1e4 ? '~e' : '~g')";

/** Where the plotting area of a drawing lies in it, in its own units, and the values at its left and right edge. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

export interface LinePlot {
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Marked by a vertical line. */
  readonly at: number | null;
  /** Marked by horizontal lines. */
  readonly levels?: readonly number[];
  /** Whether the vertical axis is logarithmic; then points that are not positive are left out. */
  readonly log?: boolean;
}

/** Curves over an interval; null when there is nothing to draw. */
export async function linePlot(plot: LinePlot): Promise<{ svg: string; area: PlotArea } | null> {
  const { series, at, levels = [], log = false } = plot;
  const isDrawn = (value: number) => (log ? isShown(value) : Number.isFinite(value));
  const rows = series.flatMap(({ label, points }) =>
    points.filter(([, y]) => isDrawn(y)).map(([x, y]) => ({ label, x, y })),
  );
  if (rows.length < 2) return null;
  const [from, to] = [Math.min(...rows.map(({ x }) => x)), Math.max(...rows.map(({ x }) => x))];
  const scale = log ? { type: 'log' as const, nice: true } : { zero: false, nice: true };
  const specification = {
    ...FRAME,
    width: 560,
    height: 220,
    layer: [
      {
        data: { values: rows },
        mark: { type: 'line' as const, strokeWidth: 1.6 },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative' as const,
            scale: { domain: [from, to], nice: false },
            title: plot.x,
          },
          y: { field: 'y', type: 'quantitative' as const, scale, title: plot.y, axis: { format: '~g' } },
          color: {
            field: 'label',
            type: 'nominal' as const,
            scale: { domain: series.map(({ label }) => label), range: COLOURS },
            legend: series.length > 1 ? { title: null, orient: 'top' as const } : null,
          },
          strokeDash: {
            condition: { test: 'datum.label === "formula"', value: [5, 4] },
            value: [],
          },
        },
      },
      ...(at === null
        ? []
        : [{ data: { values: [{ x: at }] }, ...RULE, encoding: { x: { field: 'x', type: 'quantitative' as const } } }]),
      ...(levels.filter(isDrawn).length === 0
        ? []
        : [
            {
              data: { values: levels.filter(isDrawn).map((y) => ({ y })) },
              ...RULE,
              encoding: { y: { field: 'y', type: 'quantitative' as const } },
            },
          ]),
    ],
  };
  const { svg, left, top, width, height } = await drawingOf(specification);
  return { svg, area: { left, top, width, height, from, to } };
}

const RULE = { mark: { type: 'rule' as const, strokeDash: [2, 3], color: '#555' } } as const;

/** Points of the complex plane with the unit circle. */
export async function poleMap(poles: readonly (readonly [number, number])[]): Promise<string> {
  const reach = Math.max(1.05, ...poles.map(([re, im]) => 1.05 * Math.hypot(re, im)));
  const circle = Array.from({ length: 181 }, (_, k) => ({
    k,
    x: Math.cos((Math.PI * k) / 90),
    y: Math.sin((Math.PI * k) / 90),
  }));
  const axis = (field: 'x' | 'y', title: string) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [-reach, reach], nice: false },
    title,
  });
  const encoding = { x: axis('x', 'real part'), y: axis('y', 'imaginary part') };
  const { svg } = await drawingOf({
    ...FRAME,
    width: 260,
    height: 260,
    layer: [
      {
        data: { values: circle },
        mark: { type: 'line' as const, color: '#555', strokeWidth: 1 },
        encoding: { ...encoding, order: { field: 'k', type: 'quantitative' as const } },
      },
      {
        data: { values: poles.map(([x, y]) => ({ x, y })) },
        mark: { type: 'point' as const, shape: 'cross', size: 40, color: COLOURS[1], opacity: 1 },
        encoding,
      },
    ],
  });
  return svg;
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
/**
 * Without descriptions for screen readers, which `drawing` gives for the whole: vega-lite writes those as expressions with
 * the titles in them, and a title is anyone's text.
 */
const FRAME = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: '#fff',
  padding: 8,
  config: { aria: false, mark: { aria: false }, legend: { labelLimit: LEGEND_WIDTH } },
} as const;

/** The drawing of a Vega-Lite specification; all of its expressions are constants of this file. */
async function svgOf(specification: object): Promise<string> {
  return (await drawingOf(specification)).svg;
}

async function drawingOf(specification: object): Promise<Omit<PlotArea, 'from' | 'to'> & { readonly svg: string }> {
  const { parse, View, compile, interpreter } = await loadPlots();
  const { spec } = compile(specification as Parameters<typeof compile>[0]);
  const view = interpreter
    ? new View(parse(spec, undefined, { ast: true }), { renderer: 'none', expr: interpreter })
    : new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  const [left, top] = view.origin();
  const padding = FRAME.padding;
  return { svg, left: left + padding, top: top + padding, width: view.width(), height: view.height() };
}

function isShown(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

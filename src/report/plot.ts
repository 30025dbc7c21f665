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

const WIDTH = 860;
const HEIGHT = 480;
const MARGIN = { left: 72, right: 290, top: 44, bottom: 56 };
/** Distinguishable without colour vision as well (Okabe and Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000', '#999999'] as const;
const MOST_TICKS = 10;

/**
 * A plot with logarithmic axes as an SVG document that needs nothing from elsewhere. Points that are not positive and
 * finite are left out. Throws RangeError when none is left.
 */
export function logLogPlot({ title, x, y, series }: LogLogPlot): string {
  const drawn = series.map(({ points, ...rest }) => ({
    ...rest,
    points: points.filter(([a, b]) => isShown(a) && isShown(b)),
  }));
  const points = drawn.flatMap((one) => one.points);
  if (points.length === 0) throw new RangeError('a logarithmic plot needs a positive point');
  const horizontal = axis(
    points.map(([a]) => a),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const vertical = axis(
    points.map(([, b]) => b),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const [right, bottom] = [WIDTH - MARGIN.right, HEIGHT - MARGIN.bottom];
  const grid = [
    ...horizontal.ticks.map((k) => {
      const at = horizontal.place(10 ** k);
      return `<path class="grid" d="M${at} ${MARGIN.top}V${bottom}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${power(k)}</text>`;
    }),
    ...vertical.ticks.map((k) => {
      const at = vertical.place(10 ** k);
      return `<path class="grid" d="M${MARGIN.left} ${at}H${right}"/><text x="${MARGIN.left - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${power(k)}</text>`;
    }),
  ];
  const curves = drawn.flatMap((one, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const places = one.points.map(([a, b]) => `${horizontal.place(a)},${vertical.place(b)}`);
    const dash = one.predicted ? ' stroke-dasharray="6 4"' : '';
    const marks = one.predicted
      ? []
      : places.map(
          (place) => `<circle cx="${place.split(',')[0]}" cy="${place.split(',')[1]}" r="2.5" fill="${colour}"/>`,
        );
    const key = MARGIN.top + 10 + 20 * index;
    return [
      `<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"${dash}/>`,
      ...marks,
      `<path d="M${right + 14} ${key}H${right + 38}" stroke="${colour}" stroke-width="1.5"${dash}/>`,
      `<text x="${right + 44}" y="${key}" dominant-baseline="middle">${escaped(one.label)}</text>`,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">`,
    '<style>text{font:12px sans-serif;fill:#222}.grid{stroke:#ddd}.title{font-size:14px;font-weight:bold}</style>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...grid,
    `<rect x="${MARGIN.left}" y="${MARGIN.top}" width="${right - MARGIN.left}" height="${bottom - MARGIN.top}" fill="none" stroke="#222"/>`,
    ...curves,
    `<text class="title" x="${MARGIN.left}" y="24">${escaped(title)}</text>`,
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(x)}</text>`,
    `<text transform="translate(18 ${(MARGIN.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(y)}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

function isShown(value: number): boolean {
  return value > 0 && Number.isFinite(value);
}

/** Whole powers of ten around the values, and where on the page a value stands, to a hundredth of a unit. */
function axis(values: readonly number[], from: number, to: number) {
  const logs = values.map(Math.log10);
  const low = Math.floor(logs.reduce((a, b) => Math.min(a, b)));
  const high = Math.max(low + 1, Math.ceil(logs.reduce((a, b) => Math.max(a, b))));
  const step = Math.ceil((high - low) / MOST_TICKS);
  const ticks = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, k) => low + k * step);
  const place = (value: number) => Number((from + ((Math.log10(value) - low) / (high - low)) * (to - from)).toFixed(2));
  return { ticks, place };
}

function power(k: number): string {
  return `10<tspan dy="-5" font-size="9">${k}</tspan>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

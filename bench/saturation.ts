/**
 * The error of an executed soft minimum against its inverse temperature, and where it stops falling: in exact arithmetic
 * the gap is at most W0((T - 1)/e)/beta; logits rounded to a format with unit roundoff u no longer tell values apart
 * that are less than 2 u max|a| from each other.
 *
 * `node dist/bench/saturation.cjs` measures again and writes docs/saturation.json, docs/saturation.svg and
 * docs/saturation.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { softMinimumNet } from '../constructions/soft-min.js';
import type { Algebra } from '../src/evaluate/algebra.js';
import {
  approximate,
  compile,
  float64,
  fromFloat,
  gapConstant,
  lehmer,
  parseRational,
  type Rational,
  Tensor,
} from '../src/index.js';
import { toFloat } from '../src/numbers/convert.js';
import { FORMATS } from '../src/numbers/format.js';
import { encode, openSession } from '../src/onnx/index.js';
import { logLogPlot } from '../src/report/plot.js';

/** Who executes: onnxruntime's CPU provider, or this program, which rounds the result of every operation. */
const COLUMNS = [
  { id: 'float16-stepwise', dtype: 'float16', label: 'float16, every operation rounded', run: roundedRun },
  { id: 'float16', dtype: 'float16', label: 'float16, onnxruntime (computes in float32)', run: deviceRun },
  { id: 'float32', dtype: 'float32', label: 'float32, onnxruntime', run: deviceRun },
  { id: 'float64', dtype: 'float64', label: 'float64, onnxruntime', run: deviceRun },
] as const;
export type Column = (typeof COLUMNS)[number]['id'];
type RunDtype = (typeof COLUMNS)[number]['dtype'];
const DTYPES = ['float16', 'float32', 'float64'] as const satisfies readonly RunDtype[];

/** Largest measured error of the soft minimum of T values for each beta; null where the logits may overflow. */
export interface Saturation {
  readonly T: number;
  readonly onnxruntime: string;
  readonly betas: readonly string[];
  readonly errors: Readonly<Record<Column, readonly (number | null)[]>>;
}

/** Few enough that the sum of the values by equal shares rounds little itself. */
const T = 4;
const CANDIDATES = 1024;
const TOP: Readonly<Record<RunDtype, number>> = { float16: 4.75, float32: 11, float64: 18 };
/** Not dyadic: by a power of two every value would be scaled exactly. */
const STEPS_PER_DECADE = 4;

/** 10^(k/4) to three digits, from 10 to the largest exponent. */
function betasUpTo(exponent: number): string[] {
  const count = Math.round((exponent - 1) * STEPS_PER_DECADE) + 1;
  return Array.from({ length: count }, (_, k) => `${Number((10 ** (1 + k / STEPS_PER_DECADE)).toPrecision(3))}`);
}

/** The largest error over inputs that try the gap (0, v, ..., v) and neighbouring numbers of the format below 1. */
export async function measuredError(beta: string, id: Column): Promise<number> {
  const { dtype, run } = COLUMNS.find((column) => column.id === id)!;
  const rows = candidates(Number(beta), dtype);
  const results = await run(parseRational(beta), dtype, rows);
  return rows.reduce((worst, [least], k) => Math.max(worst, Math.abs(results[k] - least)), 0);
}

async function deviceRun(beta: Rational, dtype: RunDtype, rows: readonly (readonly number[])[]) {
  const session = await openSession(encode(softMinimumNet(T, beta), { dtype }).model, { provider: 'cpu' });
  try {
    return (await session.run({ x: { dims: [rows.length, T, 1], data: Float64Array.from(rows.flat()) } })).y.data;
  } finally {
    await session.release();
  }
}

async function roundedRun(beta: Rational, dtype: RunDtype, rows: readonly (readonly number[])[]) {
  const held = (x: number) => toFloat(fromFloat(x), FORMATS[dtype], 'nearest');
  const total = (terms: readonly number[]) => terms.reduce((a, b) => held(a + b));
  const stepwise: Algebra<number> = {
    ...float64,
    of: (value) => toFloat(value, FORMATS[dtype], 'nearest'),
    mul: (a, b) => held(a * b),
    sum: total,
    softmax: (z) => {
      const top = Math.max(...z);
      const powers = z.map((logit) => held(Math.exp(held(logit - top))));
      const sum = total(powers);
      return powers.map((power) => held(power / sum));
    },
  };
  const evaluate = compile(softMinimumNet(T, beta), stepwise);
  return rows.map((row) => evaluate({ x: new Tensor([T, 1], row) }).y.data[0]);
}

/** Each input as its least value and 63 others. */
function candidates(beta: number, dtype: RunDtype): number[][] {
  const format = FORMATS[dtype];
  const held = (x: number) => toFloat(fromFloat(x), format, 'nearest');
  const spacing = 2 ** -format.precision;
  const random = lehmer(1);
  const level = (1 + approximate(gapConstant(T, 64).lo)) / beta;
  const row = (least: number, others: number) => [held(least), ...new Array<number>(T - 1).fill(held(others))];
  return [
    row(0, Math.min(1, level)),
    ...Array.from({ length: CANDIDATES }, (_, k) => {
      const least = held(1 - (random() / 2) ** (1 + (k % 4)));
      return row(least, Math.min(1, least + spacing * (1 + (Math.floor(k / 4) % 4))));
    }),
  ];
}

/** Measures every column at every beta that its format holds. */
export async function measure(): Promise<Saturation> {
  const betas = betasUpTo(TOP.float64);
  const errors = {} as Record<Column, (number | null)[]>;
  for (const { id, dtype } of COLUMNS) {
    errors[id] = [];
    for (const beta of betas) errors[id].push(Number(beta) <= 10 ** TOP[dtype] ? await measuredError(beta, id) : null);
  }
  const manifest = fileURLToPath(new URL('../../node_modules/onnxruntime-node/package.json', import.meta.url));
  return { T, onnxruntime: JSON.parse(readFileSync(manifest, 'utf8')).version, betas, errors };
}

/** 2u, the floor of a format. */
function floorOf(dtype: RunDtype): number {
  return 2 ** (1 - FORMATS[dtype].precision);
}

export function plot({ T, betas, errors }: Saturation): Promise<string> {
  const x = betas.map(Number);
  const gap = approximate(gapConstant(T, 64).hi);
  const measured = COLUMNS.map(({ id, label }) => ({
    label,
    points: x.map((beta, k) => [beta, errors[id][k] ?? 0] as const),
  }));
  const floors = DTYPES.map((dtype) => ({
    label: `2u of ${dtype}`,
    points: [x[0], x[x.length - 1]].map((beta) => [beta, floorOf(dtype)] as const),
    predicted: true,
  }));
  const law = { label: 'W0((T-1)/e) / beta', points: x.map((beta) => [beta, gap / beta] as const), predicted: true };
  return logLogPlot({
    title: `The soft minimum of ${T} numbers, executed`,
    x: 'beta',
    y: 'largest error found',
    series: [...measured, ...floors, law],
  });
}

export function table(data: Saturation): string {
  const show = (value: number | null) => (value === null ? '' : value.toExponential(2));
  const gap = approximate(gapConstant(data.T, 64).hi);
  const rows = data.betas.map((beta, k) =>
    [beta, (gap / Number(beta)).toExponential(2), ...COLUMNS.map(({ id }) => show(data.errors[id][k]))].join(' | '),
  );
  const floors = COLUMNS.map(({ dtype }) => `**${floorOf(dtype).toExponential(2)}**`);
  return [
    '# Large beta in floats',
    '',
    `The largest error found of the soft minimum of ${data.T} numbers in [0, 1] against their minimum, executed by`,
    `onnxruntime ${data.onnxruntime} on the CPU, beside the bound W0((T-1)/e)/beta of exact arithmetic. Logits with relative`,
    'errors u leave values indistinguishable that are 2u max|a| apart, so the error falls like 1/beta down to about 2u (the',
    'roundings of the mean come on top) and no further: a larger beta is no better, and no worse. onnxruntime computes',
    'float16 in float32 between casts on the CPU, so its column does not show the floor; with every operation rounded it does.',
    '',
    'Made by `node dist/bench/saturation.cjs` after `npm run build`.',
    '',
    '![error against beta](saturation.svg)',
    '',
    `beta | W0/beta | ${COLUMNS.map(({ label }) => label).join(' | ')}`,
    `--- | --- | ${COLUMNS.map(() => '---').join(' | ')}`,
    ...rows,
    `**2u** | | ${floors.join(' | ')}`,
    '',
  ].join('\n');
}

async function main(): Promise<void> {
  const docs = new URL('../../docs/', import.meta.url);
  const data = await measure();
  writeFileSync(new URL('saturation.json', docs), `${JSON.stringify(data, null, 1)}\n`);
  writeFileSync(new URL('saturation.svg', docs), await plot(data));
  writeFileSync(new URL('saturation.md', docs), table(data));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();

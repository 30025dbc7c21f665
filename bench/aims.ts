import { type Row, show } from './row.js';

/** What a row is to reach; limits.ts says why some do not. */
interface Aim {
  /** The row's name in the tables. */
  readonly row: string;
  /** Of its measured quantities. */
  readonly quantity: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

const AIMS: readonly Aim[] = [
  ...[
    { row: 'exhibit --help', atMost: 1.3 },
    { row: 'exhibit list', atMost: 3 },
    { row: 'exhibit verify relu-min-tree -p S=4', atMost: 5 },
    { row: 'exhibit verify softmin-gap -p T=4 -p beta=10', atMost: 5 },
  ].map((aim) => ({ ...aim, quantity: 'times node -e 0' })),
  ...[
    { row: 'retrieval, D = 4, eps = 1e-3, T = 4096', atMost: 3 },
    { row: 'retrieval, D = 4, eps = 1e-3, T = 100000', atMost: 20 },
    { row: 'retrieval, T = 64, 1/eps = 1000000', atMost: 2 },
    { row: 'second largest, eps = 1/100, T = 512', atMost: 0.5 },
    { row: 'second largest, eps = 1/100, T = 4096', atMost: 10 },
    { row: 'barrier, beta = 20, T = 16000', atMost: 1 },
    { row: 'memorisation, T = 2, d = 2, N = 10000', atMost: 1 },
    { row: 'memorisation, T = 2, d = 2, N = 100000', atMost: 15 },
    { row: 'deep state-space model of width 16, l = 32', atMost: 1 },
    { row: 'deep state-space model of width 16, l = 64', atMost: 20 },
    { row: 'product of 64 x 64 matrices of 10-bit rationals', atMost: 0.15 },
    { row: 'inner product of 64 terms of 53 bits', atMost: 0.0005 },
    { row: 'gap of the soft minimum, T = 1000, beta = 1000, to 1e-9', atMost: 0.0006 },
    { row: 'gap of the soft minimum, T = 1000000, beta = 1000000000, to 1e-9', atMost: 0.0006 },
    { row: 'trained net of 1-16-16-1 against sin(2*pi*x1), to 1e-6', atMost: 0.1 },
    { row: 'trained net of 2-16-16-1 against sin(3*x1)*exp(-x2), to 1e-6', atMost: 0.27 },
    { row: 'trained net of 2-64-64-1 against sin(3*x1)*exp(-x2), to 1e-6', atMost: 0.3 },
    { row: 'trained net of 3-32-32-1 against x1*x2*x3, to 1e-6', atMost: 0.23 },
    { row: 'net of 4-32-1 against sin(x1 + x2)*x3 + abs(x4), to 1 %', atMost: 10 },
    { row: 'largest value of a net of 5 inputs and 6 layers of 50 on [0, 1/20]^5, to 1e-6', atMost: 2 },
    { row: 'largest value of a net of 1 inputs and 6 layers of 10 on [0, 1]^1, to 1e-6', atMost: 1 },
    { row: 'retrieval, T = 256, 4 heads: interval pass at 50 digits', atMost: 0.035 },
    { row: 'the same in intervals of doubles', atMost: 0.01 },
    { row: 'the same in doubles', atMost: 0.002 },
    { row: 'matrix product of order 512, of intervals', atMost: 0.05 },
  ].map((aim) => ({ ...aim, quantity: 'seconds' })),
  {
    row: 'retrieval, T = 256, 4 heads: interval pass at 50 digits',
    quantity: 'times the time of Arb in C',
    atMost: 3.5,
  },
  {
    row: 'retrieval, T = 256, 4 heads: interval pass at 50 digits',
    quantity: 'times as fast as mpmath iv',
    atLeast: 35,
  },
  {
    row: '1000 points of milliseconds, two workers (time that passes)',
    quantity: 'times as fast as one',
    atLeast: 1.7,
  },
  { row: 'audit of all instances', quantity: 'seconds that pass for an instance', atMost: 0.175 },
];

/** The rows that are to reach something, with how far they are from it. */
export function aims(rows: readonly Row[]): string {
  const lines = AIMS.map((aim) => line(aim, rows.find(({ name }) => name === aim.row)?.measured?.[aim.quantity]));
  return `## Aims\n\n| | aim | measured | |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

function line({ row, quantity, atMost, atLeast }: Aim, value: number | undefined): string {
  const unit = quantity === 'seconds' ? 's' : quantity;
  const aim = atMost !== undefined ? `at most ${show(atMost, unit)}` : `at least ${show(atLeast!, unit)}`;
  if (value === undefined) return `| ${row} | ${aim} | not measured | |`;
  const share = atMost !== undefined ? value / atMost : atLeast! / value;
  const verdict = share > 1 ? `short of it by the factor ${Number(share.toPrecision(3))}` : 'reached';
  return `| ${row} | ${aim} | ${show(value, unit)} | ${verdict} |`;
}

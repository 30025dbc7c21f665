import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODE } from '../src/root.js';
import { type Row, type Seconds, show, showSeconds, summary } from './row.js';

const MAIN = fileURLToPath(new URL('src/cli/main.js', CODE));
const RUNS = 3;
const START_RUNS = 9;

/** Whole commands as a user runs them, in CPU seconds: the start of node, and theorems as their parameters grow. */
export async function rows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-bench-'));
  try {
    return [...starts(), ...SERIES.flatMap((series) => growth(series, folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function starts(): Row[] {
  const nothing = commandSeconds(['-e', '0'], START_RUNS);
  const row = (name: string, args: readonly string[]): Row => {
    const seconds = commandSeconds([MAIN, ...args], START_RUNS);
    const ratio = show(seconds.median / nothing.median, 'times node -e 0');
    return { name, value: `${showSeconds(seconds)}, ${ratio}` };
  };
  return [
    row('exhibit --help', ['--help']),
    row('exhibit list', ['list']),
    row('exhibit verify relu-min-tree -p S=4', ['verify', 'relu-min-tree', '-p', 'S=4']),
    row('exhibit verify softmin-gap -p T=4 -p beta=10', ['verify', 'softmin-gap', '-p', 'T=4', '-p', 'beta=10']),
  ];
}

/** An instance for each size, and the size's name. */
interface Series {
  readonly name: string;
  readonly size: string;
  readonly sizes: readonly number[];
  instance(n: number, folder: string): string;
}

const FEATURES = [
  '((x1-0.3)^2 + (x2-0.7)^2)/2',
  '((x1-0.8)^2 + (x2-0.1)^2)/2',
  '(x1^2 + x2^2)/2',
  '(x1^2 + (1 - x2)^2)/2',
];

/** D = 2 or 4 features of two coordinates, each over its own share of the tokens. */
function retrieval(T: number, eps: string, D: 2 | 4): string {
  const features = FEATURES.slice(0, D);
  const positions = features.map((_, i) => `${(i * T) / D + 1}..${((i + 1) * T) / D}`);
  const params = {
    ...{ T, d: 2, eps, features, positions },
    readout: D === 2 ? 'z1 + z2/2' : 'z1 + z2/2 - abs(z3 - z4)/2',
  };
  return `theorem: multi-head-retrieval\nparams: ${JSON.stringify(params)}\n`;
}

const SERIES: readonly Series[] = [
  {
    name: 'retrieval, D = 4, eps = 1e-3',
    size: 'T',
    sizes: [1024, 2048, 4096],
    instance: (T) => retrieval(T, '1e-3', 4),
  },
  { name: 'retrieval, T = 64', size: '1/eps', sizes: [1e4, 1e5, 1e6], instance: (n) => retrieval(64, `1/${n}`, 2) },
  {
    name: 'second largest, eps = 1/100',
    size: 'T',
    sizes: [128, 256, 512],
    instance: (T) => `theorem: two-layer-second-largest\nparams: {T: ${T}, eps: 1/100}\n`,
  },
  {
    name: 'barrier, beta = 20',
    size: 'T',
    sizes: [4000, 8000, 16000],
    instance: (T) => `theorem: single-layer-barrier\nparams: {T: ${T}, beta: 20, gap: 0}\n`,
  },
  { name: 'memorisation, T = 2, d = 2', size: 'N', sizes: [1000, 10_000, 100_000], instance: memorisation },
];

/** N sequences of four numbers from a fixed generator. */
function memorisation(N: number, folder: string): string {
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % 1_000_000;
  };
  const rows = Array.from({ length: N }, () => [next(), next(), next(), next(), next() % 1000].join(','));
  writeFileSync(join(folder, `${N}.csv`), `a,b,c,d,label\n${rows.join('\n')}\n`);
  return `theorem: single-head-memorization\nparams: {T: 2, d: 2, data: ${N}.csv}\n`;
}

function growth({ name, size, sizes, instance }: Series, folder: string): Row[] {
  const points = sizes.map((n) => {
    const file = join(folder, 'instance.yaml');
    writeFileSync(file, instance(n, folder));
    return { n, seconds: commandSeconds([MAIN, 'verify', file], RUNS) };
  });
  const [first, last] = [points[0], points[points.length - 1]];
  const exponent = Math.log(last.seconds.median / first.seconds.median) / Math.log(last.n / first.n);
  return [
    ...points.map(({ n, seconds }) => ({ name: `${name}, ${size} = ${n}`, value: showSeconds(seconds) })),
    { name: `${name}: exponent of ${size}`, value: show(exponent, '').trim() },
  ];
}

/** What takes longer, in seconds, is run once. */
const LONG = 6;

/** CPU seconds of node with these arguments and of what it starts; POSIX shells count them. */
function commandSeconds(args: readonly string[], runs: number): Seconds {
  const words = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
  const seconds: number[] = [];
  while (seconds.length < runs && !(seconds[0] > LONG)) {
    const script = `${words} > /dev/null 2>&1 || exit 1; times`;
    const { stdout, status } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the benchmark's command fails: ${words}`);
    const children = stdout.trim().split('\n').at(-1)!;
    const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
    seconds.push(times.reduce((sum, [, m, s]) => sum + 60 * Number(m) + Number(s), 0));
  }
  return summary(seconds);
}

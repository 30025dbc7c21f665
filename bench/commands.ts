import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODE } from '../src/root.js';
import { type Job, type Row, type Seconds, show, summary, timeRow } from './row.js';

const MAIN = fileURLToPath(new URL('src/cli/main.cjs', CODE));
const RUNS = 3;
const START_RUNS = 15;

/** Whole commands as a user runs them, in CPU seconds: the start of node, and theorems as their parameters grow. */
export function commandJobs(): Job[] {
  const series = SERIES.map(
    (one): Job => ({
      name: one.name,
      limit: 150,
      run: (report) => inFolder((folder) => growth(one, folder, report)),
    }),
  );
  return [{ name: 'Start', limit: 60, run: starts }, ...series];
}

/** The audit of everything that the package brings, once. */
export const auditJob: Job = {
  name: 'Audit',
  limit: 300,
  run: (report) => inFolder((folder) => report(wholeAudit(folder))),
};

function wholeAudit(folder: string): Row {
  const file = join(folder, 'audit.json');
  const start = performance.now();
  const cpu = commandSeconds([MAIN, 'audit', '--quiet', '--json'], 1, file);
  const passed = (performance.now() - start) / 1000;
  const { length } = JSON.parse(readFileSync(file, 'utf8')).instances;
  const unit = 'seconds that pass for an instance';
  const words = [`${show(passed, 's')} that pass`, `${length} instances`, show(passed / length, unit)];
  return timeRow('audit of all instances', cpu, { also: { [unit]: passed / length }, words });
}

function inFolder(action: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-bench-'));
  try {
    action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const STARTED = [
  ['--help'],
  ['list'],
  ['verify', 'relu-min-tree', '-p', 'S=4'],
  ['verify', 'softmin-gap', '-p', 'T=4', '-p', 'beta=10'],
];

function starts(report: (row: Row) => void): void {
  const nothing = commandSeconds(['-e', '0'], START_RUNS);
  for (const args of STARTED) {
    const seconds = commandSeconds([MAIN, ...args], START_RUNS);
    const ratio = seconds.median / nothing.median;
    const unit = 'times node -e 0';
    report(timeRow(`exhibit ${args.join(' ')}`, seconds, { also: { [unit]: ratio }, words: [show(ratio, unit)] }));
  }
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
    sizes: [1024, 4096, 100_000],
    instance: (T) => retrieval(T, '1e-3', 4),
  },
  { name: 'retrieval, T = 64', size: '1/eps', sizes: [1e4, 1e5, 1e6], instance: (n) => retrieval(64, `1/${n}`, 2) },
  {
    name: 'second largest, eps = 1/100',
    size: 'T',
    sizes: [128, 512, 4096],
    instance: (T) => `theorem: two-layer-second-largest\nparams: {T: ${T}, eps: 1/100}\n`,
  },
  {
    name: 'barrier, beta = 20',
    size: 'T',
    sizes: [4000, 8000, 16000],
    instance: (T) => `theorem: single-layer-barrier\nparams: {T: ${T}, beta: 20, gap: 0}\n`,
  },
  { name: 'memorisation, T = 2, d = 2', size: 'N', sizes: [1000, 10_000, 100_000], instance: memorisation },
  {
    name: 'deep state-space model of width 16',
    size: 'l',
    sizes: [16, 32, 64],
    instance: (l) => `theorem: norm-factorization\nparams: {l: ${l}, m: 16, c1: 1000}\n`,
  },
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

function growth({ name, size, sizes, instance }: Series, folder: string, report: (row: Row) => void): void {
  const points: { readonly n: number; readonly seconds: number }[] = [];
  for (const n of sizes) {
    const file = join(folder, 'instance.yaml');
    writeFileSync(file, instance(n, folder));
    report(
      measured(`${name}, ${size} = ${n}`, () => {
        const seconds = commandSeconds([MAIN, 'verify', file], RUNS);
        points.push({ n, seconds: seconds.median });
        return seconds;
      }),
    );
  }
  if (points.length < 2) return;
  const [first, last] = [points[0], points[points.length - 1]];
  const exponent = Math.log(last.seconds / first.seconds) / Math.log(last.n / first.n);
  report({ name: `${name}: exponent of ${size}`, value: show(exponent, '').trim() });
}

/** How long a command takes, or that it fails. */
function measured(name: string, run: () => Seconds): Row {
  try {
    return timeRow(name, run());
  } catch (error) {
    return { name, value: (error as Error).message };
  }
}

/** Certificates that are added by this variable are read at every start of node, and take longer than all else that it does. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

/** What takes longer, in seconds, is run once. */
const LONG = 10;

/** CPU seconds of node with these arguments and of what it starts, which bash counts in milliseconds (other shells in hundredths); its output goes to a file. */
function commandSeconds(args: readonly string[], runs: number, output = '/dev/null'): Seconds {
  const words = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
  const seconds: number[] = [];
  while (seconds.length < runs && !(seconds[0] > LONG)) {
    const command = `${words} > '${output}' 2> /dev/null; echo $?; times`;
    const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8', env: ENVIRONMENT });
    const [code, ...lines] = stdout.trim().split('\n');
    if (code !== '0') throw new Error(`fails with the code ${code}`);
    const children = lines.at(-1)!;
    const times = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
    seconds.push(times.reduce((sum, [, m, s]) => sum + 60 * Number(m) + Number(s), 0));
  }
  return summary(seconds);
}

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { retrievalNetwork } from '../constructions/multi-head.js';
import { readTask } from '../constructions/retrieval-task.js';
import type { Algebra } from '../src/evaluate/algebra.js';
import { compile } from '../src/evaluate/evaluate.js';
import { float64 } from '../src/evaluate/float64.js';
import { intervals } from '../src/evaluate/intervals.js';
import type { Network, Node } from '../src/network/network.js';
import { Tensor } from '../src/network/tensor.js';
import { ballIntervals } from '../src/numbers/balls.js';
import { doubleIntervals } from '../src/numbers/doubles.js';
import { Rational } from '../src/numbers/rational.js';
import { firstAndSettled, type Row, show } from './row.js';

const BITS = 170;
/** Medians of a dozen passes fall where V8 has optimised half of the code, and move by a half from one build to the next. */
const PASSES = 25;
const [T, d] = [256, 2];
const FEATURES = [
  '((x1 - 0.3)^2 + (x2 - 0.7)^2)/2',
  '((x1 - 0.8)^2 + (x2 - 0.1)^2)/2',
  '(x1^2 + x2^2)/2',
  '(x1^2 + (1 - x2)^2)/2',
];
const POSITIONS = ['1..64', '65..128', '129..192', '193..256'];
const ROOT = new URL('../../', import.meta.url);
const fileOf = (name: string) => fileURLToPath(new URL(`bench/${name}`, ROOT));

interface Rival {
  readonly seconds: number;
  readonly output: number;
}

/**
 * The 50-digit interval forward pass of a retrieval network, 64 pieces per coordinate: 262144 multiply-adds and 1024
 * exponentials, of which ours looks the pieces up. The same network in mpmath's intervals and in Arb, where they are installed,
 * unit by unit.
 */
export async function rows(): Promise<Row[]> {
  const network = retrieval();
  const A = ballIntervals(BITS);
  const run = compile(network, intervals(A));
  const entries = Array.from({ length: T * d }, (_, k) => Rational.of((k * 7919) % 1009, 1009));
  const input = new Tensor([T, d], entries.map(A.of));
  let y = A.zero;
  const { first, settled: seconds } = firstAndSettled(PASSES, () => {
    [y] = run({ x: input }).y.data;
  });
  const text = written(network, entries);
  const rivals = [
    { name: 'mpmath iv', found: inPython(text) },
    { name: 'Arb in C', found: inArb(text) },
  ];
  const beside = rivals.map(({ name, found }) => {
    if (!found) return { also: {}, words: `no ${name}` };
    const { lo, hi } = A.outer(y);
    if (!(Math.abs(found.output - (lo + hi) / 2) <= 1e-12))
      throw new Error(`${name} computes ${found.output}, not ${lo}`);
    const [ratio, unit] =
      found.seconds > seconds
        ? [found.seconds / seconds, `times as fast as ${name}`]
        : [seconds / found.seconds, `times the time of ${name}`];
    return { also: { [unit]: ratio }, words: show(ratio, unit) };
  });
  const row = (name: string, seconds: number, also: Row['measured'] = {}, words: readonly string[] = []): Row => {
    return { name, value: [show(1000 * seconds, 'ms'), ...words].join(', '), measured: { seconds, ...also } };
  };
  const pass = <S>(algebra: Algebra<S>, of: (value: Rational) => S): number => {
    const evaluate = compile(network, algebra);
    const x = new Tensor([T, d], entries.map(of));
    return firstAndSettled(PASSES, () => void evaluate({ x })).settled;
  };
  return [
    row(
      'retrieval, T = 256, 4 heads: interval pass at 50 digits',
      seconds,
      Object.assign({}, ...beside.map(({ also }) => also)),
      beside.map(({ words }) => words),
    ),
    row('its first pass, before V8 has optimised anything', first),
    row('the same in intervals of doubles', pass(intervals(doubleIntervals), doubleIntervals.of)),
    row('the same in doubles', pass(float64, float64.of)),
  ];
}

function retrieval(): Network {
  const located = (text: string) => ({ kind: 'text' as const, text, place: {} });
  const task = readTask(
    { T, d },
    {
      features: FEATURES.map(located),
      positions: POSITIONS.map(located),
      readout: located('z1 + z2/2 - abs(z3 - z4)/2'),
    },
  );
  const choices = { beta: undefined, R: undefined, delta: Rational.of(1, 1 << 14) };
  return retrievalNetwork(task, { ...choices, eps: Rational.of(1, 1000), lipschitz: Rational.of(3, 2) }).network;
}

/** The weights and the input, in the order in which the programs read them. */
function written(network: Network, entries: readonly Rational[]): string {
  const constant = (name: string) => (network.find(name) as Node<'constant'>).attributes.value;
  const D = FEATURES.length;
  const beta = constant('beta').data[0];
  const gates = constant('gates').dense(Rational.zero);
  const heads = FEATURES.map((_, i) => {
    const fan = constant(`Psi${i + 1}.fan`).dense(Rational.zero);
    const changes = constant(`Psi${i + 1}.changes`).data;
    const units = constant(`Psi${i + 1}.knots`).data.map((bias, k) => {
      const coordinate = fan[k].isZero() ? 1 : 0;
      return `${coordinate} ${fan[coordinate * changes.length + k]} ${bias} ${changes[k]}`;
    });
    const own = Array.from({ length: T }, (_, t) => gates[t * 2 * D + 2 * i + 1]);
    return [units.length, ...units, constant(`Psi${i + 1}.offset`).data[0], beta, ...own].join('\n');
  });
  return [T, d, D, ...heads, ...entries].join('\n');
}

function inPython(text: string): Rival | null {
  const { status, stdout } = spawnSync('/usr/bin/python3', [fileOf('retrieval.py')], { input: text, encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : null;
}

function inArb(text: string): Rival | null {
  if (!existsSync('/usr/include/arb.h')) return null;
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-bench-'));
  try {
    const program = join(folder, 'retrieval');
    const built = spawnSync('gcc', ['-O2', '-o', program, fileOf('retrieval.c'), '-lflint-arb', '-lflint']);
    if (built.status !== 0) return null;
    const { status, stdout } = spawnSync(program, { input: text, encoding: 'utf8' });
    return status === 0 ? JSON.parse(stdout) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

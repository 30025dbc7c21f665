import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memorizationFromData } from '../constructions/single-head.js';
import { CLASS_TOKEN } from '../constructions/uniform-head.js';
import { readSequences } from '../src/data/sequences.js';
import type { Algebra } from '../src/evaluate/algebra.js';
import { decimal } from '../src/evaluate/decimal.js';
import { compile, convert } from '../src/evaluate/evaluate.js';
import { exact } from '../src/evaluate/exact.js';
import { canonicalForm } from '../src/network/canonical.js';
import { between } from '../src/network/cut.js';
import type { Network } from '../src/network/network.js';
import { tensor } from '../src/network/tensor.js';
import type { Rational } from '../src/numbers/rational.js';
import { firstAndSettled, type Row, show } from './row.js';

const PASSES = 50;
const SHAPE = { T: 16, d: 2 };
const ROOT = new URL('../../', import.meta.url);
const DATA = fileURLToPath(new URL('proofs-check/head-count/instances/seattle-temperatures.csv', ROOT));
const PROGRAM = fileURLToPath(new URL('bench/forward.py', ROOT));

interface PythonTimes {
  readonly mpmath: number;
  readonly fractions: number;
  /** For the last input. */
  readonly output: string;
}

/** The feed-forward net that memorises 1000 sequences, evaluated exactly and at 50 digits, against mpmath. */
export async function rows(): Promise<Row[]> {
  const sequences = readSequences(DATA, SHAPE);
  const { network } = memorizationFromData(sequences, SHAPE);
  const part = between([network.find(CLASS_TOKEN)!], [network.outputs[0].node]);
  const inputs = sequences.slice(0, PASSES).map(({ values }) => values);
  const python = inPython(part, inputs);
  if (python && Number(python.output) !== Number(sequences[PASSES - 1].label.num))
    throw new Error(`the label ${sequences[PASSES - 1].label} came out as ${python.output} in Python`);
  const own = [
    { name: 'exact', seconds: secondsPerPass(part, inputs, exact), rival: python?.fractions, of: 'Python fractions' },
    { name: 'at 50 digits', seconds: secondsPerPass(part, inputs, decimal(50)), rival: python?.mpmath, of: 'mpmath' },
  ];
  return own.map(({ name, seconds, rival, of }) => ({
    name: `forward pass of 1000 memorised sequences, ${name}`,
    value: `${show(1000 * seconds, 'ms')}, ${rival ? show(rival / seconds, `times as fast as ${of}`) : 'no python3-mpmath'}`,
  }));
}

function secondsPerPass<S>(part: Network, inputs: readonly (readonly Rational[])[], algebra: Algebra<S>): number {
  const evaluate = compile(part, algebra);
  const vectors = inputs.map((values) => ({ [CLASS_TOKEN]: convert(tensor([values.length], values), algebra) }));
  return firstAndSettled(10, () => vectors.forEach(evaluate)).settled / inputs.length;
}

function inPython(part: Network, inputs: readonly (readonly Rational[])[]): PythonTimes | null {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-bench-'));
  try {
    const [model, data] = [join(folder, 'network.json'), join(folder, 'inputs')];
    writeFileSync(model, [...canonicalForm(part)].join(''));
    writeFileSync(data, inputs.map((values) => values.join(' ')).join('\n'));
    const { status, stdout } = spawnSync('/usr/bin/python3', [PROGRAM, model, data], { encoding: 'utf8' });
    return status === 0 ? JSON.parse(stdout) : null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

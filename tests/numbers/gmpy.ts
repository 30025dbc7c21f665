import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PYTHON = '/usr/bin/python3';
const PROGRAM = fileURLToPath(new URL('gmpy.py', import.meta.url));

/** Whether gmpy2, the MPFR of Python, is installed (python3-gmpy2 in Debian). */
export const HAS_MPFR = spawnSync(PYTHON, ['-c', 'import gmpy2']).status === 0;

/** Of triples x, lo, hi those for which MPFR finds f(x) outside of [lo, hi], as text; the first few. */
export function missedByMpfr(name: string, triples: Float64Array): string[] {
  const input = Buffer.from(triples.buffer, triples.byteOffset, triples.byteLength);
  const { status, stdout, stderr } = spawnSync(PYTHON, [PROGRAM, name], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [count, ...missed] = stdout.trimEnd().split('\n');
  if (count !== String(triples.length / 3)) throw new Error(`${count} of ${triples.length / 3} cases read`);
  return missed;
}

import { integer, optional, rational } from '../../src/instance/parameters.js';
import type { Rate, Theorem } from '../../src/proof/theorem.js';
import type { PointResult } from '../../src/rates/run.js';
import { readSweep, type Sweep } from '../../src/rates/sweep.js';

const parameters = {
  N: integer('size', { min: 1, max: 10 ** 9 }),
  l: optional(integer('layers', { min: 1, max: 100 }), '1'),
  c: optional(rational('constant', { above: '0' }), '1'),
};

const claim = {
  id: 'error',
  kind: 'bound',
  statement: 'the error',
  tex: '',
  trust: 'proved',
  prove: () => [],
} as const;

/** A theorem that claims an error, with these rates; nothing of it is ever built. */
export function theoremWith(rates: readonly Rate<never>[]): Theorem {
  return {
    id: 'planted',
    summary: 'a planted error',
    statement: '',
    source: { paper: '', theorem: '', trust: 'proved' },
    parameters,
    construct: () => {
      throw new Error('a planted theorem has no network');
    },
    claims: [claim, { ...claim, id: 'execution', kind: 'execution' }],
    rates,
  } as unknown as Theorem;
}

export function plantedSweep(yaml: string, rates: readonly Rate<never>[] = []): Promise<Sweep> {
  return readSweep(`theorem: planted\n${yaml}`, () => Promise.resolve(theoremWith(rates)), 'sweep.yaml');
}

/** The results of a sweep whose error at the i-th point is f(its parameters), to 17 digits. */
export function plantedResults(
  { axes, record }: Sweep,
  f: (params: Readonly<Record<string, number>>) => number,
  open: readonly string[] = [],
): PointResult[] {
  let rows: Record<string, string>[] = [{}];
  for (const { name, values } of axes) {
    rows = rows.flatMap((row) => values.map((raw) => ({ ...row, [name]: raw.kind === 'text' ? raw.text : '' })));
  }
  return rows.map((params) => {
    const value = f(Object.fromEntries(Object.entries(params).map(([name, text]) => [name, numberOf(text)])));
    const [lo, hi] = [value * (1 - 1e-15), value].map((end) => end.toExponential(16));
    return { params, values: Object.fromEntries(record.map((id) => [id, [lo, hi] as const])), open };
  });
}

function numberOf(text: string): number {
  const [numerator, denominator = '1'] = text.split('/');
  return Number(numerator) / Number(denominator);
}

import { describe, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { coqFile } from '../../src/certificate/coq.js';
import { resolveInstance } from '../../src/library/instance.js';
import { SMALL } from '../generators/certificates.js';
import { coqc, hasCoq } from '../generators/coq.js';

const compile = coqc('certificates');

async function exported(theorem: string, params: readonly string[]): Promise<string> {
  const { theorem: loaded, instance } = await resolveInstance(theorem, { param: params });
  const result = await verify(loaded, instance, { seed: 0, digits: 17, execution: [], progress: () => {} });
  return [...coqFile(result)].join('');
}

/** Lemmas of the first small instances, in the order of `SMALL`; the others need have none. */
const LEMMAS = [7, 11, 7, 0, 3, 2, 2, 7, 4, 0];

/** Instances whose files are compiled: one for each kind of lemma; all of them in the longer form. */
const COMPILED = process.env.EXHIBIT_NIGHTLY ? SMALL.map((_, k) => k) : [1, 2, 4, 7];

describe('the exported file', () => {
  it.each(SMALL.map((instance, k) => [...instance, LEMMAS[k] ?? 0] as const))(
    'of %s %s',
    async (theorem, params, lemmas) => {
      const text = await exported(theorem, params);
      const body = text.slice(text.indexOf('Open Scope R_scope.'));
      expect(body).not.toMatch(/\b(Admitted|admit|Axiom|Parameter|Conjecture)\b/);
      expect(new Set(body.match(/^Lemma \w+/gm)).size, body).toBeGreaterThanOrEqual(lemmas);
      expect(body.match(/^\(\* Step /gm)!.length).toBeGreaterThan(0);
    },
  );
});

/** Networks that are written out from their weights, with the whole statement; larger ones in the longer form. */
const WHOLE: readonly (readonly [string, readonly string[]])[] = [
  ['hat-interpolation', ['f=x^2', 'a=0', 'b=1', 'N=4']],
  ['yarotsky-square', ['m=2']],
  ['relu-min-tree', ['S=4']],
  ['softmin-gap', ['T=8', 'beta=10']],
  ...(process.env.EXHIBIT_NIGHTLY
    ? ([
        ['hat-interpolation', ['f=exp(x)', 'a=0', 'b=1', 'N=16']],
        ['yarotsky-square', ['m=4']],
        ['relu-min-tree', ['S=6']],
        ['softmin-gap', ['T=64', 'beta=100']],
      ] as const)
    : []),
];

describe.skipIf(!hasCoq)('coqc (with coq-interval)', () => {
  it.concurrent.each(COMPILED.map((k) => [k, ...SMALL[k]] as const))(
    'accepts the file of instance %i, %s',
    async (_, ...of) => void (await compile(await exported(...of))),
  );

  it.concurrent.each(WHOLE)('accepts the whole statement of %s %s', async (theorem, params) => {
    const text = await exported(theorem, params);
    expect(text).toMatch(/^Lemma \w+_network :$/m);
    await compile(text);
  });

  it('rejects a bound that is too small, and a constant', async () => {
    const hat = await exported('hat-interpolation', ['f=exp(x)', 'a=0', 'b=1', 'N=2']);
    const bound = /<= (\(\d+ \/ \d+\))\.$/m.exec(hat)![1];
    await compile(hat);
    await expect(compile(hat.replaceAll(`<= ${bound}`, `<= (${bound} / 2)`))).rejects.toThrow('Error');
    const soft = await exported('softmin-gap', ['T=64', 'beta=100']);
    const constant = /<= \((\(\d+ \/ \d+\)) \/ 100\)/.exec(soft)![1];
    await expect(compile(soft.replaceAll(constant, '(23071 / 10000)'))).rejects.toThrow('Error');
  });
});

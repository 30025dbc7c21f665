import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { coqc, hasCoq, LIBRARY } from '../generators/coq.js';

const files = readdirSync(LIBRARY).filter((name) => name.endsWith('.v'));

/** The axioms of the classical real numbers in Coq's standard library. */
const classicalReals = [
  'ClassicalDedekindReals.sig_forall_dec',
  'ClassicalDedekindReals.sig_not_dec',
  'Classical_Prop.classic',
  'FunctionalExtensionality.functional_extensionality_dep',
];

const compile = coqc('library');

/** What `Print Assumptions` printed: one list of names per command. */
function assumptions(output: string): string[][] {
  const blocks: string[][] = [];
  for (const line of output.split('\n')) {
    if (line === 'Axioms:' || line === 'Closed under the global context') blocks.push([]);
    else if (/^\S/.test(line)) blocks.at(-1)?.push(line.split(/\s/, 1)[0]!);
  }
  return blocks;
}

it('the README names the theorems whose assumptions are printed', async () => {
  const sources = await Promise.all(files.map((name) => readFile(join(LIBRARY, name), 'utf8')));
  const printed = sources.flatMap((source) => source.match(/^Definition theorems := [^.]*/m)?.[0].match(/(?<=@)\w+/g));
  const table = (await readFile(join(LIBRARY, 'README.md'), 'utf8')).match(/^\|.*$/gm)?.map((row) => row.split('|')[2]);
  expect(table?.flatMap((cell) => cell?.match(/(?<=`)\w+(?=`)/g) ?? []).sort()).toEqual(printed.sort());
});

describe.skipIf(!hasCoq)('general lemmas in Coq (needs coqc with coq-interval)', () => {
  it.concurrent.each(files)('%s compiles and rests on the classical reals alone', async (name) => {
    const source = await readFile(join(LIBRARY, name), 'utf8');
    expect(source).not.toMatch(/\b(Admitted|admit|Axiom|Parameter|Conjecture)\b/);
    const printed = assumptions(await compile(source));
    expect(printed).toHaveLength(source.match(/^Print Assumptions /gm)?.length ?? 0);
    expect(printed.length).toBeGreaterThan(0);
    for (const axiom of printed.flat()) expect(classicalReals).toContain(axiom);
  });

  it('the examples of the README compile, but not with a constant below W0(63/e)', async () => {
    const gapOf64 = '(23072 / 10000)';
    const readme = await readFile(join(LIBRARY, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/^```coq\n(.*?)^```$/gms)].map(([, code]) => code).join('\n');
    expect(examples).toContain(gapOf64);
    await compile(examples);
    const tooSmall = examples.replace(gapOf64, '(23071 / 10000)');
    await expect(compile(tooSmall)).rejects.toThrow('Numerical evaluation failed to conclude');
  });

  it('an unproved lemma shows among the printed assumptions', async () => {
    const output = await compile('Lemma hole : 0 = 1. Admitted.\nPrint Assumptions hole.\n');
    expect(assumptions(output)).toEqual([['hole']]);
  });
});

import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../proofs-check/coq');
const files = readdirSync(folder).filter((name) => name.endsWith('.v'));

/** The axioms of the classical real numbers in Coq's standard library. */
const classicalReals = [
  'ClassicalDedekindReals.sig_forall_dec',
  'ClassicalDedekindReals.sig_not_dec',
  'Classical_Prop.classic',
  'FunctionalExtensionality.functional_extensionality_dep',
];

const coqFound = hasCoq();

function hasCoq(): boolean {
  try {
    const library = execFileSync('coqc', ['-where'], { encoding: 'utf8' }).trim();
    return ['Coquelicot', 'Interval'].every((name) => existsSync(join(library, 'user-contrib', name)));
  } catch {
    return false;
  }
}

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
  const sources = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const printed = sources.flatMap((source) => source.match(/^Definition theorems := [^.]*/m)?.[0].match(/(?<=@)\w+/g));
  const table = (await readFile(join(folder, 'README.md'), 'utf8')).match(/^\|.*$/gm)?.map((row) => row.split('|')[2]);
  expect(table?.flatMap((cell) => cell?.match(/(?<=`)\w+(?=`)/g) ?? []).sort()).toEqual(printed.sort());
});

/**
 * The hash of the folder as it was when all of it last compiled: that takes minutes, so that an unchanged folder is compiled
 * in the nightly form alone. With EXHIBIT_NIGHTLY=1 a hash that has changed is written down.
 */
const RECORD = join(import.meta.dirname, 'coq-compiled.txt');
const isNightly = process.env.EXHIBIT_NIGHTLY !== undefined;
const hash = createHash('sha256');
for (const name of [...files, 'README.md']) hash.update(readFileSync(join(folder, name)));
const state = `${hash.digest('hex')}\n`;
const isCompiled = !isNightly && readFileSync(RECORD, 'utf8') === state;

describe.skipIf(!coqFound)('general lemmas in Coq (needs coqc with coq-interval)', () => {
  let scratch: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'exhibit-coq-'));
    await Promise.all(files.map((name) => copyFile(join(folder, name), join(scratch, name))));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  /** Standard output of coqc; rejects when coqc does. */
  async function compile(name: string, text?: string): Promise<string> {
    if (text !== undefined) await writeFile(join(scratch, name), text);
    const { stdout, stderr } = await promisify(execFile)('coqc', ['-Q', '.', 'Exhibit', name], { cwd: scratch });
    expect(stderr).toBe('');
    return stdout;
  }

  const compiled = new Map<string, Promise<string>>();

  /** Compiles a file of the folder once, after those that it requires. */
  function compileOnce(name: string): Promise<string> {
    let output = compiled.get(name);
    if (!output) {
      output = readFile(join(folder, name), 'utf8').then(async (source) => {
        const needs = [...source.matchAll(/^From Exhibit Require Import (.*)\.$/gm)].flatMap(([, names]) =>
          names.split(' '),
        );
        await Promise.all(needs.map((need) => compileOnce(`${need}.v`)));
        return compile(name);
      });
      compiled.set(name, output);
    }
    return output;
  }

  describe.skipIf(isCompiled)('each file', () => {
    it.concurrent.each(files)('%s compiles and rests on the classical reals alone', async (name) => {
      const source = await readFile(join(folder, name), 'utf8');
      expect(source).not.toMatch(/\b(Admitted|admit|Axiom|Parameter|Conjecture)\b/);
      const printed = assumptions(await compileOnce(name));
      expect(printed).toHaveLength(source.match(/^Print Assumptions /gm)?.length ?? 0);
      expect(printed.length).toBeGreaterThan(0);
      for (const axiom of printed.flat()) expect(classicalReals).toContain(axiom);
    });
  });

  describe.skipIf(isCompiled)('the examples of the README', () => {
    const gapOf64 = '(23072 / 10000)';
    let examples: string;

    beforeAll(async () => {
      const readme = await readFile(join(folder, 'README.md'), 'utf8');
      examples = [...readme.matchAll(/^```coq\n(.*?)^```$/gms)].map(([, code]) => code).join('\n');
    });

    it('compile', async () => {
      expect(examples).toContain(gapOf64);
      await compile('examples.v', examples);
    });

    it('do not compile with a constant below W0(63/e)', async () => {
      const tooSmall = examples.replace(gapOf64, '(23071 / 10000)');
      await expect(compile('too_small.v', tooSmall)).rejects.toThrow('Numerical evaluation failed to conclude');
    });
  });

  it.runIf(isNightly)('all of it did', ({ task }) => {
    const others = task.suite?.tasks.flatMap((each) => ('tasks' in each ? each.tasks : []));
    if (others?.every(({ result }) => result?.state === 'pass')) writeFileSync(RECORD, state);
  });

  it('an unproved lemma shows among the printed assumptions', async () => {
    const output = await compile('hole.v', 'Lemma hole : 0 = 1. Admitted.\nPrint Assumptions hole.\n');
    expect(assumptions(output)).toEqual([['hole']]);
  });
});

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coqGoal } from '../../../src/proof/book/coq.js';
import { book } from '../../../src/proof/book/read.js';

const FOLDER = 'proofs-check/coq';
/** What Coq's classical real numbers rest on; nothing else may appear. */
const AXIOMS = [
  'ClassicalDedekindReals.sig_not_dec',
  'ClassicalDedekindReals.sig_forall_dec',
  'FunctionalExtensionality.functional_extensionality_dep',
  'Classical_Prop.classic',
];
/** Lemmas that are used without a proof in Coq; the aim is none. */
const WITHOUT_PROOF: readonly string[] = [];

function hasCoq(): boolean {
  try {
    execFileSync('coqc', ['--version']);
    return true;
  } catch {
    return false;
  }
}

it('every lemma names its theorem, except those that are listed here', () => {
  const missing = [...book().values()].filter(({ coq }) => coq === null).map(({ name }) => name);
  expect(missing).toEqual(WITHOUT_PROOF);
});

describe.skipIf(!hasCoq())('coqc', () => {
  let scratch: string;
  const coqc = (file: string) => execFileSync('coqc', ['-Q', '.', 'Exhibit', file], { cwd: scratch, encoding: 'utf8' });
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'exhibit-book-'));
    for (const name of readdirSync(FOLDER).filter((one) => one.endsWith('.v')))
      copyFileSync(join(FOLDER, name), join(scratch, name));
    for (const name of withNeeds('Book')) coqc(`${name}.v`);
  }, 120_000);
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  function withNeeds(name: string): Set<string> {
    const text = readFileSync(join(FOLDER, `${name}.v`), 'utf8');
    const needs = [...text.matchAll(/^From Exhibit Require Import (.*)\.$/gm)].flatMap(([, names]) => names.split(' '));
    return new Set([...needs.flatMap((one) => [...withNeeds(one)]), name]);
  }

  it('closes the printed goal of every lemma with the theorem that it names, from the axioms of the reals alone', () => {
    const proved = [...book().values()].filter(({ coq }) => coq !== null);
    const head =
      'Require Import Reals List.\nFrom Exhibit Require Sums Book.\nImport ListNotations.\nOpen Scope R_scope.\n';
    const goals = proved.map((lemma, k) => `Lemma l${k} :\n  ${coqGoal(lemma)}.\nProof. exact ${lemma.coq}. Qed.\n`);
    const all = `Definition all := (0, (${proved.map((_, k) => `l${k}`).join(', ')})).\nPrint Assumptions all.\n`;
    writeFileSync(join(scratch, 'Goals.v'), `${head}${goals.join('')}${all}`);
    const axioms = [...coqc('Goals.v').matchAll(/^([A-Z][\w.]*) ?:/gm), ...[]].map(([, name]) => name);
    expect(axioms.filter((name) => name !== 'Axioms')).not.toEqual([]);
    for (const axiom of axioms) if (axiom !== 'Axioms') expect(AXIOMS).toContain(axiom);
  }, 60_000);

  it('does not close the goal of a lemma whose bound is smaller', () => {
    const lemma = book().get('gated-minimum')!;
    const smaller = coqGoal(lemma).replace('(lambda / beta', '(lambda / (beta + beta)');
    expect(smaller).not.toBe(coqGoal(lemma));
    const head =
      'Require Import Reals List.\nFrom Exhibit Require Sums Book.\nImport ListNotations.\nOpen Scope R_scope.\n';
    writeFileSync(join(scratch, 'Smaller.v'), `${head}Goal ${smaller}.\nProof. exact ${lemma.coq}. Qed.\n`);
    expect(() => coqc('Smaller.v')).toThrow('unify');
  }, 60_000);
});

import { describe, expect, it } from 'vitest';
import { conclusionOf, coqOf, relationOf } from '../../../src/proof/book/coq.js';
import { book, type Lemma } from '../../../src/proof/book/read.js';
import { coqc, hasCoq } from '../../generators/coq.js';

const compile = coqc('book');

/** What Coq's classical real numbers rest on; nothing else may appear. */
const AXIOMS = [
  'ClassicalDedekindReals.sig_not_dec',
  'ClassicalDedekindReals.sig_forall_dec',
  'FunctionalExtensionality.functional_extensionality_dep',
  'Classical_Prop.classic',
];
/** Lemmas that are used without a proof in Coq; the aim is none. */
const WITHOUT_PROOF: readonly string[] = [];

/** What a lemma says, as a proposition of Coq in the words of proofs-check/coq/Book.v. */
function coqGoal(lemma: Lemma): string {
  const { sets, functions, numbers, abbreviations, hypotheses, conclusions } = lemma;
  const binders = [
    ...(sets.length > 0 ? [`(${sets.join(' ')} : list nat)`] : []),
    ...(functions.length > 0 ? [`(${functions.join(' ')} : nat -> R)`] : []),
    ...(numbers.length > 0 ? [`(${numbers.join(' ')} : R)`] : []),
  ];
  const lets = [...abbreviations].map(([name, term]) => `let ${name} := ${coqOf(term)} in`);
  const premises = hypotheses.map((one) => `${relationOf(one)} ->`);
  return [`forall ${binders.join(' ')},`, ...lets, ...premises, conclusionOf(conclusions)].join('\n  ');
}

it('every lemma names its theorem, except those that are listed here', () => {
  const missing = [...book().values()].filter(({ coq }) => coq === null).map(({ name }) => name);
  expect(missing).toEqual(WITHOUT_PROOF);
});

describe.skipIf(!hasCoq)('coqc', () => {
  it('closes the printed goal of every lemma with the theorem that it names, from the axioms of the reals alone', async () => {
    const proved = [...book().values()].filter(({ coq }) => coq !== null);
    const head =
      'Require Import Reals List.\nFrom Exhibit Require Sums Book.\nImport ListNotations.\nOpen Scope R_scope.\n';
    const goals = proved.map((lemma, k) => `Lemma l${k} :\n  ${coqGoal(lemma)}.\nProof. exact ${lemma.coq}. Qed.\n`);
    const all = `Definition all := (0, (${proved.map((_, k) => `l${k}`).join(', ')})).\nPrint Assumptions all.\n`;
    const output = await compile(`${head}${goals.join('')}${all}`);
    const axioms = [...output.matchAll(/^([A-Z][\w.]*) ?:/gm)].map(([, name]) => name);
    expect(axioms.filter((name) => name !== 'Axioms')).not.toEqual([]);
    for (const axiom of axioms) if (axiom !== 'Axioms') expect(AXIOMS).toContain(axiom);
  }, 60_000);

  it('does not close the goal of a lemma whose bound is smaller', async () => {
    const lemma = book().get('gated-minimum')!;
    const smaller = coqGoal(lemma).replace('(lambda / beta', '(lambda / (beta + beta)');
    expect(smaller).not.toBe(coqGoal(lemma));
    const head =
      'Require Import Reals List.\nFrom Exhibit Require Sums Book.\nImport ListNotations.\nOpen Scope R_scope.\n';
    await expect(compile(`${head}Goal ${smaller}.\nProof. exact ${lemma.coq}. Qed.\n`)).rejects.toThrow('unify');
  }, 60_000);
});

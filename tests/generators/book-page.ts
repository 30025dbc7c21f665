import { book, type Lemma } from '../../src/proof/book/read.js';
import { relationTex } from '../../src/proof/book/tex.js';
import { termTex } from '../../src/statement/index.js';

/** The book as a page: what each lemma says, its source, its argument and its proof. */
export function bookPage(): string {
  const lemmas = [...book().values()];
  const chapters = [...new Set(lemmas.map(({ chapter }) => chapter))];
  const head = [
    '# The lemma book',
    'Written from `lemmas/` by `npx vitest run tests/docs/lemmas.test.ts -u`; CONTRIBUTING says how to add an entry. A step `lemma` of a\n' +
      'certificate names one of these with what its sets, functions and numbers are. T, I, J, O are finite sets of tokens.',
    [
      '| Lemma | Proof in Coq |',
      '| --- | --- |',
      ...lemmas.map(({ name, coq }) => `| [${name}](#${name}) | ${proof(coq)} |`),
    ].join('\n'),
  ];
  const sections = chapters.flatMap((chapter) => [
    `## ${chapter}`,
    ...lemmas.filter((lemma) => lemma.chapter === chapter).flatMap(sectionOf),
  ]);
  return `${[...head, ...sections].join('\n\n')}\n`;
}

function proof(coq: string | null): string {
  return coq === null ? 'none yet' : `\`${coq}\``;
}

function sectionOf({ name, hypotheses, abbreviations, conclusions, source, because, coq }: Lemma): string[] {
  const where = [...abbreviations].map(([word, term]) => `- $${word} = ${termTex(term)}$`);
  return [
    `### ${name}`,
    'If',
    hypotheses.map((one) => `- $${relationTex(one)}$`).join('\n'),
    'then, with',
    where.join('\n'),
    conclusions.map((one) => `$$${relationTex(one)}$$`).join('\n\n'),
    `${because}`,
    `Source: ${source}. Coq: ${proof(coq)}.`,
  ];
}

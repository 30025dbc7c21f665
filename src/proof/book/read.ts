import type { Term } from '../../statement/index.js';
import { chapters } from './chapters.js';
import { readTerm, SETS } from './term.js';

/** A chain of relations between terms; for every element t of the sets, where there is an index. */
export interface Relation {
  readonly sides: readonly Term[];
  readonly signs: readonly string[];
  readonly index: string | null;
  readonly over: readonly string[];
  /** As it stands in the book. */
  readonly text: string;
}

/** A lemma of the book. */
export interface Lemma {
  readonly name: string;
  readonly sets: readonly string[];
  readonly functions: readonly string[];
  readonly numbers: readonly string[];
  readonly hypotheses: readonly Relation[];
  /** What names in the other fields stand for. */
  readonly abbreviations: ReadonlyMap<string, Term>;
  readonly conclusions: readonly Relation[];
  readonly source: string;
  /** The argument in words. */
  readonly because: string;
  /** The theorem in proofs-check/coq that says the same; null where there is none yet. */
  readonly coq: string | null;
  /** The file that it stands in. */
  readonly chapter: string;
}

let known: ReadonlyMap<string, Lemma> | undefined;

/** All lemmas, by name, in the order of the book. */
export function book(): ReadonlyMap<string, Lemma> {
  known ??= new Map(
    [...chapters()].flatMap(([name, text]) => readChapter(name, text)).map((lemma) => [lemma.name, lemma]),
  );
  return known;
}

/** The lemma of that name; a defect of ours where there is none. */
export function lemmaOf(name: string): Lemma {
  const lemma = book().get(name);
  if (!lemma) throw new Error(`the book has no lemma '${name}'`);
  return lemma;
}

/** Reads a chapter: entries that start with `lemma NAME`; a line that starts with spaces goes on with the field above it. */
export function readChapter(chapter: string, text: string): Lemma[] {
  const lemmas: { name: string; fields: Map<string, string[]> }[] = [];
  let items: string[] = [];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [keyword = '', ...rest] = line.split(/\s+/);
    if (keyword === 'lemma') lemmas.push({ name: rest.join(' '), fields: new Map() });
    else if (keyword !== '') lemmas.at(-1)!.fields.set(keyword, (items = []));
    if (keyword !== 'lemma') items.push(line.slice(keyword.length).trim());
  }
  return lemmas.map(({ name, fields }) => lemmaIn(chapter, name, fields));
}

function lemmaIn(chapter: string, name: string, fields: ReadonlyMap<string, readonly string[]>): Lemma {
  const field = (keyword: string) => fields.get(keyword) ?? [];
  const kind = (of: string) =>
    field('for').flatMap((item) => (item.startsWith(`${of} `) ? item.slice(of.length + 1).split(/\s*,\s*/) : []));
  const definition = (item: string): [string, Term] => {
    const [, word, text] = /^(\w+) = (.+)$/.exec(item)!;
    return [word, readTerm(text)];
  };
  const [sets, functions, numbers] = ['sets', 'functions', 'numbers'].map(kind);
  if (sets.some((set) => !SETS.has(set)) || [...functions, ...numbers].some((word) => SETS.has(word)))
    throw new Error(
      `the book: sets of '${name}' have other names than ${[...SETS].join(', ')}, or they are alone in that`,
    );
  return {
    ...{ name, chapter, sets, functions, numbers },
    hypotheses: field('if').map(readRelation),
    abbreviations: new Map(field('where').map(definition)),
    conclusions: field('then').map(readRelation),
    source: field('source').join(' '),
    because: field('because').join(' '),
    coq: field('coq')[0] ?? null,
  };
}

function readRelation(text: string): Relation {
  const [, index = null, over = '', relation = text] = /^for (\w) in ([^:]+): (.+)$/.exec(text) ?? [];
  const parts = relation.split(/(<=|>=|=|<|>)/);
  return {
    sides: parts.filter((_, k) => k % 2 === 0).map(readTerm),
    signs: parts.filter((_, k) => k % 2 === 1),
    ...{ index, over: over === '' ? [] : over.split(/\s*,\s*/), text },
  };
}

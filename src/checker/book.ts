import { chapters } from './chapters.js';
import { demand } from './failure.js';

/** `left <= middle <= right`, `left = right`, ...: texts with the signs between them; for all values of an index, if any. */
export interface Relation {
  readonly sides: readonly string[];
  readonly signs: readonly string[];
  readonly index: readonly [name: string, over: string] | null;
}

/** A lemma of the book: for all sets, functions on them and numbers with these hypotheses, what it concludes. */
export interface Lemma {
  readonly name: string;
  readonly sets: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  readonly hypotheses: readonly Relation[];
  /** What names in the conclusions stand for. */
  readonly abbreviations: ReadonlyMap<string, string>;
  readonly conclusions: readonly Relation[];
}

const FIELDS = ['for', 'if', 'where', 'then', 'source', 'because', 'coq'];

let known: ReadonlyMap<string, Lemma> | undefined;

/** The lemma of that name. Throws Rejected where the book has none. */
export function lemmaOf(name: string): Lemma {
  known ??= readBook(chapters());
  const lemma = known.get(name);
  demand(lemma !== undefined, () => `the book has no lemma ${JSON.stringify(name.slice(0, 60))}`);
  return lemma;
}

/** Reads chapters: entries that start with `lemma NAME`, their fields at the start of a line, further items below them. */
export function readBook(texts: readonly string[]): ReadonlyMap<string, Lemma> {
  const lemmas = new Map<string, Lemma>();
  for (const entry of texts.flatMap((text) => text.split(/^(?=lemma\s)/m)).filter((text) => text.trim() !== '')) {
    const [head, ...lines] = entry.split('\n').filter((line) => line.trim() !== '');
    const name = /^lemma\s+([a-z][a-z0-9-]*)$/.exec(head)?.[1];
    demand(name !== undefined && !lemmas.has(name), `the book: '${head}' names no new lemma`);
    lemmas.set(name, readLemma(name, lines));
  }
  return lemmas;
}

function readLemma(name: string, lines: readonly string[]): Lemma {
  const fields = new Map<string, string[]>();
  let items: string[] = [];
  for (const line of lines) {
    const [, field, rest] = /^(\w*)\s+(\S.*)$/.exec(line.trimEnd()) ?? [];
    demand(rest !== undefined, `lemma ${name}: '${line}' is no item of a field`);
    if (field !== '') {
      demand(FIELDS.includes(field) && !fields.has(field), `lemma ${name}: a field '${field}' may not stand there`);
      fields.set(field, (items = []));
    }
    items.push(rest);
  }
  const names = (kind: string) => {
    const line = fields.get('for')?.find((item) => item.startsWith(`${kind} `));
    return new Set(
      line
        ?.slice(kind.length)
        .split(',')
        .map((word) => word.trim()),
    );
  };
  const definition = (item: string): [string, string] => {
    const match = /^([A-Za-z]\w*) = (.+)$/.exec(item);
    demand(match !== null, `lemma ${name}: '${item}' is no abbreviation`);
    return [match[1], match[2]];
  };
  const lemma = {
    ...{ name, sets: names('sets'), functions: names('functions'), numbers: names('numbers') },
    hypotheses: (fields.get('if') ?? []).map(readRelation),
    abbreviations: new Map((fields.get('where') ?? []).map(definition)),
    conclusions: (fields.get('then') ?? []).map(readRelation),
  };
  const stated = [...lemma.sets, ...lemma.functions, ...lemma.numbers, ...lemma.abbreviations.keys()];
  demand(new Set(stated).size === stated.length, `lemma ${name}: two things have one name`);
  demand(lemma.conclusions.length > 0, `lemma ${name} has no conclusion`);
  return lemma;
}

function readRelation(item: string): Relation {
  const [, index, over, relation = item] = /^for ([a-z]) in ([^:]+): (.+)$/.exec(item) ?? [];
  const parts = relation.split(/(<=|>=|=|<|>)/).map((part) => part.trim());
  demand(parts.length >= 3 && !parts.includes(''), `the book: '${item}' is no relation`);
  return {
    sides: parts.filter((_, k) => k % 2 === 0),
    signs: parts.filter((_, k) => k % 2 === 1),
    index: index === undefined ? null : [index, over],
  };
}

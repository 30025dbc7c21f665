import { InputError, placed, quote } from '../../../errors.js';
import type { Located } from '../../../instance/parameters.js';

/**
 * What must reach the output token, as facts that tokens can hold:
 * - `self`: the token's own content;
 * - `offset k`: the content of the token k places away, k != 0;
 * - `argmax(f, g, ...)`: the content of the token that scores highest, where a token computes its score from the facts in
 *   parentheses, which it must hold itself.
 * `argmax(self)` is a retrieval; `argmax(self, offset -1)` an induction head; `argmax(self, argmax(self))` compares every
 * token with the largest of the others: a pairwise maximum, or the second largest entry.
 */
export type Fact =
  | { readonly kind: 'self'; readonly text: string }
  | { readonly kind: 'offset'; readonly by: number; readonly text: string }
  | { readonly kind: 'argmax'; readonly needs: readonly Fact[]; readonly number: number; readonly text: string };

const ALLOWED = 'self, offset K (K a nonzero integer) and argmax(FACT, ...), such as "argmax(self, offset -1)"';
const DEEPEST = 16;

/** Reads the facts of a task; repeated ones are different retrievals, numbered as they stand. */
export function readFacts(texts: readonly Located[]): Fact[] {
  let count = 0;
  return texts.map(({ text, place }) =>
    placed(place, () => {
      const reader = new Reader(text);
      const fact = readFact(reader, 0, () => ++count);
      if (!reader.isDone) throw new InputError({ found: quote(text), allowed: ALLOWED });
      return fact;
    }),
  );
}

class Reader {
  private at = 0;
  constructor(readonly text: string) {}

  get isDone(): boolean {
    return this.take(/^\s*$/) !== undefined;
  }

  take(pattern: RegExp): string | undefined {
    const match = pattern.exec(this.text.slice(this.at));
    if (!match) return undefined;
    this.at += match[0].length;
    return match[1] ?? match[0];
  }
}

function readFact(reader: Reader, depth: number, next: () => number): Fact {
  if (reader.take(/^\s*self\b/) !== undefined) return { kind: 'self', text: 'self' };
  const by = reader.take(/^\s*offset\s+([+-]?\d{1,4})\b/);
  if (by !== undefined && Number(by) !== 0) return { kind: 'offset', by: Number(by), text: `offset ${Number(by)}` };
  if (depth > DEEPEST || reader.take(/^\s*argmax\s*\(/) === undefined)
    throw new InputError({ found: quote(reader.text), allowed: ALLOWED });
  const needs: Fact[] = [];
  do needs.push(readFact(reader, depth + 1, next));
  while (reader.take(/^\s*,/) !== undefined);
  if (reader.take(/^\s*\)/) === undefined) throw new InputError({ found: quote(reader.text), allowed: ALLOWED });
  const number = next();
  return { kind: 'argmax', needs, number, text: `argmax_${number}(${needs.map(({ text }) => text).join(', ')})` };
}

/** All facts below the given ones that some head must bring, each once; `self` is there from the start. */
export function wanted(facts: readonly Fact[]): Fact[] {
  const found = new Map<string, Fact>();
  const visit = (fact: Fact) => {
    if (fact.kind === 'argmax') fact.needs.forEach(visit);
    if (fact.kind !== 'self') found.set(fact.text, fact);
  };
  facts.forEach(visit);
  return [...found.values()];
}

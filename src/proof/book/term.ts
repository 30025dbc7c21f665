import { type Family, parseTermText, type Term } from '../../statement/index.js';

/** The functions of lemmas. */
export type Fn = 'exp' | 'log' | 'tanh' | 'abs' | 'sqrt' | 'min' | 'max';

/** Sets go by these names, and nothing else does: so |I| is a number of elements, and |x| a number without its sign. */
export const SETS: ReadonlySet<string> = new Set(['T', 'I', 'J', 'O']);

/** Reads a term: one of a statement, in which names of sets stand for ranges, and a[t] for the value of a function at t. */
export function readTerm(text: string): Term {
  return parseTermText(text, true);
}

/** The name that a term is. */
export function nameOf(term: Term): string {
  if (term.kind === 'entry' && term.indices.length === 0) return term.name;
  throw new Error(`the book: a ${term.kind} in the place of a name`);
}

/** The index that a function is taken at; null for a name alone. */
export function indexOf({ indices: [index] }: Term & { readonly kind: 'entry' }): string | null {
  return index ? nameOf(index) : null;
}

/** The sets of a family, one after the other. */
export function setsOf({ over }: Family): readonly string[] {
  return over.map(({ from }) => nameOf(from));
}

/** The set of which a term is the number of elements; null for other terms. */
export function sizedSet(term: Term): string | null {
  const [of] = term.kind === 'call' && term.fn === 'abs' ? term.args : [];
  return of?.kind === 'entry' && SETS.has(of.name) ? of.name : null;
}

import { Rational } from '../../numbers/rational.js';
import type { Family, Fn, Term } from './term.js';

/** How a kind of values is computed with. */
export interface Meaning<S> {
  of(value: Rational): S;
  sum(terms: readonly S[]): S;
  product(a: S, b: S): S;
  inverse(a: S): S;
  call(fn: Fn, args: readonly S[]): S;
  /** `elements` are what the logits belong to. */
  softmax(row: readonly S[], elements: readonly number[]): readonly S[];
  /** A sum over elements, where it is another one than that of the terms for them: each may stand for many. */
  total?(terms: readonly S[], elements: readonly number[]): S;
}

/** What the names of a lemma stand for. */
export interface Names<S> {
  readonly sets: ReadonlyMap<string, readonly number[]>;
  /** The number of elements of a set, where those listed stand for others too. */
  size?(set: string): number;
  value(name: string): S;
  at(name: string, t: number): S;
}

/** The value of a term. */
export function evaluate<S>(term: Term, meaning: Meaning<S>, names: Names<S>, indices = new Map<string, number>()): S {
  const rows = new Map<Term, ReadonlyMap<number, S>>();
  const value = (part: Term, bound: ReadonlyMap<string, number>): S => {
    const elements = (over: readonly string[]) => over.flatMap((set) => names.sets.get(set)!);
    const family = ({ index, over, body }: Family) =>
      elements(over).map((t) => value(body, new Map([...bound, [index, t]])));
    switch (part.kind) {
      case 'number':
        return meaning.of(part.value);
      case 'name':
        return part.index === null ? names.value(part.name) : names.at(part.name, bound.get(part.index)!);
      case 'size':
        return meaning.of(Rational.of(names.size?.(part.set) ?? names.sets.get(part.set)!.length));
      case 'sum':
        return meaning.sum(
          part.terms.map(({ negative, term: one }) => {
            const summand = value(one, bound);
            return negative ? meaning.product(meaning.of(Rational.of(-1)), summand) : summand;
          }),
        );
      case 'product':
        return part.factors
          .map(({ inverted, term: one }) => (inverted ? meaning.inverse(value(one, bound)) : value(one, bound)))
          .reduce((a, b) => meaning.product(a, b));
      case 'power': {
        const base = value(part.base, bound);
        return Array.from({ length: part.exponent }, () => base).reduce((a, b) => meaning.product(a, b));
      }
      case 'call':
        return meaning.call(
          part.fn,
          part.args.map((arg) => value(arg, bound)),
        );
      case 'reduction':
        if (part.op !== 'sum') return meaning.call(part.op, family(part));
        return meaning.total?.(family(part), elements(part.over)) ?? meaning.sum(family(part));
      case 'softmax': {
        // The logits of the book's softmaxes depend on their own index alone: one row serves all entries.
        let row = rows.get(part);
        if (!row) {
          const all = elements(part.over);
          const shares = meaning.softmax(family(part), all);
          row = new Map(all.map((t, place) => [t, shares[place]]));
          rows.set(part, row);
        }
        return row.get(bound.get(part.at)!)!;
      }
    }
  };
  return value(term, indices);
}

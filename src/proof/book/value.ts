import { Rational } from '../../numbers/rational.js';
import { type Family, rational, type Term } from '../../statement/index.js';
import { type Fn, indexOf, nameOf, setsOf, sizedSet } from './term.js';

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
    const family = (of: Family, body: Term) =>
      elements(setsOf(of)).map((t) => value(body, new Map([...bound, [of.index, t]])));
    switch (part.kind) {
      case 'number':
        return meaning.of(part.value);
      case 'entry': {
        const index = indexOf(part);
        return index === null ? names.value(part.name) : names.at(part.name, bound.get(index)!);
      }
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
        const factors = Array.from({ length: Number(rational(part.exponent).num) }, () => base);
        return factors.reduce((a, b) => meaning.product(a, b));
      }
      case 'call': {
        const set = sizedSet(part);
        if (set !== null) return meaning.of(Rational.of(names.size?.(set) ?? names.sets.get(set)!.length));
        return meaning.call(
          part.fn as Fn,
          part.args.map((arg) => value(arg, bound)),
        );
      }
      case 'reduction': {
        const terms = family(part, part.body);
        if (part.op !== 'sum') return meaning.call(part.op, terms);
        return meaning.total?.(terms, elements(setsOf(part))) ?? meaning.sum(terms);
      }
      case 'softmax': {
        // The logits of the book's softmaxes depend on their own index alone: one row serves all entries.
        let row = rows.get(part);
        if (!row) {
          const all = elements(setsOf(part.family!));
          const shares = meaning.softmax(family(part.family!, part.args[0]), all);
          row = new Map(all.map((t, place) => [t, shares[place]]));
          rows.set(part, row);
        }
        return row.get(bound.get(nameOf(part.index))!)!;
      }
      default:
        throw new Error(`the book has no ${part.kind}`);
    }
  };
  return value(term, indices);
}

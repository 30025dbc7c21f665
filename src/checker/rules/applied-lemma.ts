import type { Lemma, Relation } from '../book.js';
import { spend } from '../budget.js';
import { valueOfSum } from '../calculus.js';
import type { Expression } from '../expression.js';
import type { Expressions } from '../expressions.js';
import { demand, Rejected } from '../failure.js';
import { Fraction } from '../fraction.js';
import { fraction, index, list, record } from '../network.js';
import { compared } from '../relations.js';
import type { Side } from '../side.js';
import { ranges } from '../term-expressions.js';

/** Indices of a hypothesis with their values. */
export type Index = readonly (readonly [string, number])[];

type Of = (t: number) => Expression;

/**
 * A lemma with what its names stand for: sets are ranges, numbers fractions, functions lists of [number, ranges] or entries
 * that `entriesOf` reads. `k` is the number that the lemma is applied for, where there are several.
 */
export class AppliedLemma {
  readonly sets = new Map<string, readonly number[]>();
  private readonly numbers: ReadonlyMap<string, Expression>;
  readonly functions: ReadonlyMap<string, Of>;
  private readonly abbreviations = new Map<string, Expression>();
  /** What stands for abbreviations in place of their texts. */
  places: ReadonlyMap<string, Expression> = new Map();

  constructor(
    readonly lemma: Lemma,
    stated: unknown,
    readonly expressions: Expressions,
    entriesOf: (value: unknown, name: string) => Of,
    private readonly k: number | null = null,
  ) {
    const { sets, functions, numbers } = lemma;
    const given = record(stated, 'with', [...sets, ...functions, ...numbers]);
    for (const name of sets) this.sets.set(name, this.rangesOf(given[name]));
    this.numbers = new Map([...numbers].map((name) => [name, expressions.number(fraction(given[name], name))]));
    const functionOf = (value: unknown, name: string) =>
      Array.isArray(value) ? this.listed(value, name) : entriesOf(value, name);
    this.functions = new Map([...functions].map((name) => [name, functionOf(given[name], name)]));
  }

  /** Ranges, or the name of a set; `k` may stand for its number, and behind `except`. */
  private rangesOf(value: unknown): readonly number[] {
    const { k } = this;
    const named = typeof value === 'string' ? this.sets.get(value) : undefined;
    if (named || value === '') return named ?? [];
    if (k === null || typeof value !== 'string') return ranges(value);
    const [listed, left, ...more] = value.split(' except ');
    demand(more.length === 0 && (left === undefined || left === 'k'), 'a set is no list of ranges');
    return ranges(listed === 'k' ? `${k}` : listed).filter((t) => left === undefined || t !== k);
  }

  /** A function by its values, [[number, ranges], ...]. */
  private listed(pieces: readonly unknown[], name: string): Of {
    const values = new Map<number, Expression>();
    for (const piece of pieces) {
      const [text, over] = list(piece, 'a piece of a function');
      const constant = this.expressions.number(fraction(text, `a value of ${name}`));
      for (const t of this.rangesOf(over)) {
        spend(20);
        values.set(t, constant);
      }
    }
    return (t) => {
      const found = values.get(t);
      demand(found !== undefined, `${name}[${t}] is not given`);
      return found;
    };
  }

  /** A text of the lemma as an expression. */
  read(text: string, bound: Index = []): Expression {
    const named = (name: string, indices: readonly number[]) => {
      if (indices.length === 1) return this.functions.get(name)?.(indices[0]);
      if (indices.length > 0) return undefined;
      return this.numbers.get(name) ?? this.places.get(name) ?? this.defined(name);
    };
    return this.expressions.parse(text, named, bound, this.sets);
  }

  /** What an abbreviation is an abbreviation of. */
  defined(name: string): Expression | undefined {
    const text = this.lemma.abbreviations.get(name);
    let meant = this.abbreviations.get(name);
    if (!meant && text !== undefined) this.abbreviations.set(name, (meant = this.read(text)));
    return meant;
  }

  /** An enclosure of a number, exact where it is rational. */
  number(e: Expression): Side {
    const value = valueOfSum([[Fraction.one, e]], (name) => {
      throw new Rejected(`${name} is no number`);
    });
    demand(value !== null, `a number of the lemma ${this.lemma.name} has no value`);
    return value;
  }

  /**
   * Demands the hypotheses, for all values of their indices that are asked for, by where `sideOf` says that expressions lie. Then what the
   * conclusion of that number, the first one if there is none, bounds and the bounds.
   */
  conclude(number: unknown, sideOf: (e: Expression) => Side, isAsked?: (t: number) => boolean) {
    const known = new Map<string, Side>();
    const side = (text: string, bound: Index) => {
      const isFixed = bound.every(([name]) => !new RegExp(`\\b${name}\\b`).test(text));
      const found = (isFixed ? known.get(text) : undefined) ?? sideOf(this.read(text, bound));
      if (isFixed) known.set(text, found);
      return found;
    };
    this.demandHypotheses(
      (left, sign, right, bound) => compared(side(left, bound), sign, side(right, bound)) === true,
      isAsked,
    );
    const { conclusions } = this.lemma;
    const { sides, signs } =
      conclusions[number === undefined ? 0 : index(number, conclusions.length, 'the conclusion')];
    demand(`${signs}` === '<=,<=', 'the conclusion is no bound from both sides');
    const [low, quantity, high] = sides;
    return { quantity, lo: this.number(this.read(low)).lo, hi: this.number(this.read(high)).hi };
  }

  /** Demands that `holds` for each two neighbours in each hypothesis, for all values of its index that are asked for. */
  demandHypotheses(
    holds: (left: string, sign: string, right: string, bound: Index) => boolean,
    isAsked: (t: number) => boolean = () => true,
  ): void {
    for (const { sides, signs, index: over } of this.lemma.hypotheses) {
      for (const bound of this.valuesOf(over, isAsked)) {
        signs.forEach((sign, k) => {
          spend(20);
          demand(
            holds(sides[k], sign, sides[k + 1], bound),
            () => `${sides[k]} ${sign} ${sides[k + 1]} is not shown for the lemma ${this.lemma.name}`,
          );
        });
      }
    }
  }

  private valuesOf(index: Relation['index'], isAsked: (t: number) => boolean): readonly Index[] {
    if (index === null) return [[]];
    const [name, over] = index;
    const values = over.split(',').flatMap((set) => this.sets.get(set.trim())!);
    return values.filter(isAsked).map((t) => [[name, t]]);
  }
}

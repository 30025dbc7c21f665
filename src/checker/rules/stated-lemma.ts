import { type Lemma, lemmaOf, type Relation } from '../book.js';
import { spend } from '../budget.js';
import { formOf, valueOfSum } from '../calculus.js';
import { type Expression, Expressions } from '../expression.js';
import type { Rule } from '../fact.js';
import { demand, demandShown, Rejected } from '../failure.js';
import { Atoms, difference, type Form, isConstant } from '../forms.js';
import { Fraction } from '../fraction.js';
import type { Side } from '../line.js';
import { type Goal, Meaning } from '../meaning.js';
import { type Fields, fraction, index, list, record, string } from '../network.js';
import { readSentence } from '../sentence.js';
import { ranges } from '../written.js';

const MOST_ENTRIES = 2 ** 20;

/**
 * Data: the `text` of a sentence `quantity <= c` and the name of a `lemma` of the book that concludes `quantity <= b`, with what its
 * sets, functions and numbers are (`with`): sets are ranges, numbers fractions, functions lists of [number, ranges] or the
 * entries first + stride (t - 1) of a variable of the sentence (`of`). Demanded is
 *   - each hypothesis: of numbers, by exact or enclosed arithmetic; of entries, by their sets and by the sentence's conditions;
 *   - that both quantities are one function of the entries: their forms differ by a number k; and that b + k <= c.
 */
export const statedLemma: Rule = ({ network }, data) => {
  const fields = record(data, 'the data', ['text', 'lemma', 'with']);
  const atoms = new Atoms(true);
  const meaning = new Meaning(network, atoms, readSentence(fields.text));
  const lemma = lemmaOf(string(fields.lemma, 'the name of a lemma'));
  const instance = new Instance(lemma, record(fields.with, 'with', namesOf(lemma)), meaning, atoms);
  for (const hypothesis of lemma.hypotheses) instance.demandHolds(hypothesis);
  const [relation, ...others] = meaning.sentence.relations;
  const [comparison, ...chained] = relation.comparisons;
  demandShown(comparison === '<=' && chained.length + others.length === 0, 'the sentence is no single bound');
  const [left, right] = relation.sides.map((side) => meaning.form(side));
  const [{ sides, signs }] = lemma.conclusions;
  demand(`${signs}` === '<=' && lemma.conclusions.length === 1, 'the conclusion of the lemma is no single bound');
  const rest = difference(difference(left, right), instance.form(sides[0]));
  demand(isConstant(rest), () => `the sentence is not about ${sides[0]}`);
  const excess = instance.number(sides[1]).hi.add(rest.constant);
  demand(excess.n <= 0n, () => `the lemma ${lemma.name} leaves ${excess} open`);
  demandShown(atoms.partial.length === 0, 'a function is not defined everywhere');
  return { kind: 'closed', conclusion: { kind: 'statement', text: fields.text }, statement: String(fields.text) };
};

function namesOf({ sets, functions, numbers }: Lemma): string[] {
  return [...sets, ...functions, ...numbers];
}

type Index = readonly (readonly [string, number])[];

/** A lemma with what its names stand for, about entries of variables. */
class Instance {
  private readonly expressions = new Expressions();
  private readonly sets: ReadonlyMap<string, readonly number[]>;
  private readonly numbers: ReadonlyMap<string, Expression>;
  private readonly functions: ReadonlyMap<string, (t: number) => Expression>;
  private readonly sides: Meaning['sets'];
  private readonly conditions: readonly Goal[];
  private readonly rows = new Map<Expression, readonly Form[]>();

  constructor(
    { sets, functions, numbers }: Lemma,
    stated: Fields,
    private readonly meaning: Meaning,
    private readonly atoms: Atoms,
  ) {
    const each = <T>(names: Iterable<string>, read: (value: unknown, name: string) => T) =>
      new Map([...names].map((name) => [name, read(stated[name], name)] as const));
    this.sets = each(sets, ranges);
    this.numbers = each(numbers, (value, name) => this.expressions.number(fraction(value, name)));
    this.functions = each(functions, (value) => (Array.isArray(value) ? this.listed(value) : this.entries(value)));
    this.sides = meaning.sets;
    this.conditions = meaning.sentence.conditions.flatMap((relation) => meaning.goals(relation));
  }

  private listed(pieces: readonly unknown[]): (t: number) => Expression {
    const values = new Map<number, Expression>();
    for (const piece of pieces) {
      const [value, over] = list(piece, 'a piece of a function');
      const constant = this.expressions.number(fraction(value, 'a value of a function'));
      for (const t of ranges(over)) values.set(t, constant);
    }
    return (t) => {
      const found = values.get(t);
      demand(found !== undefined, `a function has no value at ${t}`);
      return found;
    };
  }

  private entries(value: unknown): (t: number) => Expression {
    const { of, ...places } = record(value, 'a function', ['of', 'first', 'stride']);
    const variable = this.meaning.variables.find(({ name }) => name === of);
    demand(variable !== undefined, 'a function is of no variable of the sentence');
    const [first, stride] = ['first', 'stride'].map((field) => index(places[field], MOST_ENTRIES, field));
    return (t) => {
      const name = t >= 1 ? variable.names[first + stride * (t - 1)] : undefined;
      demand(name !== undefined, () => `${variable.name} has no entry ${t}`);
      return this.expressions.variable(name);
    };
  }

  private read(text: string, bound: Index = []): Expression {
    const { expressions, functions, numbers, sets } = this;
    const names = (name: string, [t, ...more]: readonly number[]) =>
      t === undefined ? numbers.get(name) : more.length === 0 ? functions.get(name)?.(t) : undefined;
    return expressions.parse(text, names, bound, sets);
  }

  /** A quantity as a form in the entries. */
  form(text: string, bound: Index = []): Form {
    const form = formOf(this.read(text, bound), this.atoms, (name) => this.atoms.input(name), this.rows);
    demand(form !== null, () => `${text} is no form in the entries`);
    return form;
  }

  /** An enclosure of a number, exact where it is rational. */
  number(text: string, bound: Index = []): Side {
    const value = valueOfSum([[Fraction.one, this.read(text, bound)]], (name) => {
      throw new Rejected(`${name} is no number`);
    });
    demand(value !== null, () => `${text} has no value`);
    return value;
  }

  demandHolds({ sides, signs, index: over }: Relation): void {
    const check = (bound: Index) => {
      signs.forEach((sign, k) => {
        spend(50);
        const [a, b] = sign.startsWith('>') ? [sides[k + 1], sides[k]] : [sides[k], sides[k + 1]];
        const holds = sign.endsWith('=') && sign !== '=' ? this.isAtMost(a, b, bound) : this.isBelow(sign, a, b, bound);
        demand(holds, () => `${sides[k]} ${sign} ${sides[k + 1]} is not shown`);
      });
    };
    if (over === null) check([]);
    else for (const t of over[1].split(',').flatMap((name) => this.sets.get(name.trim())!)) check([[over[0], t]]);
  }

  /** a < b or a = b, of numbers. */
  private isBelow(sign: string, a: string, b: string, bound: Index): boolean {
    const [left, right] = [this.number(a, bound), this.number(b, bound)];
    return sign === '=' ? left.lo.equals(right.hi) && right.lo.equals(left.hi) : left.hi.lt(right.lo);
  }

  /** a <= b, of numbers, or of entries: on their sets, or by a condition that says so. */
  private isAtMost(a: string, b: string, bound: Index): boolean {
    const [left, right] = [a, b].map((text) => this.read(text, bound));
    const [low, high] = [left, right].map((e) => formOf(e, this.atoms, (name) => this.atoms.input(name), this.rows));
    if (low === null || high === null) return this.number(a, bound).hi.le(this.number(b, bound).lo);
    const form = difference(low, high);
    return (
      this.isLow(form) ||
      this.conditions.some((goal) => {
        const rest = difference(form, goal.form);
        return isConstant(rest) && rest.constant.n <= 0n;
      })
    );
  }

  /** Whether a linear form in entries is at most 0 on their sets. */
  private isLow({ constant, terms }: Form): boolean {
    let most = constant;
    for (const [number, factor] of terms) {
      const atom = this.atoms.get(number);
      const set = atom.kind === 'input' ? this.sides.get(atom.name) : undefined;
      if (!set || !('lo' in set)) return false;
      most = most.add(factor.mul(factor.n > 0n ? set.hi : set.lo));
    }
    return most.n <= 0n;
  }
}

import { Atoms } from '../atoms.js';
import { type Lemma, lemmaOf } from '../book.js';
import { hold, spend } from '../budget.js';
import { formOf } from '../calculus.js';
import type { Expression } from '../expression.js';
import { Expressions } from '../expressions.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { difference, type Form, isConstant, scale } from '../forms.js';
import { Fraction } from '../fraction.js';
import { type Goal, Interpretation } from '../interpretation.js';
import { index, record, string } from '../network.js';
import { compared } from '../relations.js';
import { readSentence } from '../sentence.js';
import type { Side } from '../side.js';
import { AppliedLemma, type Index } from './applied-lemma.js';

const MOST_ENTRIES = 2 ** 20;
/** Bytes of what is read for a row. */
const ROW = 10_000;

/**
 * Data: the `text` of a sentence `quantity <= c` and the name of a `lemma` of the book that concludes `quantity <= b`, with what its
 * sets, functions and numbers are (`with`): sets are ranges, numbers fractions, functions lists of [number, ranges] or the
 * entries first + stride (t - 1) of a variable of the sentence (`of`). Demanded is
 *   - each hypothesis: of numbers, by exact or enclosed arithmetic; of entries, by their sets and by the sentence's conditions;
 *   - that both quantities are one function of the entries: their forms differ by a number k; and that b + k <= c.
 * With `rows`, the lemma holds for so many rows of entries, `each` further than those of the row before: as it bounds a sum over t of |f[t]| by b,
 * it bounds a sum of |sum of f[t] over the rows| by the sum of the bounds.
 */
export const statedLemma: Rule = ({ network }, data) => {
  const fields = record(data, 'the data', ['text', 'lemma', 'with', 'rows']);
  const atoms = new Atoms(true);
  const meaning = new Interpretation(network, atoms, readSentence(fields.text));
  const lemma = lemmaOf(string(fields.lemma, 'the name of a lemma'));
  const count = fields.rows === undefined ? 1 : index(fields.rows, MOST_ENTRIES, 'rows');
  demand(count > 0, 'there are no rows');
  const rows = Array.from({ length: count }, (_, k) => new AboutVariables(lemma, fields.with, meaning, atoms, k));
  for (const row of rows) row.demandHypotheses();
  const [relation, ...others] = meaning.sentence.relations;
  const [comparison, ...chained] = relation.comparisons;
  demandShown(comparison === '<=' && chained.length + others.length === 0, 'the sentence is no single bound');
  const [left, right] = relation.sides.map((side) => meaning.form(side));
  const [{ sides, signs }] = lemma.conclusions;
  demand(`${signs}` === '<=' && lemma.conclusions.length === 1, 'the conclusion of the lemma is no single bound');
  const rest = difference(
    difference(left, right),
    fields.rows === undefined ? rows[0].form(sides[0]) : added(rows, sides[0], atoms),
  );
  demand(isConstant(rest), () => `the sentence is not about ${sides[0]}`);
  const excess = rows.reduce((sum, row) => sum.add(row.number(sides[1]).hi), rest.constant);
  demand(excess.n <= 0n, () => `the lemma ${lemma.name} leaves ${excess} open`);
  demandShown(atoms.partial.length === 0, 'a function is not defined everywhere');
  return closed({ kind: 'statement', text: fields.text }, String(fields.text));
};

/** sum_{t in T}(abs(f[t])) with the sum of f[t] over the rows in the place of f[t]. */
function added(rows: readonly AboutVariables[], text: string, atoms: Atoms): Form {
  const [, name, over, inner] = /^sum_\{(\w+) in ([\w, ]+)\}\(abs\((.*)\)\)$/.exec(text) ?? [];
  demand(inner !== undefined, 'the lemma bounds no sum of absolute values');
  return atoms.sum(
    rows[0].valuesOf(over).map((t) => {
      const whole = atoms.sum(rows.map((row) => row.form(inner, [[name, t]])));
      return atoms.max(whole, scale(whole, Fraction.of(-1)));
    }),
  );
}

/** A lemma about entries of the variables of a sentence. */
class AboutVariables {
  private readonly applied: AppliedLemma;
  private readonly sides: Interpretation['sets'];
  private readonly conditions: readonly Goal[];
  private readonly rows = new Map<Expression, readonly Form[]>();

  constructor(
    lemma: Lemma,
    stated: unknown,
    private readonly meaning: Interpretation,
    private readonly atoms: Atoms,
    private readonly row: number,
  ) {
    spend(3000);
    hold(ROW);
    this.applied = new AppliedLemma(lemma, stated, new Expressions(), (value) => this.entries(value));
    this.sides = meaning.sets;
    this.conditions = meaning.sentence.conditions.flatMap((relation) => meaning.goals(relation));
  }

  private entries(value: unknown): (t: number) => Expression {
    const { of, ...places } = record(value, 'a function', ['of', 'first', 'stride', 'each']);
    const variable = this.meaning.variables.find(({ name }) => name === of);
    demand(variable !== undefined, 'a function is of no variable of the sentence');
    const [first, stride, each] = ['first', 'stride', 'each'].map((field) =>
      index(places[field] ?? 0, MOST_ENTRIES, field),
    );
    return (t) => {
      const name = t >= 1 ? variable.names[first + each * this.row + stride * (t - 1)] : undefined;
      demand(name !== undefined, () => `${variable.name} has no entry ${t}`);
      return this.applied.expressions.variable(name);
    };
  }

  private formIn(text: string, bound: Index = []): Form | null {
    return formOf(this.applied.read(text, bound), this.atoms, (name) => this.atoms.input(name), this.rows);
  }

  /** A quantity as a form in the entries. */
  form(text: string, bound: Index = []): Form {
    const form = this.formIn(text, bound);
    demand(form !== null, () => `${text} is no form in the entries`);
    return form;
  }

  /** The elements of sets by their names. */
  valuesOf(names: string): readonly number[] {
    return names.split(',').flatMap((name) => this.applied.sets.get(name.trim()) ?? []);
  }

  number(text: string, bound: Index = []): Side {
    return this.applied.number(this.applied.read(text, bound));
  }

  demandHypotheses(): void {
    this.applied.demandHypotheses((left, sign, right, bound) => {
      if (sign === '<=') return this.isAtMost(left, right, bound);
      if (sign === '>=') return this.isAtMost(right, left, bound);
      return compared(this.number(left, bound), sign, this.number(right, bound)) === true;
    });
  }

  private sideOf(name: string): Side | undefined {
    const set = this.sides.get(name);
    return set && 'lo' in set ? set : undefined;
  }

  /** a <= b, of numbers, or of entries: on their sets, or by a condition that says so. */
  private isAtMost(a: string, b: string, bound: Index): boolean {
    const [low, high] = [this.formIn(a, bound), this.formIn(b, bound)];
    if (low === null || high === null) return compared(this.number(a, bound), '<=', this.number(b, bound)) === true;
    const form = difference(low, high);
    const most = this.atoms.affineMaximum(form, (name) => this.sideOf(name));
    return (
      (most !== null && most.n <= 0n) ||
      this.conditions.some((goal) => {
        const rest = difference(form, goal.form);
        return isConstant(rest) && rest.constant.n <= 0n;
      })
    );
  }
}

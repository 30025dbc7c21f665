import { placeName, placeOf } from '../atoms.js';
import { type Lemma, lemmaOf } from '../book.js';
import { formOf, variablesOf } from '../calculus.js';
import type { Expression } from '../expression.js';
import { mostOf, type Premises, type Rule, type Within } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { equal, negative } from '../forms.js';
import { Fraction } from '../fraction.js';
import { type Fields, index, list, record, sizeOf, string } from '../network.js';
import type { Session } from '../session.js';
import type { Side } from '../side.js';
import { ranges } from '../term-expressions.js';
import { AppliedLemma } from './applied-lemma.js';

const MOST_ENTRIES = 2 ** 28;

/**
 * Data: the name of a `lemma` of the book, what its sets, functions and numbers are (`with`), and which entries of nodes
 * its abbreviations are (`where`). Sets are ranges; a number is a fraction; a function is a list of [number, ranges], or
 * the entries first + stride (t - 1) of a `node`, for k those `each` (k - 1) further. Such entries stand for themselves.
 * Demanded is
 *   - each hypothesis: of numbers, by exact or enclosed arithmetic, and of entries, by the bounds in the premises;
 *   - that each entry that is named for an abbreviation is the same function of the other entries: equal forms.
 * Then the conclusion number `conclusion` (the first one if left out) holds for its entry. With `each`, {"k": ranges}, this is so
 * for each of these numbers k, the sets in terms of it, and entries further by k - 1, or a stated multiple.
 */
export const lemma: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['lemma', 'with', 'where', 'conclusion', 'each', 'domain']);
  const stated = lemmaOf(string(fields.lemma, 'the name of a lemma'));
  const each = fields.each === undefined ? [null] : ranges(record(fields.each, 'each', ['k']).k);
  const proved = each.map((k) => new AboutEntries(session, stated, fields, premises, k).conclude(fields.conclusion));
  const [[node]] = proved;
  demandEach(proved, ([other]) => other === node, 'the entries are not of one node');
  const domain = fields.domain === undefined ? premises.domain : session.domain(fields.domain);
  return { kind: 'within', domain, node, entries: new Map(proved.map(([, at, bound]) => [at, bound])) };
};

/** A lemma about entries of nodes, some of which stand for themselves. */
class AboutEntries {
  private readonly applied: AppliedLemma;
  /** Nodes whose entries stand for themselves. */
  private readonly sources = new Set<number>();

  constructor(
    private readonly session: Session,
    lemma: Lemma,
    fields: Fields,
    private readonly premises: Premises,
    private readonly k: number | null,
  ) {
    const { expressions } = session;
    const applied = new AppliedLemma(lemma, fields.with, expressions, (value, name) => this.functionOf(value, name), k);
    this.applied = applied;
    const named = record(fields.where, 'where', [...lemma.abbreviations.keys()]);
    applied.places = new Map(Object.entries(named).map(([name, value]) => [name, this.entryOf(name, value)]));
  }

  private functionOf(value: unknown, name: string): (t: number) => Expression {
    const { session } = this;
    const fields = record(value, name, ['node', 'first', 'stride', 'each']);
    const node = session.node(fields.node);
    this.sources.add(node);
    const [start, stride] = ['first', 'stride'].map((field) => index(fields[field], MOST_ENTRIES, field));
    const first = start + this.further(fields.each ?? 0);
    const size = sizeOf(session.network.nodes[node].shape);
    return (t) => {
      const at = first + stride * (t - 1);
      demand(t >= 1 && at >= 0 && at < size, `node ${node} has no entry ${at}`);
      return session.expressions.variable(placeName(node, at));
    };
  }

  /** How much further entries are for the number k. */
  private further(step: unknown): number {
    return this.k === null ? 0 : (this.k - 1) * index(step, MOST_ENTRIES, 'a step');
  }

  /** The entry that an abbreviation is: the same form in the entries that stand for themselves. */
  private entryOf(name: string, value: unknown): Expression {
    const { session } = this;
    const { lemma } = this.applied;
    const [of, first, step = 1] = list(value, 'a place');
    const node = session.node(of);
    const at = index(first, MOST_ENTRIES, 'an entry') + this.further(step);
    const form = session.between([...this.sources], node).forms[at];
    const meant = formOf(
      this.applied.defined(name)!,
      session.atoms,
      (variable) => session.atoms.input(variable),
      new Map(),
    );
    demand(form !== undefined && meant !== null && equal(meant, form), () => {
      return `entry ${at} of node ${node} is not ${name} = ${lemma.abbreviations.get(name)}`;
    });
    return session.expressions.variable(placeName(node, at));
  }

  /** Demands the hypotheses; then the node and the entry that the conclusion bounds, and the bound. */
  conclude(number: unknown): readonly [node: number, entry: number, bound: Within] {
    const { quantity, lo, hi } = this.applied.conclude(number, (e) => this.sideOf(e));
    const [entry, target] = this.split(this.applied.read(quantity));
    return [...entry, { target, lo, hi }];
  }

  /** Where a number, or a linear expression in entries, lies. */
  private sideOf(e: Expression): Side {
    if (variablesOf(e).size === 0) return this.applied.number(e);
    const { atoms } = this.session;
    const form = formOf(e, atoms, (name) => atoms.input(name));
    demand(form !== null, 'a hypothesis is not linear in entries');
    return { lo: mostOf(negative(form), atoms, this.premises).neg(), hi: mostOf(form, atoms, this.premises) };
  }

  /** `y - target` or `y`: the place of y, and the target. */
  private split(quantity: Expression) {
    const { expressions } = this.session;
    const [first, ...rest] = quantity.kind === 'sum' ? quantity.args : [quantity];
    const place = first.kind === 'variable' ? placeOf(first.name) : null;
    demand(place !== null, 'the conclusion is about no entry');
    const others = rest.map((e) => {
      const [factor, ...factors] = e.kind === 'product' ? e.args : [];
      const isNegated = factor?.kind === 'number' && factor.value.equals(Fraction.of(-1));
      return isNegated ? expressions.product(factors) : expressions.product([expressions.number(Fraction.of(-1)), e]);
    });
    return [place, others.length === 0 ? expressions.number(Fraction.zero) : expressions.sum(others)] as const;
  }
}

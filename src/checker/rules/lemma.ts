import { type Lemma, lemmaOf, type Relation } from '../book.js';
import { spend } from '../budget.js';
import { formOf, valueOfSum } from '../calculus.js';
import type { Expression } from '../expression.js';
import { extentOf, type Premises, type Rule, type Within } from '../fact.js';
import { demand } from '../failure.js';
import { equal, placeName, placeOf } from '../forms.js';
import { Fraction } from '../fraction.js';
import type { Side } from '../line.js';
import { type Fields, fraction, index, list, record, sizeOf, string } from '../network.js';
import type { Session } from '../session.js';
import { type Names, ranges } from '../written.js';

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
  const number =
    fields.conclusion === undefined ? 0 : index(fields.conclusion, stated.conclusions.length, 'the conclusion');
  const each = fields.each === undefined ? [null] : ranges(record(fields.each, 'each', ['k']).k);
  const proved = each.map((k) => new Instance(session, stated, fields, premises, k).conclude(number));
  const [[node]] = proved;
  demand(
    proved.every(([other]) => other === node),
    'the entries are not of one node',
  );
  const domain = fields.domain === undefined ? premises.domain : session.domain(fields.domain);
  return { kind: 'within', domain, node, entries: new Map(proved.map(([, at, bound]) => [at, bound])) };
};

/** A lemma with what its names stand for. */
class Instance {
  private readonly sets = new Map<string, readonly number[]>();
  private readonly numbers: Map<string, Expression>;
  private readonly functions: Map<string, (t: number) => Expression>;
  private readonly entries: Map<string, Expression>;
  private readonly abbreviations = new Map<string, Expression>();
  /** Nodes whose entries stand for themselves. */
  private readonly sources = new Set<number>();

  constructor(
    private readonly session: Session,
    private readonly lemma: Lemma,
    fields: Fields,
    private readonly premises: Premises,
    private readonly k: number | null,
  ) {
    const { sets, functions, numbers, abbreviations } = lemma;
    const stated = record(fields.with, 'with', [...sets, ...functions, ...numbers]);
    const each = <T>(names: Iterable<string>, read: (value: unknown, name: string) => T) => {
      return new Map([...names].map((name) => [name, read(stated[name], name)] as const));
    };
    for (const name of sets) this.sets.set(name, this.rangesOf(stated[name]));
    this.numbers = each(numbers, (value, name) => session.expressions.number(fraction(value, name)));
    this.functions = each(functions, (value, name) => this.functionOf(value, name));
    const named = record(fields.where, 'where', [...abbreviations.keys()]);
    this.entries = new Map(Object.entries(named).map(([name, value]) => [name, this.entryOf(name, value)]));
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

  private functionOf(value: unknown, name: string): (t: number) => Expression {
    const { session } = this;
    if (Array.isArray(value)) {
      const values = new Map<number, Expression>();
      for (const piece of value) {
        const [text, over] = list(piece, 'a piece of a function');
        const constant = session.expressions.number(fraction(text, `a value of ${name}`));
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
    const [of, first, step = 1] = list(value, 'a place');
    const node = session.node(of);
    const at = index(first, MOST_ENTRIES, 'an entry') + this.further(step);
    const form = session.between([...this.sources], node).forms[at];
    const symbol = (variable: string) => session.atoms.given(...placeOf(variable)!);
    const meant = formOf(this.defined(name), session.atoms, symbol, new Map());
    demand(form !== undefined && meant !== null && equal(meant, form), () => {
      return `entry ${at} of node ${node} is not ${name} = ${this.lemma.abbreviations.get(name)}`;
    });
    return session.expressions.variable(placeName(node, at));
  }

  private readonly names: Names = (name, indices) => {
    const { functions, numbers, entries, lemma } = this;
    if (indices.length === 1 && functions.has(name)) return functions.get(name)!(indices[0]);
    if (indices.length > 0) return undefined;
    return numbers.get(name) ?? entries?.get(name) ?? (lemma.abbreviations.has(name) ? this.defined(name) : undefined);
  };

  private defined(name: string): Expression {
    let meant = this.abbreviations.get(name);
    if (!meant) this.abbreviations.set(name, (meant = this.read(this.lemma.abbreviations.get(name)!)));
    return meant;
  }

  private read(text: string, bound: readonly (readonly [string, number])[] = []): Expression {
    return this.session.expressions.parse(text, this.names, bound, this.sets);
  }

  /** Demands the hypotheses; then the node and the entry that the conclusion bounds, and the bound. */
  conclude(number: number): readonly [node: number, entry: number, bound: Within] {
    for (const hypothesis of this.lemma.hypotheses) this.demandHolds(hypothesis);
    const { sides, signs } = this.lemma.conclusions[number];
    demand(`${signs}` === '<=,<=', 'the conclusion is no bound from both sides');
    const [low, quantity, high] = sides.map((side) => this.read(side));
    const [entry, target] = this.split(quantity);
    const [lo, hi] = [numberOf(low).lo, numberOf(high).hi];
    return [...entry, { target, lo, hi }];
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

  private demandHolds({ sides, signs, index: over }: Relation): void {
    const known = new Map<string, Side>();
    const check = (bound: readonly (readonly [string, number])[]) => {
      const extents = sides.map((side) => {
        const varies = bound.length === 0 || new RegExp(`\\b${bound[0][0]}\\b`).test(side);
        const extent = (varies ? undefined : known.get(side)) ?? extentOf(this.read(side, bound), this.premises);
        known.set(side, extent);
        return extent;
      });
      signs.forEach((sign, k) => {
        spend(20);
        const holds = RELATIONS[sign](extents[k], extents[k + 1]);
        demand(holds, () => `${sides[k]} ${sign} ${sides[k + 1]} is not shown for the lemma ${this.lemma.name}`);
      });
    };
    if (over === null) check([]);
    else for (const t of this.valuesOf(over[1])) check([[over[0], t]]);
  }

  private valuesOf(over: string): readonly number[] {
    return over.split(',').flatMap((name) => this.sets.get(name.trim())!);
  }
}

const RELATIONS: Readonly<Record<string, (a: Side, b: Side) => boolean>> = {
  '<=': (a, b) => a.hi.le(b.lo),
  '>=': (a, b) => b.hi.le(a.lo),
  '<': (a, b) => a.hi.lt(b.lo),
  '>': (a, b) => b.hi.lt(a.lo),
  '=': (a, b) => a.lo.equals(a.hi) && b.lo.equals(b.hi) && a.lo.equals(b.lo),
};

/** An enclosure of a number, exact where it is rational. */
function numberOf(e: Expression): Side {
  const value = valueOfSum([[Fraction.one, e]], (name) => {
    demand(false, `${name} is no number`);
    return Fraction.zero;
  });
  demand(value !== null, 'a bound of a lemma has no value');
  return value;
}

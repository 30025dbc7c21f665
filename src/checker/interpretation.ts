import type { Atoms } from './atoms.js';
import { spend } from './budget.js';
import { dense, evaluate, type Tensor } from './evaluate.js';
import { brief, demand, demandEachShown, demandShown, Unfinished } from './failure.js';
import { combine, constantForm, difference, type Form, isConstant, MINUS_ONE, negative, ZERO } from './forms.js';
import { Fraction } from './fraction.js';
import { index, list, type Network, sizeOf } from './network.js';
import type { Relation, Sentence, SetOf } from './sentence.js';
import type { Side } from './side.js';
import type { Family, Range, Term } from './term.js';

/** What an entry of a variable ranges over. */
export type Entries = Side | readonly Fraction[] | null;

/** form <= 0, or form < 0. */
export interface Goal {
  readonly form: Form;
  readonly strict: boolean;
}

/** A point of an input, entry by entry. */
interface Variable {
  readonly name: string;
  /** The input's node. */
  readonly node: number;
  readonly shape: readonly number[];
  readonly names: readonly string[];
  readonly sets: readonly Entries[];
}

/** Values of indices, and for variables the one that is meant in their place. */
interface Scope {
  readonly indices: ReadonlyMap<string, Fraction>;
  readonly points: ReadonlyMap<string, string>;
}

const NOWHERE: Scope = { indices: new Map(), points: new Map() };
const MOST_ENTRIES = 1 << 20;
const LARGEST_POWER = 64;
/** Of a power of a number. */
const LARGEST_WHOLE = 4096;
const MOST_PARTS = 1 << 12;

/** What a sentence says of a network: its variables, and its terms as forms in their entries. */
export class Interpretation {
  readonly variables: readonly Variable[];
  /** By node and points; as long as no entry is fixed anew. */
  private readonly outputs = new Map<string, readonly Form[]>();
  /** Entries that have one value alone. */
  private readonly fixed = new Map<string, Fraction>();

  constructor(
    private readonly network: Network,
    private readonly atoms: Atoms,
    readonly sentence: Sentence,
    /** The entries of outputs, where the network is not looked at for them; null for those of which nothing may be said. */
    private readonly known?: (node: number) => readonly (Form | null)[],
  ) {
    this.variables = sentence.variables.map(({ name, set }) => this.variable(name, set));
  }

  /** The sets of all entries, by name. */
  get sets(): ReadonlyMap<string, Entries> {
    return new Map(this.variables.flatMap(({ names, sets }) => names.map((name, k) => [name, sets[k]] as const)));
  }

  /** Puts a number in the place of an entry. */
  fix(name: string, value: Fraction): void {
    this.fixed.set(name, value);
    this.outputs.clear();
  }

  /**
   * The relation as inequalities between a form and 0, all of which it says; |u| <= c as two of them. In the place of a maximum on
   * the larger side stands the mean of the `pair` of its parts, where there is one.
   */
  goals({ sides, comparisons }: Relation, pair?: unknown): Goal[] {
    return comparisons.flatMap((comparison, k) => {
      const [u, v] = [sides[k], sides[k + 1]];
      const strict = comparison === '<' || comparison === '>';
      const less = (a: Term, b: Term): Goal[] => {
        if (pair !== undefined) return [{ form: difference(this.form(a), meanOf(this.parts(b, 'max'), pair)), strict }];
        const whole = difference(this.form(a), this.form(b));
        if (isConstant(whole)) return [{ form: whole, strict }];
        const highs = this.parts(b, 'min');
        return this.parts(a, 'max').flatMap((low) => highs.map((high) => ({ form: difference(low, high), strict })));
      };
      if (comparison === '=') return [...less(u, v), ...less(v, u)];
      return comparison.startsWith('<') ? less(u, v) : less(v, u);
    });
  }

  /**
   * Forms that all lie on one side of a number where the term does: u and -u for |u|, the arguments of max or min, and
   * sums of them.
   */
  private parts(term: Term, name: 'min' | 'max', scope = NOWHERE): readonly Form[] {
    const whole = () => [this.value(term, scope)];
    if (term.kind === 'over' && term.name === name) {
      return this.scopes(term, scope).flatMap((inner) => this.parts(term.body, name, inner));
    }
    if (term.kind !== 'call') return whole();
    const [arg] = term.args;
    if (term.name === name) return term.args.flatMap((one) => this.parts(one, name, scope));
    if (term.name === '-') return this.parts(arg, name === 'min' ? 'max' : 'min', scope).map(negative);
    if (term.name === '+') {
      const lists = term.args.map((one) => this.parts(one, name, scope));
      const count = lists.reduce((product, { length }) => product * length, 1);
      if (count === 1 || count > MOST_PARTS) return whole();
      const none: readonly (readonly Form[])[] = [[]];
      return lists
        .reduce((sums, list) => sums.flatMap((sum) => list.map((part) => [...sum, part])), none)
        .map((sum) => this.atoms.sum(sum));
    }
    if (term.name !== 'abs' || name === 'min') return whole();
    const u = this.value(arg, scope);
    return [u, negative(u)];
  }

  /** A term as a form; `points` puts variables in the place of others. */
  form(term: Term, points: Scope['points'] = NOWHERE.points): Form {
    return this.value(term, { ...NOWHERE, points });
  }

  private value(term: Term, scope: Scope): Form {
    spend(100);
    switch (term.kind) {
      case 'number':
        return constantForm(term.value);
      case 'entry': {
        const found = this.entries(term, scope);
        demandShown(found.length === 1, () => `${brief(term.name)} is not one number`);
        return found[0];
      }
      case 'over':
        return this.called(
          term.name === 'sum' ? '+' : term.name,
          this.scopes(term, scope).map((inner) => this.value(term.body, inner)),
        );
      case 'softmax': {
        const [first, ...others] = term.args;
        demandShown(first.kind !== 'over' || first.name !== 'softmax', 'a softmax over ranges stands in lemmas alone');
        const isTensor = others.length === 0 && first.kind === 'entry';
        const row = isTensor ? this.entries(first, scope) : term.args.map((arg) => this.value(arg, scope));
        const k = this.integer(term.index, scope);
        demandShown(1 <= k && k <= row.length, `a softmax of ${row.length} numbers has no entry ${k}`);
        return this.atoms.softmax(row)[k - 1];
      }
      case 'call':
        return this.called(
          term.name,
          term.args.map((arg) => this.value(arg, scope)),
        );
    }
  }

  /** The scopes of a family's terms, one for each value of its index. */
  private scopes({ in: ranges, index, except }: Family, scope: Scope): Scope[] {
    return this.range(ranges, scope, except).map((value) => ({
      ...scope,
      indices: new Map([...scope.indices, [index, value]]),
    }));
  }

  private called(name: string, args: readonly Form[]): Form {
    const { atoms } = this;
    const [first, second] = args;
    switch (name) {
      case '+':
        return atoms.sum(args);
      case '*':
        return args.reduce((a, b) => atoms.product(a, b));
      case '-':
        return negative(first);
      case '/':
        return atoms.apply('power', first, MINUS_ONE);
      case '^': {
        demandShown(isConstant(second), 'an exponent is no number');
        const { n, d } = second.constant;
        const most = isConstant(first) && d === 1n ? LARGEST_WHOLE : LARGEST_POWER;
        demandShown(-most <= n && n <= most && d <= most, () => `the exponent ${second.constant} is too large`);
        if (d === 1n && n >= 1n) return atoms.power(first, Number(n));
        if (n < -LARGEST_POWER) return atoms.apply('power', atoms.power(first, Number(-n)), Fraction.of(-1));
        return atoms.apply('power', first, second.constant);
      }
      case 'abs':
        return atoms.abs(first);
      case 'relu':
        return atoms.relu(first);
      case 'sqrt':
        return atoms.apply('power', first, Fraction.of(1, 2n));
      case 'min':
        return args.reduce((a, b) => atoms.min(a, b));
      case 'max':
        return args.reduce((a, b) => atoms.max(a, b));
      default:
        return atoms.apply(name, first ?? ZERO);
    }
  }

  /** The entries that a name with some of its indices stands for. */
  private entries({ name, at, indices }: Term & { kind: 'entry' }, scope: Scope): readonly Form[] {
    const index = scope.indices.get(name);
    if (index && indices.length === 0 && at.length === 0) return [constantForm(index)];
    const places = indices.map((term) => this.integer(term, scope));
    const variable = this.variables.find((one) => one.name === name);
    demandShown(!variable || at.length === 0, () => `${brief(name)} is no function`);
    const node = variable ? variable.node : this.outputOf(name);
    if (node === undefined) throw new Unfinished(`${brief(name)} is no name that the checker knows`);
    const all = variable ? this.point(this.meant(variable, scope)) : this.output(node, at, scope);
    const [from, count] = part(name, this.network.nodes[node].shape, places);
    const found = all.slice(from, from + count);
    demandShown(
      found.every((form) => form !== null),
      () => `${brief(name)} depends on an input`,
    );
    return found;
  }

  /** The node of an output; `y` and `a.y`, if no inputs, are the only one, of all or of those that are called `a.` something. */
  private outputOf(name: string): number | undefined {
    const { nodes, outputs } = this.network;
    const isOnly = /^(?:.*\.)?y$/.test(name) && !nodes.some((node) => node.op === 'input' && node.name === name);
    const owned = isOnly ? [...outputs].filter(([output]) => output.startsWith(name.slice(0, -1))) : [];
    return outputs.get(name) ?? (owned.length === 1 ? owned[0][1] : undefined);
  }

  /** The variable in whose place another one may stand. */
  private meant(variable: Variable, { points }: Scope): Variable {
    return this.variables.find(({ name }) => name === points.get(variable.name)) ?? variable;
  }

  private point({ names }: Variable): readonly Form[] {
    return names.map((entry) => {
      const value = this.fixed.get(entry);
      return value ? constantForm(value) : this.atoms.input(entry);
    });
  }

  /** The entries of a node where the inputs are the named points; the only ones there are, where none is named. */
  private output(node: number, at: readonly string[], scope: Scope): readonly (Form | null)[] {
    const { nodes } = this.network;
    if (this.known) {
      demandShown(at.length === 0, 'what is known of outputs is about one point alone');
      return this.known(node);
    }
    const inputs = nodes.flatMap(({ op }, k) => (op === 'input' ? [k] : []));
    const named = at.map((name) => this.variables.find((one) => one.name === name));
    const given = inputs.flatMap((input) => {
      const points = (at.length > 0 ? named : this.variables).filter((one) => one?.node === input);
      demandShown(points.length <= 1, () => `it is not said at which point ${brief(nodes[input].name)} is meant`);
      return points.map((point) => [input, this.meant(point!, scope)] as const);
    });
    demandShown(
      at.length === 0 || (at.length === inputs.length && given.length === at.length),
      'the points are not those of the inputs',
    );
    const key = `${node} ${given.map(([input, { name }]) => `${input} ${name}`).join()}`;
    spend(20 * nodes.length);
    const known = this.outputs.get(key);
    if (known) return known;
    const tensors = given.map(([input, point]): readonly [number, Tensor] => [
      input,
      { shape: nodes[input].shape, entries: new Map(this.point(point).map((form, k) => [k, form])) },
    ]);
    const found = dense(evaluate(this.network, this.atoms, new Map(tensors), [node])[0]);
    this.outputs.set(key, found);
    return found;
  }

  private variable(name: string, set: SetOf): Variable {
    const { nodes } = this.network;
    const base = name.replace(/'+$/, '');
    const inputs = nodes.flatMap(({ op }, k) => (op === 'input' ? [k] : []));
    const node = inputs.find((k) => nodes[k].name === base) ?? (base === 'x' && inputs.length === 1 ? inputs[0] : -1);
    demandShown(node >= 0, () => `the network has no input ${brief(base)}`);
    const { shape } = nodes[node];
    const { lengths, sets } = this.setsOf(set);
    const own = lengths.filter((length) => length !== 1);
    const isFlat = own.length <= 1 && sets.length === sizeOf(shape);
    demandShown(
      isFlat || `${own}` === `${shape.filter((length) => length !== 1)}`,
      `the set of ${name} has another shape`,
    );
    const names = sets.length === 1 ? [name] : sets.map((_, k) => `${name}[${k + 1}]`);
    return { name, node, shape, names, sets };
  }

  /** The sets of the entries of a set's elements, and the lengths of its axes. */
  private setsOf(set: SetOf): { readonly lengths: readonly number[]; readonly sets: readonly Entries[] } {
    const single = (entries: Entries) => ({ lengths: [], sets: [entries] });
    switch (set.kind) {
      case 'reals':
        return single(null);
      case 'interval': {
        const [lo, hi] = [this.number(set.lo, NOWHERE), this.number(set.hi, NOWHERE)];
        demandShown(lo.le(hi), `[${lo}, ${hi}] is no interval`);
        return single({ lo, hi });
      }
      case 'finite': {
        const values = this.range(set.of, NOWHERE);
        demandShown(values.length > 0, 'a set is empty');
        return single(values);
      }
      case 'power': {
        const own = set.shape.map((length) => this.integer(length, NOWHERE));
        const { lengths, sets } = this.setsOf(set.base);
        const count = sizeOf(own);
        demandShown(count >= 1 && count * sets.length <= MOST_ENTRIES, 'a set has too many entries');
        return { lengths: [...own, ...lengths], sets: Array.from({ length: count }, () => sets).flat() };
      }
      case 'product': {
        const factors = set.factors.map((factor) => this.setsOf(factor));
        demandEachShown(factors, ({ lengths }) => lengths.length <= 1, 'a product of sets of matrices');
        const sets = factors.flatMap((factor) => factor.sets);
        return { lengths: [sets.length], sets };
      }
    }
  }

  private range(ranges: readonly Range[], scope: Scope, except: Term | null = null): readonly Fraction[] {
    const left = except && this.number(except, scope);
    const values = ranges.flatMap(([from, to]) => {
      if (!to) return [this.number(from, scope)];
      const [first, last] = [this.integer(from, scope), this.integer(to, scope)];
      demandShown(last - first < MOST_ENTRIES, 'a range has too many numbers');
      spend(20 * Math.max(last - first, 0));
      return Array.from({ length: Math.max(last - first + 1, 0) }, (_, k) => Fraction.of(first + k));
    });
    return left ? values.filter((value) => !value.equals(left)) : values;
  }

  private number(term: Term, scope: Scope): Fraction {
    const { length } = this.atoms.partial;
    const form = this.value(term, scope);
    if (this.atoms.partial.length > length) throw new Unfinished('an index or an end of a set is not defined');
    demandShown(isConstant(form), 'an index or an end of a set is no rational number');
    return form.constant;
  }

  private integer(term: Term, scope: Scope): number {
    const { n, d } = this.number(term, scope);
    demandShown(d === 1n && -MOST_ENTRIES <= n && n <= MOST_ENTRIES, 'an index is no integer');
    return Number(n);
  }
}

/** The mean of two of the parts. */
function meanOf(parts: readonly Form[], pair: unknown): Form {
  const two = list(pair, 'the pair').map((k) => parts[index(k, parts.length, 'a part')]);
  demand(two.length === 2, 'a pair has two parts');
  return combine(two.map((form) => [form, Fraction.of(1, 2n)]));
}

/** The entries below some leading indices, which count from 1 and may leave out axes of length 1: the first, and how many. */
export function part(
  name: string,
  shape: readonly number[],
  indices: readonly number[],
): readonly [from: number, count: number] {
  const long = shape.filter((length) => length !== 1);
  const axes = indices.length <= long.length ? long : shape;
  demandShown(indices.length <= axes.length, () => `${brief(name)} has ${axes.length} indices`);
  let [from, count] = [0, sizeOf(shape)];
  indices.forEach((index, k) => {
    demandShown(1 <= index && index <= axes[k], () => `${brief(name)} has no index ${index} along its axis ${k + 1}`);
    count /= axes[k];
    from += (index - 1) * count;
  });
  return [from, count];
}

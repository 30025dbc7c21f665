import { spend } from '../budget.js';
import { demand, demandShown, Unfinished } from '../failure.js';
import { type Atoms, type Form, isConstant, leading, scale } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';

type Interval = I.Interval;

/** Where each entry of the input is 1: the token and the value that it stands for. */
export type Units = ReadonlyMap<string, readonly [token: number, value: bigint]>;

/** For each token, what its values add to a sum, in the order of its alphabet. */
type Table = ReadonlyMap<number, readonly Interval[]>;

/** A sum over tokens, and the place of the one that it is divided by. */
export interface Sum {
  readonly table: Table;
  readonly over: number | null;
}

const ZERO = I.interval(Fraction.zero);
const ONE = I.interval(Fraction.one);

/**
 * Forms in the entries of unit vectors, one for each token, as sums of functions of one token each and of operations on such sums. A
 * mean by a softmax whose logits depend on one token each is the quotient of two sums.
 */
export class Sums {
  /** The sums that are asked for: their values are what a class of sequences is known by. */
  readonly sums: Sum[] = [];
  private readonly places = new Map<string, number>();
  private readonly tokens = new Map<number, ReadonlySet<number>>();
  private readonly single = new Map<string, Interval>();

  constructor(
    private readonly atoms: Atoms,
    private readonly units: Units,
    private readonly alphabets: readonly (readonly bigint[])[],
  ) {}

  /** A function that encloses the form where the sums lie in a box. */
  enclosure(form: Form): (box: readonly Interval[]) => Interval {
    const constant = I.interval(form.constant);
    const parts: ((box: readonly Interval[]) => Interval)[] = [];
    const apart = new Map<number, Fraction>();
    const means = new Map<readonly Form[], [Form | null, number, Fraction][]>();
    for (const [number, factor] of form.terms) {
      const share = this.shareOf(number);
      if (this.tokensOf(number).size <= 1) apart.set(number, factor);
      else if (share) {
        const terms = means.get(share.row) ?? [];
        terms.push([share.value, share.index, factor]);
        means.set(share.row, terms);
      } else {
        const [value, by] = [this.operation(number), I.interval(factor)];
        parts.push((box) => I.mul(by, value(box)));
      }
    }
    if (apart.size > 0) parts.push(this.sumOf({ constant: Fraction.zero, terms: apart }));
    for (const [row, terms] of means) parts.push(this.mean(row, terms));
    return (box) => parts.reduce((total, part) => I.add(total, part(box)), constant);
  }

  /** A sum of functions of one token each: a multiple of one whose first coefficient is 1. */
  private sumOf(form: Form): (box: readonly Interval[]) => Interval {
    const [, first] = leading(form);
    const unit = scale(form, Fraction.one.div(first));
    const text = [...unit.terms].map(([atom, factor]) => `${factor}#${atom}`).join();
    const place = this.placed(text, () => {
      const tables = new Map<number, Interval[]>();
      let rest = ZERO;
      for (const [atom, factor] of unit.terms) {
        const [token] = this.tokensOf(atom);
        const own = I.interval(factor);
        if (token === undefined) rest = I.add(rest, I.mul(own, this.valueOf(atom, -1, 0)));
        else this.put(tables, token, (k) => I.mul(own, this.valueOf(atom, token, k)));
      }
      // What no token changes is added to some token's table.
      if (rest !== ZERO) this.put(tables, tables.keys().next().value ?? 0, () => rest);
      return tables;
    });
    const by = I.interval(first);
    return (box) => I.mul(by, box[place]);
  }

  private put(tables: Map<number, Interval[]>, token: number, value: (k: number) => Interval): void {
    const before = tables.get(token);
    tables.set(
      token,
      this.alphabets[token].map((_, k) => (before ? I.add(before[k], value(k)) : value(k))),
    );
  }

  private placed(text: string, make: () => Table, over: number | null = null): number {
    let place = this.places.get(text);
    if (place === undefined) {
      place = this.sums.push({ table: make(), over }) - 1;
      this.places.set(text, place);
    }
    return place;
  }

  /** sum of factor times share times value, by one softmax: N/Z with the powers exp(z - c) of its logits. */
  private mean(
    row: readonly Form[],
    terms: readonly (readonly [Form | null, number, Fraction])[],
  ): (box: readonly Interval[]) => Interval {
    const power = (k: number, token: number, at: number): Interval => {
      const value = I.exp(this.formValue(row[k], token, at));
      demandShown(value !== null, 'a logit is too large to be enclosed');
      return value;
    };
    const collect = (entries: readonly (readonly [number, (token: number, at: number) => Interval])[]): Table => {
      const tables = new Map<number, Interval[]>();
      for (const [k, value] of entries) {
        const own = [
          ...this.tokensOfForms([
            row[k],
            ...terms.filter(([, index]) => index === k).flatMap(([form]) => (form ? [form] : [])),
          ]),
        ];
        demandShown(own.length <= 1, 'a logit and its value depend on several tokens');
        this.put(tables, own[0] ?? 0, (at) => value(own[0] ?? -1, at));
      }
      return tables;
    };
    const key = `${this.rowNumber(row)}`;
    const whole = this.placed(`Z${key}`, () =>
      collect(row.map((_, k) => [k, (token, at) => power(k, token, at)] as const)),
    );
    const [, , lead] = terms[0];
    const unit = terms.map(([form, k, factor]) => [form, k, factor.div(lead)] as const);
    const text = unit.map(([form, k, factor]) => `${factor}*${k}*${form ? this.textOf(form) : 1}`).join();
    const product = ([form, k, factor]: (typeof unit)[number], token: number, at: number): Interval => {
      const value = form ? this.formValue(form, token, at) : ONE;
      return I.mul(I.mul(I.interval(factor), power(k, token, at)), value);
    };
    const entries = unit.map((term) => [term[1], (token: number, at: number) => product(term, token, at)] as const);
    const part = this.placed(`N${key}:${text}`, () => collect(entries), whole);
    const by = I.interval(lead);
    return (box) => {
      const inverse = I.inverse(box[whole]);
      demandShown(inverse !== null, 'the powers of a softmax vanish');
      return I.mul(by, I.mul(box[part], inverse));
    };
  }

  private readonly rowsMet: (readonly Form[])[] = [];

  private rowNumber(row: readonly Form[]): number {
    const known = this.rowsMet.indexOf(row);
    return known >= 0 ? known : this.rowsMet.push(row) - 1;
  }

  private textOf({ constant, terms }: Form): string {
    return `${constant}${[...terms].map(([atom, factor]) => `+${factor}#${atom}`).join('')}`;
  }

  /** An operation on sums. */
  private operation(number: number): (box: readonly Interval[]) => Interval {
    const atom = this.atoms.get(number);
    if (atom.kind === 'relu') {
      const value = this.enclosure(atom.of);
      return (box) => I.max(value(box), ZERO);
    }
    if (atom.kind === 'product') {
      const [a, b] = atom.of.map((form) => this.enclosure(form));
      return (box) => I.mul(a(box), b(box));
    }
    throw new Unfinished(`an operation ${atom.kind} on several tokens is not enclosed`);
  }

  /** A share of a softmax with logits of one token each, alone or times a form. */
  private shareOf(
    number: number,
  ): { readonly row: readonly Form[]; readonly index: number; readonly value: Form | null } | null {
    const atom = this.atoms.get(number);
    const simple = (form: Form) => {
      const [[single, factor] = [-1, Fraction.zero]] = form.terms;
      const inner =
        form.terms.size === 1 &&
        isConstant({ ...form, terms: new Map() }) &&
        form.constant.isZero &&
        factor.equals(Fraction.one)
          ? this.atoms.get(single)
          : null;
      return inner?.kind === 'softmax' ? inner : null;
    };
    if (atom.kind === 'softmax') return { row: atom.row, index: atom.index, value: null };
    if (atom.kind !== 'product') return null;
    const [a, b] = atom.of;
    const [left, right] = [simple(a), simple(b)];
    if (left) return { row: left.row, index: left.index, value: b };
    return right && { row: right.row, index: right.index, value: a };
  }

  private tokensOfForms(forms: readonly Form[]): Set<number> {
    return new Set(forms.flatMap(({ terms }) => [...terms.keys()].flatMap((atom) => [...this.tokensOf(atom)])));
  }

  private tokensOf(number: number): ReadonlySet<number> {
    let found = this.tokens.get(number);
    if (!found) {
      spend(50);
      const atom = this.atoms.get(number);
      if (atom.kind === 'input') {
        const unit = this.units.get(atom.name);
        demand(unit !== undefined, `${atom.name} is no entry of a token`);
        found = new Set([unit[0]]);
      } else {
        demandShown(
          atom.kind === 'relu' || atom.kind === 'product' || atom.kind === 'softmax',
          'an operation is not known to this rule',
        );
        found = this.tokensOfForms(atom.kind === 'relu' ? [atom.of] : atom.kind === 'product' ? atom.of : atom.row);
      }
      this.tokens.set(number, found);
    }
    return found;
  }

  /** An atom of one token where that has its k-th value. */
  private valueOf(number: number, token: number, k: number): Interval {
    const text = `${number} ${token} ${k}`;
    let found = this.single.get(text);
    if (!found) {
      found = this.atomValue(number, token, k);
      this.single.set(text, found);
    }
    return found;
  }

  private atomValue(number: number, token: number, k: number): Interval {
    const atom = this.atoms.get(number);
    spend(50);
    switch (atom.kind) {
      case 'input':
        return this.units.get(atom.name)![1] === this.alphabets[token][k] ? ONE : ZERO;
      case 'relu':
        return I.max(this.formValue(atom.of, token, k), ZERO);
      case 'product':
        return I.mul(this.formValue(atom.of[0], token, k), this.formValue(atom.of[1], token, k));
      case 'softmax':
        return this.share(atom.row, atom.index, token, k);
      default:
        throw new Unfinished('an operation is not known to this rule');
    }
  }

  /** 1/sum_j exp(z_j - z_i). */
  private share(row: readonly Form[], index: number, token: number, k: number): Interval {
    const own = I.neg(this.formValue(row[index], token, k));
    let total = ZERO;
    for (const form of row) {
      const power = I.exp(I.add(this.formValue(form, token, k), own));
      // A share next to such a power is positive and below every bound that matters.
      if (power === null) return { lo: 0n, hi: 1n };
      total = I.add(total, power);
    }
    return I.inverse(total)!;
  }

  private formValue({ constant, terms }: Form, token: number, k: number): Interval {
    let total = I.interval(constant);
    for (const [atom, factor] of terms) {
      const own = this.tokensOf(atom).size === 0 ? -1 : token;
      total = I.add(total, I.mul(I.interval(factor), this.valueOf(atom, own, own < 0 ? 0 : k)));
    }
    return total;
  }
}

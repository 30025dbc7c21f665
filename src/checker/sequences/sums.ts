import { type Atoms, argumentsOf } from '../atoms.js';
import { spend } from '../budget.js';
import { demand, demandShown } from '../failure.js';
import { type Form, leading, scale, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { operated, Point } from '../point.js';

type Interval = I.Interval;

/** An entry of the input: the token that it depends on, and what it is where that has its k-th value. */
export interface Input {
  readonly token: number;
  readonly values: readonly Fraction[];
}

/** For each token, what its values add to a sum, in the order of its alphabet. */
type Table = ReadonlyMap<number, readonly Interval[]>;

/** A sum over tokens; one of the two whose quotient is a mean has values of all sizes. */
export interface Sum {
  readonly table: Table;
  readonly isOfMean: boolean;
}

const ZERO = I.interval(Fraction.zero);
const ONE = I.interval(Fraction.one);
/** Powers of logits up to this are held. */
const LARGE = I.interval(Fraction.of(1000));

/**
 * Forms in the entries of unit vectors, one for each token, as sums of functions of one token each and of operations on such sums. A
 * mean by a softmax whose logits depend on one token each is the quotient of two sums.
 */
export class Sums {
  /** The sums that are asked for: their values are what a class of sequences is known by. */
  readonly sums: Sum[] = [];
  private readonly places = new Map<string, number>();
  private readonly tokens = new Map<number, ReadonlySet<number>>();
  private readonly points = new Map<string, Point>();
  private readonly constants: Point;

  constructor(
    private readonly atoms: Atoms,
    private readonly inputs: ReadonlyMap<string, Input>,
    private readonly alphabets: readonly (readonly bigint[])[],
  ) {
    this.constants = new Point(atoms, new Map());
  }

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
      for (const [atom, factor] of unit.terms) {
        // What no token changes is added to the table of the first one.
        const [token = 0] = this.tokensOf(atom);
        const own = I.interval(factor);
        this.put(tables, token, (k) => I.mul(own, this.pointAt(token, k).value(atom)));
      }
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

  private placed(text: string, make: () => Table, isOfMean = false): number {
    let place = this.places.get(text);
    if (place === undefined) {
      place = this.sums.push({ table: make(), isOfMean }) - 1;
      this.places.set(text, place);
    }
    return place;
  }

  /** sum of factor times share times value, by one softmax: N/Z with the powers exp(z - c) of its logits. */
  private mean(
    row: readonly Form[],
    terms: readonly (readonly [Form | null, number, Fraction])[],
  ): (box: readonly Interval[]) => Interval {
    const down = this.shiftOf(row);
    const power = (logit: Form, token: number, at: number): Interval => {
      const value = I.exp(I.add(this.formValue(logit, token, at), down));
      demandShown(value !== null, 'a logit is too large to be enclosed');
      return value;
    };
    const collect = (entries: readonly (readonly [k: number, value: Form | null, factor: Interval])[]): Table => {
      const tables = new Map<number, Interval[]>();
      for (const [k, value, factor] of entries) {
        const [own = 0, ...others] = this.tokensOfForms(value ? [row[k], value] : [row[k]]);
        demandShown(others.length === 0, 'a logit and its value depend on several tokens');
        this.put(tables, own, (at) => {
          const weight = I.mul(factor, power(row[k], own, at));
          return value ? I.mul(weight, this.formValue(value, own, at)) : weight;
        });
      }
      return tables;
    };
    const key = `${this.rowNumber(row)}`;
    const whole = this.placed(`Z${key}`, () => collect(row.map((_, k) => [k, null, ONE] as const)), true);
    const [, , lead] = terms[0];
    const unit = terms.map(([form, k, factor]) => [form, k, factor.div(lead)] as const);
    const text = unit.map(([form, k, factor]) => `${factor}*${k}*${form ? this.textOf(form) : 1}`).join();
    const entries = unit.map(([form, k, factor]) => [k, form, I.interval(factor)] as const);
    const part = this.placed(`N${key}:${text}`, () => collect(entries), true);
    const by = I.interval(lead);
    return (box) => {
      const inverse = I.inverse(box[whole]);
      demandShown(inverse !== null, 'the powers of a softmax vanish');
      return I.mul(by, I.mul(box[part], inverse));
    };
  }

  /** What brings logits down to where their powers can be held; a softmax does not see it. */
  private shiftOf(row: readonly Form[]): Interval {
    let top = ZERO.hi;
    for (const form of row) {
      const [token = 0, ...others] = this.tokensOfForms([form]);
      demandShown(others.length === 0, 'a logit depends on several tokens');
      for (const k of this.alphabets[token].keys()) {
        const { hi } = this.formValue(form, token, k);
        if (hi > top) top = hi;
      }
    }
    const shift = LARGE.lo - top;
    return shift < 0n ? { lo: shift, hi: shift } : ZERO;
  }

  private readonly rowsMet: (readonly Form[])[] = [];

  private rowNumber(row: readonly Form[]): number {
    const known = this.rowsMet.indexOf(row);
    return known >= 0 ? known : this.rowsMet.push(row) - 1;
  }

  private textOf({ constant, terms }: Form): string {
    return `${constant}${[...terms].map(([atom, factor]) => `+${factor}#${atom}`).join('')}`;
  }

  private readonly operations = new Map<number, (box: readonly Interval[]) => Interval>();

  /** An operation on sums; several forms may ask for its value in one box. */
  private operation(number: number): (box: readonly Interval[]) => Interval {
    let found = this.operations.get(number);
    if (!found) {
      const atom = this.atoms.get(number);
      const args = argumentsOf(atom).map((form) => this.enclosure(form));
      let last: { readonly box: readonly Interval[]; readonly value: Interval } | null = null;
      found = (box) => {
        if (last?.box === box) return last.value;
        const value = operated(
          atom,
          args.map((arg) => arg(box)),
        );
        last = { box, value };
        return value;
      };
      this.operations.set(number, found);
    }
    return found;
  }

  /** A share of a softmax with logits of one token each, alone or times a form. */
  private shareOf(
    number: number,
  ): { readonly row: readonly Form[]; readonly index: number; readonly value: Form | null } | null {
    const atom = this.atoms.get(number);
    const simple = (form: Form) => {
      const inner = this.atoms.get(single(form));
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
        const input = this.inputs.get(atom.name);
        demand(input !== undefined, `${atom.name} is no entry of a token`);
        found = new Set([input.token]);
      } else found = this.tokensOfForms(argumentsOf(atom));
      this.tokens.set(number, found);
    }
    return found;
  }

  private formValue(form: Form, token: number, k: number): Interval {
    return this.pointAt(token, k).enclose(form);
  }

  /** Where forms in one token, and those in none, are looked at: that has its k-th value. */
  private pointAt(token: number, k: number): Point {
    const at = `${token} ${k}`;
    let point = this.points.get(at);
    if (!point) {
      const own = [...this.inputs].filter(([, input]) => input.token === token);
      point = new Point(this.atoms, new Map(own.map(([name, { values }]) => [name, values[k]])), this.constants);
      this.points.set(at, point);
    }
    return point;
  }
}

import { hold, spend } from './budget.js';
import { demand, demandShown } from './failure.js';
import {
  add,
  combine,
  constantForm,
  difference,
  equal,
  type Form,
  isConstant,
  isZero,
  key,
  leading,
  MINUS_ONE,
  negative,
  scale,
  single,
  sizeOfForm,
  spendTerms,
  ZERO,
} from './forms.js';
import { Fraction, raise } from './fraction.js';
import { commonShift } from './row-shift.js';
import type { Side } from './side.js';

/** What an atom of a form stands for. relu's argument starts with coefficient 1 or -1 at its first atom. */
export type Atom =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'relu'; readonly of: Form }
  /** The two forms of a square are one. */
  | { readonly kind: 'product'; readonly of: readonly [Form, Form] }
  /** Of `count` equal logits, of which the one at `index` is the first. */
  | { readonly kind: 'softmax'; readonly row: readonly Form[]; readonly index: number; readonly count: number }
  /** exp, log, sin, cos, tanh, or a power with its exponent; pi, of nothing. */
  | { readonly kind: 'apply'; readonly fn: string; readonly exponent: Fraction; readonly of: Form };

/** The name of the variable that stands for an entry of a node, and back. Names of inputs have no spaces. */
export function placeName(node: number, entry: number): string {
  return `entry ${entry} of node ${node}`;
}

export function placeOf(variable: string): readonly [node: number, entry: number] | null {
  const match = /^entry (\d+) of node (\d+)$/.exec(variable);
  return match && [Number(match[2]), Number(match[1])];
}

/**
 * Symbols for inputs and for the results of nonlinear operations. Equal arguments give equal symbols, so that forms
 * that are equal are the same function of the inputs, for all inputs.
 */
export class Atoms {
  /** Values of functions that are not defined everywhere: who uses these symbols has to show that they are. */
  readonly partial: Form[] = [];

  /** `mayBeUndefined`: whether their user does so; otherwise there are no such functions. */
  constructor(private readonly mayBeUndefined = false) {}

  private readonly atoms: Atom[] = [];
  private readonly symbols = new Map<string, Form>();
  private readonly rows = new Map<string, number>();

  get(number: number): Atom {
    return this.atoms[number];
  }

  input(name: string): Form {
    return this.symbol(`input ${name}`, { kind: 'input', name });
  }

  /** The name of the input that a form is. */
  nameOf(form: Form): string {
    const atom = this.atoms[single(form)];
    demand(atom?.kind === 'input', 'an entry is no input');
    return atom.name;
  }

  /** A symbol for entry `index` of a node that is not looked behind. */
  given(node: number, index: number): Form {
    return this.input(placeName(node, index));
  }

  /** max(form, 0) as s relu(form/s), s > 0, or as form + s relu(-form/s): the argument starts with coefficient 1. */
  relu(form: Form): Form {
    if (isConstant(form)) return constantForm(form.constant.max(Fraction.zero));
    const [, coefficient] = leading(form);
    const base = scale(form, Fraction.one.div(coefficient));
    const atom = this.symbol(`relu ${key(base)}`, { kind: 'relu', of: base });
    const part = scale(atom, coefficient.abs());
    return coefficient.n > 0n ? part : add(form, part);
  }

  /** min(a, b) = a - relu(a - b). */
  min(a: Form, b: Form): Form {
    return difference(a, this.relu(difference(a, b)));
  }

  max(a: Form, b: Form): Form {
    return add(a, this.relu(difference(b, a)));
  }

  abs(a: Form): Form {
    return this.max(a, negative(a));
  }

  product(a: Form, b: Form): Form {
    if (isConstant(a)) return scale(b, a.constant);
    if (isConstant(b)) return scale(a, b.constant);
    const keys = [key(a), key(b)];
    const of: readonly [Form, Form] = keys[0] < keys[1] ? [a, b] : keys[0] === keys[1] ? [a, a] : [b, a];
    return this.symbol(`product ${keys.sort().join(' ; ')}`, { kind: 'product', of });
  }

  /** A function of one number. */
  apply(fn: string, of: Form, exponent: Fraction = Fraction.one): Form {
    const value = isConstant(of) ? valueAt(fn, of.constant, exponent) : null;
    if (value) return constantForm(value);
    const symbol = this.symbol(`apply ${fn} ${exponent} ${key(of)}`, { kind: 'apply', fn, exponent, of });
    if ((fn !== 'log' && fn !== 'power') || this.isPositive(of)) return symbol;
    demandShown(this.mayBeUndefined, `${fn} is not defined everywhere`);
    this.partial.push(symbol);
    return symbol;
  }

  /** Atoms that are positive wherever they have values: exponentials, entries of softmaxes, powers and products of such. */
  private readonly positive = new Set<number>();

  /** Whether a form is a sum of multiples of such, with positive factors. */
  private isPositive({ constant, terms }: Form): boolean {
    spendTerms(terms.size);
    const isSum = constant.n >= 0n && [...terms].every(([atom, factor]) => factor.n > 0n && this.positive.has(atom));
    return isSum && (constant.n > 0n || terms.size > 0);
  }

  /** of^n for n >= 1, as products. */
  power(of: Form, n: number): Form {
    if (n === 1) return of;
    const half = this.power(of, n >> 1);
    const even = this.product(half, half);
    return n % 2 === 0 ? even : this.product(even, of);
  }

  /**
   * The entries of the softmax of a row. It does not see the order of its logits nor what is added to all of them, so that
   * the symbols are those of the row in one order, without what they have in common; equal logits have one symbol.
   */
  softmax(row: readonly Form[]): Form[] {
    hold(16 * row.length);
    if (row.every((logit) => equal(logit, row[0]))) {
      return row.map(() => constantForm(Fraction.of(1, BigInt(row.length))));
    }
    const shift = commonShift(row);
    const logits = row.map((form) => (isZero(shift) ? form : difference(form, shift)));
    const keys = logits.map(key);
    const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0));
    const name = order.map((at) => keys[at]).join(' ; ');
    const number = this.rows.get(name) ?? this.rows.size;
    spend(50 * row.length);
    hold(2 * name.length);
    this.rows.set(name, number);
    const places = new Map<string, { readonly index: number; readonly count: number }>();
    for (const [place, at] of order.entries()) {
      const { index = place, count = 0 } = places.get(keys[at]) ?? {};
      places.set(keys[at], { index, count: count + 1 });
    }
    const sorted = order.map((at) => logits[at]);
    return keys.map((text) => {
      const place = places.get(text)!;
      return this.symbol(`softmax ${number} ${place.index}`, { kind: 'softmax', row: sorted, ...place });
    });
  }

  /** sum of a_k b_k; c b where all b_k are b and the a_k add up to a number c. */
  dot(pairs: readonly (readonly [Form, Form])[]): Form {
    spend(pairs.length);
    const [[, first] = [ZERO, ZERO]] = pairs;
    if (!isConstant(first) && pairs.every(([, b]) => equal(b, first))) {
      const total = this.sum(pairs.map(([a]) => a));
      if (isConstant(total)) return scale(first, total.constant);
    }
    const parts = combine(
      pairs.map(([a, b]) => {
        if (isConstant(b)) return [a, b.constant] as const;
        return isConstant(a) ? ([b, a.constant] as const) : ([this.product(a, b), Fraction.one] as const);
      }),
    );
    return this.settled(parts);
  }

  sum(forms: readonly Form[]): Form {
    return this.settled(combine(forms.map((form) => [form, Fraction.one])));
  }

  /** A form in which the entries of a whole softmax, with one coefficient, are that number, and u/s + v/s is c where u + v = c s. */
  private settled(whole: Form): Form {
    const parts = new Map<readonly Form[] | number, Map<number, Fraction>>();
    for (const [number, coefficient] of whole.terms) {
      const atom = this.atoms[number];
      const of = atom.kind === 'softmax' ? atom.row : this.quotient(number)?.inverse;
      if (of !== undefined) parts.set(of, (parts.get(of) ?? new Map()).set(number, coefficient));
    }
    const known = [...parts].flatMap(([of, terms]) => {
      const value = typeof of === 'number' ? this.ratio(of, terms) : this.share(of, terms);
      return value ? [[{ constant: value.neg(), terms }, MINUS_ONE] as const] : [];
    });
    return known.length === 0 ? whole : combine([[whole, Fraction.one], ...known]);
  }

  /** What multiples of the entries of one softmax add up to; null unless they are all of them, with one coefficient. */
  private share(row: readonly Form[], terms: ReadonlyMap<number, Fraction>): Fraction | null {
    const parts = [...terms].map(([number, coefficient]) => {
      const { count } = this.atoms[number] as Atom & { kind: 'softmax' };
      return { count, own: coefficient.div(Fraction.of(count)) };
    });
    const isWhole = parts.reduce((sum, { count }) => sum + count, 0) === row.length;
    return isWhole && parts.every(({ own }) => own.equals(parts[0].own)) ? parts[0].own : null;
  }

  /** What multiples of u/s add up to, where that is a number; `inverse` is the atom 1/s. */
  private ratio(inverse: number, terms: ReadonlyMap<number, Fraction>): Fraction | null {
    const divisor = (this.atoms[inverse] as Atom & { kind: 'apply' }).of;
    const dividend = combine([...terms].map(([number, coefficient]) => [this.quotient(number)!.dividend, coefficient]));
    const [atom, own] = leading(divisor);
    const value = dividend.terms.get(atom)?.div(own);
    return value && equal(dividend, scale(divisor, value)) ? value : null;
  }

  /** u and 1/s of an atom u/s; of 1/s itself u is 1. */
  private quotient(number: number): { readonly dividend: Form; readonly inverse: number } | null {
    const isInverse = (k: number) => {
      const atom = this.atoms[k];
      return atom?.kind === 'apply' && atom.fn === 'power' && atom.exponent.equals(MINUS_ONE);
    };
    if (isInverse(number)) return { dividend: constantForm(Fraction.one), inverse: number };
    const atom = this.atoms[number];
    if (atom.kind !== 'product') return null;
    const at = atom.of.findIndex((form) => isInverse(single(form)));
    return at < 0 ? null : { dividend: atom.of[1 - at], inverse: single(atom.of[at]) };
  }

  /** The maximum of an affine form in inputs where these range over their sides; null for other forms. */
  affineMaximum({ constant, terms }: Form, sideOf: (name: string) => Side | undefined): Fraction | null {
    let most = constant;
    for (const [number, factor] of terms) {
      const atom = this.atoms[number];
      const side = atom.kind === 'input' ? sideOf(atom.name) : undefined;
      if (!side) return null;
      most = most.add(factor.mul(factor.n > 0n ? side.hi : side.lo));
    }
    return most;
  }

  private readonly inputs = new Map<number, ReadonlySet<string>>();

  /** The inputs that an atom is a function of. */
  inputsOf(number: number): ReadonlySet<string> {
    let inputs = this.inputs.get(number);
    if (inputs === undefined) {
      const atom = this.atoms[number];
      const parts = argumentsOf(atom).flatMap(({ terms }) => [...terms.keys()]);
      const names = atom.kind === 'input' ? [atom.name] : parts.flatMap((part) => [...this.inputsOf(part)]);
      inputs = new Set(names);
      spend(10 * (1 + names.length));
      hold(200 + 50 * inputs.size);
      this.inputs.set(number, inputs);
    }
    return inputs;
  }

  private readonly linear = new Map<number, boolean>();

  /** Whether an atom is a piecewise linear function of the inputs. */
  isPiecewiseLinear(number: number): boolean {
    const atom = this.atoms[number];
    let found = this.linear.get(number);
    if (found === undefined) {
      found =
        atom.kind === 'input' ||
        (atom.kind === 'relu' && [...atom.of.terms.keys()].every((part) => this.isPiecewiseLinear(part)));
      hold(50);
      this.linear.set(number, found);
    }
    return found;
  }

  private symbol(name: string, atom: Atom): Form {
    spend(80 + name.length / 10);
    let symbol = this.symbols.get(name);
    if (!symbol) {
      hold(SYMBOL + name.length + formsOf(atom).reduce((sum, form) => sum + sizeOfForm(form), 0));
      const number = this.atoms.push(atom) - 1;
      const isExponential = atom.kind === 'softmax' || (atom.kind === 'apply' && atom.fn === 'exp');
      const isBuilt = atom.kind === 'product' || (atom.kind === 'apply' && atom.fn === 'power');
      if (isExponential || (isBuilt && argumentsOf(atom).every((form) => this.isPositive(form))))
        this.positive.add(number);
      symbol = { constant: Fraction.zero, terms: new Map([[number, Fraction.one]]) };
      this.symbols.set(name, symbol);
    }
    return symbol;
  }
}

/** The forms that an atom is a function of. */
export function argumentsOf(atom: Atom): readonly Form[] {
  if (atom.kind === 'input') return [];
  if (atom.kind === 'softmax') return atom.row;
  return atom.kind === 'product' ? atom.of : [atom.of];
}

/** Bytes of an atom, its name and its symbol. */
const SYMBOL = 600;

/** The forms that an atom keeps; those of a softmax's row belong to its tensor. */
function formsOf(atom: Atom): readonly Form[] {
  return atom.kind === 'softmax' ? [] : argumentsOf(atom);
}

/** The value of a function at a rational number, where it is rational; null where it is not known to be. */
export function valueAt(fn: string, x: Fraction, exponent: Fraction): Fraction | null {
  if (fn === 'power' && x.equals(Fraction.one)) return x;
  if (fn === 'power' && exponent.d === 1n && exponent.abs().le(LARGEST_POWER)) return raise(x, exponent.n);
  const isKnown = fn === 'log' ? x.equals(Fraction.one) : x.isZero && fn !== 'power' && fn !== 'pi';
  return isKnown ? Fraction.of(fn === 'exp' || fn === 'cos' ? 1 : 0) : null;
}

const LARGEST_POWER = Fraction.of(64);

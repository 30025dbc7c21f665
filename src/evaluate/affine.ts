import type { FunctionName } from '../network/operations.js';
import { Rational } from '../numbers/rational.js';
import { type Algebra, UnsupportedOperation } from './algebra.js';
import { exact } from './exact.js';

/** constant + sum of coefficient * atom; no coefficient is zero. */
export interface AffineForm {
  readonly constant: Rational;
  readonly terms: ReadonlyMap<number, Rational>;
}

/** What a symbol of an affine form stands for. */
export type Atom =
  | { readonly kind: 'input'; readonly name: string; readonly index: number }
  | { readonly kind: 'relu' | 'min' | 'max' | 'product'; readonly of: readonly AffineForm[] }
  | { readonly kind: 'softmax'; readonly of: readonly AffineForm[]; readonly index: number }
  /** Entry `index` of another function of forms, which `name` tells apart. */
  | { readonly kind: 'function'; readonly name: string; readonly of: readonly AffineForm[]; readonly index: number };

/**
 * Symbols by number. Equal expressions get equal numbers, so that equal tensors get equal forms: two entries with the
 * same form are the same function of the inputs, proved. (Different forms may still be the same function.)
 */
export class Atoms {
  private readonly numbers = new Map<string, number>();
  private readonly atoms: Atom[] = [];
  /** Rows of logits by number, so that a symbol of a long row has a short key. */
  private readonly rows = new Map<string, number>();
  /** Symbols of functions that are not defined everywhere, asked for since `whole` began. */
  private readonly partial = new Set<number>();

  /** The symbol for an entry of an input, as a form. */
  input(name: string, index: number): AffineForm {
    return this.form(`input ${name} ${index}`, { kind: 'input', name, index });
  }

  /** The symbol for a nonlinear function of forms, as a form. */
  apply(kind: 'relu' | 'min' | 'max' | 'product', of: readonly AffineForm[]): AffineForm {
    const keys = of.map(formKey);
    return this.form(`${kind} ${(kind === 'relu' ? keys : keys.sort()).join(' ; ')}`, { kind, of });
  }

  /** The symbol for entry `index` of the function `name`, whose arguments keep their order, as a form. */
  call(name: string, of: readonly AffineForm[], index = 0): AffineForm {
    return this.form(`${name} ${index} ${of.map(formKey).join(' ; ')}`, { kind: 'function', name, of, index });
  }

  /** The same of a function that is not defined everywhere. */
  callPartial(name: string, of: readonly AffineForm[], index = 0): AffineForm {
    const form = this.call(name, of, index);
    for (const number of form.terms.keys()) this.partial.add(number);
    return form;
  }

  /**
   * The forms that `evaluate` gives; where they do not hold all partial functions, each is a symbol of its own, equal to nothing.
   */
  whole(evaluate: () => readonly AffineForm[]): readonly AffineForm[] {
    this.partial.clear();
    const forms = evaluate();
    if (this.holdsPartial(forms)) return forms;
    const name = `undefined somewhere ${this.atoms.length}`;
    return forms.map((_, k) => this.call(name, [], k));
  }

  /**
   * Whether functions that are not defined everywhere, if any were asked for, stand in these forms. One that cancels, or is multiplied
   * by 0, stands in none, though what was evaluated has no value where it has none.
   */
  holdsPartial(forms: Iterable<AffineForm>): boolean {
    if (this.partial.size === 0) return true;
    const [seen, open] = [new Set<number>(), [...forms]];
    for (let form = open.pop(); form; form = open.pop()) {
      for (const number of form.terms.keys()) {
        const atom = this.atoms[number];
        if (seen.has(number)) continue;
        seen.add(number);
        if (atom.kind !== 'input') for (const part of atom.of) open.push(part);
      }
    }
    return [...this.partial].every((number) => seen.has(number));
  }

  /**
   * The entries of the softmax of a row. It does not see the order of its logits nor what is added to all of them, so that
   * the symbols are those of the row in one order, without what they have in common; equal logits have one symbol.
   */
  softmax(row: readonly AffineForm[]): AffineForm[] {
    const shift = scaleForm(common(row), Rational.of(-1));
    const logits = row.map((form) => addForms(form, shift));
    const keys = logits.map(formKey);
    const order = [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0));
    const key = order.map((at) => keys[at]).join(' ; ');
    const number = this.rows.get(key) ?? this.rows.size;
    this.rows.set(key, number);
    const places = new Map<string, number>();
    for (const [place, at] of order.entries()) if (!places.has(keys[at])) places.set(keys[at], place);
    const of = order.map((at) => logits[at]);
    return keys.map((text) => {
      const index = places.get(text)!;
      return this.form(`softmax ${number} ${index}`, { kind: 'softmax', of, index });
    });
  }

  get(number: number): Atom {
    return this.atoms[number];
  }

  private form(key: string, atom: Atom): AffineForm {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.atoms.push(atom) - 1;
      this.numbers.set(key, number);
    }
    return { constant: Rational.zero, terms: new Map([[number, Rational.one]]) };
  }
}

const NONE: ReadonlyMap<number, Rational> = new Map();
const ZERO: AffineForm = { constant: Rational.zero, terms: NONE };

export function constantForm(constant: Rational): AffineForm {
  return constant.isZero() ? ZERO : { constant, terms: NONE };
}

export function isConstant(form: AffineForm): boolean {
  return form.terms.size === 0;
}

export function formsEqual(a: AffineForm, b: AffineForm): boolean {
  if (a === b) return true;
  if (a.terms.size !== b.terms.size || !a.constant.equals(b.constant)) return false;
  for (const [atom, coefficient] of a.terms) if (!b.terms.get(atom)?.equals(coefficient)) return false;
  return true;
}

export function addForms(a: AffineForm, b: AffineForm): AffineForm {
  if (a === ZERO) return b;
  if (b === ZERO) return a;
  return accumulate([a, b], [Rational.one, Rational.one]);
}

export function scaleForm(form: AffineForm, factor: Rational): AffineForm {
  if (factor.isZero()) return ZERO;
  if (factor.equals(Rational.one)) return form;
  return accumulate([form], [factor]);
}

/**
 * Symbolic semantics: every entry of every tensor as an affine form with exact coefficients over inputs and the
 * outputs of nonlinear operations. "This tensor holds exactly that expression" becomes an equality of forms.
 */
export function affineForms(atoms: Atoms): Algebra<AffineForm> {
  const mul = (a: AffineForm, b: AffineForm): AffineForm => {
    if (a === ZERO || b === ZERO) return ZERO;
    if (isConstant(b)) return scaleForm(a, b.constant);
    if (isConstant(a)) return scaleForm(b, a.constant);
    return atoms.apply('product', [a, b]);
  };
  const select = (kind: 'min' | 'max') => (a: AffineForm, b: AffineForm) => {
    if (formsEqual(a, b)) return a;
    if (!isConstant(a) || !isConstant(b)) return atoms.apply(kind, [a, b]);
    return constantForm(a.constant[kind](b.constant));
  };
  return {
    name: 'affine forms',
    zero: ZERO,
    of: constantForm,
    add: addForms,
    sub: (a, b) => addForms(a, scaleForm(b, Rational.of(-1))),
    mul,
    min: select('min'),
    max: select('max'),
    relu: (a) => (isConstant(a) ? constantForm(a.constant.max(Rational.zero)) : atoms.apply('relu', [a])),
    div: (a, b) => {
      if (!isConstant(b)) return atoms.callPartial('div', [a, b]);
      return b.constant.isZero() ? constantForm(exact.div(a.constant, b.constant)) : scaleForm(a, b.constant.inverse());
    },
    apply: (fn, a) =>
      (isConstant(a) && known(fn, a.constant)) || atoms[PARTIAL.has(fn) ? 'callPartial' : 'call'](fn, [a]),
    power: (a, exponent) =>
      isConstant(a)
        ? constantForm(a.constant.pow(exponent))
        : atoms[exponent < 0 ? 'callPartial' : 'call'](`power ${exponent}`, [a]),
    normalise: (x, epsilon) =>
      x.map((_, index) => atoms[epsilon.sign() > 0 ? 'call' : 'callPartial'](`normalise ${epsilon}`, x, index)),
    argmax: (x) => atoms.call('argmax', x),
    dot: (a, b) => {
      const forms: AffineForm[] = [];
      const factors: Rational[] = [];
      for (let k = 0; k < a.length; k++) {
        if (a[k] === ZERO || b[k] === ZERO) continue;
        const [form, factor] = isConstant(b[k])
          ? [a[k], b[k]]
          : isConstant(a[k])
            ? [b[k], a[k]]
            : [mul(a[k], b[k]), null];
        forms.push(form);
        factors.push(factor ? factor.constant : Rational.one);
      }
      return accumulate(forms, factors);
    },
    sum: (terms) =>
      accumulate(
        terms,
        terms.map(() => Rational.one),
      ),
    softmax: (z) => {
      if (!z.every((logit) => formsEqual(logit, z[0]))) return atoms.softmax(z);
      const share = constantForm(Rational.of(1, z.length));
      return z.map(() => share);
    },
  };
}

const PARTIAL: ReadonlySet<FunctionName> = new Set(['log', 'sqrt']);

/** The value of a function at a number where it is known to be rational. */
function known(fn: FunctionName, value: Rational): AffineForm | undefined {
  try {
    return constantForm(exact.apply(fn, value));
  } catch (error) {
    if (error instanceof UnsupportedOperation) return undefined;
    throw error;
  }
}

/** `3/2*#5 + 1`; for messages, with `describe` naming the atoms. */
export function showForm(form: AffineForm, describe: (atom: number) => string = (atom) => `#${atom}`): string {
  const terms = [...form.terms].map(([atom, coefficient]) =>
    coefficient.equals(Rational.one) ? describe(atom) : `${coefficient}*${describe(atom)}`,
  );
  if (!form.constant.isZero() || terms.length === 0) terms.push(form.constant.toString());
  return terms.join(' + ');
}

function accumulate(forms: readonly AffineForm[], factors: readonly Rational[]): AffineForm {
  let constant = Rational.zero;
  const terms = new Map<number, Rational>();
  forms.forEach((form, k) => {
    constant = constant.add(form.constant.mul(factors[k]));
    for (const [atom, coefficient] of form.terms) {
      const term = coefficient.mul(factors[k]);
      const known = terms.get(atom);
      const total = known ? known.add(term) : term;
      if (total.isZero()) terms.delete(atom);
      else terms.set(atom, total);
    }
  });
  return terms.size === 0 ? constantForm(constant) : { constant, terms };
}

/**
 * What most forms of a row have in common, coefficient by coefficient; the least where several are as frequent, but 0
 * before others.
 */
function common(row: readonly AffineForm[]): AffineForm {
  const counts = new Map<number, number>();
  for (const { terms } of row) for (const atom of terms.keys()) counts.set(atom, (counts.get(atom) ?? 0) + 1);
  const terms = new Map<number, Rational>();
  for (const [atom, count] of counts) {
    const most =
      2 * count > row.length ? mode(row.map((form) => form.terms.get(atom) ?? Rational.zero)) : Rational.zero;
    if (!most.isZero()) terms.set(atom, most);
  }
  const constant = mode(row.map((form) => form.constant));
  return terms.size === 0 ? constantForm(constant) : { constant, terms };
}

function mode(values: readonly Rational[]): Rational {
  const found = new Map<string, { readonly value: Rational; count: number }>();
  for (const value of values) {
    const known = found.get(value.toString());
    if (known) known.count += 1;
    else found.set(value.toString(), { value, count: 1 });
  }
  const isBefore = (a: Rational, b: Rational) => !b.isZero() && (a.isZero() || a.lt(b));
  return [...found.values()].reduce((a, b) => {
    return b.count > a.count || (b.count === a.count && isBefore(b.value, a.value)) ? b : a;
  }).value;
}

function formKey(form: AffineForm): string {
  const terms = [...form.terms].sort(([a], [b]) => a - b).map(([atom, coefficient]) => `${coefficient}#${atom}`);
  return `${form.constant}+${terms.join('+')}`;
}

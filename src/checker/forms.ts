import { spend } from './budget.js';
import { demand } from './failure.js';
import { Fraction, Total } from './fraction.js';

/** constant + sum of coefficient * atom; no coefficient is zero. */
export interface Form {
  readonly constant: Fraction;
  readonly terms: ReadonlyMap<number, Fraction>;
}

const NONE: ReadonlyMap<number, Fraction> = new Map();
export const MINUS_ONE = Fraction.of(-1);
export const ZERO: Form = { constant: Fraction.zero, terms: NONE };

export function constantForm(constant: Fraction): Form {
  return constant.isZero ? ZERO : { constant, terms: NONE };
}

export function isConstant(form: Form): boolean {
  return form.terms.size === 0;
}

export function isZero(form: Form): boolean {
  return form.terms.size === 0 && form.constant.isZero;
}

export function equal(a: Form, b: Form): boolean {
  return a === b || isZero(difference(a, b));
}

/** What one term of a form costs: a step of a loop over a map, and its entry there. */
const TERM = { work: 15, memory: 100 };

export function spendTerms(count: number): void {
  spend(TERM.work * (1 + count));
}

export function difference(a: Form, b: Form): Form {
  spendTerms(a.terms.size + b.terms.size);
  const terms = new Map(a.terms);
  for (const [atom, coefficient] of b.terms) {
    const value = terms.get(atom)?.sub(coefficient) ?? coefficient.neg();
    if (value.isZero) terms.delete(atom);
    else terms.set(atom, value);
  }
  return { constant: a.constant.sub(b.constant), terms };
}

export function add(a: Form, b: Form): Form {
  return combine([
    [a, Fraction.one],
    [b, Fraction.one],
  ]);
}

export function negative(form: Form): Form {
  return combine([[form, MINUS_ONE]]);
}

/** sum of factor * form. */
export function combine(parts: readonly (readonly [Form, Fraction])[]): Form {
  const constant = new Total();
  spendTerms(parts.length);
  for (const [form, factor] of parts) if (!form.constant.isZero) constant.add(form.constant, factor);
  if (parts.every(([form]) => isConstant(form))) return constantForm(constant.value());
  const totals = new Map<number, Total>();
  for (const [form, factor] of parts) {
    spendTerms(form.terms.size);
    for (const [atom, coefficient] of form.terms) {
      let total = totals.get(atom);
      if (!total) totals.set(atom, (total = new Total()));
      total.add(coefficient, factor);
    }
  }
  const terms = new Map<number, Fraction>();
  for (const [atom, total] of totals) {
    const value = total.value();
    if (!value.isZero) terms.set(atom, value);
  }
  return { constant: constant.value(), terms };
}

export function scale(form: Form, factor: Fraction): Form {
  return factor.equals(Fraction.one) ? form : combine([[form, factor]]);
}

/** The number of the atom that the form is, with coefficient 1 and nothing added; -1 for other forms. */
export function single({ constant, terms }: Form): number {
  const [[atom, coefficient] = [-1, Fraction.zero]] = terms;
  return terms.size === 1 && constant.isZero && coefficient.equals(Fraction.one) ? atom : -1;
}

/** The coefficients of a form in symbols, of which alone it may be a combination. */
export function coefficients(form: Form, symbols: readonly Form[]): Fraction[] {
  const found = symbols.map((symbol) => form.terms.get(single(symbol)) ?? Fraction.zero);
  demand(form.terms.size === found.filter((entry) => !entry.isZero).length, 'a form is not linear in what is stated');
  return found;
}

/** What a form that is kept takes. */
export function sizeOfForm({ terms }: Form): number {
  return TERM.memory * (1 + terms.size);
}

/** The atom with the least number and its coefficient; the form must not be constant. */
export function leading(form: Form): readonly [number, Fraction] {
  let least = Number.POSITIVE_INFINITY;
  for (const atom of form.terms.keys()) least = Math.min(least, atom);
  return [least, form.terms.get(least)!];
}

/** A text that equal forms have alone. */
export function key(form: Form): string {
  spend(30 * (1 + form.terms.size));
  const terms = [...form.terms].sort(([a], [b]) => a - b).map(([atom, coefficient]) => `${coefficient}#${atom}`);
  return `${form.constant}+${terms.join('+')}`;
}

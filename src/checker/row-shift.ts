import { spend } from './budget.js';
import { type Form, spendTerms } from './forms.js';
import { Fraction } from './fraction.js';

/**
 * What most forms of a row have in common, coefficient by coefficient; the least where several are as frequent, but 0
 * before others. A form that is added to all of the row is added to it, so that what is left of a row of logits without it
 * does not change: softmaxes that differ by a common shift get the same symbols.
 */
export function commonShift(row: readonly Form[]): Form {
  const counts = new Map<number, number>();
  for (const { terms } of row) {
    spendTerms(terms.size);
    for (const atom of terms.keys()) counts.set(atom, (counts.get(atom) ?? 0) + 1);
  }
  const frequent = [...counts].filter(([, count]) => 2 * count > row.length);
  const terms = new Map<number, Fraction>();
  for (const [atom] of frequent) {
    const most = mode(row.map((form) => form.terms.get(atom) ?? Fraction.zero));
    if (!most.isZero) terms.set(atom, most);
  }
  return { constant: mode(row.map(({ constant }) => constant)), terms };
}

function mode(values: readonly Fraction[]): Fraction {
  spend(20 * values.length);
  const found = new Map<string, { readonly value: Fraction; count: number }>();
  for (const value of values) {
    const known = found.get(`${value}`);
    if (known) known.count += 1;
    else found.set(`${value}`, { value, count: 1 });
  }
  const isBefore = (a: Fraction, b: Fraction) => !b.isZero && (a.isZero || a.lt(b));
  return [...found.values()].reduce((a, b) => {
    return b.count > a.count || (b.count === a.count && isBefore(b.value, a.value)) ? b : a;
  }).value;
}

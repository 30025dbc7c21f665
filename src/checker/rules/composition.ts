import type { Atoms } from '../atoms.js';
import { spend } from '../budget.js';
import { formOf } from '../calculus.js';
import type { Rule, Within } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { equal, type Form, single } from '../forms.js';
import { Fraction, Total } from '../fraction.js';
import { record } from '../network.js';
import type { Names } from '../term-expressions.js';
import { pick, placesOf } from './composed-parts.js';

const MOST_KINKS = 12;

/**
 * Data: the one entry of `node` is a piecewise linear `readout`, a text in z1, z2, ..., of the entries `z` [[node, entry], ...],
 * for all real numbers. Premises: bounds of these against targets. By the mean value theorem with generalised gradients
 * (Lebourg), the error is at most g . (z - targets) for a convex combination g of gradients, each with every relu on or off: so
 * the largest over these choices bounds it.
 */
export const composition: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'readout', 'z', 'rows']);
  demandShown(fields.rows === undefined, 'readouts of each token by itself have become a rule of their own');
  const node = session.node(fields.node);
  const places = placesOf(session, fields.z);
  const { forms, symbol } = session.between([...new Set(places.map(([of]) => of))], node);
  const bounds = places.map(([of, k]) => premises.at(of, k));
  const symbols = places.map(([of, k]) => symbol(of, k));
  demand(new Set(symbols.map(single)).size === symbols.length, 'an entry is named twice');
  const asVariables: Names = (name) => (pick(places, name) ? session.expressions.variable(name) : undefined);
  const readout = session.expressions.parse(fields.readout, asVariables);
  const stated = formOf(readout, session.atoms, (name) => pick(symbols, name)!);
  demand(stated !== null, 'the readout is not piecewise linear');
  demand(equal(stated, forms[0]), () => `node ${node} is not ${fields.readout}`);
  const targets = bounds.map((bound) => bound.target);
  const target = session.expressions.parse(fields.readout, (name) => pick(targets, name));
  const bound = { target, ...spreadOf(session.atoms, stated, symbols, bounds) };
  return { kind: 'within', domain: premises.domain, node, entries: new Map([[0, bound]]) };
};

/** The least and the most that g . errors can be, over all choices of g and of errors within their bounds. */
function spreadOf(atoms: Atoms, form: Form, symbols: readonly Form[], bounds: readonly Within[]) {
  const kinks = [...kinksOf(atoms, form, new Set())];
  demand(kinks.length <= MOST_KINKS, `the readout has ${kinks.length} kinks, allowed are ${MOST_KINKS}`);
  let [lo, hi]: [Fraction, Fraction] = [Fraction.zero, Fraction.zero];
  for (let choice = 0; choice < 1 << kinks.length; choice++) {
    spend(1 + 10 * symbols.length * (kinks.length + 1));
    const isOn = new Set(kinks.filter((_, k) => (choice >> k) & 1));
    const [least, most] = [new Total(), new Total()];
    symbols.forEach((z, i) => {
      const slope = slopeOf(atoms, form, single(z), isOn);
      const [a, b] = slope.n >= 0n ? [bounds[i].lo, bounds[i].hi] : [bounds[i].hi, bounds[i].lo];
      least.add(slope, a);
      most.add(slope, b);
    });
    lo = choice === 0 ? least.value() : lo.min(least.value());
    hi = choice === 0 ? most.value() : hi.max(most.value());
  }
  return { lo, hi };
}

function kinksOf(atoms: Atoms, form: Form, kinks: Set<number>): Set<number> {
  for (const number of form.terms.keys()) {
    const atom = atoms.get(number);
    if (atom.kind !== 'relu' || kinks.has(number)) continue;
    kinks.add(number);
    kinksOf(atoms, atom.of, kinks);
  }
  return kinks;
}

/** The derivative by one symbol where exactly the given relus are on. */
function slopeOf(atoms: Atoms, form: Form, by: number, isOn: ReadonlySet<number>): Fraction {
  const total = new Total();
  for (const [number, coefficient] of form.terms) {
    spend(20);
    if (number === by) total.add(coefficient);
    const atom = atoms.get(number);
    if (atom.kind === 'relu' && isOn.has(number)) total.add(coefficient, slopeOf(atoms, atom.of, by, isOn));
  }
  return total.value();
}

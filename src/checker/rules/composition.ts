import { formOf } from '../calculus.js';
import type { Names } from '../expression.js';
import { demand, spend } from '../failure.js';
import { type Atoms, equal, type Form, single } from '../forms.js';
import { Fraction, Total } from '../fraction.js';
import { index, list, record, sizeOf } from '../network.js';
import { boundsOf, type Rule } from '../session.js';

const MOST_KINKS = 12;
const MOST_ENTRIES = 2 ** 28;

/**
 * Data: the one entry of `node` is a piecewise linear `readout`, a text in z1, z2, ..., of the entries `z` [[node, entry],
 * ...], for all real numbers. Premises: bounds of these against targets. By the mean value theorem with generalised
 * gradients (Lebourg), the error is at most g . (z - targets) for a convex combination g of gradients, each with every
 * relu on or off: so the largest over these choices bounds it.
 */
export const composition: Rule = (session, data, premises) => {
  const fields = record(data, 'the data', ['node', 'readout', 'z']);
  const node = session.node(fields.node);
  demand(sizeOf(session.network.nodes[node].shape) === 1, `node ${node} is not one number`);
  const places = list(fields.z, 'z').map((place) => {
    const [of, entry] = list(place, 'a place');
    return [session.node(of), index(entry, MOST_ENTRIES, 'an entry')] as const;
  });
  const { forms, symbol } = session.between([...new Set(places.map(([of]) => of))], node);
  const values = boundsOf(premises);
  const bounds = places.map(([of, entry]) => values.at(of, entry));
  const symbols = places.map(([of, entry]) => symbol(of, entry));
  const pick =
    <T>(items: readonly T[]) =>
    (name: string): T | undefined =>
      items[Number(/^z(\d{1,6})$/.exec(name)?.[1] ?? 0) - 1];
  const asVariables: Names = (name) => (pick(places)(name) ? session.expressions.variable(name) : undefined);
  const stated = formOf(
    session.expressions.parse(fields.readout, asVariables),
    session.atoms,
    (name) => pick(symbols)(name)!,
  );
  demand(stated !== null, 'the readout is not piecewise linear');
  demand(equal(stated, forms[0]), `node ${node} is not ${fields.readout}`);
  const target = session.expressions.parse(fields.readout, pick(bounds.map((bound) => bound.target)));
  const kinks = [...kinksOf(session.atoms, stated, new Set())];
  demand(kinks.length <= MOST_KINKS, `the readout has ${kinks.length} kinks, allowed are ${MOST_KINKS}`);
  let [lo, hi]: [Fraction, Fraction] = [Fraction.zero, Fraction.zero];
  for (let choice = 0; choice < 1 << kinks.length; choice++) {
    spend(1 + 10 * places.length * (kinks.length + 1));
    const isOn = new Set(kinks.filter((_, k) => (choice >> k) & 1));
    const [least, most] = [new Total(), new Total()];
    symbols.forEach((z, i) => {
      const slope = slopeOf(session.atoms, stated, single(z), isOn);
      const [a, b] = slope.n >= 0n ? [bounds[i].lo, bounds[i].hi] : [bounds[i].hi, bounds[i].lo];
      least.add(slope, a);
      most.add(slope, b);
    });
    lo = choice === 0 ? least.value() : lo.min(least.value());
    hi = choice === 0 ? most.value() : hi.max(most.value());
  }
  return { kind: 'within', domain: values.domain, node, entries: new Map([[0, { target, lo, hi }]]) };
};

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
    spend(1);
    if (number === by) total.add(coefficient);
    const atom = atoms.get(number);
    if (atom.kind === 'relu' && isOn.has(number)) total.add(coefficient, slopeOf(atoms, atom.of, by, isOn));
  }
  return total.value();
}

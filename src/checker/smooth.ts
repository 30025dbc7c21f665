import type { Atoms } from './atoms.js';
import type { Smooth } from './calculus.js';
import { type Expression, Maker } from './expression.js';
import { Unfinished } from './failure.js';
import type { Form } from './forms.js';
import type { Fraction } from './fraction.js';
import { grouped, type Summand } from './rules/enclosure.js';

/** A form as a sum of functions of different inputs: piecewise linear ones, and smooth ones of the inputs themselves. */
export function splitSmooth(atoms: Atoms, form: Form): Summand[] {
  const make = new Maker();
  const linear = new Map<number, Fraction>();
  const smooth: Smooth[number][] = [];
  for (const [number, factor] of form.terms) {
    if (atoms.isPiecewiseLinear(number)) linear.set(number, factor);
    else smooth.push([factor.neg(), expressionOf(atoms, make, number)]);
  }
  return grouped(atoms, { constant: form.constant, terms: linear }, smooth);
}

/** An atom as an expression in the inputs, when it has no kinks. */
function expressionOf(atoms: Atoms, make: Maker, number: number): Expression {
  const atom = atoms.get(number);
  const of = (form: Form): Expression =>
    make.sum([
      make.number(form.constant),
      ...[...form.terms].map(([part, factor]) => make.product([make.number(factor), expressionOf(atoms, make, part)])),
    ]);
  switch (atom.kind) {
    case 'input':
      return make.variable(atom.name);
    case 'product':
      return make.product(atom.of.map(of));
    case 'apply':
      return atom.fn === 'power'
        ? make.power(of(atom.of), atom.exponent)
        : make.apply(atom.fn, atom.fn === 'pi' ? [] : [of(atom.of)]);
    default:
      throw new Unfinished('a kink or a softmax within a curve is not looked at exactly');
  }
}

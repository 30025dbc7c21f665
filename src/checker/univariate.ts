import type { Atoms } from './atoms.js';
import { hold, spend } from './budget.js';
import { demand, demandShown } from './failure.js';
import type { Form } from './forms.js';
import type { Fraction } from './fraction.js';
import { Point } from './point.js';
import type { Side } from './side.js';
import { affineSimplices } from './triangulation.js';

/** A continuous piecewise linear function by its corners, from the left end of its interval to the right one. */
export type Curve = readonly (readonly [x: Fraction, y: Fraction])[];

/** Bytes of a corner of a curve. */
const CORNER = 200;

/** The piecewise linear function of one input that a form is, where that ranges over a side. */
export function curveOf(atoms: Atoms, form: Form, side: Side): Curve {
  const numbers = [...form.terms.keys()];
  const isLinear = numbers.every((number) => atoms.isPiecewiseLinear(number));
  demandShown(isLinear, 'a product or softmax is not piecewise linear');
  const [name, ...others] = new Set(numbers.flatMap((number) => [...atoms.inputsOf(number)]));
  demand(others.length === 0, 'it is no function of one input');
  const { lo, hi } = side;
  if (name === undefined || lo.equals(hi)) {
    const value = new Point(atoms, new Map(name === undefined ? [] : [[name, lo]])).exact(form)!;
    return [lo, hi].map((x) => [x, value]);
  }
  const pieces = affineSimplices(atoms, form, new Map([[name, side]])).map(([v, w]) => {
    return v.x[0].lt(w.x[0]) ? ([v, w] as const) : ([w, v] as const);
  });
  spend(60 * pieces.length);
  hold(CORNER * pieces.length);
  pieces.sort(([a], [b]) => a.x[0].compare(b.x[0]));
  const slopes = pieces.map(([v, w]) => w.value.sub(v.value).div(w.x[0].sub(v.x[0])));
  // Where a relu bends and another one bends back there is no corner.
  const corners = pieces.filter((_, k) => k === 0 || !slopes[k].equals(slopes[k - 1])).map(([v]) => v);
  return [...corners, pieces[pieces.length - 1][1]].map(({ x: [x], value }) => [x, value]);
}

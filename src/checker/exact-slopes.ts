import type { Atoms } from './atoms.js';
import { demandEachShown, demandShown } from './failure.js';
import type { Form } from './forms.js';
import type { Side } from './side.js';
import { solve } from './simplices.js';
import { affineSimplices, type Vector, type Vertex } from './triangulation.js';

/**
 * The slopes of a piecewise linear form on simplices that cover the box, on each of which it is affine, in the order of the
 * box. A segment between two points of the box crosses finitely many of them.
 */
export function exactSlopes(atoms: Atoms, form: Form, box: ReadonlyMap<string, Side>): Vector[] {
  demandShown(atoms.partial.length === 0, 'cells have no functions that are not defined everywhere');
  const isLinear = [...form.terms.keys()].every((number) => atoms.isPiecewiseLinear(number));
  demandShown(isLinear, 'the function is not piecewise linear');
  demandEachShown(box.values(), ({ lo, hi }) => lo.lt(hi), 'an entry is fixed');
  return affineSimplices(atoms, form, box).map(gradient);
}

/** The solution g of g . (v - v_0) = value(v) - value(v_0) for the other corners v. */
function gradient([origin, ...others]: readonly Vertex[]): Vector {
  const rows = others.map(({ x, value }) => [...x.map((entry, i) => entry.sub(origin.x[i])), value.sub(origin.value)]);
  const slopes = solve(rows);
  demandShown(slopes !== null, 'a simplex is flat');
  return slopes;
}

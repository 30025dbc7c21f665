import type { Atoms } from './atoms.js';
import { spend } from './budget.js';
import { demandShown } from './failure.js';
import type { Form } from './forms.js';
import type { Fraction } from './fraction.js';
import type { Side } from './side.js';
import { affineSimplices, type Vertex } from './triangulation.js';

/**
 * The slopes of a piecewise linear form on simplices that cover the box, on each of which it is affine, in the order of the
 * box. A segment between two points of the box crosses finitely many of them.
 */
export function exactSlopes(atoms: Atoms, form: Form, box: ReadonlyMap<string, Side>): Fraction[][] {
  demandShown(atoms.partial.length === 0, 'cells have no functions that are not defined everywhere');
  const isLinear = [...form.terms.keys()].every((number) => atoms.isPiecewiseLinear(number));
  demandShown(isLinear, 'the function is not piecewise linear');
  demandShown(
    [...box.values()].every(({ lo, hi }) => lo.lt(hi)),
    'an entry is fixed',
  );
  return affineSimplices(atoms, form, box).map(gradient);
}

/** The solution g of g . (v - v_0) = value(v) - value(v_0) for the other corners v, by elimination. */
function gradient([origin, ...others]: readonly Vertex[]): Fraction[] {
  const count = others.length;
  spend(count ** 3);
  const rows = others.map(({ x, value }) => [...x.map((entry, i) => entry.sub(origin.x[i])), value.sub(origin.value)]);
  for (let column = 0; column < count; column++) {
    const pivot = rows.findIndex((row, k) => k >= column && row[column].n !== 0n);
    demandShown(pivot >= 0, 'a simplex is flat');
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    const own = rows[column];
    const scaled = own.map((entry) => entry.div(own[column]));
    for (let k = 0; k < count; k++) {
      const factor = rows[k][column];
      rows[k] = k === column ? scaled : rows[k].map((entry, i) => entry.sub(factor.mul(scaled[i])));
    }
  }
  return rows.map((row) => row[count]);
}

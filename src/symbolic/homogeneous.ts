import { Rational } from '../numbers/rational.js';
import { type Expression, rebuild, scale } from './expression.js';
import { apply } from './functions.js';
import { fold } from './walk.js';

const HOMOGENEOUS = new Set(['max', 'min', 'abs']);

/**
 * The same function with positive factors taken out of minima, maxima and moduli, max(2 x, 0) = 2 max(x, 0), so that formulas
 * which differ by the scales of their parts alone become the same. The factor of the first argument that has one is taken.
 */
export function withoutScales(root: Expression): Expression {
  return fold<Expression>(root, (e, below) => {
    const made = rebuild(e, below);
    if (made.kind !== 'application' || !HOMOGENEOUS.has(made.fn.name)) return made;
    const factor = made.args.map(leading).find((found) => found !== null);
    if (!factor) return made;
    const inverse = factor.inverse();
    return scale(factor, apply(made.fn.name as 'max', ...made.args.map((arg) => scale(inverse, arg))));
  });
}

/** The size of the first coefficient of a sum; null where that is 0 or 1, or there is none. */
function leading(e: Expression): Rational | null {
  if (e.kind !== 'sum' || e.terms.length === 0) return null;
  const size = e.terms[0].coefficient.abs();
  return size.isZero() || size.equals(Rational.one) ? null : size;
}

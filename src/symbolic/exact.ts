import { InputError } from '../errors.js';
import type { Rational } from '../numbers/rational.js';
import { DomainError } from './domain.js';
import { children, type Expression } from './expression.js';
import { rationalPower } from './roots.js';
import { briefText } from './text.js';
import { fold, remembered } from './walk.js';

/** A value that is no rational number, or not known to be one, such as exp(1). */
export class NotRational extends Error {
  override readonly name = 'NotRational';

  constructor(readonly expression: Expression) {
    super(`${briefText(expression)} has no exact rational value at this point`);
  }
}

/**
 * The exact value at a rational point: arithmetic, abs, min and max always, roots and the other functions only where
 * their values are known to be rational (sqrt(4), exp(0)).
 *
 * Throws DomainError where a part is undefined, NotRational where a part has no exact value, and InputError for a
 * variable that the point lacks.
 */
export function evaluateExact(e: Expression, point: ReadonlyMap<string, Rational>): Rational {
  return fold(e, (part, below) => combine(part, children(part).map(below), point));
}

/** Values of larger powers may be too long to be written out. */
const LARGEST_EXPONENT = 4096;

/** Whether `evaluateExact` has a value wherever the expression is defined: no roots, no transcendental functions. */
export const isExact: (e: Expression) => boolean = remembered((e, below) => {
  if (e.kind === 'power' && !(e.exponent.isInteger() && Math.abs(Number(e.exponent.num)) <= LARGEST_EXPONENT))
    return false;
  if (e.kind === 'application' && !e.fn.piecewiseLinear) return false;
  return children(e).every(below);
});

function combine(e: Expression, parts: readonly Rational[], point: ReadonlyMap<string, Rational>): Rational {
  switch (e.kind) {
    case 'constant':
      return e.value;
    case 'variable': {
      const value = point.get(e.name);
      if (!value) throw new InputError({ found: `no value for the variable ${e.name}` });
      return value;
    }
    case 'sum':
      return e.terms.reduce((total, { coefficient }, i) => total.add(coefficient.mul(parts[i])), e.constant);
    case 'product':
      return parts.reduce((a, b) => a.mul(b));
    case 'power': {
      const value = rationalPower(parts[0], e.exponent);
      if (value) return value;
      const outside = parts[0].sign() < 0 || (parts[0].isZero() && e.exponent.sign() < 0);
      throw outside ? new DomainError(e, true) : new NotRational(e);
    }
    case 'application': {
      const value = e.fn.exact(parts);
      if (!value) throw new NotRational(e);
      return value;
    }
  }
}

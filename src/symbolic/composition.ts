import { Rational } from '../numbers/rational.js';
import { combination, type Expression, mul, rebuild, variable } from './expression.js';
import { fold } from './walk.js';

/**
 * One step of a function of several numbers that is put together from affine forms, functions of one number and
 * products. A place is the number of an input, 0 to d - 1, or d + k for the value of part k, an earlier one.
 */
export type Component = AffineComponent | UnaryComponent | ProductComponent;

export interface AffineComponent {
  readonly kind: 'affine';
  readonly terms: readonly (readonly [coefficient: Rational, place: number])[];
  readonly constant: Rational;
}

export interface UnaryComponent {
  readonly kind: 'function';
  readonly of: number;
  /** In the variable `u`. */
  readonly g: Expression;
}

export interface ProductComponent {
  readonly kind: 'product';
  readonly of: readonly [number, number];
}

/** The variable of a function of one number. */
export const ARGUMENT = 'u';

/** The function that the last part computes from the inputs. */
export function compositeOf(parts: readonly Component[], variables: readonly string[]): Expression {
  const values: Expression[] = variables.map(variable);
  for (const part of parts) {
    if (part.kind === 'product') values.push(mul(values[part.of[0]], values[part.of[1]]));
    else if (part.kind === 'function') values.push(substituted(part.g, values[part.of]));
    else {
      const terms = part.terms.map(([coefficient, place]) => ({ coefficient, of: values[place] }));
      values.push(combination(part.constant, terms));
    }
  }
  return values[values.length - 1] ?? combination(Rational.zero, []);
}

function substituted(g: Expression, value: Expression): Expression {
  return fold(g, (e, below) => (e.kind === 'variable' && e.name === ARGUMENT ? value : rebuild(e, below)));
}

import { approximate } from '../numbers/convert.js';
import type { Expression } from './expression.js';
import { type Calculus, compile, prepare } from './program.js';

/** Doubles, each operation rounded to nearest or nearly so: for searches and pictures, never for a bound. */
export const FLOAT64: Calculus<number> = {
  of: approximate,
  neg: (x) => -x,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (exponent) => {
    const r = approximate(exponent);
    return r === 2 ? (x) => x * x : (x) => x ** r;
  },
  apply: (fn, args) => fn.float(...args),
};

/** The expressions as one function on doubles, the variables in the order given; NaN where undefined. */
export function toFloat64(
  expressions: readonly Expression[],
  variables: readonly string[],
): (point: readonly number[]) => number[] {
  return prepare(compile(expressions, variables), FLOAT64);
}

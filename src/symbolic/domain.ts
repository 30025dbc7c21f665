import { InputError } from '../errors.js';
import type { Expression, FunctionRule } from './expression.js';
import { toTex } from './tex.js';
import { briefText } from './text.js';

/** A part of an expression that is undefined at a point, or not proved to be defined on all of a box. */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  /**
   * `certain`: it is undefined everywhere; otherwise its argument, enclosed in `argument`, may leave the domain, and a
   * smaller box may show that it does not.
   */
  constructor(
    readonly expression: Expression,
    readonly certain: boolean,
    readonly argument?: { readonly lo: number; readonly hi: number },
  ) {
    const where = argument ? ` on all of the box: its argument was bounded by [${argument.lo}, ${argument.hi}]` : '';
    super(`${briefText(expression)} is ${certain ? 'undefined' : 'not known to be defined'}${where}`);
  }

  get tex(): string {
    return toTex(this.expression);
  }

  /** The same as the user's to mend. */
  toInputError(): InputError {
    return new InputError({ found: this.message, allowed: domainOf(this.expression) });
  }
}

function domainOf(e: Expression): string | undefined {
  if (e.kind === 'application') return (e.fn satisfies FunctionRule).domain;
  if (e.kind !== 'power') return undefined;
  const sign = e.exponent.sign();
  if (e.exponent.isInteger()) return 'a divisor that is not 0';
  return sign < 0 ? 'a base above 0' : 'a base of at least 0';
}

import { InputError } from '../errors.js';
import type { Rational } from '../numbers/rational.js';
import type * as E from '../symbolic/index.js';
import { sharedParts } from './facts.js';

/** How a prover writes formulas with operators between their operands. */
export interface Notation {
  readonly name: string;
  number(value: Rational): string;
  power(base: string, exponent: Rational): string | null;
  /** By the function's name; those that are missing cannot be written. */
  readonly functions: Readonly<Record<string, (args: readonly string[]) => string>>;
}

/** The formula, and before it the parts that occur more than once. Throws InputError for what the prover does not know. */
export function written(
  root: E.Expression,
  notation: Notation,
): { readonly definitions: readonly (readonly [name: string, text: string])[]; readonly body: string } {
  const shared = sharedParts(root);
  const unknown = (what: string) =>
    new InputError({
      found: `${what}, which ${notation.name} does not know`,
      allowed: Object.keys(notation.functions).join(', '),
    });
  const part = (e: E.Expression): string => shared.get(e) ?? text(e);
  const text = (e: E.Expression): string => {
    switch (e.kind) {
      case 'constant':
        return notation.number(e.value);
      case 'variable':
        return e.name;
      case 'sum': {
        const terms = e.terms.map(({ coefficient, of }) => `${notation.number(coefficient)} * ${part(of)}`);
        return `(${[notation.number(e.constant), ...terms].join(' + ')})`;
      }
      case 'product':
        return `(${e.factors.map(part).join(' * ')})`;
      case 'power': {
        const found = notation.power(part(e.base), e.exponent);
        if (found === null) throw unknown(`a power ${e.exponent}`);
        return found;
      }
      case 'application': {
        const write = Object.hasOwn(notation.functions, e.fn.name) ? notation.functions[e.fn.name] : undefined;
        if (!write) throw unknown(e.fn.name);
        return write(e.args.map(part));
      }
    }
  };
  return { definitions: [...shared].map(([e, name]) => [name, text(e)] as const), body: part(root) };
}

/** a and b for max and min, by |a - b|, for provers that know moduli alone. */
export function byModulus(modulus: (x: string) => string) {
  const fold = (sign: '+' | '-') => (args: readonly string[]) =>
    args.reduce((a, b) => `((${a} + ${b} ${sign} ${modulus(`${a} - ${b}`)}) / 2)`);
  return { max: fold('+'), min: fold('-'), abs: ([x]: readonly string[]) => modulus(x) };
}

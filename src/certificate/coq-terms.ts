import type { Rational } from '../numbers/rational.js';
import type { Expression } from '../symbolic/expression.js';

/** An exact number as a term of type R. */
export function coqNumber({ num, den }: Rational): string {
  const top = num < 0n ? `(-${-num})` : `${num}`;
  return den === 1n ? top : `(${top} / ${den})`;
}

/** The functions of expressions in Coq's reals; those with more arguments than two are folded. */
const FUNCTIONS: Readonly<Record<string, (args: readonly string[]) => string>> = {
  exp: ([x]) => `exp ${x}`,
  log: ([x]) => `ln ${x}`,
  sin: ([x]) => `sin ${x}`,
  cos: ([x]) => `cos ${x}`,
  tanh: ([x]) => `(exp ${x} - exp (- ${x})) / (exp ${x} + exp (- ${x}))`,
  abs: ([x]) => `Rabs ${x}`,
  min: (args) => args.reduce((a, b) => `(Rmin ${a} ${b})`),
  max: (args) => args.reduce((a, b) => `(Rmax ${a} ${b})`),
  pi: () => 'PI',
};

/** An expression as a term of type R, in parentheses; null when it has a part that Coq's reals do not name. */
export function coqTerm(e: Expression): string | null {
  switch (e.kind) {
    case 'constant':
      return coqNumber(e.value);
    case 'variable':
      return e.name;
    case 'sum': {
      const terms = e.terms.map(({ coefficient, of }) => joined([coqNumber(coefficient), coqTerm(of)], ' * '));
      return joined([coqNumber(e.constant), ...terms], ' + ');
    }
    case 'product':
      return joined(e.factors.map(coqTerm), ' * ');
    case 'power': {
      const base = coqTerm(e.base);
      if (base === null) return null;
      const { num, den } = e.exponent;
      const root = den === 1n ? base : den === 2n ? `(sqrt ${base})` : null;
      if (root === null) return null;
      return num < 0n ? `(/ (${root} ^ ${-num}))` : `(${root} ^ ${num})`;
    }
    case 'application': {
      const args = e.args.map(coqTerm);
      const write = FUNCTIONS[e.fn.name];
      return Object.hasOwn(FUNCTIONS, e.fn.name) && args.every((arg) => arg !== null) ? `(${write(args)})` : null;
    }
  }
}

function joined(parts: readonly (string | null)[], operator: string): string | null {
  return parts.every((part) => part !== null) ? `(${parts.join(operator)})` : null;
}

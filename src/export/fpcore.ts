import type { Rational } from '../numbers/rational.js';
import type * as E from '../symbolic/index.js';
import { type ScalarFact, sharedParts } from './facts.js';

const FUNCTIONS: Readonly<Record<string, string>> = {
  ...{ exp: 'exp', log: 'log', sin: 'sin', cos: 'cos', tanh: 'tanh', erf: 'erf', abs: 'fabs' },
};
const FOLDED: Readonly<Record<string, string>> = { max: 'fmax', min: 'fmin' };

/** The relation as an FPCore 2.0 expression over the reals (https://fpbench.org/spec), its box as the precondition. */
export function fpcore({ id, statement, variables, quantity, measure, bound }: ScalarFact): string {
  const shared = sharedParts(quantity);
  const part = (e: E.Expression): string => shared.get(e) ?? text(e);
  const text = (e: E.Expression): string => {
    switch (e.kind) {
      case 'constant':
        return number(e.value);
      case 'variable':
        return e.name;
      case 'sum': {
        const terms = e.terms.map(({ coefficient, of }) => `(* ${number(coefficient)} ${part(of)})`);
        return e.constant.isZero() && terms.length === 1 ? terms[0] : `(+ ${[number(e.constant), ...terms].join(' ')})`;
      }
      case 'product':
        return `(* ${e.factors.map(part).join(' ')})`;
      case 'power': {
        const half = e.exponent.den === 2n && e.exponent.num === 1n;
        return half ? `(sqrt ${part(e.base)})` : `(pow ${part(e.base)} ${number(e.exponent)})`;
      }
      case 'application': {
        const { name } = e.fn;
        if (name === 'pi') return 'PI';
        if (FOLDED[name]) return e.args.map(part).reduce((a, b) => `(${FOLDED[name]} ${a} ${b})`);
        return `(${FUNCTIONS[name] ?? name} ${e.args.map(part).join(' ')})`;
      }
    }
  };
  const bindings = [...shared].map(([e, name]) => `(${name} ${text(e)})`);
  const size = measure === 'sup-abs' ? `(fabs ${part(quantity)})` : part(quantity);
  const relation = `(${measure === 'inf' ? '>=' : '<='} ${size} ${number(bound)})`;
  const sides = variables.map(({ name, lo, hi }) => `(<= ${number(lo)} ${name} ${number(hi)})`);
  return [
    `(FPCore ${id.replaceAll(/[^\w.-]/g, '-')} (${variables.map(({ name }) => name).join(' ')})`,
    `  :name ${JSON.stringify(statement)}`,
    '  :precision real',
    `  :pre (and ${sides.join(' ')})`,
    `  ${bindings.length > 0 ? `(let* (${bindings.join('\n         ')})\n    ${relation})` : relation})`,
    '',
  ].join('\n');
}

function number({ num, den }: Rational): string {
  return den === 1n ? `${num}` : `${num}/${den}`;
}

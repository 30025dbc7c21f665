import { type Expression, rebuild, variable, variablesOf } from './expression.js';
import { hinges } from './hinges.js';
import { sameExpression } from './identity.js';
import { polynomialOf } from './polynomial.js';
import { toText, treeSize } from './text.js';

/**
 * Whether two expressions are equal by the laws of a commutative ring, kinks written as hinges, where sums, products and
 * natural powers are multiplied out. Then they are equal functions wherever both are defined; `false` says nothing.
 */
export function sameFunction(a: Expression, b: Expression): boolean {
  const [first, second] = [hinges(a), hinges(b)];
  if (Math.max(treeSize(first), treeSize(second)) > MOST_WRITTEN) return sameExpression(first, second);
  return normalForm(first) === normalForm(second);
}

/** Parts, shared ones counted as often as they occur, up to which normal forms are written out. */
const MOST_WRITTEN = 100_000;

function normalForm(e: Expression): string {
  const opaque = (part: Expression): Expression => {
    const isPower = part.kind === 'power' && !(part.exponent.isInteger() && part.exponent.sign() > 0);
    if (part.kind !== 'application' && !isPower) return rebuild(part, opaque);
    const key =
      part.kind === 'application'
        ? `${part.fn.name}(${part.args.map(normalForm).join('; ')})`
        : `(${normalForm(part.base)})^${part.exponent}`;
    return variable(key);
  };
  const ring = opaque(e);
  const names = [...variablesOf(ring)].sort();
  const polynomial = polynomialOf(ring, names);
  if (!polynomial) return toText(e);
  const terms = polynomial.terms.map(({ coefficient, exponents }) => {
    const factors = names.flatMap((name, i) => (exponents[i] > 0 ? [`[${name}]^${exponents[i]}`] : []));
    return `${factors.join(' ')} * ${coefficient}`;
  });
  return terms.sort().join(' + ');
}

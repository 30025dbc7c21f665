import { Rational } from '../numbers/rational.js';
import { children, type Expression, type Term } from './expression.js';
import { remembered } from './walk.js';

/** Plain text; `parseExpression` reads it back to the same tree (but for the internal select and branch). */
export function toText(e: Expression): string {
  return FORMS[e.kind](e as never);
}

/** For messages: the text where it is short, its beginning where it is not, and the size of what would be endless. */
export function briefText(e: Expression): string {
  const size = treeSize(e);
  if (size > MOST_WRITTEN) return `an expression of ${size.toPrecision(3)} parts`;
  const text = toText(e);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

const MOST_WRITTEN = 10_000;
const MOST_SHOWN = 200;

/** How many parts the expression has as a tree, with shared parts counted as often as they occur. */
export const treeSize: (e: Expression) => number = remembered((e, below) =>
  children(e).reduce((total, part) => total + below(part), 1),
);

const FORMS: { readonly [K in Expression['kind']]: (e: Extract<Expression, { kind: K }>) => string } = {
  constant: ({ value }) => value.toString(),
  variable: ({ name }) => name,
  sum: ({ constant, terms }) => {
    const offset = constant.isZero() ? [] : [[constant.sign() < 0 ? '-' : '+', constant.abs().toString()] as const];
    return joinSigned(terms.map(signedTerm), offset);
  },
  product: ({ factors }) => {
    const [first, ...others] = factors;
    return others.reduce((text, factor) => text + chained(factor), chained(first, true));
  },
  power: (e) => (e.exponent.sign() < 0 && !isAtomicPower(e) ? `1${chained(e)}` : powerText(e.base, e.exponent)),
  application: ({ fn, args }) => (args.length === 0 ? fn.name : `${fn.name}(${args.map(toText).join(', ')})`),
};

/** The terms and then the offset, which comes first where that saves a leading minus. */
export function joinSigned(terms: readonly SignedText[], offset: readonly SignedText[]): string {
  const offsetFirst = terms[0][0] === '-' && offset.some(([sign]) => sign === '+');
  const [[firstSign, first], ...others] = offsetFirst ? [...offset, ...terms] : [...terms, ...offset];
  return `${firstSign === '-' ? '-' : ''}${first}${others.map(([sign, text]) => ` ${sign} ${text}`).join('')}`;
}

export type SignedText = readonly [sign: string, text: string];

function signedTerm({ coefficient, of }: Term): SignedText {
  const sign = coefficient.sign() < 0 ? '-' : '+';
  const magnitude = coefficient.abs();
  const text = toText(of);
  if (magnitude.equals(Rational.one)) return [sign, sign === '-' && startsWithSum(of) ? `1*${text}` : text];
  return [sign, text.startsWith('1/') ? `${magnitude}${text.slice(1)}` : `${magnitude}*${text}`];
}

/** A leading minus binds to the first factor, and would be read back into the sum. */
function startsWithSum(e: Expression): boolean {
  return e.kind === 'product' && e.factors[0].kind === 'sum';
}

/** A factor as it follows others in a chain of * and /. */
function chained(factor: Expression, isFirst = false): string {
  const [sign, text] =
    factor.kind === 'power' && factor.exponent.sign() < 0 && !isAtomicPower(factor)
      ? ['/', powerText(factor.base, factor.exponent.neg())]
      : ['*', isAtom(factor) || factor.kind === 'power' ? toText(factor) : `(${toText(factor)})`];
  return isFirst ? (sign === '/' ? `1/${text}` : text) : `${sign}${text}`;
}

function powerText(base: Expression, exponent: Rational): string {
  if (exponent.equals(HALF)) return `sqrt(${toText(base)})`;
  const operand = isAtom(base) ? toText(base) : `(${toText(base)})`;
  if (exponent.equals(Rational.one)) return operand;
  const plain = exponent.isInteger() && exponent.sign() > 0;
  return `${operand}^${plain ? exponent : `(${exponent})`}`;
}

/** A power of a power: 1/b^n would be read back as another tree. */
function isAtomicPower({ base }: Extract<Expression, { kind: 'power' }>): boolean {
  return base.kind === 'power' || base.kind === 'constant';
}

function isAtom(e: Expression): boolean {
  return (
    e.kind === 'variable' ||
    e.kind === 'application' ||
    (e.kind === 'constant' && e.value.isInteger() && e.value.sign() >= 0)
  );
}

const HALF = Rational.of(1, 2);

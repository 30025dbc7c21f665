import { Rational } from '../numbers/rational.js';
import type { Expression, Term } from './expression.js';
import { joinSigned, type SignedText } from './text.js';

/** TeX for math mode. */
export function toTex(e: Expression): string {
  return FORMS[e.kind](e as never);
}

const FORMS: { readonly [K in Expression['kind']]: (e: Extract<Expression, { kind: K }>) => string } = {
  constant: ({ value }) => numberTex(value),
  variable: ({ name }) => nameTex(name),
  sum: ({ constant, terms }) => {
    const offset = constant.isZero() ? [] : [[constant.sign() < 0 ? '-' : '+', numberTex(constant.abs())] as const];
    return joinSigned(terms.map(signedTerm), offset);
  },
  product: ({ factors }) => {
    const above = factors.filter((factor) => !isDivisor(factor));
    const below = factors.filter(isDivisor).map(inverted);
    const numerator = above.length === 0 ? '1' : above.map((f) => factorTex(f)).join(' ');
    if (below.length === 0) return numerator;
    const denominator = below.length === 1 ? toTexOf(below[0]) : below.map(powerTex).join(' ');
    return `\\frac{${above.length === 1 ? toTex(above[0]) : numerator}}{${denominator}}`;
  },
  power: (e) => (isDivisor(e) ? `\\frac{1}{${toTexOf(inverted(e))}}` : powerTex(e)),
  application: ({ fn, args }) => fn.tex(args.map(toTex)),
};

interface PowerParts {
  readonly base: Expression;
  readonly exponent: Rational;
}

function signedTerm({ coefficient, of }: Term): SignedText {
  const sign = coefficient.sign() < 0 ? '-' : '+';
  const magnitude = coefficient.abs();
  if (magnitude.equals(Rational.one)) return [sign, toTex(of)];
  const text = toTex(of);
  return [sign, `${numberTex(magnitude)} ${/^\d/.test(text) ? '\\cdot ' : ''}${text}`];
}

function isDivisor(e: Expression): e is Extract<Expression, { kind: 'power' }> {
  return e.kind === 'power' && e.exponent.sign() < 0;
}

function inverted({ base, exponent }: PowerParts): PowerParts {
  return { base, exponent: exponent.neg() };
}

function toTexOf(parts: PowerParts): string {
  return parts.exponent.equals(Rational.one) ? toTex(parts.base) : powerTex(parts);
}

function factorTex(e: Expression): string {
  return e.kind === 'sum' ? parenthesised(e) : toTex(e);
}

function powerTex({ base, exponent }: PowerParts): string {
  if (exponent.equals(Rational.of(1, 2))) return `\\sqrt{${toTex(base)}}`;
  const isAtom =
    base.kind === 'variable' || (base.kind === 'constant' && base.value.isInteger() && base.value.sign() >= 0);
  const operand = isAtom ? toTex(base) : parenthesised(base);
  return exponent.equals(Rational.one) ? operand : `${operand}^{${exponent}}`;
}

function parenthesised(e: Expression): string {
  return `\\left(${toTex(e)}\\right)`;
}

export function numberTex(value: Rational): string {
  if (value.isInteger()) return value.toString();
  return `${value.sign() < 0 ? '-' : ''}\\frac{${value.abs().num}}{${value.den}}`;
}

const GREEK = new Set(
  'alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega'.split(
    ' ',
  ),
);

/** x12 becomes x_{12}, eps and other Greek names their letters, longer names upright. */
export function nameTex(name: string): string {
  const [, stem, index] = /^(.*?)_?(\d*)$/u.exec(name)!;
  const letter = stem.toLowerCase();
  const known = letter === 'eps' || letter === 'epsilon' ? '\\varepsilon' : GREEK.has(letter) ? `\\${stem}` : undefined;
  const symbol = known ?? (stem.length === 1 ? stem : `\\mathrm{${stem.replaceAll('_', '\\_')}}`);
  return index ? `${symbol}_{${index}}` : symbol;
}

import { Rational } from '../numbers/rational.js';
import {
  type Application,
  application,
  children,
  type Expression,
  neg,
  one,
  power,
  product,
  rebuild,
  scale,
  sum,
} from './expression.js';
import { sameExpression } from './identity.js';
import { fold } from './walk.js';

/**
 * The same function with each exp(v)/(c + a exp(v)), for c, a > 0, written as (1/a)/(1 + (c/a) exp(-v)): v occurs once, so that
 * an interval of v gives the range, and `differentiate` finds the derivatives in terms of the share itself.
 */
export function withShares(e: Expression): Expression {
  return fold(e, (part, below) => {
    const own = children(part).every((child) => below(child) === child) ? part : rebuild(part, below);
    return own.kind === 'product' ? (sharesIn(own.factors) ?? own) : own;
  });
}

const MINUS_ONE = Rational.of(-1);

function sharesIn(factors: readonly Expression[]): Expression | null {
  for (const [i, factor] of factors.entries()) {
    const part = factor.kind === 'power' && factor.exponent.equals(MINUS_ONE) ? factor.base : null;
    if (part?.kind !== 'sum' || part.terms.length !== 1 || part.constant.sign() <= 0) continue;
    const [{ coefficient, of }] = part.terms;
    const k = factors.findIndex((other) => sameExpression(other, of));
    if (k < 0 || coefficient.sign() <= 0 || !isExponential(of)) continue;
    const others = factors.filter((_, j) => j !== i && j !== k);
    const odds = scale(part.constant.div(coefficient), application(of.fn, [neg(of.args[0])]));
    return scale(coefficient.inverse(), product([...others, power(sum([one, odds]), MINUS_ONE)]));
  }
  return null;
}

function isExponential(e: Expression): e is Application {
  return e.kind === 'application' && e.fn.name === 'exp';
}

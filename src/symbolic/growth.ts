import { Rational } from '../numbers/rational.js';
import { constant, mul, power, sum, zero } from './expression.js';
import type { Expression, Growth } from './tree.js';
import { remembered } from './walk.js';

/** The growth of something that does not depend on t. */
export function steady(coefficient: Expression): Growth {
  return { coefficient, power: Rational.zero, logPower: Rational.zero };
}

export function vanishes(growth: Growth): boolean {
  return growth.coefficient.kind === 'constant' && growth.coefficient.value.isZero();
}

/** Positive when `a` grows faster than `b`, 0 for equal orders; the function 0 is below everything else. */
function compareGrowth(a: Growth, b: Growth): number {
  if (vanishes(a) || vanishes(b)) return Number(vanishes(b)) - Number(vanishes(a));
  return a.power.compare(b.power) || a.logPower.compare(b.logPower);
}

/** Those that grow fastest, and the others. */
export function splitByOrder(parts: readonly Growth[]): { readonly fastest: Growth[]; readonly others: Growth[] } {
  const top = parts.reduce((a, b) => (compareGrowth(a, b) >= 0 ? a : b));
  const isTop = (part: Growth) => compareGrowth(part, top) === 0;
  return { fastest: parts.filter(isTop), others: parts.filter((part) => !isTop(part)) };
}

/** undefined when the leading coefficients cancel. */
export function sumGrowth(parts: readonly Growth[]): Growth | undefined {
  const { fastest } = splitByOrder([...parts, steady(zero)]);
  const total = { ...fastest[0], coefficient: sum(fastest.map((part) => part.coefficient)) };
  return vanishes(total) && !fastest.every(vanishes) ? undefined : total;
}

export function productGrowth(a: Growth, b: Growth): Growth {
  if (vanishes(a) || vanishes(b)) return steady(zero);
  return {
    coefficient: mul(a.coefficient, b.coefficient),
    power: a.power.add(b.power),
    logPower: a.logPower.add(b.logPower),
  };
}

/** undefined for the function 0 and for a root of something that is not known to be positive. */
export function powerGrowth(base: Growth, exponent: Rational): Growth | undefined {
  if (vanishes(base)) return exponent.sign() > 0 ? base : undefined;
  if (!exponent.isInteger() && signOf(base.coefficient) !== 1) return undefined;
  return {
    coefficient: power(base.coefficient, exponent),
    power: base.power.mul(exponent),
    logPower: base.logPower.mul(exponent),
  };
}

/** The limit is infinite (1), finite and not 0 (0), or 0 (-1). */
export function tendency(growth: Growth): number {
  return compareGrowth(growth, steady(constant(Rational.one)));
}

/** The sign of an expression wherever all its variables are positive, if it is the same everywhere and seen easily. */
export const signOf: (e: Expression) => Sign = remembered<Sign>((e, signOf) => {
  switch (e.kind) {
    case 'constant':
      return e.value.sign();
    case 'variable':
      return 1;
    case 'sum': {
      const signs = e.terms.map(({ coefficient, of }) => times(coefficient.sign(), signOf(of)));
      const all = e.constant.isZero() ? signs : [...signs, e.constant.sign()];
      return all.every((sign) => sign === all[0]) ? all[0] : undefined;
    }
    case 'product':
      return e.factors.map(signOf).reduce(times, 1);
    case 'power': {
      const sign = signOf(e.base);
      return sign === -1 && e.exponent.isInteger() ? (e.exponent.num % 2n === 0n ? 1 : -1) : sign === 1 ? 1 : undefined;
    }
    case 'application':
      return e.fn.positive ? 1 : undefined;
  }
});

type Sign = -1 | 0 | 1 | undefined;

function times(a: Sign, b: Sign): Sign {
  return a === undefined || b === undefined ? undefined : ((a * b) as Sign);
}

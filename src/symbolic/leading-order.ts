import { Rational } from '../numbers/rational.js';
import { children, constant, type Expression } from './expression.js';
import { powerGrowth, productGrowth, steady, sumGrowth } from './growth.js';
import type { Growth } from './tree.js';
import { fold } from './walk.js';

/**
 * How an expression behaves when the parameter tends to infinity or to 0 from above, while all other variables are
 * fixed positive numbers: e / (coefficient * s^power * log(s)^logPower) -> 1, with s = t at infinity and s = 1/t at 0.
 *
 * So 4*L*log(T)/eps has power 1 for eps -> 0. The coefficient is an expression in the other variables that is not 0 by
 * its form; where it is a difference, it may vanish for special values of them. 'unknown' when leading terms cancel,
 * when the growth is of another kind (exp(t), log(log(t))), or when a sign is needed and not seen.
 */
export function leadingOrder(e: Expression, parameter: string, toward: 'infinity' | 'zero'): Growth | 'unknown' {
  const exponent = Rational.of(toward === 'infinity' ? 1 : -1);
  const scaleGrowth: Growth = { ...steady(constant(Rational.one)), power: exponent };
  return growthOf(e, parameter, scaleGrowth) ?? 'unknown';
}

/** Undefined where it is not known. */
function growthOf(root: Expression, parameter: string, ofParameter: Growth): Growth | undefined {
  const growths = fold<{ readonly depends: boolean; readonly growth: Growth | undefined }>(root, (e, below) => {
    const isParameter = e.kind === 'variable' && e.name === parameter;
    const depends = isParameter || children(e).some((part) => below(part).depends);
    const growth = depends ? combined(e, ofParameter, (part) => below(part).growth) : steady(e);
    return { depends, growth };
  });
  return growths.growth;
}

function combined(e: Expression, ofParameter: Growth, grow: (part: Expression) => Growth | undefined) {
  switch (e.kind) {
    case 'constant':
    case 'variable':
      return ofParameter;
    case 'sum': {
      const parts = all(e.terms.map(({ of }) => grow(of)));
      const scaled = parts?.map((part, i) => productGrowth(steady(constant(e.terms[i].coefficient)), part));
      return scaled && sumGrowth([...scaled, steady(constant(e.constant))]);
    }
    case 'product':
      return all(e.factors.map(grow))?.reduce(productGrowth);
    case 'power': {
      const base = grow(e.base);
      return base && powerGrowth(base, e.exponent);
    }
    case 'application': {
      const args = all(e.args.map(grow));
      return args && e.fn.growth?.(args);
    }
  }
}

function all<T>(parts: readonly (T | undefined)[]): readonly T[] | undefined {
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

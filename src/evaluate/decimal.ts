import { Decimal } from 'decimal.js';
import type { FunctionName } from '../network/operations.js';
import { type Algebra, normalisedBy } from './algebra.js';

/** decimal.js at `digits` significant digits: a high-precision reference, rounded to nearest, never a bound. */
export function decimal(digits: number): Algebra<Decimal> {
  const D = Decimal.clone({ precision: digits, rounding: Decimal.ROUND_HALF_EVEN, minE: -9e15, maxE: 9e15 });
  const zero = new D(0);
  const one = new D(1);
  const functions: Readonly<Record<FunctionName, (a: Decimal) => Decimal>> = {
    exp: (a) => a.exp(),
    log: (a) => a.ln(),
    sqrt: (a) => a.sqrt(),
    tanh: (a) => a.tanh(),
    sigmoid: (a) => one.div(a.neg().exp().add(one)),
    erf: (a) => new D(erf(a, digits)),
    sin: (a) => a.sin(),
    cos: (a) => a.cos(),
  };
  const algebra: Algebra<Decimal> = {
    name: `decimal (${digits} digits)`,
    zero,
    of: (value) => new D(value.num.toString()).div(new D(value.den.toString())),
    add: (a, b) => a.add(b),
    sub: (a, b) => a.sub(b),
    mul: (a, b) => a.mul(b),
    min: (a, b) => (b.lt(a) ? b : a),
    max: (a, b) => (a.lt(b) ? b : a),
    relu: (a) => (a.isNegative() ? zero : a),
    div: (a, b) => a.div(b),
    apply: (fn, a) => functions[fn](a),
    power: (a, exponent) => a.pow(exponent),
    normalise: (x, epsilon) => normalisedBy(algebra, x, epsilon),
    argmax: (x) => new D(x.reduce((best, entry, k) => (x[best].lt(entry) ? k : best), 0)),
    dot: (a, b) => {
      let total = zero;
      for (let k = 0; k < a.length; k++) {
        if (!a[k].isZero() && !b[k].isZero()) total = total.add(a[k].mul(b[k]));
      }
      return total;
    },
    sum: (terms) => terms.reduce((total, term) => total.add(term), zero),
    softmax: (z) => {
      const top = z.reduce((a, b) => (a.lt(b) ? b : a));
      const powers = z.map((logit) => logit.sub(top).exp());
      const total = powers.reduce((a, b) => a.add(b));
      return powers.map((power) => power.div(total));
    },
  };
  return algebra;
}

/** 2/sqrt(pi) x exp(-x^2) (1 + 2x^2/3 + (2x^2)^2/(3 5) + ...), whose terms are positive (DLMF 7.6.2). */
function erf(x: Decimal, digits: number): Decimal {
  const D = Decimal.clone({ precision: digits + 10, minE: -9e15, maxE: 9e15 });
  const square = new D(x).mul(x);
  if (square.gt(3 * digits)) return new D(x.isNegative() ? -1 : 1);
  const limit = new D(10).pow(-digits - 10);
  const t = square.mul(2);
  let sum = new D(1);
  let term = sum;
  for (let odd = 3; term.gt(sum.mul(limit)) || t.gt(odd / 2); odd += 2) {
    term = term.mul(t).div(odd);
    sum = sum.add(term);
  }
  return sum.mul(square.neg().exp()).mul(x).mul(2).div(D.acos(-1).sqrt());
}

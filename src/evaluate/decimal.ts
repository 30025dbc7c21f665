import { Decimal } from 'decimal.js';
import type { Algebra } from './algebra.js';

/** decimal.js at `digits` significant digits: a high-precision reference, rounded to nearest, never a bound. */
export function decimal(digits: number): Algebra<Decimal> {
  const D = Decimal.clone({ precision: digits, rounding: Decimal.ROUND_HALF_EVEN, minE: -9e15, maxE: 9e15 });
  const zero = new D(0);
  return {
    name: `decimal (${digits} digits)`,
    zero,
    of: (value) => new D(value.num.toString()).div(new D(value.den.toString())),
    add: (a, b) => a.add(b),
    sub: (a, b) => a.sub(b),
    mul: (a, b) => a.mul(b),
    min: (a, b) => (b.lt(a) ? b : a),
    max: (a, b) => (a.lt(b) ? b : a),
    relu: (a) => (a.isNegative() ? zero : a),
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
}

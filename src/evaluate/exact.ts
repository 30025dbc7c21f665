import { innerProducts } from '../numbers/inner-products.js';
import { dot, Rational, sum } from '../numbers/rational.js';
import { type Algebra, UnsupportedOperation } from './algebra.js';

/**
 * Exact rational arithmetic. Everything but the exponential is exact; a softmax is refused unless its logits are all
 * equal, when it is 1/n whatever they are.
 */
export const exact: Algebra<Rational> = {
  name: 'exact',
  zero: Rational.zero,
  of: (value) => value,
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  min: (a, b) => a.min(b),
  max: (a, b) => a.max(b),
  relu: (a) => (a.num > 0n ? a : Rational.zero),
  dot,
  innerProducts,
  sum,
  softmax: (z) => {
    if (!z.every((logit) => logit.equals(z[0]))) {
      throw new UnsupportedOperation(
        'softmax of different logits is irrational: evaluate in decimals or in intervals instead',
      );
    }
    const share = Rational.of(1, z.length);
    return z.map(() => share);
  },
};

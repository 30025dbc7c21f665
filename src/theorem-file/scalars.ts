import { type Algebra, unsupported } from '../evaluate/algebra.js';
import { dot, Rational, sum } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { applied, minus, of, over, plus, rationalsOf, type Scalar, times } from './scalar.js';

const zero = of(Rational.zero);
const max = (a: Scalar, b: Scalar) => applied('max', a, b);

/** Exact reals as the numbers of a tensor: one set of kernels serves the constants of a theorem file as well. */
export const scalars: Algebra<Scalar> = {
  name: 'exact reals',
  zero,
  of: E.constant,
  add: plus,
  sub: minus,
  mul: times,
  min: (a, b) => applied('min', a, b),
  max,
  relu: (a) => max(a, zero),
  ...unsupported('theorem files'),
  dot: (a, b) => {
    const [x, y] = [rationalsOf(a), rationalsOf(b)];
    return x && y ? plus(of(dot(x, y)), zero) : a.reduce((total, entry, k) => plus(total, times(entry, b[k])), zero);
  },
  sum: (terms) => {
    const values = rationalsOf(terms);
    return values ? plus(of(sum(values)), zero) : terms.reduce(plus, zero);
  },
  softmax: (z) =>
    z.map((logit) => over(of(1), z.map((other) => applied('exp', minus(other, logit))).reduce(plus, zero))),
};

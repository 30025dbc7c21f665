import type { FunctionName } from '../network/operations.js';
import { approximate } from '../numbers/convert.js';
import { type SparseRows, sparseRows } from '../numbers/double-double-sums.js';
import { erfNear } from '../numbers/erf.js';
import { type Algebra, normalisedBy } from './algebra.js';
import { floatRidge } from './piecewise-linear.js';

const FUNCTIONS: Readonly<Record<FunctionName, (a: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  erf: erfNear,
  sin: Math.sin,
  cos: Math.cos,
};

/** The inner product of row i with the numbers from `first` on. */
function rowTimes({ starts, columns, weights }: SparseRows, i: number, vector: Float64Array, first: number): number {
  let total = 0;
  for (let k = starts[i]; k < starts[i + 1]; k++) total += weights[k] * vector[first + columns[k]];
  return total;
}

/** Doubles, by the shortest way to a value: for searching and for comparison, never for a bound. */
export const float64: Algebra<number> = {
  name: 'float64',
  zero: 0,
  of: approximate,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  relu: (a) => (a > 0 ? a : 0),
  div: (a, b) => a / b,
  apply: (fn, a) => FUNCTIONS[fn](a),
  power: (a, exponent) => a ** exponent,
  normalise: (x, epsilon) => normalisedBy(float64, x, epsilon),
  argmax: (x) => x.reduce((best, entry, k) => (x[best] < entry ? k : best), 0),
  dot: (a, b) => {
    let total = 0;
    for (let k = 0; k < a.length; k++) total += a[k] * b[k];
    return total;
  },
  ridge: floatRidge,
  recurrence: (A, B, x, steps) => {
    const [width, height] = [x.length / steps, A.length];
    const states = new Float64Array(height * steps);
    const [moving, driving] = [A, B].map(sparseRows);
    const input = Float64Array.from(x);
    for (let t = 0; t < steps; t++) {
      for (let i = 0; i < height; i++) {
        const moved = t === 0 ? 0 : rowTimes(moving, i, states, (t - 1) * height);
        states[t * height + i] = moved + rowTimes(driving, i, input, t * width);
      }
    }
    return Array.from(states);
  },
  sum: (terms) => terms.reduce((total, term) => total + term, 0),
  softmax: (z) => {
    const top = z.reduce((a, b) => Math.max(a, b));
    const powers = z.map((logit) => Math.exp(logit - top));
    const total = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / total);
  },
};

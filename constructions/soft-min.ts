/**
 * The soft minimum by one attention head without projections (`softmin-gap`):
 *   p = softmax(-beta a),   y = sum_t p_t a_t,   a in [0, 1]^T.
 *
 * y is a weighted mean, so y >= min a. With u_t = beta (a_t - min a) the gap is (1/beta) sum u e^-u / (1 + sum e^-u)
 * over the other T - 1 tokens; its largest value lambda / beta has sum (u - lambda) e^-u = lambda, each term of which is
 * largest at u = 1 + lambda with value e^(-lambda - 1), so (T - 1) e^(-lambda - 1) = lambda: lambda = W0((T - 1)/e).
 *
 * The only weight is beta, shared by all tokens: the network's size does not grow with T.
 */
import { Builder, type Network, type Rational } from '../src/index.js';

/** Input x [token T, coordinate 1], which holds a; output y [value 1]. */
export function softMinimumNet(T: number, beta: Rational): Network {
  const b = new Builder();
  const a = b.input('x', { token: T, coordinate: 1 });
  const scale = b.scalar(beta.neg(), 'scale');
  const p = b.softmax(b.mul(a, scale, 'logits'), 0, 'attention');
  const y = b.reshape(b.reduceSum(b.mul(p, a, 'weighted'), 0, 'sum'), { value: 1 }, 'y');
  return b.network({ y });
}

import { Rational } from '../numbers/rational.js';
import type { Builder } from './builder.js';
import type { Node } from './network.js';

/**
 * Activations as compositions of operations. Each is equal to its definition at every real number, and written so that
 * no exponential of a large number occurs. The last argument names the node of the result.
 */

const half = Rational.of(1, 2);

/** A number that belongs to the function and is no parameter. */
function number(b: Builder, value: Rational): Node {
  return b.scalar(value, undefined, 'structure');
}

/** x (1 + erf(x/sqrt(2)))/2. */
export function gelu(b: Builder, x: Node, name?: string): Node {
  const scaled = b.mul(x, b.apply('sqrt', number(b, half)));
  const share = b.mul(b.add(b.apply('erf', scaled), number(b, Rational.one)), number(b, half));
  return b.mul(x, share, name);
}

/** x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))/2, with sqrt(2/pi) as the number of float32 nearest to it. */
export function geluByTanh(b: Builder, x: Node, name?: string): Node {
  const root = Rational.of(13386282, 2 ** 24);
  const cubic = b.mul(b.power(x, 3), number(b, Rational.of(44715, 1000000)));
  const inner = b.apply('tanh', b.mul(b.add(x, cubic), number(b, root)));
  return b.mul(x, b.mul(b.add(inner, number(b, Rational.one)), number(b, half)), name);
}

/** x sigmoid(beta x). */
export function swish(b: Builder, x: Node, beta: Rational = Rational.one, name?: string): Node {
  const scaled = beta.equals(Rational.one) ? x : b.mul(x, number(b, beta));
  return b.mul(x, b.apply('sigmoid', scaled), name);
}

/** log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)). */
export function softplus(b: Builder, x: Node, name?: string): Node {
  const power = b.apply('exp', b.min(x, b.mul(x, number(b, Rational.of(-1)))));
  return b.add(b.relu(x), b.apply('log', b.add(power, number(b, Rational.one))), name);
}

/** x tanh(softplus(x)). */
export function mish(b: Builder, x: Node, name?: string): Node {
  return b.mul(x, b.apply('tanh', softplus(b, x)), name);
}

/** scale (x for x >= 0, alpha (exp(x/width) - 1) below). */
export function elu(
  b: Builder,
  x: Node,
  { alpha = Rational.one, scale = Rational.one, width = Rational.one },
  name?: string,
): Node {
  const negative = b.min(x, number(b, Rational.zero));
  const inner = width.equals(Rational.one) ? negative : b.mul(negative, number(b, width.inverse()));
  const below = b.sub(b.apply('exp', inner), number(b, Rational.one));
  const [left, right] = [alpha.mul(scale), scale];
  const tail = left.equals(Rational.one) ? below : b.mul(below, number(b, left));
  const head = right.equals(Rational.one) ? b.relu(x) : b.mul(b.relu(x), number(b, right));
  return b.add(head, tail, name);
}

/** x/(1 + |x|). */
export function softsign(b: Builder, x: Node, name?: string): Node {
  const size = b.max(x, b.mul(x, number(b, Rational.of(-1))));
  return b.div(x, b.add(size, number(b, Rational.one)), name);
}

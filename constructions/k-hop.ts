/**
 * Following pointers k times (Sanford, Hsu and Telgarsky, arXiv:2402.09268). The input holds the matrix of a map p, 1 at (t, p(t)).
 * A head with the logits beta X and the values Y, X and Y matrices of powers of p, followed by clip(2 V - 1/2) between 0 and 1,
 * gives the matrix of the power with the sum of their exponents: squares and the binary digits of k take
 * floor(log2 k) layers for the squares and as many at most, beside them, for the product of those that k needs.
 */
import { Builder, filled, type Network, type Node, Rational } from '../src/index.js';

export interface HopDesign {
  readonly n: number;
  readonly k: number;
  readonly beta: Rational;
}

export function hopNet({ n, k, beta }: HopDesign): Network {
  const b = new Builder();
  const number = (value: Rational, name: string) => b.constant(filled([1, 1], value), name);
  const strength = number(beta, 'beta');
  const [two, half, more] = [
    number(Rational.of(2), 'two'),
    number(Rational.of(1, 2), 'half'),
    number(Rational.of(3, 2), 'more'),
  ];
  const compose = (keys: Node, values: Node, name: string): Node => {
    const mean = b.matmul(b.softmax(b.mul(strength, keys), 1, `${name}.attention`), values, `${name}.mean`);
    const doubled = b.mul(two, mean);
    return b.sub(b.relu(b.sub(doubled, half)), b.relu(b.sub(doubled, more)), name);
  };
  const place = { name: 'place', size: n };
  let square: Node = b.node('input', { name: 'x' }, [], 'x', [place, place]);
  let result: Node | null = null;
  for (let rest = k, level = 0; rest > 0; rest = Math.floor(rest / 2), level++) {
    if (rest % 2 === 1) result = result ? compose(result, square, `power${level}`) : square;
    if (rest > 1) square = compose(square, square, `square${level + 1}`);
  }
  return b.network({ y: result! });
}

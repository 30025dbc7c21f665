/**
 * Following pointers k times (Sanford, Hsu and Telgarsky, arXiv:2402.09268). The input holds the matrix of a map p, 1 at (t, p(t)).
 * A head with the logits beta X and the values Y, X and Y matrices of powers of p, followed by clip(2 V - 1/2) between 0 and 1,
 * gives the matrix of the power with the sum of their exponents: squares and the binary digits of k take
 * floor(log2 k) layers for the squares and as many at most, beside them, for the product of those that k needs.
 *
 * From a text: the input has a row of zeros for the start and a unit vector for each letter. A head on the place before gives u_s = x_{s-1};
 * scores b <x_t, u_s> + C_ts, with C_ts = s g for 1 <= s <= t, (n + 1) g at the start and -g for later places, b = (n + 1) g, lead by
 * g at the place behind the latest earlier occurrence of the letter of t, and at the start where there is none: clipped shares
 * are the matrix of p, and p^k x are the letters k hops away.
 */
import { Builder, filled, type Network, type Node, Rational, tensor } from '../src/index.js';

export interface HopDesign {
  readonly n: number;
  readonly k: number;
  /** The gap of logits. */
  readonly beta: Rational;
  /** How many letters the text has, null where the map is the input. */
  readonly letters?: number | null;
}

export function hopNet({ n, k, beta, letters = null }: HopDesign): Network {
  const b = new Builder();
  const number = (value: Rational, name: string) => b.constant(filled([1, 1], value), name);
  const strength = number(beta, 'beta');
  const [two, half, more] = [
    number(Rational.of(2), 'two'),
    number(Rational.of(1, 2), 'half'),
    number(Rational.of(3, 2), 'more'),
  ];
  const clip = (mean: Node, name: string): Node => {
    const doubled = b.mul(two, mean);
    return b.sub(b.relu(b.sub(doubled, half)), b.relu(b.sub(doubled, more)), name);
  };
  const compose = (keys: Node, values: Node, name: string): Node =>
    clip(b.matmul(b.softmax(b.mul(strength, keys), 1, `${name}.attention`), values, `${name}.mean`), name);
  const place = { name: 'place', size: letters === null ? n : n + 1 };
  const text =
    letters === null ? null : b.node('input', { name: 'x' }, [], 'x', [place, { name: 'letter', size: letters }]);
  let square: Node = text
    ? found(b, text, beta, compose, clip)
    : b.node('input', { name: 'x' }, [], 'x', [place, place]);
  let result: Node | null = null;
  for (let rest = k, level = 0; rest > 0; rest = Math.floor(rest / 2), level++) {
    if (rest % 2 === 1) result = result ? compose(result, square, `power${level}`) : square;
    if (rest > 1) square = compose(square, square, `square${level + 1}`);
  }
  return b.network({ y: text ? b.matmul(result!, text, 'y') : result! });
}

/** The matrix of the map from a place to the one behind the latest earlier occurrence of its letter. */
function found(
  b: Builder,
  text: Node,
  gap: Rational,
  compose: (keys: Node, values: Node, name: string) => Node,
  clip: (mean: Node, name: string) => Node,
): Node {
  const T = text.shape[0].size;
  const table = (name: string, entry: (t: number, s: number) => Rational) =>
    b.constant(
      tensor(
        [T, T],
        Array.from({ length: T * T }, (_, at) => entry(Math.floor(at / T), at % T)),
      ),
      name,
      'structure',
    );
  const shift = table('shift', (t, s) => (s === Math.max(0, t - 1) ? Rational.one : Rational.zero));
  const before = compose(shift, text, 'before');
  const offsets = table('offsets', (t, s) => gap.mul(Rational.of(s === 0 ? T : s <= t ? s : -1)));
  const strength = b.constant(filled([1, 1], gap.mul(Rational.of(T))), 'strength');
  const matches = b.matmul(text, b.transpose(before, [1, 0]), 'matches');
  return clip(b.softmax(b.add(b.mul(strength, matches), offsets), 1, 'shares'), 'pointers');
}

/**
 * A transformer with a relative bias, on n copies of one token.
 *
 * X = 1 c' for an input c in R^d, and with a start token a first row of zeros in front of it. Every layer adds the heads
 * A_h X W_h and then relu(X U) V, where A_h = softmax(X Q_h (X K_h)' + b_{i-j}), or with a causal mask exp(...) on the lower
 * triangle over its row sums. The output is X w + 1/2 + 1/(2 n) in its one column: for c = 0 that is the midpoint of 1/n and 1. The
 * weights are multiples of 1/8 drawn from the seed.
 */
import { Builder, lehmer, type Network, type Node, Rational, tensor } from '../src/index.js';

export interface RelativeTransformer {
  readonly n: number;
  readonly d: number;
  readonly depth: number;
  readonly heads: number;
  /** b_{i-j} for i - j from -(n-1) to n - 1; drawn when absent. */
  readonly bias?: readonly Rational[];
  readonly isCausal: boolean;
  readonly hasStart: boolean;
}

export function relativeTransformer(settings: RelativeTransformer, seed: number): Network {
  const { n, d, depth, heads, isCausal, hasStart } = settings;
  const b = new Builder();
  const random = lehmer(seed);
  const weight = (name: string, rows: number, columns: number): Node =>
    b.constant(tensor([rows, columns], draws(random, rows * columns)), name);
  const bias = settings.bias ?? draws(random, 2 * n - 1);
  const toeplitz = b.constant(
    square(n, (i, j) => bias[n - 1 + i - j]),
    'bias',
  );
  const triangle = b.constant(
    square(n, (i, j) => (j <= i ? Rational.one : Rational.zero)),
    'mask',
    'structure',
  );
  const copies = tensor(
    [n, 1],
    Array.from({ length: n }, (_, i) => (hasStart && i === 0 ? Rational.zero : Rational.one)),
  );
  const c = b.reshape(b.input('c', { coordinate: d }), { one: 1, coordinate: d }, 'c.row');
  let X = b.matmul(b.constant(copies, 'copies', 'structure'), c, 'X_0');
  for (let l = 1; l <= depth; l++) {
    const parts = Array.from({ length: heads }, (_, h) => {
      const name = (part: string) => `${part}_${l}.${h + 1}`;
      const queries = b.matmul(X, weight(name('Q'), d, d), name('q'));
      const keys = b.transpose(b.matmul(X, weight(name('K'), d, d), name('k')), [1, 0], name('k.T'));
      const logits = b.add(b.matmul(queries, keys, name('logits')), toeplitz, name('scores'));
      const A = isCausal ? normalised(b, b.mul(b.apply('exp', logits), triangle), n) : b.softmax(logits, 1);
      return b.matmul(A, b.matmul(X, weight(name('W'), d, d)), name('head'));
    });
    const attended = parts.reduce((sum, part) => b.add(sum, part), X);
    const hidden = b.relu(b.matmul(attended, weight(`U_${l}`, d, 2 * d)), `hidden_${l}`);
    X = b.add(attended, b.matmul(hidden, weight(`V_${l}`, 2 * d, d)), `X_${l}`);
  }
  const middle = b.scalar(Rational.of(n + 1, 2 * n), 'middle');
  return b.network({ y: b.add(b.matmul(X, weight('w', d, 1)), middle, 'y') });
}

function normalised(b: Builder, mass: Node, n: number): Node {
  return b.div(mass, b.reshape(b.reduceSum(mass, 1), { token: n, one: 1 }));
}

function square(n: number, entry: (i: number, j: number) => Rational) {
  return tensor(
    [n, n],
    Array.from({ length: n * n }, (_, k) => entry(Math.floor(k / n), k % n)),
  );
}

function draws(random: () => number, count: number): Rational[] {
  return Array.from({ length: count }, () => Rational.of(Math.floor(random() * 17) - 8, 8));
}

/**
 * The least of S numbers by ReLU nets.
 *
 * `reluMinTree`: min(a, b) = a - relu(a - b), in a balanced tree: S - 1 comparisons, depth ceil(log2 S), no error.
 *
 * `thresholdMin`: two ReLU layers whatever S is. With levels u_j = j/M, j = 1..M, and a in [0, 1]^S,
 *   s_j = relu(1 - M sum_t relu(u_j - a_t)),   minhat = (1/M) sum_j s_j.
 * u_j <= min a gives s_j = 1, u_j >= min a + 1/M gives s_j = 0, and at most one j lies between, so
 *   0 <= min a - minhat <= (1 - 1/S)/M.
 */
import { type Builder, filled, type Node, Rational, tensor } from '../src/index.js';

/** Adds the tree on top of x [S]; returns [1]. It has no weights. */
export function reluMinTree(b: Builder, x: Node, name: string): Node {
  let values = x;
  for (let level = 0; values.shape[0].size > 1; level++) {
    const S = values.shape[0].size;
    const half = Math.floor(S / 2);
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);
    const left = b.gather(values, 0, range(0, half), `${name}.${level}.left`);
    const right = b.gather(values, 0, range(half, 2 * half), `${name}.${level}.right`);
    const least = b.sub(
      left,
      b.relu(b.sub(left, right, `${name}.${level}.difference`), `${name}.${level}.excess`),
      `${name}.${level}.least`,
    );
    values =
      S % 2 === 0
        ? least
        : b.concat([least, b.gather(values, 0, [S - 1], `${name}.${level}.rest`)], 0, `${name}.${level}`);
  }
  return b.reshape(values, { value: 1 }, name);
}

/** Adds the two layers on top of x [S] with entries in [0, 1]; returns [1]. Parameters: 3 M + 1 (levels, outer weights and biases, 1/M). */
export function thresholdMin(b: Builder, x: Node, M: number, name: string): Node {
  const S = x.shape[0].size;
  const levels = b.constant(
    tensor(
      [1, M],
      Array.from({ length: M }, (_, j) => Rational.of(j + 1, M)),
    ),
    `${name}.levels`,
    'weight',
    { token: 1, level: M },
  );
  const below = b.relu(
    b.sub(levels, b.reshape(x, { token: S, level: 1 }, `${name}.column`), `${name}.deficits`),
    `${name}.below`,
  );
  const weight = b.constant(filled([M], Rational.of(-M)), `${name}.outer`, 'weight', { level: M });
  const one = b.constant(filled([M], Rational.one), `${name}.bias`, 'weight', { level: M });
  const s = b.relu(
    b.add(b.mul(b.reduceSum(below, 0, `${name}.total`), weight, `${name}.weighted`), one, `${name}.sum`),
    `${name}.steps`,
  );
  const average = b.mul(
    b.reduceSum(s, 0, `${name}.count`),
    b.scalar(Rational.of(1, M), `${name}.unit`),
    `${name}.average`,
  );
  return b.reshape(average, { value: 1 }, name);
}

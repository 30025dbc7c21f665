/**
 * Doubly stochastic matrices as exact objects.
 *
 * Sinkhorn: steps x_i <- 1/(A y)_i, y_j <- 1/(x'A)_j in floats, the row factors rounded to 40 binary digits, then one exact
 * column step: B = D_x A D_y has columns that sum to exactly 1. Exact steps would square their digits each time.
 *
 * Birkhoff: a perfect matching on the support of a doubly stochastic matrix, subtracted with its least entry, leaves a multiple of
 * another one with more zeros, until nothing is left.
 */
import {
  approximate,
  Builder,
  fromFloat,
  lehmer,
  type Network,
  Rational,
  type RationalMatrix,
  roundedTo,
  sparse,
  sum,
  tensor,
} from '../src/index.js';

const BITS = 40;

export function objectOf(matrices: Readonly<Record<string, RationalMatrix>>): Network {
  const b = new Builder();
  const nodes = Object.entries(matrices).map(
    ([name, rows]) => [name, b.constant(tensor([rows.length, rows[0].length], rows.flat()), name)] as const,
  );
  return b.network(Object.fromEntries(nodes));
}

/** A with K steps of Sinkhorn's iteration, each a row step and a column step. */
export function sinkhornScaling(A: RationalMatrix, K: number): RationalMatrix {
  const floats = A.map((row) => row.map(approximate));
  let y = new Array<number>(A.length).fill(1);
  let x = y;
  for (let step = 0; step < K; step++) {
    x = floats.map((row) => 1 / row.reduce((total, entry, j) => total + entry * y[j], 0));
    y = floats[0].map((_, j) => 1 / floats.reduce((total, row, i) => total + row[j] * x[i], 0));
  }
  const rows = x.map((factor) => roundedTo(fromFloat(factor), BITS, 'nearest'));
  const totals = A[0].map((_, j) => sum(A.map((row, i) => row[j].mul(rows[i]))));
  return A.map((row, i) => row.map((entry, j) => entry.mul(rows[i]).div(totals[j])));
}

/** A convex combination of permutations, column by row. */
export interface Combination {
  readonly weights: readonly Rational[];
  readonly permutations: readonly (readonly number[])[];
}

/** At most (n - 1)^2 + 1 terms for a doubly stochastic matrix. Null when no matching is found, as the matrix is not doubly stochastic. */
export function birkhoffCombination(D: RationalMatrix): Combination | null {
  const rest = D.map((row) => [...row]);
  const weights: Rational[] = [];
  const permutations: number[][] = [];
  while (rest.some((row) => row.some((entry) => !entry.isZero()))) {
    const matching = perfectMatching(rest.map((row) => row.map((entry) => entry.sign() > 0)));
    if (!matching) return null;
    const least = matching.reduce((least, j, i) => least.min(rest[i][j]), rest[0][matching[0]]);
    matching.forEach((j, i) => {
      rest[i][j] = rest[i][j].sub(least);
    });
    weights.push(least);
    permutations.push(matching);
  }
  return { weights, permutations };
}

/** A column for each row, the first free one or by augmenting paths; null when there is none. */
function perfectMatching(allowed: readonly (readonly boolean[])[]): number[] | null {
  const rowOf = new Array<number>(allowed.length).fill(-1);
  const augment = (row: number, seen: boolean[]): boolean => {
    const free = allowed[row].findIndex((isAllowed, column) => isAllowed && rowOf[column] < 0);
    if (free >= 0) rowOf[free] = row;
    return free >= 0 || displace(row, seen);
  };
  const displace = (row: number, seen: boolean[]): boolean =>
    allowed[row].some((isAllowed, column) => {
      if (!isAllowed || seen[column]) return false;
      seen[column] = true;
      if (!augment(rowOf[column], seen)) return false;
      rowOf[column] = row;
      return true;
    });
  for (let row = 0; row < allowed.length; row++) if (!augment(row, [])) return null;
  const columns = new Array<number>(allowed.length);
  for (const [column, row] of rowOf.entries()) columns[row] = column;
  return columns;
}

/** The matrix, the weights and the permutations as an object, with what is left of the matrix and of the permutations. */
export function combinationObject(D: RationalMatrix, { weights, permutations }: Combination): Network {
  const b = new Builder();
  const n = D.length;
  const K = weights.length;
  const matrix = b.constant(tensor([1, n * n], D.flat()), 'D');
  const w = b.constant(tensor([1, K], weights), 'w');
  const ones = permutations.flatMap((columns, k) =>
    columns.map((j, i) => [(k * n + i) * n + j, Rational.one] as const),
  );
  const P = b.constant(sparse([K, n * n], ones), 'P');
  const difference = b.sub(b.matmul(w, P), matrix);
  const largest = (x: ReturnType<Builder['constant']>) => {
    const flat = b.reshape(x, { entry: x.shape.reduce((size, dim) => size * dim.size, 1) });
    return b.reduceMax(b.max(flat, b.sub(b.scalar(Rational.zero), flat)), 0);
  };
  const blocks = b.reshape(P, { term: K, row: n, column: n });
  const excess = [1, 2].map((axis) => largest(b.sub(b.reduceSum(blocks, axis), b.scalar(Rational.one))));
  const fraction = largest(b.sub(b.mul(P, P), P));
  return b.network({
    w,
    gap: largest(difference),
    defect: b.max(b.max(excess[0], excess[1]), fraction),
    total: b.reduceSum(w, 1),
    least: b.reduceMin(w, 1),
  });
}

/** A matrix of order n that is doubly stochastic: a mean of permutations drawn from the seed, with weights from 1 to 9. */
export function drawnDoublyStochastic(n: number, terms: number, seed: number): RationalMatrix {
  const random = lehmer(seed);
  const rows = Array.from({ length: n }, () => new Array<Rational>(n).fill(Rational.zero));
  const weights = Array.from({ length: terms }, () => 1 + Math.floor(random() * 9));
  const total = weights.reduce((a, b) => a + b, 0);
  for (const weight of weights) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    order.forEach((j, i) => {
      rows[i][j] = rows[i][j].add(Rational.of(weight, total));
    });
  }
  return rows;
}

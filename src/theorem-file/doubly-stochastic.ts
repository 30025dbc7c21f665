import { InputError } from '../errors.js';
import { approximate, fromFloat } from '../numbers/convert.js';
import { lehmer } from '../numbers/random.js';
import { Rational, sum } from '../numbers/rational.js';
import type { RationalMatrix } from '../numbers/rational-matrix.js';
import { roundedTo } from '../numbers/significant-bits.js';
import type { FunctionOfTensors } from './function-of-tensors.js';
import { rowsOf } from './linear-algebra.js';
import { of } from './scalar.js';
import { constantOf, integerValue } from './value.js';

const MOST_STEPS = 4096;
const BITS = 40;

/** Searches about doubly stochastic matrices. They are hints: what is claimed is claimed of the matrices, whoever found them. */
export const DOUBLY_STOCHASTIC: Readonly<Record<string, FunctionOfTensors>> = {
  sinkhorn: {
    signature: 'sinkhorn(A, K)',
    arity: [2, 2],
    run: (graph, [a, steps]) => {
      const A = rowsOf(a, graph);
      const K = integerValue(steps, 'a number of steps', 0, MOST_STEPS);
      graph.charge(4 * A.length * A[0].length);
      return constantOf([A.length, A[0].length], sinkhornScaling(A, K).flat().map(of));
    },
  },
  drawnmean: {
    signature: 'drawnmean(n, k)',
    arity: [2, 2],
    run: (graph, args) => {
      const [n, k] = args.map((arg) => integerValue(arg, 'a number of permutations or their order', 1, MOST_STEPS));
      graph.charge(4 * n * (n + k));
      return constantOf([n, n], drawnMean(n, k, graph.seed).flat().map(of));
    },
  },
  birkhoff: {
    signature: 'birkhoff(D), rows [weight, column of row 1, ...]',
    arity: [1, 1],
    run: (graph, [d]) => {
      const D = rowsOf(d, graph);
      const terms = birkhoffCombination(D);
      graph.charge(4 * terms.length * D.length);
      return constantOf([terms.length, D.length + 1], terms.flat().map(of));
    },
  },
};

/** A mean of k permutations of n places that are drawn from the seed, with weights from 1 to 9: a doubly stochastic matrix. */
function drawnMean(n: number, k: number, seed: number): RationalMatrix {
  const random = lehmer(seed);
  const rows = Array.from({ length: n }, () => new Array<Rational>(n).fill(Rational.zero));
  const weights = Array.from({ length: k }, () => 1 + Math.floor(random() * 9));
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

/**
 * A with K steps of Sinkhorn's iteration, each a row step and a column step: x_i <- 1/(A y)_i, y_j <- 1/(x'A)_j in floats, the row
 * factors rounded to 40 binary digits, then one exact column step, after which columns sum to exactly 1. Exact steps would square
 * their digits each time.
 */
function sinkhornScaling(A: RationalMatrix, K: number): RationalMatrix {
  const floats = A.map((row) => row.map(approximate));
  let y = new Array<number>(A[0].length).fill(1);
  let x = new Array<number>(A.length).fill(1);
  for (let step = 0; step < K; step++) {
    x = floats.map((row) => 1 / row.reduce((total, entry, j) => total + entry * y[j], 0));
    y = floats[0].map((_, j) => 1 / floats.reduce((total, row, i) => total + row[j] * x[i], 0));
  }
  if (!x.every(Number.isFinite)) throw new InputError({ found: 'a row of 0', allowed: 'a matrix of positive entries' });
  const rows = x.map((factor) => roundedTo(fromFloat(factor), BITS, 'nearest'));
  const totals = A[0].map((_, j) => sum(A.map((row, i) => row[j].mul(rows[i]))));
  return A.map((row, i) => row.map((entry, j) => entry.mul(rows[i]).div(totals[j])));
}

/**
 * At most (n - 1)^2 + 1 weights, each with a permutation: a perfect matching on the support, subtracted with its least entry, leaves
 * a multiple of another doubly stochastic matrix with more zeros.
 */
function birkhoffCombination(D: RationalMatrix): (readonly (Rational | number)[])[] {
  const rest = D.map((row) => [...row]);
  const terms: (readonly (Rational | number)[])[] = [];
  while (rest.some((row) => row.some((entry) => !entry.isZero()))) {
    const matching = perfectMatching(rest.map((row) => row.map((entry) => entry.sign() > 0)));
    if (!matching) throw new InputError({ found: 'no matching', allowed: 'a doubly stochastic matrix' });
    const least = matching.reduce((least, j, i) => least.min(rest[i][j]), rest[0][matching[0]]);
    matching.forEach((j, i) => {
      rest[i][j] = rest[i][j].sub(least);
    });
    terms.push([least, ...matching.map((j) => j + 1)]);
  }
  return terms;
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

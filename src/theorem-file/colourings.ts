import { InputError } from '../errors.js';
import { approximate } from '../numbers/convert.js';
import { solve } from '../numbers/elimination.js';
import { Rational } from '../numbers/rational.js';
import type { FunctionOfTensors } from './function-of-tensors.js';
import { of, rationalOf } from './scalar.js';
import { constantOf, constantValue, type TensorValue } from './value.js';

/**
 * Searches for colourings x in {-1, 1}^n of the columns of a matrix A with small |A x|. They are hints: what is claimed of a
 * colouring is claimed of A, x and A x, whoever found it.
 */
export const COLOURINGS: Readonly<Record<string, FunctionOfTensors>> = {
  /** The rounding of Beck and Fiala, in floating point. */
  colouring: search('colouring(A)', (rows) => beckFiala(rows.map((row) => row.map(approximate)))),
  /** The best colouring, by trying all: at most 24 columns of integers. */
  bestcolouring: search('bestcolouring(A)', (rows) => enumerated(rows)),
  /** All outcomes of the Gram-Schmidt walk: rows [probability, x_1, ..., x_n]. */
  walk: {
    signature: 'walk(A)',
    arity: [1, 1],
    run: (graph, [a]) => {
      const rows = matrixOf(a);
      const leaves = gramSchmidtWalk(rows);
      graph.charge(leaves.length * rows[0].length * 100);
      return constantOf([leaves.length, rows[0].length + 1], leaves.flat().map(of));
    },
  },
};

function search(signature: string, find: (rows: readonly (readonly Rational[])[]) => readonly number[]) {
  return {
    signature,
    arity: [1, 1] as const,
    run: (graph: Parameters<FunctionOfTensors['run']>[0], [a]: readonly TensorValue[]) => {
      const rows = matrixOf(a);
      graph.charge(10 * rows.length * rows[0].length);
      const x = find(rows);
      return constantOf([x.length], x.map(of));
    },
  };
}

function matrixOf(value: TensorValue): readonly (readonly Rational[])[] {
  const { shape, data } = constantValue(value, 'a matrix');
  if (shape.length !== 2 || data.length === 0)
    throw new InputError({ found: `a tensor of ${shape.length} axes`, allowed: 'a matrix' });
  return Array.from({ length: shape[0] }, (_, i) => data.slice(i * shape[1], (i + 1) * shape[1]).map(rationalOf));
}

const CLOSE = 1e-9;

/**
 * Beck and Fiala, Integer-making theorems, Discrete Appl. Math. 3 (1981): while a row has more weight than the largest column
 * on coordinates inside (-1, 1), move along a direction that keeps all such rows, to the next coordinate that reaches -1 or 1.
 */
function beckFiala(rows: readonly (readonly number[])[]): number[] {
  const n = rows[0].length;
  const x = new Array<number>(n).fill(0);
  const most = Math.max(...x.map((_, j) => rows.reduce((sum, row) => sum + Math.abs(row[j]), 0)));
  for (;;) {
    const alive = x.flatMap((value, j) => (Math.abs(value) < 1 ? [j] : []));
    if (alive.length === 0) return x;
    const live = rows.filter((row) => alive.reduce((sum, j) => sum + Math.abs(row[j]), 0) > most + CLOSE);
    const chosen = alive.slice(0, live.length + 1);
    const v = nullVector(
      live.map((row) => chosen.map((j) => row[j])),
      chosen.length,
    );
    let step = Number.POSITIVE_INFINITY;
    chosen.forEach((j, k) => {
      if (Math.abs(v[k]) > CLOSE) step = Math.min(step, ((v[k] > 0 ? 1 : -1) - x[j]) / v[k]);
    });
    chosen.forEach((j, k) => {
      const moved = x[j] + step * v[k];
      x[j] = Math.abs(moved) > 1 - CLOSE ? Math.sign(moved) : moved;
    });
  }
}

/** A vector other than 0 in the kernel of a matrix with fewer rows than columns. */
function nullVector(matrix: number[][], columns: number): number[] {
  const pivots: number[] = [];
  for (let column = 0; column < columns && pivots.length < matrix.length; column++) {
    const step = pivots.length;
    let best = step;
    for (let i = step; i < matrix.length; i++)
      if (Math.abs(matrix[i][column]) > Math.abs(matrix[best][column])) best = i;
    if (Math.abs(matrix[best][column]) < CLOSE) continue;
    [matrix[best], matrix[step]] = [matrix[step], matrix[best]];
    for (let i = 0; i < matrix.length; i++) {
      const factor = i === step ? 0 : matrix[i][column] / matrix[step][column];
      if (factor !== 0) for (let j = column; j < columns; j++) matrix[i][j] -= factor * matrix[step][j];
    }
    pivots.push(column);
  }
  const free = Array.from({ length: columns }, (_, j) => j).find((j) => !pivots.includes(j))!;
  const v = new Array<number>(columns).fill(0);
  v[free] = 1;
  pivots.forEach((column, i) => {
    v[column] = -matrix[i][free] / matrix[i][column];
  });
  return v;
}

const MOST_COLUMNS = 24;

function enumerated(rows: readonly (readonly Rational[])[]): number[] {
  const n = rows[0].length;
  const isSmall = n <= MOST_COLUMNS && rows.every((row) => row.every((entry) => entry.isInteger()));
  if (!isSmall) throw new InputError({ found: `${n} columns`, allowed: `integers in at most ${MOST_COLUMNS} columns` });
  const a = rows.map((row) => Int32Array.from(row, approximate));
  const x = new Array<number>(n).fill(1);
  const sums = Int32Array.from(a, (row) => row.reduce((sum, entry) => sum + entry, 0));
  let [best, found] = [Number.POSITIVE_INFINITY, [...x]];
  for (let k = 1; ; k++) {
    let most = 0;
    for (let i = 0; i < sums.length; i++) most = Math.max(most, sums[i] < 0 ? -sums[i] : sums[i]);
    if (most < best) [best, found] = [most, [...x]];
    const j = 31 - Math.clz32(k & -k);
    if (j >= n - 1) return found;
    x[j] = -x[j];
    for (let i = 0; i < sums.length; i++) sums[i] += 2 * x[j] * a[i][j];
  }
}

const MOST_LEAVES = 4096;

/**
 * Bansal, Dadush, Garg and Lovett, The Gram-Schmidt walk (2018): the pivot, the largest index inside (-1, 1), is moved
 * together with the others so that A x moves least; to either face, with the probabilities that keep the mean.
 */
function gramSchmidtWalk(a: readonly (readonly Rational[])[]): Rational[][] {
  const leaves: Rational[][] = [];
  const visit = (x: readonly Rational[], probability: Rational) => {
    const alive = x.flatMap((value, j) => (value.abs().lt(Rational.one) ? [j] : []));
    const pivot = alive.at(-1);
    if (pivot === undefined) {
      leaves.push([probability, ...x]);
      if (leaves.length > MOST_LEAVES)
        throw new InputError({ found: 'a walk of too many outcomes', allowed: `${MOST_LEAVES}` });
      return;
    }
    const others = alive.slice(0, -1);
    const inner = (i: number, j: number) => a.reduce((sum, row) => sum.add(row[i].mul(row[j])), Rational.zero);
    const u = x.map(() => Rational.zero);
    u[pivot] = Rational.one;
    if (others.length > 0) {
      const gram = others.map((i) => others.map((j) => inner(i, j)));
      const solution = solve(
        gram,
        others.map((i) => [inner(i, pivot)]),
      )!;
      others.forEach((j, k) => {
        u[j] = solution[k][0].neg();
      });
    }
    const reach = (sign: 1 | -1) =>
      alive
        .filter((j) => !u[j].isZero())
        .map((j) =>
          (u[j].sign() * sign > 0 ? Rational.one : Rational.of(-1)).sub(x[j]).div(u[j].mul(Rational.of(sign))),
        )
        .reduce((least, step) => least.min(step));
    const [up, down] = [reach(1), reach(-1)];
    const total = up.add(down);
    for (const [step, share] of [
      [up, down.div(total)],
      [down.neg(), up.div(total)],
    ]) {
      const moved = x.map((value, j) => value.add(step.mul(u[j])));
      visit(moved, probability.mul(share));
    }
  };
  visit(
    a[0].map(() => Rational.zero),
    Rational.one,
  );
  return leaves;
}

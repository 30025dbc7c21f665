import { InputError } from '../errors.js';
import { approximate } from '../numbers/convert.js';
import type { FunctionOfTensors } from './function-of-tensors.js';
import { of, rationalOf } from './scalar.js';
import { constantOf, constantValue, integerValue } from './value.js';

const MOST_NODES = 20_000;
/** Residuals this much apart are told apart by the search; which of them is smaller, the claims decide. */
const CLOSE = 1e-9;

/**
 * The closed nodes of a branch and bound search for the best k columns: a row for each, with 2 for a column that is in, 1 for
 * a candidate and 0 for a column that is out. More columns fit no worse, so that a node whose columns and candidates together
 * leave no less than the best fit found can hold no better one. The search is in floating point; it is a hint.
 */
export const SUBSET_TREE: Readonly<Record<string, FunctionOfTensors>> = {
  subsettree: {
    signature: 'subsettree(X, y, k)',
    arity: [3, 3],
    run: (graph, [matrix, observed, size]) => {
      const { shape, data } = constantValue(matrix, 'a matrix');
      const [samples, columns] = shape;
      const y = constantValue(observed, 'observations').data.map((entry) => approximate(rationalOf(entry)));
      if (shape.length !== 2 || y.length !== samples)
        throw new InputError({
          found: `${y.length} observations of a tensor of ${shape.length} axes`,
          allowed: 'a matrix with a row for each observation',
        });
      const k = integerValue(size, 'a number of columns', 1, columns);
      const values = data.map((entry) => approximate(rationalOf(entry)));
      const vectors = Array.from({ length: columns }, (_, j) => y.map((_, i) => values[i * columns + j]));
      const nodes = closedNodes(vectors, y, k);
      graph.charge(nodes.length * columns * 100);
      return constantOf([nodes.length, columns], nodes.flat().map(of));
    },
  },
};

type Vector = readonly number[];

function closedNodes(vectors: readonly Vector[], y: Vector, k: number): number[][] {
  const nodes: number[][] = [];
  let best = Number.POSITIVE_INFINITY;
  const order = byForwardSelection(vectors, y, k);
  const visit = (chosen: readonly number[], from: number) => {
    const candidates = chosen.length === k ? [] : order.slice(from);
    if (chosen.length + candidates.length < k) return;
    const left = residual(
      [...chosen, ...candidates].map((j) => vectors[j]),
      y,
    );
    const isLeaf = chosen.length + candidates.length === k;
    if (isLeaf) best = Math.min(best, left);
    if (isLeaf || left >= best * (1 + CLOSE)) {
      nodes.push(vectors.map((_, j) => (chosen.includes(j) ? 2 : candidates.includes(j) ? 1 : 0)));
      if (nodes.length > MOST_NODES)
        throw new InputError({ found: 'a search of too many nodes', allowed: `${MOST_NODES}` });
      return;
    }
    visit([...chosen, order[from]], from + 1);
    visit(chosen, from + 1);
  };
  visit([], 0);
  return nodes;
}

/** The columns in the order in which each, beside those before it, leaves the least: good fits are met early. */
function byForwardSelection(vectors: readonly Vector[], y: Vector, k: number): number[] {
  const order: number[] = [];
  const rest = new Set(vectors.keys());
  while (order.length < k) {
    const next = least(rest, (j) =>
      residual(
        [...order, j].map((i) => vectors[i]),
        y,
      ),
    );
    order.push(next);
    rest.delete(next);
  }
  const chosen = order.map((j) => vectors[j]);
  return [
    ...order,
    ...[...rest].sort((i, j) => residual([...chosen, vectors[i]], y) - residual([...chosen, vectors[j]], y)),
  ];
}

function least(candidates: Iterable<number>, of: (j: number) => number): number {
  let [found, value] = [-1, Number.POSITIVE_INFINITY];
  for (const j of candidates) {
    const at = of(j);
    if (found < 0 || at < value) [found, value] = [j, at];
  }
  return found;
}

/** The least |y - X w|^2 over w, by modified Gram-Schmidt. */
function residual(vectors: readonly Vector[], y: Vector): number {
  const basis: number[][] = [];
  const reduced = (vector: Vector) => {
    const rest = [...vector];
    for (const unit of basis) {
      const share = dot(unit, rest);
      for (let i = 0; i < rest.length; i++) rest[i] -= share * unit[i];
    }
    return rest;
  };
  for (const vector of vectors) {
    const rest = reduced(reduced(vector));
    const length = Math.sqrt(dot(rest, rest));
    if (length > CLOSE * Math.sqrt(dot(vector, vector))) basis.push(rest.map((entry) => entry / length));
  }
  const left = reduced(y);
  return dot(left, left);
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, entry, i) => sum + entry * b[i], 0);
}

import type { Algebra } from './algebra.js';

/** How many of the latest operands are looked through: witnesses have two or three kinds of tokens, times the heads. */
const MOST = 16;
const MOST_ROWS = 4;
/** After so many operands of which none came again, the others are not looked for. */
const PATIENCE = 256;

/** An operation that answers operands of a moment ago, the very same objects, with what it gave then. */
export function memoised<S, R>(algebra: Algebra<S>, operation: (a: S, b: S) => R): (a: S, b: S) => R {
  if (!algebra.sharesResults) return operation;
  const latest: { readonly a: S; readonly b: S; readonly result: R }[] = [];
  let [next, misses] = [0, 0];
  return (a, b) => {
    if (misses >= PATIENCE) return operation(a, b);
    for (const known of latest) {
      if (known.a !== a || known.b !== b) continue;
      misses = 0;
      return known.result;
    }
    const result = operation(a, b);
    latest[next] = { a, b, result };
    next = (next + 1) % MOST;
    misses += 1;
    return result;
  };
}

/** The same of a map of whole rows, compared entry by entry. */
export function memoisedRows<S, R>(algebra: Algebra<S>, map: (row: readonly S[]) => R): (row: readonly S[]) => R {
  if (!algebra.sharesResults) return map;
  const latest: { readonly row: readonly S[]; readonly result: R }[] = [];
  let next = 0;
  return (row) => {
    for (const known of latest) if (row.every((entry, k) => entry === known.row[k])) return known.result;
    const result = map(row);
    latest[next] = { row, result };
    next = (next + 1) % MOST_ROWS;
    return result;
  };
}

import type { Algebra } from './algebra.js';

/** How many operands are kept: witnesses have a few kinds of tokens, drawn inputs sixteen. */
const MOST = 256;
const MOST_ROWS = 32;
/** After so many operands of which none came again, the others are not looked for. */
const PATIENCE = 256;

/** An operation that answers operands of a moment ago, the very same objects, with what it gave then. */
export function memoised<S, R>(algebra: Algebra<S>, operation: (a: S, b: S) => R): (a: S, b: S) => R {
  if (!algebra.sharesResults) return operation;
  const known = new Map<S, Map<S, R>>();
  let [kept, misses] = [0, 0];
  return (a, b) => {
    if (misses >= PATIENCE) return operation(a, b);
    let row = known.get(a);
    const found = row?.get(b);
    if (found !== undefined) {
      misses = 0;
      return found;
    }
    if (++kept > MOST) {
      known.clear();
      row = undefined;
      kept = 1;
    }
    if (!row) known.set(a, (row = new Map()));
    const result = operation(a, b);
    row.set(b, result);
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

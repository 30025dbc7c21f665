import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import { approximate, type WorstPoints } from '../../../src/index.js';

/** Points of which an input is made, and which of them stands at each token. */
export interface Arrangement {
  readonly points: readonly (readonly number[])[];
  readonly at: readonly number[];
}

/**
 * How the tokens of S_i are used: `soft` for the extremal levels of the soft minimum above the point where Psi - f is
 * largest, `below` for the point where f - Psi is largest, `least` and `most` for those where Psi is.
 */
export const USES = ['soft', 'below', 'least', 'most'] as const;
export type Use = (typeof USES)[number];

/** The first token of a set and all others. */
export type Pair = readonly [readonly number[], readonly number[]];

/**
 * Gives every token to the first set in `order` that holds it, and each set's first own token and its others a point each:
 * the points 2 k + 1 and 2 k + 2 for the k-th set in the order. Tokens of no set stand at the point 0.
 */
export function placesOf({ T, positions }: RetrievalTask, order: readonly number[]): number[] {
  const at = new Array<number>(T).fill(0);
  order.forEach((i, k) => {
    let point = 2 * k + 1;
    for (const t of positions[i]) {
      if (at[t] !== 0) continue;
      at[t] = point;
      point = 2 * k + 2;
    }
  });
  return at;
}

/** The points for `placesOf`: (1, ..., 1), then the pairs of the sets in their order. */
export function pointsOf(
  { d }: RetrievalTask,
  pairs: readonly Pair[],
  order: readonly number[],
): Arrangement['points'] {
  return [new Array<number>(d).fill(1), ...order.flatMap((i) => pairs[i])];
}

/** The two points of a set for a use, `soft` being given. */
export function pairOf(use: Use, points: WorstPoints, soft: Pair): Pair {
  if (use === 'soft') return soft;
  const point = { below: points.worstBelow, least: points.minimiser, most: points.maximiser }[use].map(approximate);
  return [point, point];
}

/** All orders of up to four sets, and the rotations of more; one where no token is in two of them. */
export function ordersOf({ positions }: RetrievalTask): number[][] {
  const n = positions.length;
  const all = Array.from({ length: n }, (_, i) => i);
  const isDisjoint = new Set(positions.flat()).size === positions.flat().length;
  if (isDisjoint) return [all];
  return n <= 4 ? permutations(all) : all.map((i) => [...all.slice(i), ...all.slice(0, i)]);
}

function permutations(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** All lists of n uses for up to four sets; for more, those where all but one set have the same. */
export function useLists(n: number): Use[][] {
  if (n <= 4) return product(n);
  return USES.flatMap((common) =>
    USES.flatMap((other) =>
      Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, k): Use => (k === i ? other : common))),
    ),
  );
}

function product(n: number): Use[][] {
  if (n === 0) return [[]];
  return product(n - 1).flatMap((rest) => USES.map((use): Use[] => [...rest, use]));
}

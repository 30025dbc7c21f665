/**
 * Rounds of a descent. Most take fewer than 50, and 340 is the most that was seen to matter; a function that falls all the way
 * to infinity, such as the error of a trapezoidal rule for a very slow decay, would never let it end.
 */
const MOST_ROUNDS = 512;

/** Moves to the best of eight neighbours until steps of 1/1000 of the first bring nothing, or the rounds are used up. */
export function descend(
  f: (x: readonly number[]) => number,
  from: readonly number[],
  step: readonly number[],
): number[] {
  let [x, y] = from;
  let best = f(from);
  let scale = 1;
  for (let round = 0; round < MOST_ROUNDS && scale > 1e-3; round++) {
    let hasMoved = false;
    for (const [i, j] of NEIGHBOURS) {
      const next = [x + i * scale * step[0], y + j * scale * step[1]];
      const value = f(next);
      if (value < best) [x, y, best, hasMoved] = [next[0], next[1], value, true];
    }
    if (!hasMoved) scale /= 2;
  }
  return [x, y];
}

const NEIGHBOURS = [-1, 0, 1]
  .flatMap((i) => [-1, 0, 1].map((j) => [i, j] as const))
  .filter(([i, j]) => i !== 0 || j !== 0);

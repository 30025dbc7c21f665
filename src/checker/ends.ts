import { above, below } from './floats.js';

/** Two doubles that a number lies between. */
export type Ends = readonly [lo: number, hi: number];

/** Sums and products of derivatives; those with 0 and 1 are exact, so that signs and slopes of 1 are not lost to rounding. */
export function plus(a: Ends, b: Ends): Ends {
  const sum = (x: number, y: number, rounded: (x: number) => number) => (x === 0 ? y : y === 0 ? x : rounded(x + y));
  return [sum(a[0], b[0], below), sum(a[1], b[1], above)];
}

export function times(a: Ends, b: Ends): Ends {
  const product = (x: number, y: number, rounded: (x: number) => number) =>
    x === 0 || y === 0 ? 0 * (x + y) : x === 1 ? y : y === 1 ? x : rounded(x * y);
  const [low, high] = [below, above].map((rounded) => a.flatMap((x) => b.map((y) => product(x, y, rounded))));
  return [Math.min(...low), Math.max(...high)];
}

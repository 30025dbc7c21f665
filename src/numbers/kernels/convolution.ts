import assembled from './convolution.wat';
import { kernelFrom } from './instance.js';

/** Vectors a(t), b(t) of one width, entry i of n at time t at n t + i: finite, not negative. */
export type VectorPair = readonly [a: Float64Array, b: Float64Array];

/**
 * sum over pairs and entries i of sum_{s <= t} a_i(t - s) b_i(s) in doubles, one i after the other, each in the order of s; and
 * for how many i neither is always 0.
 */
export type Convolve = (
  pairs: readonly VectorPair[],
  length: number,
) => { readonly sums: Float64Array; readonly present: number };

/** The loop in JavaScript; four entries at a time, as each sum waits for itself. */
export const convolvePlainly: Convolve = (pairs, length) => {
  const [sums, left, right] = [0, 1, 2].map(() => new Float64Array(length));
  return { sums, present: byEntries(pairs, left, right, () => addConvolution(sums, left, right)) };
};

/** Puts the entries over time into `left` and `right`, and adds what they give where neither is always 0; how often that was. */
function byEntries(pairs: readonly VectorPair[], left: Float64Array, right: Float64Array, add: () => void): number {
  let present = 0;
  for (const [a, b] of pairs) {
    const width = a.length / left.length;
    for (let i = 0; i < width; i++) {
      if (!gathered(left, a, width, i) || !gathered(right, b, width, i)) continue;
      add();
      present++;
    }
  }
  return present;
}

/** Puts entry i of vectors over time into a sequence; whether it is ever more than 0. */
function gathered(sequence: Float64Array, vectors: Float64Array, width: number, i: number): boolean {
  let isPresent = false;
  for (let t = 0, at = i; t < sequence.length; t++, at += width) {
    sequence[t] = vectors[at];
    if (vectors[at] > 0) isPresent = true;
  }
  return isPresent;
}

function addConvolution(total: Float64Array, a: Float64Array, b: Float64Array): void {
  const length = total.length;
  let t = 0;
  for (; t + 4 <= length; t += 4) {
    let [p, q, r, v] = [0, 0, 0, 0];
    for (let s = 0; s <= t; s++) {
      const factor = b[s];
      p += a[t - s] * factor;
      q += a[t + 1 - s] * factor;
      r += a[t + 2 - s] * factor;
      v += a[t + 3 - s] * factor;
    }
    const [first, second, third] = [b[t + 1], b[t + 2], b[t + 3]];
    total[t] += p;
    total[t + 1] += q + a[0] * first;
    total[t + 2] += r + a[1] * first + a[0] * second;
    total[t + 3] += v + a[2] * first + a[1] * second + a[0] * third;
  }
  for (; t < length; t++) {
    let sum = 0;
    for (let s = 0; s <= t; s++) sum += a[t - s] * b[s];
    total[t] += sum;
  }
}

interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  convolve(total: number, a: number, b: number, length: number): void;
}

const kernel = kernelFrom<Kernel>(assembled);

/** Entries that the kernel works out together, and zeros before the first of a. */
const TOGETHER = 8;

/** The same by `convolution.wat`: the same numbers. Where there is no SIMD, in JavaScript. */
export const convolve: Convolve = (pairs, length) => {
  const padded = TOGETHER * Math.ceil(length / TOGETHER);
  const quick = length > 0 ? kernel(8 * (3 * padded + TOGETHER)) : null;
  if (!quick) return convolvePlainly(pairs, length);
  const [total, b, a] = [0, 8 * padded, 8 * (2 * padded + TOGETHER)];
  const { buffer } = quick.memory;
  new Float64Array(buffer, 0, 3 * padded + TOGETHER).fill(0);
  const [left, right] = [a, b].map((at) => new Float64Array(buffer, at, length));
  const present = byEntries(pairs, left, right, () => quick.convolve(total, a, b, padded));
  return { sums: new Float64Array(buffer, total, length).slice(), present };
};

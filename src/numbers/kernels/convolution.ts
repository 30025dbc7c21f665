import assembled from './convolution.wat';
import { kernelFrom } from './instance.js';

/** sum over pairs of sum_{s <= t} a(t - s) b(s) in doubles, for finite sequences of one length, not negative: pair by pair, in the order of s. */
export type Convolve = (
  pairs: readonly (readonly [a: Float64Array, b: Float64Array])[],
  length: number,
) => Float64Array;

/** The loop in JavaScript; four entries at a time, as each sum waits for itself. */
export const convolvePlainly: Convolve = (pairs, length) => {
  const total = new Float64Array(length);
  for (const [a, b] of pairs) addConvolution(total, a, b);
  return total;
};

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
  for (const pair of pairs) {
    left.set(pair[0]);
    right.set(pair[1]);
    quick.convolve(total, a, b, padded);
  }
  return new Float64Array(buffer, total, length).slice();
};

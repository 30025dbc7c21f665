/** What the bits of a number say about it. */

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);

/** The exponent of the lowest set bit of a finite double other than 0. */
export function lowestBit(x: number): number {
  DOUBLE[0] = x;
  const [low, high] = [WORDS[0], WORDS[1]];
  const biased = (high >>> 20) & 0x7ff;
  const fractionHigh = biased === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
  const trailing = low !== 0 ? trailingZeros(low) : 32 + trailingZeros(fractionHigh);
  return Math.max(biased, 1) - 1075 + trailing;
}

/** Number of binary digits of a positive integer. */
export function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex[0], 16)) + 28;
}

/** The exponent of the binade of a finite double; -1023 for 0 and subnormal numbers. */
export function binadeOf(x: number): number {
  DOUBLE[0] = x;
  return ((WORDS[1] >>> 20) & 0x7ff) - 1023;
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}

import type { Direction } from '../../src/numbers/convert.js';
import type { FloatFormat } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';

/** Field widths of the formats, from IEEE 754-2019 table 3.5 and the definition of bfloat16. */
const WIDTHS = {
  float64: { exponent: 11n, fraction: 52n },
  float32: { exponent: 8n, fraction: 23n },
  float16: { exponent: 5n, fraction: 10n },
  bfloat16: { exponent: 8n, fraction: 7n },
} as const;

type Name = FloatFormat['name'];

/**
 * Bit-level model of the formats, without any of the arithmetic of src: the nonnegative numbers of a format are the
 * bit patterns 0, 1, 2, ... in increasing order, and rounding is a search among them.
 */

/** The bit pattern of infinity: one beyond the largest finite number. */
export function infinityBits(name: Name): bigint {
  const { exponent, fraction } = WIDTHS[name];
  return ((1n << exponent) - 1n) << fraction;
}

/** What a pattern stands for (infinity: 2^(emax + 1)), in units of the smallest subnormal number. */
export function unitsOf(name: Name, bits: bigint): bigint {
  const { fraction } = WIDTHS[name];
  const biased = bits >> fraction;
  const trailing = bits & ((1n << fraction) - 1n);
  return biased === 0n ? trailing : (trailing | (1n << fraction)) << (biased - 1n);
}

/** The smallest subnormal number as 1/2^k: k. */
function unitExponent(name: Name): bigint {
  const { exponent, fraction } = WIDTHS[name];
  return (1n << (exponent - 1n)) - 2n + fraction;
}

/** The exact value of a pattern. */
export function exactOf(name: Name, bits: bigint): Rational {
  return Rational.of(unitsOf(name, bits), 1n << unitExponent(name));
}

/** The double with the value of a pattern, put together by the hardware. */
export function doubleOf(name: Name, bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  if (name === 'float64') {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  }
  if (name === 'float16') return bits === infinityBits(name) ? Infinity : Number(unitsOf(name, bits)) / 2 ** 24;
  view.setUint32(0, Number(name === 'bfloat16' ? bits << 16n : bits));
  return view.getFloat32(0);
}

/** IEEE 754 section 4.3 by search: the neighbours of |value| and which of the two the direction takes. */
export function roundByBits(value: Rational, name: Name, direction: Direction): number {
  const negative = value.num < 0n;
  const size = negative ? -value.num : value.num;
  const scaled = size << unitExponent(name);
  let [low, high] = [0n, infinityBits(name)];
  if (scaled >= unitsOf(name, high) * value.den) low = high;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (unitsOf(name, middle) * value.den <= scaled) low = middle;
    else high = middle;
  }
  const [below, above] = [unitsOf(name, low) * value.den, unitsOf(name, high) * value.den];
  const inward = direction === (negative ? 'up' : 'down');
  let bits: bigint;
  if (low === infinityBits(name)) bits = inward ? low - 1n : low;
  else if (below === scaled) bits = low;
  else if (direction !== 'nearest') bits = inward ? low : high;
  else if (scaled - below !== above - scaled) bits = scaled - below < above - scaled ? low : high;
  else bits = low % 2n === 0n ? low : high;
  const float = doubleOf(name, bits);
  return negative && float !== 0 ? -float : float;
}

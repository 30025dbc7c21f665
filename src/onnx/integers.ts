import { InputError, quote } from '../errors.js';
import { Rational } from '../numbers/rational.js';

/** What an integer type holds. Beyond it programs wrap around, stop at the end or do as they like. */
export interface IntegerRange {
  readonly lo: bigint;
  readonly hi: bigint;
}

function bits(count: number, isSigned: boolean): IntegerRange {
  const half = 2n ** BigInt(count - 1);
  return isSigned ? { lo: -half, hi: half - 1n } : { lo: 0n, hi: 2n * half - 1n };
}

/** By TensorProto.DataType. */
export const INTEGER_RANGES: Readonly<Record<number, IntegerRange>> = {
  2: bits(8, false),
  3: bits(8, true),
  4: bits(16, false),
  5: bits(16, true),
  6: bits(32, true),
  7: bits(64, true),
  12: bits(32, false),
  13: bits(64, false),
};

/** The integers by which exporters say that a slice runs to an end, and the doubles that stand for them among lengths. */
const FAR: readonly (readonly [near: number, exact: bigint])[] = [
  [2 ** 63, 2n ** 63n - 1n],
  [-(2 ** 63), 1n - 2n ** 63n],
  [-(2 ** 64), -(2n ** 63n)],
];
const EXACT = new Map(FAR);
const NEAR = new Map(FAR.map(([near, exact]) => [exact, near]));

/** The integer that a length stands for. */
export function exactInteger(length: number): Rational {
  const far = EXACT.get(length);
  return Rational.of(far ?? length);
}

/** The double for an integer among lengths. Throws InputError, naming the array, where there is none. */
export function lengthOf(integer: bigint, name: string): number {
  const near = NEAR.get(integer) ?? Number(integer);
  if (NEAR.has(integer) || Number.isSafeInteger(near)) return near;
  throw new InputError({ found: `array ${quote(name)} with the entry ${integer}`, allowed: 'integers below 2^53' });
}

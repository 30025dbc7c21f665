import { bitLength } from './bits.js';
import { gcd, lcm } from './gcd.js';
import { dot, Rational } from './rational.js';

/** A vector over one denominator. */
interface Line {
  readonly nums: readonly bigint[];
  readonly den: bigint;
}

/** Denominators longer than this are no common measure of a vector any more: its products are summed one by one. */
const LONGEST_DENOMINATOR = 4096;

/**
 * The inner products of all pairs of a row and a column, row by row: each vector goes over one denominator once, and
 * each product is a sum of integers that is reduced once.
 */
export function innerProducts(
  rows: readonly (readonly Rational[])[],
  columns: readonly (readonly Rational[])[],
): Rational[] {
  const right = columns.map(known);
  return rows.flatMap((row) => {
    const left = overOneDenominator(row);
    return right.map((column, j) => (left && column ? innerProduct(left, column) : dot(row, columns[j])));
  });
}

/** The columns of weights meet many rows. */
const KNOWN = new WeakMap<readonly Rational[], Line | null>();

function known(vector: readonly Rational[]): Line | null {
  const found = KNOWN.get(vector);
  if (found !== undefined) return found;
  const line = overOneDenominator(vector);
  KNOWN.set(vector, line);
  return line;
}

function innerProduct(row: Line, column: Line): Rational {
  let total = 0n;
  for (let k = 0; k < row.nums.length; k++) {
    const x = row.nums[k];
    if (x !== 0n) total += x * column.nums[k];
  }
  if (total === 0n) return Rational.zero;
  const size = total < 0n ? -total : total;
  const g = row.den === 1n ? 1n : gcd(size, row.den);
  const rest = g === 1n ? size : size / g;
  const h = column.den === 1n ? 1n : gcd(rest, column.den);
  const num = h === 1n ? rest : rest / h;
  return Rational.unsafeReduced(total < 0n ? -num : num, (row.den / g) * (column.den / h));
}

/** Null where the common denominator would be long. */
function overOneDenominator(vector: readonly Rational[]): Line | null {
  let den = 1n;
  for (const entry of vector) {
    if (entry.den === den || den % entry.den === 0n) continue;
    den = lcm(den, entry.den);
    if (bitLength(den) > LONGEST_DENOMINATOR) return null;
  }
  return { nums: vector.map((entry) => (entry.den === den ? entry.num : entry.num * (den / entry.den))), den };
}

import { lowestBit } from '../numbers/bits.js';
import { approximate, fromFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { FloatFormat } from '../numbers/format.js';
import type { Interval } from '../numbers/interval.js';
import { dot, Rational, sum } from '../numbers/rational.js';
import { exactRidge, intervalRidge } from './piecewise-linear.js';
import type { Ridge, RidgePart } from './ridges.js';

const R = doubleIntervals;

/** How the device rounds, as in `rounded`. */
export interface DeviceRounding {
  readonly format: FloatFormat;
  readonly unit: Interval;
  readonly underflow: Interval;
  gamma(n: number): Interval;
  /** The interval, where all its numbers are within the format's range. */
  checked(x: Interval): Interval;
  widened(x: Interval, by: Interval): Interval;
  round(x: Interval): Interval;
  /** What the device holds of a weight. */
  held(value: Rational): Interval;
}

/**
 * A layer of n ReLUs of single numbers with its readout, as a device computes it, in the time of a look-up: the same model as
 * unit by unit, with the sums of all units from prefix sums over their knots instead of one after the other.
 *
 * With m the size of the entry that unit k sees, its value is off by at most
 *   e_k = (2 u + u^2) |fan_k| m + u |bias_k| + (2 + u) eta,
 * and by nothing where products and sums stay on a grid that the format holds. All partial sums of the readout are at most
 * the larger of its positive and its negative part, and there are n - 1 of them: u (1 + gamma_n) times ((n - 1) of these
 * parts + sum |readout_k h_k|) bounds what rounding adds, beside 2 n eta (1 + gamma_n).
 *
 * Null where the device may hold some weight as one of two numbers.
 */
export function roundedRidge(ridge: Ridge, device: DeviceRounding): ((row: readonly Interval[]) => Interval[]) | null {
  const held = heldRidge(ridge, device);
  if (!held) return null;
  const columns = ridge.offset.length;
  const n = held.parts.reduce((count, { fan }) => count + fan.length, 0);
  const signed = intervalRidge(R, bySign(held));
  const exactly = exactRidge({ ...held, offset: ridge.offset.map(() => Rational.zero) });
  const parts = held.parts.map(partSizes);
  const offsets = held.offset.map(R.of);
  const { gamma, checked, widened, round, unit, underflow, format } = device;
  return (row) => {
    const twice = R.mul(TWO, unit);
    let finest: number[] | null = new Array<number>(columns).fill(Number.POSITIVE_INFINITY);
    let own = ridge.offset.map(() => R.zero);
    for (const { entry, fan, bias, fanGrid, biasGrid, readoutGrids, sums } of parts) {
      const size = R.abs(row[entry]);
      const largest = R.add(R.mul(fan, size), bias);
      checked(R.add(largest, R.add(R.mul(R.add(twice, R.sqr(unit)), largest), R.mul(TWO, underflow))));
      const grid = gridOf(row[entry], fanGrid, biasGrid);
      if (grid !== null && isHeldOn(grid, largest.hi, format)) {
        finest = finest?.map((least, j) => Math.min(least, grid + readoutGrids[j])) ?? null;
        continue;
      }
      finest = null;
      own = own.map((error, j) => {
        const moved = R.mul(R.mul(R.add(twice, R.sqr(unit)), size), sums[j].fan);
        const shifted = R.add(R.mul(unit, sums[j].bias), R.mul(R.mul(R.add(TWO, unit), underflow), sums[j].readout));
        return R.add(error, R.add(moved, shifted));
      });
    }
    const values = signed(row);
    const exact = finest && row.every(({ lo, hi }) => lo === hi) ? exactly(row.map(({ lo }) => fromFloat(lo))) : null;
    return ridge.offset.map((_, j) => {
      const most = (value: Interval) => R.fromDoubles(Math.max(0, value.hi), Math.max(0, value.hi));
      const [up, down] = [most(values[columns + j]), most(values[2 * columns + j])];
      const size = R.add(R.add(up, down), own[j]);
      const isExact = exact && isHeldOn(finest![j], size.hi, format);
      if (isExact) return shifted(checked(R.of(exact[j])), offsets[j]);
      const g = gamma(n);
      const partial = R.mul(R.fromDoubles(n - 1, n - 1), R.add(R.max(up, down), own[j]));
      const lost = R.mul(R.mul(R.fromDoubles(2 * n, 2 * n), underflow), R.add(R.one, g));
      const rounding = R.add(R.mul(R.mul(unit, R.add(partial, size)), R.add(R.one, g)), lost);
      checked(R.add(size, rounding));
      return shifted(widened(values[j], R.add(own[j], rounding)), offsets[j]);
    });
  };

  /** A sum with 0 is exact. */
  function shifted(value: Interval, offset: Interval): Interval {
    return offset.lo === 0 && offset.hi === 0 ? value : round(R.add(value, offset));
  }
}

const TWO = R.fromDoubles(2, 2);

/** The layer with the weights that the device holds. */
function heldRidge({ input, parts, offset }: Ridge, device: DeviceRounding): Ridge | null {
  let isKnown = true;
  const of = (value: Rational): Rational => {
    const { lo, hi } = device.held(value);
    isKnown &&= lo === hi;
    return fromFloat(lo);
  };
  const all = (values: readonly Rational[]) => values.map(of);
  const held = {
    input,
    parts: parts.map(({ entry, fan, bias, columns }): RidgePart => {
      return { entry, fan: all(fan), bias: all(bias), columns: columns.map(all) };
    }),
    offset: all(offset),
  };
  return isKnown ? held : null;
}

/** Every column, then the positive parts of all, then the negative ones, without the offset. */
function bySign({ input, parts, offset }: Ridge): Ridge {
  return {
    input,
    parts: parts.map(({ columns, ...part }) => ({
      ...part,
      columns: [
        ...columns,
        ...columns.map((column) => column.map((entry) => entry.max(Rational.zero))),
        ...columns.map((column) => column.map((entry) => entry.neg().max(Rational.zero))),
      ],
    })),
    offset: [...offset, ...offset, ...offset].map(() => Rational.zero),
  };
}

/** What the error of a part needs: largest sizes, finest bits and sums of sizes over its units. */
function partSizes({ entry, fan, bias, columns }: RidgePart) {
  const above = (value: Rational) => R.of(value);
  const largest = (values: readonly Rational[]) => values.reduce((most, value) => most.max(value.abs()), Rational.zero);
  return {
    entry,
    fan: above(largest(fan)),
    bias: above(largest(bias)),
    fanGrid: finestOf(fan),
    biasGrid: finestOf(bias),
    readoutGrids: columns.map(finestOf),
    sums: columns.map((column) => {
      const sizes = column.map((value) => value.abs());
      const total = (weights: readonly Rational[]) =>
        dot(
          sizes,
          weights.map((weight) => weight.abs()),
        );
      return { fan: above(total(fan)), bias: above(total(bias)), readout: above(sum(sizes)) };
    }),
  };
}

/** All numbers are multiples of 2 to this power; infinity for zeros. The numbers are doubles. */
function finestOf(values: readonly Rational[]): number {
  return values.reduce((finest, value) => Math.min(finest, bitOf(approximate(value))), Number.POSITIVE_INFINITY);
}

function bitOf(x: number): number {
  return x === 0 ? Number.POSITIVE_INFINITY : lowestBit(x);
}

/** The grid of fan_k x + bias_k and of both summands, x a known number; null where it is not known. */
function gridOf({ lo, hi }: Interval, fanGrid: number, biasGrid: number): number | null {
  return lo === hi ? Math.min(bitOf(lo) + fanGrid, biasGrid) : null;
}

/** Whether the format holds all multiples of 2^grid up to a size, with a factor 2 to spare. */
function isHeldOn(grid: number, size: number, { precision, minExponent, maxExponent }: FloatFormat): boolean {
  return grid >= minExponent && size <= 2 ** Math.min(grid + precision - 1, maxExponent);
}

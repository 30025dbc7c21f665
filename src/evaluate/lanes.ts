import { bounds, greatestProduct, type Interval, leastProduct } from '../numbers/interval.js';
import { addDown, addUp, subDown, subUp } from '../numbers/rounding.js';
import type { Algebra } from './algebra.js';
import { type ExecutionModel, orderOf, type Softmax } from './rounded.js';
import { Terms } from './terms.js';

/**
 * A number of several executions at once, one lane for each: lower ends from place `at` on, upper ends behind them. Constants,
 * which all executions have in common, have width 1.
 */
export interface Lanes {
  readonly list: Float64Array;
  readonly at: number;
  readonly width: number;
  /** In each lane the float is p_t v, share number `index` of a softmax times a value. */
  readonly term?: Term;
}

interface Term {
  /** One of each lane. */
  readonly softmaxes: readonly Softmax[];
  readonly index: number;
  readonly value: Lanes;
}

/** Doubles that are reserved at once. */
const BLOCK = 1 << 13;

/**
 * The algebra of a model of executions for many inputs at once: a network's nodes are visited once for all of them, and the
 * numbers stand beside each other. In every lane it is the arithmetic of the model.
 */
export function inLanes({ algebra: single, sums, mean }: ExecutionModel): Algebra<Lanes> {
  let block = new Float64Array(BLOCK);
  let used = 0;
  const room = (width: number): Lanes => {
    if (used + 2 * width > block.length) {
      block = new Float64Array(Math.max(BLOCK, 2 * width));
      used = 0;
    }
    used += 2 * width;
    return { list: block, at: used - 2 * width, width };
  };
  const terms = new Terms();
  const constant = (x: Interval): Lanes => ({ list: Float64Array.of(x.lo, x.hi), at: 0, width: 1 });
  const zero = constant(single.zero);
  const one = constant(bounds(1, 1, 0));
  const isShare = ({ term }: Lanes): boolean => term?.value === one;

  /** What `put` finds in each lane of two operands. */
  const each = (
    a: Lanes,
    b: Lanes,
    put: (to: Float64Array, lower: number, upper: number, aLo: number, aHi: number, bLo: number, bHi: number) => void,
  ): Lanes => {
    const result = room(Math.max(a.width, b.width));
    const { list, at, width } = result;
    const [stepA, stepB] = [a.width === 1 ? 0 : 1, b.width === 1 ? 0 : 1];
    for (let i = 0, j = a.at, k = b.at; i < width; i++, j += stepA, k += stepB) {
      put(list, at + i, at + width + i, a.list[j], a.list[j + a.width], b.list[k], b.list[k + b.width]);
    }
    return result;
  };
  const product: Parameters<typeof each>[2] = (to, lower, upper, aLo, aHi, bLo, bHi) =>
    sums.round(to, lower, upper, leastProduct(aLo, aHi, bLo, bHi), greatestProduct(aLo, aHi, bLo, bHi));
  /** What is 0 makes a product with a share 0. */
  const shareTimes: Parameters<typeof each>[2] = (to, lower, upper, aLo, aHi, bLo, bHi) => {
    if (bLo !== 0 || bHi !== 0) return product(to, lower, upper, aLo, aHi, bLo, bHi);
    to[lower] = 0;
    to[upper] = 0;
  };

  const productSum = (a: readonly Lanes[], b: readonly Lanes[], places: readonly number[]): Lanes => {
    const result = room(Math.max(widest(a), widest(b)));
    const { list, at, width } = result;
    for (let i = 0; i < width; i++) {
      terms.length = 0;
      for (const k of places) {
        const [x, y] = [a[k], b[k]];
        const p = x.at + (x.width === 1 ? 0 : i);
        const q = y.at + (y.width === 1 ? 0 : i);
        const [xLo, xHi] = [x.list[p], x.list[p + x.width]];
        const [yLo, yHi] = [y.list[q], y.list[q + y.width]];
        if ((xLo !== 0 || xHi !== 0) && (yLo !== 0 || yHi !== 0)) terms.pushProduct(xLo, xHi, yLo, yHi);
      }
      if (terms.length > 0) sums.accumulated(list, at + i, at + width + i, terms, true);
      else list[at + i] = list[at + width + i] = 0;
    }
    return result;
  };

  /** Lane by lane as single numbers. */
  const lifted = (
    operands: readonly Lanes[],
    map: (x: readonly Interval[], lane: number) => readonly Interval[],
  ): Lanes[] => {
    const width = widest(operands);
    const kinds = [...new Set(operands)];
    const numbers = new Map(kinds.map((kind, k) => [kind, k]));
    const places = operands.map((x) => numbers.get(x)!);
    let results: Lanes[] = [];
    for (let i = 0; i < width; i++) {
      const own = kinds.map((x) => lane(x, i));
      const found = map(
        places.map((k) => own[k]),
        i,
      );
      if (i === 0) results = found.map(() => room(width));
      found.forEach(({ lo, hi }, k) => {
        const { list, at } = results[k];
        list[at + i] = lo;
        list[at + width + i] = hi;
      });
    }
    return results;
  };

  /** The sum lies in the range of a mean where its terms are all the shares of one softmax times values. */
  const asMean = (shares: readonly Lanes[], valueAt: (place: number) => Lanes, plain: Lanes): Lanes => {
    const softmaxes = shares[0].term?.softmaxes;
    if (!softmaxes) return plain;
    const own = shares.map(({ term }) => (term?.softmaxes === softmaxes ? term.index : -1));
    const order = orderOf(softmaxes[0].size, own);
    if (!order) return plain;
    const values = order.map(valueAt);
    const [result] = lifted([plain, ...values], ([sum, ...list], i) => [
      mean(softmaxes[softmaxes.length === 1 ? 0 : i], list, sum),
    ]);
    return result;
  };

  return {
    name: single.name,
    fewestUnits: single.fewestUnits,
    zero,
    sharesResults: true,
    of: (value) => constant(single.of(value)),
    add: (a, b) =>
      each(a, b, (to, lower, upper, aLo, aHi, bLo, bHi) =>
        sums.round(to, lower, upper, addDown(aLo, bLo), addUp(aHi, bHi)),
      ),
    sub: (a, b) =>
      each(a, b, (to, lower, upper, aLo, aHi, bLo, bHi) =>
        sums.round(to, lower, upper, subDown(aLo, bHi), subUp(aHi, bLo)),
      ),
    mul: (a, b) => {
      const [p, v] = isShare(b) ? [b, a] : [a, b];
      return isShare(p) ? { ...each(p, v, shareTimes), term: { ...p.term!, value: v } } : each(a, b, product);
    },
    min: (a, b) =>
      each(a, b, (to, lower, upper, aLo, aHi, bLo, bHi) => {
        to[lower] = Math.min(aLo, bLo);
        to[upper] = Math.min(aHi, bHi);
      }),
    max: (a, b) =>
      each(a, b, (to, lower, upper, aLo, aHi, bLo, bHi) => {
        to[lower] = Math.max(aLo, bLo);
        to[upper] = Math.max(aHi, bHi);
      }),
    relu: (a) => {
      if (isAtLeastZero(a)) return a;
      return each(a, zero, (to, lower, upper, lo, hi) => {
        to[lower] = Math.max(lo, 0);
        to[upper] = Math.max(hi, 0);
      });
    },
    div: (a, b) => lifted([a, b], ([x, y]) => [single.div(x, y)])[0],
    apply: (fn, a) => lifted([a], ([x]) => [single.apply(fn, x)])[0],
    power: (a, exponent) => lifted([a], ([x]) => [single.power(x, exponent)])[0],
    normalise: (x, epsilon) => lifted(x, (row) => single.normalise(row, epsilon)),
    argmax: (x) => lifted(x, (row) => [single.argmax(row)])[0],
    ridge: (ridge) => {
      const map = single.ridge!(ridge);
      return (row) => lifted(row, (x) => map(x));
    },
    sum: (summands) => {
      const result = room(widest(summands));
      const { list, at, width } = result;
      for (let i = 0; i < width; i++) {
        terms.length = 0;
        for (const x of summands) {
          const k = x.at + (x.width === 1 ? 0 : i);
          terms.push(x.list[k], x.list[k + x.width]);
        }
        sums.accumulated(list, at + i, at + width + i, terms, false);
      }
      return asMean(summands, (k) => summands[k].term!.value, result);
    },
    dot: (a, b) => {
      const own = [...a.keys()].filter((k) => !isZero(a[k]) && !isZero(b[k]));
      if (own.length === 0) return zero;
      const plain = own.length === 1 ? each(a[own[0]], b[own[0]], product) : productSum(a, b, own);
      return a.every(isShare) ? asMean(a, (k) => b[k], plain) : plain;
    },
    softmax: (z) => {
      const softmaxes: Softmax[] = [];
      const shares = lifted(z, (row, i) => {
        const found = single.softmax(row);
        softmaxes[i] = found[0].term!.softmax;
        return found;
      });
      return shares.map((share, index) => ({ ...share, term: { softmaxes, index, value: one } }));
    },
  };
}

function widest(operands: readonly Lanes[]): number {
  let width = 1;
  for (const x of operands) width = Math.max(width, x.width);
  return width;
}

function isZero({ list, at, width }: Lanes): boolean {
  return width === 1 && list[at] === 0 && list[at + 1] === 0;
}

function isAtLeastZero({ list, at, width }: Lanes): boolean {
  for (let k = at; k < at + width; k++) if (list[k] < 0) return false;
  return true;
}

/** The interval in lane number `i`. */
export function lane({ list, at, width }: Lanes, i: number): Interval {
  const k = at + (width === 1 ? 0 : i);
  return bounds(list[k], list[k + width], 0);
}

/** Single numbers beside each other. */
export function beside(entries: readonly Interval[]): Lanes {
  const [lo, hi] = [entries.map((x) => x.lo), entries.map((x) => x.hi)];
  return { list: Float64Array.from([...lo, ...hi]), at: 0, width: entries.length };
}

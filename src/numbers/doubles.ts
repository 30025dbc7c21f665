import type { Arithmetic } from './arithmetic.js';
import { fromFloat } from './convert.js';
import type { Interval } from './interval.js';
import * as basic from './interval.js';
import * as functions from './interval-functions.js';
import * as sums from './interval-sums.js';

/** Rigorous numbers on doubles: the first rung, a few tens of nanoseconds per operation. */
export const doubleIntervals: Arithmetic<Interval> = {
  name: 'float64',
  precision: 53,

  empty: basic.EMPTY,
  entire: basic.ENTIRE,
  zero: basic.ZERO,
  one: basic.ONE,

  of: sums.enclose,
  between: (lo, hi) => {
    if (hi.lt(lo)) throw new RangeError(`[${lo}, ${hi}] is not an interval`);
    return basic.hull(sums.enclose(lo), sums.enclose(hi));
  },
  fromDoubles: basic.interval,

  lower: (x) => finite(nonEmpty(x).lo),
  upper: (x) => finite(nonEmpty(x).hi),
  outer: (x) => x,
  isEmpty: basic.isEmpty,
  mark: (x) => x.mark,
  marked: (x, mark) => basic.bounds(x.lo, x.hi, x.mark | mark),

  less: basic.less,
  atMost: basic.atMost,

  neg: basic.neg,
  abs: basic.abs,
  sqr: basic.sqr,
  sqrt: functions.sqrt,
  exp: functions.exp,
  log: functions.log,
  sin: functions.sin,
  cos: functions.cos,
  tanh: functions.tanh,
  erf: functions.erf,
  lambertW: functions.lambertW,

  add: basic.add,
  sub: basic.sub,
  mul: basic.mul,
  div: basic.div,
  min: basic.min,
  max: basic.max,

  pown: functions.pown,
  pow: functions.pow,

  hull: basic.hull,
  intersect: basic.intersect,

  sum: sums.sum,
  dot: sums.dot,
  affine: sums.affine,
};

function nonEmpty(x: Interval): Interval {
  if (basic.isEmpty(x)) throw new RangeError('the empty interval has no bounds');
  return x;
}

function finite(bound: number) {
  return Number.isFinite(bound) ? fromFloat(bound) : undefined;
}

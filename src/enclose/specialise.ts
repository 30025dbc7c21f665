import { PARTIAL } from '../numbers/arithmetic.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import * as E from '../symbolic/index.js';

const CALCULUS = E.intervals(doubleIntervals);

/**
 * The expression as it is on a box: arguments of max and min that never win there are dropped, |u| becomes u or -u
 * where the sign of u is known. Equal to the original at every point of the box, and often affine where a network of
 * thousands of units is not.
 */
export function specialise(expression: E.Expression, box: ReadonlyMap<string, Interval>): E.Expression {
  const known = new Map<E.Expression, Known>();
  const visit = (e: E.Expression): Known => {
    const found = known.get(e);
    if (found) return found;
    const result = rebuild(e, E.children(e).map(visit), box);
    known.set(e, result);
    return result;
  };
  return visit(expression).expression;
}

interface Known {
  readonly expression: E.Expression;
  readonly range: Interval;
}

function rebuild(e: E.Expression, parts: readonly Known[], box: ReadonlyMap<string, Interval>): Known {
  const R = doubleIntervals;
  const before = E.children(e);
  const changed = parts.some((part, i) => part.expression !== before[i]);
  const ranges = parts.map((part) => part.range);
  const args = parts.map((part) => part.expression);
  switch (e.kind) {
    case 'constant':
      return { expression: e, range: R.of(e.value) };
    case 'variable':
      return { expression: e, range: box.get(e.name)! };
    case 'sum': {
      const scaled = e.terms.map(({ coefficient }, i) => R.mul(R.of(coefficient), ranges[i]));
      const range = R.sum([R.of(e.constant), ...scaled]);
      const terms = e.terms.map(({ coefficient }, i) => ({ coefficient, of: args[i] }));
      return { expression: changed ? E.combination(e.constant, terms) : e, range };
    }
    case 'product':
      return { expression: changed ? E.product(args) : e, range: ranges.reduce((a, b) => R.mul(a, b)) };
    case 'power':
      return { expression: changed ? E.power(args[0], e.exponent) : e, range: CALCULUS.pow(e.exponent)(ranges[0]) };
    case 'application':
      return decide(e, args, ranges, changed);
  }
}

function decide(e: E.Application, args: readonly E.Expression[], ranges: readonly Interval[], changed: boolean): Known {
  const R = doubleIntervals;
  const range = e.fn.enclose(R, ranges);
  const name = e.fn.name as E.FunctionName;
  const total = ranges.every((x) => (x.mark & PARTIAL) === 0);
  if (total && (name === 'max' || name === 'min')) {
    const left = contenders(name, args, ranges);
    if (left.length < args.length) return { expression: left.length === 1 ? left[0] : E.apply(name, ...left), range };
  }
  if (total && name === 'abs') {
    if (ranges[0].lo >= 0) return { expression: args[0], range };
    if (ranges[0].hi <= 0) return { expression: E.neg(args[0]), range };
  }
  return { expression: changed ? E.apply(name, ...args) : e, range };
}

/** The arguments without those that the surest winner is never behind. */
function contenders(name: 'max' | 'min', args: readonly E.Expression[], ranges: readonly Interval[]): E.Expression[] {
  const isMax = name === 'max';
  const better = (a: Interval, b: Interval) => (isMax ? a.lo > b.lo : a.hi < b.hi);
  const winner = ranges.reduce((best, range, i) => (better(range, ranges[best]) ? i : best), 0);
  const { lo, hi } = ranges[winner];
  return args.filter((_, i) => i === winner || !(isMax ? ranges[i].hi <= lo : hi <= ranges[i].lo));
}

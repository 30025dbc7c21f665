import { ballIntervals } from '../../numbers/balls.js';
import type { Ends } from '../verdict.js';
import type { Meaning } from './value.js';

const A = ballIntervals(256);

/** Interval arithmetic, exact where it is rational. Throws RangeError where there is no finite bound. */
export const ENDS: Meaning<Ends> = {
  of: (value) => ({ lo: value, hi: value }),
  sum: (terms) => terms.reduce((a, b) => ({ lo: a.lo.add(b.lo), hi: a.hi.add(b.hi) })),
  product: (a, b) => {
    const products = [a.lo, a.hi].flatMap((x) => [x.mul(b.lo), x.mul(b.hi)]);
    return { lo: products.reduce((x, y) => x.min(y)), hi: products.reduce((x, y) => x.max(y)) };
  },
  inverse: ({ lo, hi }) => {
    if (lo.sign() <= 0 && hi.sign() >= 0) throw new RangeError('a division by 0');
    return { lo: hi.inverse(), hi: lo.inverse() };
  },
  call: (fn, args) => {
    if (fn === 'min') return args.reduce((a, b) => ({ lo: a.lo.min(b.lo), hi: a.hi.min(b.hi) }));
    if (fn === 'max') return args.reduce((a, b) => ({ lo: a.lo.max(b.lo), hi: a.hi.max(b.hi) }));
    const [{ lo, hi }] = args;
    const value = A[fn](A.between(lo, hi));
    const [below, above] = [A.lower(value), A.upper(value)];
    if (!below || !above || A.mark(value) !== 0) throw new RangeError(`${fn} has no finite bounds`);
    return { lo: below, hi: above };
  },
  softmax: () => {
    throw new RangeError('a softmax is not enclosed');
  },
};

/** Whether a relation holds for all values within the ends. */
export const HOLDS: Readonly<Record<string, (a: Ends, b: Ends) => boolean>> = {
  '<=': (a, b) => a.hi.le(b.lo),
  '>=': (a, b) => b.hi.le(a.lo),
  '<': (a, b) => a.hi.lt(b.lo),
  '>': (a, b) => b.hi.lt(a.lo),
  '=': (a, b) => a.lo.equals(a.hi) && b.lo.equals(b.hi) && a.lo.equals(b.lo),
};

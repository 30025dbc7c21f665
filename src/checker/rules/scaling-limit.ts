import { spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { Fraction } from '../fraction.js';
import type { Interval } from '../interval.js';
import * as I from '../interval.js';

import { fraction, index, list, record } from '../network.js';
import type { Side } from '../side.js';
import { constantMatrix } from './singular-value.js';

/**
 * Data: an output `matrix` that is a constant matrix A of positive numbers, numbers `rows` x_i > 0, and `lo`, `hi`, bounds of the entry at the
 * `place` [i, j], from 1, of its doubly stochastic scaling A* = D A E with diagonal D and E (there is one, Sinkhorn 1964); or, as
 * `quantity`, of the largest factor or difference between entries of A* and of the constant output `of`.
 *
 * Let B = x_i A_ij/sum_k x_k A_kj, whose columns sum to 1, rho be its largest row sum over the least, and theta = max A_ik A_jl/(A_jk A_il).
 * A step on rows and one on columns contract Hilbert's metric by kappa^2, kappa = (sqrt theta - 1)/(sqrt theta + 1) (Birkhoff 1957):
 * the factors of the rows are within log rho/(1 - kappa^2) of their limits, those of the columns within kappa times that, together log rho
 * (sqrt theta + 1)/2. As both matrices have the same total, ratios of entries range around 1: B rho^-p <= A* <= B rho^p for p >=
 * (sqrt theta + 1)/2.
 */
export const scalingLimit: Rule = (session, data) => {
  const { rows, ...fields } = record(data, 'the data', ['matrix', 'rows', 'quantity', 'place', 'of', 'lo', 'hi']);
  const { quantity, place, of, matrix } = fields;
  const A = constantMatrix(session, matrix);
  const x = list(rows, 'rows').map((one) => fraction(one, 'a factor of a row'));
  const isPositive = [...A.flat(), ...x].every(({ n }) => n > 0n);
  demand(isPositive && x.length === A.length && A[0].length === A.length, 'the matrix is not square and positive');
  const limit = limitOf(A, x);
  const isEntry = quantity === undefined && of === undefined;
  demand(
    isEntry || (place === undefined && ['factor', 'difference'].includes(quantity as string)),
    'it bounds nothing',
  );
  const found = isEntry ? entryAt(limit, place) : farthest(constantMatrix(session, of), limit, quantity === 'factor');
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  demand(lo.le(found.hi) && found.lo.le(hi), () => `it is between ${found.lo} and ${found.hi}`);
  demandShown(lo.le(found.lo) && found.hi.le(hi), () => `it may be ${found.lo} or ${found.hi}`);
  const what = isEntry ? `entry [${place}]` : `the largest ${quantity} between an entry of ${of} and the one`;
  return closed(
    { kind: 'scaling-limit', ...fields },
    `${what} of the doubly stochastic scaling of the matrix ${matrix} is between ${lo} and ${hi}`,
  );
};

function entryAt(limit: readonly (readonly Side[])[], place: unknown): Side {
  const [i, j, ...more] = list(place, 'the place').map((k) => index(k, limit.length + 1, 'a place') - 1);
  demand(i >= 0 && j >= 0 && more.length === 0, 'there is no such place');
  return limit[i][j];
}

type Matrix = readonly (readonly Fraction[])[];

function limitOf(A: Matrix, x: readonly Fraction[]): Side[][] {
  spend(500 * A.length * A.length);
  const weighted = A.map((row, i) => row.map((entry) => I.interval(entry.mul(x[i]))));
  const columns = A[0].map((_, j) => positive(I.inverse(weighted.map((row) => row[j]).reduce(I.add))));
  const B = weighted.map((row) => row.map((entry, j) => I.mul(entry, columns[j])));
  const sums = B.map((row) => row.reduce(I.add));
  const rho = I.mul(sums.reduce(I.max), positive(I.inverse(sums.reduce(I.min))));
  const power = I.upper(positive(I.root(I.interval(crossRatio(A))))).add(Fraction.one);
  const exponent = 1n + power.n / (2n * power.d);
  demandShown(exponent < 1n << 30n, 'the entries of the matrix are too far apart');
  const factor = I.power(rho, Number(exponent));
  const inverse = positive(I.inverse(factor));
  return B.map((row) =>
    row.map((entry) => ({ lo: I.lower(I.mul(entry, inverse)), hi: I.upper(I.mul(entry, factor)) })),
  );
}

/** What rounding leaves positive. */
function positive(value: Interval | null): Interval {
  demandShown(value !== null && value.lo > 0n, 'a number could not be enclosed');
  return value;
}

/** The largest A_ik A_jl/(A_jk A_il). */
function crossRatio(A: Matrix): Fraction {
  let theta = Fraction.one;
  for (const [i, row] of A.entries()) {
    for (const other of A.slice(0, i)) {
      const ratios = row.map((entry, k) => entry.div(other[k]));
      const [least, most] = [ratios.reduce((a, b) => a.min(b)), ratios.reduce((a, b) => a.max(b))];
      theta = theta.max(most.div(least));
    }
  }
  return theta;
}

/** Bounds of the largest b/a or a/b, or |a - b|, over all entries, with a between numbers. */
function farthest(B: Matrix, limit: readonly (readonly Side[])[], isFactor: boolean): Side {
  const fits = B.length === limit.length && B.flat().every(({ n }) => n > 0n || !isFactor);
  demand(fits && B[0].length === B.length, 'the other matrix is none of this order, or not positive');
  const apart = (a: Fraction, b: Fraction) => (isFactor ? a.div(b) : a.sub(b));
  const ends = limit.flatMap((row, i) => {
    return row.map(({ lo, hi }, j) => {
      demandShown(lo.n > 0n, 'an entry could not be enclosed');
      const b = B[i][j];
      return { lo: apart(b, hi).max(apart(lo, b)), hi: apart(b, lo).max(apart(hi, b)) };
    });
  });
  const least = isFactor ? Fraction.one : Fraction.zero;
  return ends.reduce((a, b) => ({ lo: a.lo.max(b.lo), hi: a.hi.max(b.hi) }), { lo: least, hi: least });
}

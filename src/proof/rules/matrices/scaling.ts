/**
 * The doubly stochastic scaling B* = D_x A D_y of a positive matrix (Sinkhorn), from any B = D_x A D_y whose columns sum to 1.
 *
 * Put theta = max A_ik A_jl/(A_jk A_il) and rho = the largest row sum of B over the least. A row step and a column step contract
 * Hilbert's metric by kappa^2, kappa = (sqrt theta - 1)/(sqrt theta + 1) (Birkhoff 1957), so that
 *     d(x, x*) <= log rho/(1 - kappa^2),   d(y, y*) <= kappa d(x, x*),
 * and the sum is at most log rho (sqrt theta + 1)/2. Both matrices have the total n, so the ratios of their entries range around
 * 1: for p >= (sqrt theta + 1)/2
 *     B rho^-p <= B* <= B rho^p,   entry by entry.
 * No logarithm is needed: p is the least integer with (2p - 1)^2 >= theta. B* itself is enclosed by the same certificate for
 * scalings from floats that have converged.
 */
import type { Network } from '../../../network/network.js';
import { bitLength } from '../../../numbers/bits.js';
import { approximate, fromFloat } from '../../../numbers/convert.js';
import { Rational, sum } from '../../../numbers/rational.js';
import type { RationalMatrix } from '../../../numbers/rational-matrix.js';
import { integerRoot } from '../../../numbers/root.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { certified, mint, type Outcome, open } from '../../fact.js';
import { type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Enclosure, Ends } from '../../verdict.js';
import { matrixOf } from './object.js';

export const scalingLimit: Rule = {
  id: 'scaling-limit',
  tex: 'B \\rho^{-p} \\le B^* \\le B \\rho^{p}, \\quad (2p - 1)^2 \\ge \\theta',
};

const SUBJECTS = {
  factor: 'the largest factor between an entry of B and of the doubly stochastic scaling of A',
  error: 'the largest difference between an entry of B and of the doubly stochastic scaling of A',
};

export function scalingSentence(kind: keyof typeof SUBJECTS, bounds: Partial<Enclosure> | null): Sentence {
  return special(SUBJECTS[kind], bounds ?? { asked: true });
}

/** An entry of the scaling itself, counted from 1. */
export function scaledEntrySentence(i: number, j: number, bounds: Partial<Enclosure> | null): Sentence {
  return special(
    `entry [${i}, ${j}] of the doubly stochastic scaling of A`,
    bounds ?? { asked: true },
    `B^*_{${i}${j}}`,
  );
}

/** What is known of B* and of B's distance from it. */
export interface Scaling {
  readonly theta: Rational;
  /** The exponent that the certificate takes. */
  readonly p: number;
  readonly rho: Rational;
}

/** theta and the least p with (2p - 1)^2 >= theta. Throws RangeError for entries that are not positive. */
function crossRatio(A: RationalMatrix): { readonly theta: Rational; readonly p: number } {
  if (A.some((row) => row.some((entry) => entry.sign() <= 0))) throw new RangeError('an entry that is not positive');
  let theta = Rational.one;
  for (const row of A) {
    for (const other of A) {
      const ratios = row.map((entry, k) => entry.div(other[k]));
      const [least, most] = ratios.reduce(([a, b], ratio) => [a.min(ratio), b.max(ratio)], [ratios[0], ratios[0]]);
      theta = theta.max(most.div(least));
    }
  }
  // 2p - 1 is whole: its square is at least theta where it is at least theta rounded up.
  const ceiling = theta.ceil();
  const root = integerRoot(ceiling, 2);
  const least = root * root < ceiling ? root + 1n : root;
  return { theta, p: Number((least + 2n) / 2n) };
}

/** What a power of a number of many digits may have of them; above, it is rounded. */
const MOST_DIGITS = 100_000;
const LARGEST_EXPONENT = 2 ** 30;

/** rho^p for rho >= 1, or a number above it where that is long; null where it is too large to be of any use. */
function powerAbove(rho: Rational, p: number): Rational | null {
  if (p * (bitLength(rho.num) + bitLength(rho.den)) <= MOST_DIGITS) return rho.pow(p);
  if (p > LARGEST_EXPONENT || Rational.of(MOST_DIGITS).lt(rho.sub(Rational.one).mul(Rational.of(p)))) return null;
  const up = (value: Rational) => roundedTo(value, 4 * BITS, 'up');
  let [power, square] = [Rational.one, up(rho)];
  for (let rest = p; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = up(power.mul(square));
    square = up(square.mul(square));
  }
  return power;
}

/** Largest row sum over the least. */
function rowRatio(B: RationalMatrix): Rational {
  const sums = B.map((row) => sum(row));
  return sums.reduce((a, b) => a.max(b)).div(sums.reduce((a, b) => a.min(b)));
}

/** Facts about the matrices A and B of an object: the entries on the diagonal of B*, and B's distance from it. */
export function proveScaling(object: Network): Outcome<Scaling>[] {
  const [A, B] = [matrixOf(object, 'A'), matrixOf(object, 'B')];
  const fault = faultOf(A, B);
  if (fault) return [open(scalingLimit, 'scaling', SUBJECTS.factor, fault)];
  const { theta, p } = crossRatio(A);
  const rho = rowRatio(B);
  const found = { theta, p, rho };
  const enclosed = enclosedLimit(A, p);
  if (!enclosed) return [open(scalingLimit, 'scaling', SUBJECTS.factor, 'the entries of A are too far apart')];
  const { limit, rows } = enclosed;
  const base = { rule: scalingLimit, network: object, domain: null, found };
  const checked = (what: Quantity, { lo, hi }: Ends) =>
    certified(
      () => ({ kind: 'scaling-limit', matrix: 'A', ...what, lo: `${lo}`, hi: `${hi}` }),
      () => ({ rows: rows.map(String) }),
    );
  const entries = limit.map((row, i) => {
    const enclosure = row[i];
    const says = scaledEntrySentence(i + 1, i + 1, enclosure);
    const place = [i + 1, i + 1] as const;
    return mint({ ...base, id: `entry${i + 1}`, says, enclosure, ...checked({ place }, enclosure) });
  });
  const [factor, error] = distances(B, limit);
  const byRows = { lo: factor.lo, hi: factor.hi.min(rho.pow(p)) };
  return [
    ...entries,
    mint({
      ...{ ...base, id: 'factor', says: scalingSentence('factor', byRows), enclosure: byRows },
      ...(factor.hi.equals(byRows.hi) && checked({ quantity: 'factor', of: 'B' }, factor)),
    }),
    mint({
      ...{ ...base, id: 'error', says: scalingSentence('error', error), enclosure: error },
      ...checked({ quantity: 'difference', of: 'B' }, error),
    }),
  ];
}

type Quantity =
  | { readonly place: readonly [number, number] }
  | { readonly quantity: 'factor' | 'difference'; readonly of: string };

/** Why the lemma does not apply; null when it does. */
function faultOf(A: RationalMatrix, B: RationalMatrix): string | null {
  const n = A.length;
  if (n < 2 || A[0].length !== n || B.length !== n || B[0].length !== n)
    return 'A and B are not square matrices of one order';
  if ([A, B].some((matrix) => matrix.some((row) => row.some((entry) => entry.sign() <= 0))))
    return 'an entry is not positive';
  const factor = A.map((row, i) => row.map((entry, j) => B[i][j].div(entry)));
  const isScaling = factor.every((row, i) =>
    row.every((f, j) => f.mul(factor[0][0]).equals(factor[i][0].mul(factor[0][j]))),
  );
  if (!isScaling) return 'B is not A with its rows and columns scaled';
  const column = A.findIndex((_, j) => !sum(B.map((row) => row[j])).equals(Rational.one));
  return column < 0 ? null : `column ${column + 1} of B does not sum to 1`;
}

const MOST_STEPS = 100_000;
const BITS = 64;

/** Enclosures of the entries of B*, by the certificate for scalings that floats give: these are the factors of the rows. Null where
 * those are no numbers, or of no use. */
function enclosedLimit(A: RationalMatrix, p: number) {
  const floats = convergedScaling(A.map((row) => row.map(approximate)));
  if (!floats.every((factor) => factor > 0 && factor < Number.POSITIVE_INFINITY)) return null;
  const x = floats.map(fromFloat);
  const totals = A[0].map((_, j) => sum(A.map((row, i) => row[j].mul(x[i]))));
  const B = A.map((row, i) => row.map((entry, j) => entry.mul(x[i]).div(totals[j])));
  const factor = powerAbove(rowRatio(B), p);
  if (!factor) return null;
  const limit = B.map((row) =>
    row.map((entry) => ({
      lo: roundedTo(entry.div(factor), BITS, 'down'),
      hi: roundedTo(entry.mul(factor), BITS, 'up'),
    })),
  );
  return { limit, rows: x };
}

/** Row factors after steps in floats that change nothing any more. */
function convergedScaling(A: readonly (readonly number[])[]): number[] {
  const n = A.length;
  let x = new Array<number>(n).fill(1);
  for (let step = 0; step < MOST_STEPS; step++) {
    const y = A[0].map((_, j) => 1 / A.reduce((total, row, i) => total + row[j] * x[i], 0));
    const next = A.map((row) => 1 / row.reduce((total, entry, j) => total + entry * y[j], 0));
    const change = Math.max(...next.map((value, i) => Math.abs(value / x[i] - 1)));
    x = next;
    if (change < 2 ** -51) break;
  }
  return x;
}

/** The largest factor and the largest difference between the entries of B and of the limit, from both sides. */
function distances(B: RationalMatrix, limit: readonly (readonly Ends[])[]): readonly [factor: Ends, error: Ends] {
  let factor = { lo: Rational.one, hi: Rational.one };
  let error = { lo: Rational.zero, hi: Rational.zero };
  for (const [i, row] of B.entries()) {
    for (const [j, entry] of row.entries()) {
      const { lo, hi } = limit[i][j];
      factor = {
        lo: factor.lo.max(entry.div(hi)).max(lo.div(entry)),
        hi: factor.hi.max(entry.div(lo)).max(hi.div(entry)),
      };
      error = {
        lo: error.lo.max(entry.sub(hi)).max(lo.sub(entry)),
        hi: error.hi.max(entry.sub(lo)).max(hi.sub(entry)),
      };
    }
  }
  const rounded = ({ lo, hi }: Ends) => ({ lo: roundedTo(lo, BITS, 'down'), hi: roundedTo(hi, BITS, 'up') });
  return [rounded(factor), rounded(error)];
}

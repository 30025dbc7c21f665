/**
 * What no linear model of order m can do.
 *
 * A model of order m has responses r(t) = C' A^t B, and (r(t_i + t_j))_{i,j<k} = (C' A^{t_i})_i (A^{t_j} B)_j has rank at most m
 * for any times t_1 < ... < t_k. So with H = (d_i d_j rho(t_i + t_j)), weights d_i > 0 and E the same matrix of the errors
 * rho - r, Eckart and Young (1936) give sigma_{m+1}(H) <= ||E||_2 <= ||E||_F <= (d_1^2 + ... + d_k^2) sup_t |rho - r|:
 *     sup over t <= 2 t_k of |rho(t) - r(t)| >= sigma_{m+1}(H)/(d_1^2 + ... + d_k^2).
 * For t_i = 0, 1, ..., n - 1 and weights 1 that is sigma_{m+1}/n of the Hankel matrix; spread times say more about slow decay.
 *
 * That m + 1 singular values are at least s is shown exactly: H is rounded to multiples of 2^-b, which moves every singular
 * value by at most k 2^-b, and then as many eigenvalues are above s or below -s as the inertia of H - s I and H + s I
 * says; or, for few of many, as test vectors V show for which V'(H - s I)V is positive definite.
 */
import type { Network } from '../../../network/network.js';
import { readStateSpace } from '../../../network/state-space.js';
import { eigenvaluesAbove, isPositiveDefinite } from '../../../numbers/inertia.js';
import { Rational } from '../../../numbers/rational.js';
import { combined, multiplied, type RationalMatrix, transposed } from '../../../numbers/rational-matrix.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { attempt, demand } from '../../derivation.js';
import { certified, Fact, mint, type Outcome } from '../../fact.js';
import { type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { type Enclosure, type Ends, point } from '../../verdict.js';
import { memoryError, memoryErrorSentence, orderOf, type WorstTime } from './memory-error.js';
import { certifiedMemory, type Memory, memoryAt, memoryText } from './memory-target.js';

export const orderBarrier: Rule = {
  id: 'order-barrier',
  tex: '\\sup_{t \\le 2 t_k} |\\rho(t) - C^T A^t B| \\ge \\sigma_{m+1}(d_i d_j \\rho(t_i + t_j)) / \\textstyle\\sum_i d_i^2',
};

export const hankelValue: Rule = {
  id: 'hankel-value',
  tex: '\\#\\{k : \\sigma_k(H) > s\\} = n_+(H - s I) + n_+(-H - s I)',
};

/** Times, weights and a number that the singular value is held to; chosen in floats, decided here. */
export interface Section {
  readonly times: readonly bigint[];
  readonly weights: readonly Rational[];
  /** A number that m + 1 singular values are expected to reach. */
  readonly level: Rational;
  /**
   * Vectors, one per row, on whose span H is expected to be above the level, and those on whose span it is below minus the
   * level; null for the inertia of the whole matrix.
   */
  readonly vectors: { readonly above: RationalMatrix; readonly below: RationalMatrix } | null;
}

/** The least sup_{t <= horizon} |rho(t) - r(t)| over all linear models r of order at most m is at least a number. */
export function orderBarrierSentence(memory: Memory, m: number, horizon: bigint, least: Rational | null): Sentence {
  return special(
    `the least supremum over t <= ${horizon} of |${memoryText(memory)} - r(t)| for responses r of linear models of order at most ${m}`,
    { lo: least, asked: least === null },
    `\\inf_r \\sup_{t \\le ${horizon}} |\\rho(t) - r(t)|`,
  );
}

/**
 * Applies the rule; the bound holds for errors up to t = 2 t_k. `built` is the error of the audited network, over all times:
 * where it has at most m states, the least error is at most that.
 */
export function proveOrderBarrier(
  network: Network,
  memory: Memory,
  m: number,
  section: Section,
  built: Outcome<WorstTime>,
): Outcome {
  const { times, weights } = section;
  const k = times.length;
  if (k === 0 || weights.length !== k) throw new RangeError('a section without times, or with other weights');
  if (times.some((t, i) => t < 0n || (i > 0 && t <= times[i - 1])) || weights.some((d) => d.sign() <= 0))
    throw new RangeError('times that do not increase from 0 on, or weights that are not positive');
  const horizon = 2n * times[k - 1];
  const says = orderBarrierSentence(memory, m, horizon, null);
  return attempt({ rule: orderBarrier, id: 'barrier', statement: says.bounds[0].subject }, () => {
    const total = weights.reduce((sum, d) => sum.add(d.pow(2)), Rational.zero);
    const { lo, count } = leastOf(memory, m, section, total);
    const attained = isErrorOf(built, network, memory, m) ? built : null;
    const hi = attained?.enclosure?.hi ?? null;
    const target = certifiedMemory(memory);
    const fields = { order: m, lo: `${lo}`, ...(hi && { hi: `${hi}` }) };
    const isCheckable = attained === null || attained.conclusion !== undefined;
    return mint({
      ...{ rule: orderBarrier, id: 'barrier', domain: null, enclosure: { lo, hi }, found: count },
      network: attained ? network : null,
      says: special(says.bounds[0].subject, { lo, hi }, orderBarrier.tex),
      premises: attained ? [attained] : [],
      ...(isCheckable && {
        evidence: () => ({ target, ...certifiedSection(section), ...fields }),
        conclusion: () => ({ kind: 'order-barrier', target, ...fields, horizon: `${horizon}` }) as const,
      }),
    });
  });
}

/** A number that singular value m + 1 of a section reaches, over a total; and how many reach it. Throws Mismatch for none. */
function leastOf(memory: Memory, m: number, section: Section, total: Rational) {
  const { level, vectors } = section;
  const { H, error } = roundedHankel(memory, section);
  const count = level.sign() <= 0 ? 0 : vectors ? byVectors(H, level, vectors) : byInertia(H, level);
  const lo = roundedTo(level.sub(error).div(total), 64, 'down');
  demand(count > m && lo.sign() > 0, `${count} singular values reach ${level}, not ${m + 1}`);
  return { lo, count };
}

/** A singular value of (rho(i + j))_{i,j<n}, counted from the largest, is between two numbers. */
export function singularValueSentence(
  memory: Memory,
  n: number,
  k: number,
  bounds: Partial<Enclosure> | null,
): Sentence {
  const subject = `singular value ${k} of the Hankel matrix of order ${n} of ${memoryText(memory)}`;
  return special(subject, bounds ?? { asked: true }, `\\sigma_{${k}}(H_{${n}})`);
}

/** Relative width of the enclosure of a singular value. */
const SHARP = Rational.of(1, 4 * 10 ** 6);

/** Bounds of a singular value of the whole Hankel section, near a level, by the inertia of H +- s I at both ends. */
export function proveSingularValue(memory: Memory, m: number, section: Section): Outcome {
  const n = section.times.length;
  const { subject } = singularValueSentence(memory, n, m + 1, null).bounds[0];
  return attempt({ rule: orderBarrier, id: 'section', statement: subject }, () => {
    demand(isPlain(section), 'the section is not the plain Hankel matrix');
    const { H, error } = roundedHankel(memory, section);
    const ends = [section.level, section.level.mul(Rational.one.add(SHARP))];
    const [reach, exceed] = ends.map((s) => byInertia(H, s));
    const isFound = reach > m && exceed <= m;
    demand(isFound, `${reach} singular values reach ${section.level}, ${exceed} exceed it by far`);
    const enclosure = { lo: roundedTo(ends[0].sub(error), 64, 'down'), hi: roundedTo(ends[1].add(error), 64, 'up') };
    return hankelFact('section', memory, n, m + 1, enclosure);
  });
}

/** For where it was shown: singular value k of the Hankel matrix of order n lies between two numbers. */
function hankelFact(id: string, memory: Memory, n: number, k: number, enclosure: Ends): Fact<null> {
  const ends = { lo: `${enclosure.lo}`, hi: `${enclosure.hi}` };
  return mint({
    ...{ rule: hankelValue, id, network: null, domain: null, found: null, enclosure },
    says: singularValueSentence(memory, n, k, enclosure),
    ...certified(() => ({ kind: 'hankel-value', target: certifiedMemory(memory), n, k, ...ends })),
  });
}

/** Whether a section is the Hankel matrix of the first values itself. */
function isPlain({ times, weights }: Pick<Section, 'times' | 'weights'>): boolean {
  return times.every((t, i) => t === BigInt(i)) && weights.every((d) => d.equals(Rational.one));
}

/** How many singular values of the Hankel matrix of order n are above a level. */
export function singularCountSentence(memory: Memory, n: number, level: Rational, count: number | null): Sentence {
  const subject = `the number of singular values above ${level} of the Hankel matrix of order ${n} of ${memoryText(memory)}`;
  const exact = count === null ? { asked: true } : point(Rational.of(count));
  return special(subject, exact, `\\#\\{k : \\sigma_k(H_{${n}}) > ${level}\\}`);
}

/** Counts them: exactly, when no singular value is so close to the level that the rounding of H could decide. */
export function proveSingularCount(memory: Memory, { times, weights }: Section, level: Rational): Outcome {
  const n = times.length;
  const statement = singularCountSentence(memory, n, level, null).text;
  return attempt({ rule: orderBarrier, id: 'count', statement }, () => {
    const { H, error } = roundedHankel(memory, { times, weights, level });
    // The rounding of H moves singular values by less than one error; the other one is room for a check.
    const margin = error.add(error);
    const [above, reach] = [level.add(margin), level.sub(margin)].map((s) => byInertia(H, s));
    demand(above === reach && isPlain({ times, weights }), `${above} or ${reach}`);
    // Singular value k is above the level, and singular value k + 1 is not: there are k above it.
    const most = H.flat().reduce((sum, entry) => sum.add(entry.abs()), error);
    const premises = [
      { k: above, lo: level.add(error.mul(Rational.of(1, 2))), hi: roundedTo(most, 64, 'up') },
      { k: above + 1, lo: Rational.zero, hi: level },
    ].flatMap(({ k, ...ends }) => (k >= 1 && k <= n ? [hankelFact(`value${k}`, memory, n, k, ends)] : []));
    return mint({
      ...{ rule: orderBarrier, id: 'count', network: null, domain: null, premises, found: above },
      says: singularCountSentence(memory, n, level, above),
      enclosure: point(Rational.of(above)),
      conclusion: (claimed) => ({ kind: 'all', of: premises.map(({ conclusion }) => conclusion!(claimed)) }),
    });
  });
}

/**
 * The least H-infinity error of linear models of order m is at least sigma_(m+1) of any Hankel section: the norm of the
 * infinite Hankel matrix of the errors is at most that of the symbol (Nehari 1957).
 */
export function normBarrierSentence(memory: Memory, m: number, least: Rational | null): Sentence {
  const subject = `the least H-infinity error of linear models of order at most ${m} for ${memoryText(memory)}`;
  return special(subject, { lo: least }, '\\inf \\|\\hat G - G\\|_\\infty');
}

export function proveNormBarrier(memory: Memory, m: number, section: Section): Outcome {
  const { subject } = normBarrierSentence(memory, m, null).bounds[0];
  return attempt({ rule: orderBarrier, id: 'norm', statement: subject }, () => {
    demand(
      section.weights.every((d) => d.le(Rational.one)),
      'a weight is above 1',
    );
    const { lo, count } = leastOf(memory, m, section, Rational.one);
    const fields = { target: certifiedMemory(memory), order: m, lo: `${lo}`, norm: 'H-infinity' } as const;
    return mint({
      ...{ rule: orderBarrier, id: 'norm', network: null, domain: null, found: count },
      ...{ says: normBarrierSentence(memory, m, lo), enclosure: { lo, hi: null } },
      ...certified(
        () => ({ kind: 'order-barrier', ...fields }),
        () => certifiedSection(section),
      ),
    });
  });
}

/** Times, weights, and vectors as rows of integers: what spans the same. */
function certifiedSection({ times, weights, vectors }: Section) {
  const integers = (row: readonly Rational[]) => {
    const common = row.reduce((most, { den }) => (den > most ? den : most), 1n);
    return row.map(({ num, den }) => `${num * (common / den)}`);
  };
  const rows = vectors && [vectors.above, vectors.below].map((matrix) => matrix.map(integers));
  return { times: times.map(String), weights: weights.map(String), ...(rows && { vectors: rows }) };
}

function isErrorOf(built: Outcome, network: Network, memory: Memory, m: number): built is Fact {
  if (!Fact.isGenuine(built) || built.rule !== memoryError || built.network !== network) return false;
  const model = readStateSpace(network);
  const isSame = built.sentence?.bounds[0].subject === memoryErrorSentence(memory, null).bounds[0].subject;
  return isSame && typeof model !== 'string' && model.layers.length === 1 && orderOf(model) <= m;
}

/** Enough binary digits that the rounding of H does not matter for a level. */
const SPARE_BITS = 40;

function roundedHankel(memory: Memory, { times, weights, level }: Omit<Section, 'vectors'>) {
  const bits = SPARE_BITS + Math.max(0, Math.ceil(-Math.log2(Number(level.num) / Number(level.den) || 2 ** -900)));
  const unit = Rational.pow2(-bits);
  const values = new Map<bigint, Rational>();
  let spread = Rational.zero;
  const at = (t: bigint) => {
    const known = values.get(t);
    if (known) return known;
    const { lo, hi } = memoryAt(memory, t, bits + 32);
    spread = spread.max(hi.sub(lo));
    values.set(t, lo);
    return lo;
  };
  const H = times.map((s, i) =>
    times.map((t, j) =>
      Rational.of(
        at(s + t)
          .mul(weights[i].mul(weights[j]))
          .div(unit)
          .floor(),
      ).mul(unit),
    ),
  );
  const largest = weights.reduce((a, b) => a.max(b));
  return { H, error: unit.add(spread.mul(largest.pow(2))).mul(Rational.of(times.length)) };
}

function byInertia(H: RationalMatrix, level: Rational): number {
  return eigenvaluesAbove(H, level) + eigenvaluesAbove(negated(H), level);
}

function byVectors(H: RationalMatrix, level: Rational, { above, below }: NonNullable<Section['vectors']>): number {
  const count = (matrix: RationalMatrix, V: RationalMatrix) => {
    if (V.length === 0) return 0;
    const form = combined(multiplied(multiplied(V, matrix), transposed(V)), level.neg(), multiplied(V, transposed(V)));
    return isPositiveDefinite(form) ? V.length : 0;
  };
  return count(H, above) + count(negated(H), below);
}

function negated(H: RationalMatrix): RationalMatrix {
  return H.map((row) => row.map((entry) => entry.neg()));
}

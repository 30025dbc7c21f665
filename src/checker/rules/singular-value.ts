import { spend } from '../budget.js';
import { closed, type Premises, type Rule } from '../fact.js';
import { demand } from '../failure.js';
import { bitsOf, costOfProduct, Fraction } from '../fraction.js';
import { type IntegerMatrix, positiveEigenvalues } from '../inertia.js';
import * as I from '../interval.js';
import { type MemoryFunction, readMemoryFunction } from '../memory-function.js';
import { fraction, index, list, record, string } from '../network.js';
import { lcm } from '../recurrences.js';
import type { Session } from '../session.js';

const LARGEST = 2 ** 10;

/** How many singular values reach s, rounded up, or exceed it, rounded down. */
type Count = (s: Fraction, rounded: 'up' | 'down') => number;

/**
 * lo <= sigma_k <= hi: at least k singular values reach lo, unless that is 0, and fewer than k exceed hi. What they are counted of
 * may have singular values that are off by `error`.
 */
function demandBetween(k: number, lo: Fraction, hi: Fraction, error: Fraction, above: Count): void {
  demand(k >= 1 && lo.le(hi) && lo.n >= 0n && error.le(hi), 'the ends are none of a singular value');
  const [reach, exceed] = [lo.isZero ? k : above(lo.add(error), 'up'), above(hi.sub(error), 'down')];
  demand(reach >= k && exceed < k, () => `${reach} singular values reach ${lo}, ${exceed} exceed ${hi}`);
}

/** The rows of an output that is a constant matrix. */
export function constantMatrix(session: Session, output: unknown): Fraction[][] {
  const node = session.output(output);
  const { shape } = session.network.nodes[node];
  const { forms } = session.between([], node);
  demand(shape.length === 2 && forms.every(({ terms }) => terms.size === 0), 'the output is no constant matrix');
  const [rows, columns] = shape;
  const row = (i: number) => forms.slice(i * columns, (i + 1) * columns).map(({ constant }) => constant);
  return Array.from({ length: rows }, (_, i) => row(i));
}

/** Data: an `output` that is a constant matrix M, `k`, `lo` and `hi`. As many singular values exceed s as M'M - s^2 I has positive eigenvalues. */
export const singularValue: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'k', 'lo', 'hi']);
  const M = constantMatrix(session, fields.output);
  const [rows, columns] = [M.length, M[0].length];
  const common = M.flat().reduce((l, { d }) => lcm(l, d), 1n);
  const at = (i: number, j: number) => M[i][j].n * (common / M[i][j].d);
  const bits = M.flat().reduce((most, entry) => Math.max(most, entry.bits), bitsOf(common));
  spend(columns * columns * rows * (20 + costOfProduct(bits, bits)));
  const gram = square(columns, (p, q) =>
    Array.from({ length: rows }, (_, i) => at(i, p) * at(i, q)).reduce((a, b) => a + b),
  );
  const above = ({ n, d }: Fraction) => positiveEigenvalues(shifted(gram, d * d, n * n * common * common));
  const [k, lo, hi] = [index(fields.k, columns + 1, 'k'), fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  demandBetween(k, lo, hi, Fraction.zero, above);
  return closed(
    { kind: 'singular-value', ...fields },
    `singular value ${k} of the ${rows} x ${columns} matrix ${fields.output} is between ${lo} and ${hi}`,
  );
};

/** Data: a memory function (`target`), the order `n` of its Hankel matrix (rho(i + j)), i, j < n, `k`, `lo` and `hi`. */
export const hankelValue: Rule = (_, data) => {
  const fields = record(data, 'the data', ['target', 'n', 'k', 'lo', 'hi']);
  const n = index(fields.n, LARGEST, 'n');
  const k = index(fields.k, n + 1, 'k');
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const target = readMemoryFunction(fields.target);
  const times = Array.from({ length: n }, (_, i) => BigInt(i));
  const section = sectionOf(
    target,
    times,
    times.map(() => Fraction.one),
    lo.n > 0n ? lo : hi,
  );
  demandBetween(k, lo, hi, section.error, (s, rounded) => counted(section, s, rounded));
  return closed(
    { kind: 'hankel-value', ...fields },
    `singular value ${k} of the Hankel matrix (rho(i + j)), 0 <= i, j < ${n}, of rho(t) = ${target.text} is between ${lo} and ${hi}`,
  );
};

/**
 * Data: a memory function (`target`), an `order` m, `times` t_i and `weights` d_i > 0, a number `lo` and possibly `hi` or a `norm`.
 * Responses of models of order m have Hankel sections of rank m, so that (Eckart and Young 1936) sigma_(m+1)(d_i d_j rho(t_i + t_j))
 * <= (sum d_i^2) sup |rho - r| over times up to 2 t_n. It is at most the largest d_i^2 times the norm of the Hankel matrix of rho - r, and that
 * norm is at most the largest modulus of sum_t (rho(t) - r(t)) w^t on the unit circle (Nehari 1957), for the norm `H-infinity`.
 * With `vectors`, two lists of rows of integers, the section is only looked at on the spans of either: above a level on the
 * first, and below minus it on the second, it has as many singular values beyond as there are rows.
 * Premise, with `hi`: the distance of the network's response, of at most m states.
 */
export const orderBarrier: Rule = (_, data, premises) => {
  const {
    times: listed,
    weights: given,
    vectors,
    ...fields
  } = record(data, 'the data', ['target', 'order', 'times', 'weights', 'vectors', 'lo', 'hi', 'norm']);
  const [m, lo] = [index(fields.order, LARGEST, 'the order'), fraction(fields.lo, 'lo')];
  const times = list(listed, 'times').map((time) => BigInt(digits(time)));
  const weights = list(given, 'weights').map((weight) => fraction(weight, 'a weight'));
  const increases = times.every((t, i) => i === 0 || times[i - 1] < t);
  demand(
    increases && times.length > 0 && times.length === weights.length && weights.every(({ n }) => n > 0n),
    'the times do not increase, or a weight is not positive',
  );
  const target = readMemoryFunction(fields.target);
  const isNorm = fields.norm === 'H-infinity';
  demand(fields.norm === undefined || (isNorm && fields.hi === undefined), 'there is no such norm');
  const squared = weights.map((d) => d.mul(d));
  const total = squared.reduce((sum, d) => (isNorm ? sum.max(d) : sum.add(d)), Fraction.zero);
  const section = sectionOf(target, times, weights, lo.mul(total));
  const level = lo.mul(total).add(section.error);
  const reach = vectors === undefined ? counted(section, level, 'up') : spanned(section, level, vectors);
  demand(reach > m, () => `${reach} singular values are so large`);
  if (fields.hi !== undefined) demandAttained(premises, fields, m);
  if (isNorm) {
    const statement =
      `for every stable linear model of order at most ${m} the largest modulus on the unit circle of the difference of its transfer ` +
      `function from that of rho(t) = ${target.text} is at least ${lo}`;
    return closed({ kind: 'order-barrier', ...fields }, statement);
  }
  const horizon = 2n * times[times.length - 1];
  const most =
    fields.hi === undefined ? '' : `, and the network's, whose order is at most ${m}, by at most ${fields.hi}`;
  return closed(
    { kind: 'order-barrier', ...fields, horizon: `${horizon}` },
    `every response r of a linear model of order at most ${m} is off rho(t) = ${target.text} by at least ${lo} at some t <= ${horizon}${most}`,
  );
};

function demandAttained({ closed }: Premises, { target, hi }: Readonly<Record<string, unknown>>, m: number): void {
  const [premise] = closed;
  const found = premise?.conclusion as Readonly<Record<string, unknown>> | undefined;
  const isSame = found?.kind === 'response-distance' && JSON.stringify(found.target) === JSON.stringify(target);
  demand(isSame && (found.states as number) <= m, 'the premise is no distance of such a model');
  demand(fraction(found.hi, 'hi').le(fraction(hi, 'hi')), 'the model is farther off');
}

function digits(value: unknown): string {
  const text = string(value, 'a time');
  demand(/^\d{1,60}$/.test(text), 'a time is no natural number');
  return text;
}

/** (d_i d_j rho(t_i + t_j)) times a scale, rounded to integers, and how far singular values may be off by that, in units of 1. */
interface Section {
  readonly H: IntegerMatrix;
  readonly scale: bigint;
  readonly error: Fraction;
}

/** Places behind the first one of a level that matter, and the most that enclosures have in any case. */
const [PLACES, MOST_PLACES] = [48, 160];

/** A section to be compared with a positive level. */
function sectionOf(
  target: MemoryFunction,
  times: readonly bigint[],
  weights: readonly Fraction[],
  level: Fraction,
): Section {
  demand(level.n > 0n, 'the level of a singular value is not positive');
  const scale = 1n << BigInt(Math.min(PLACES + bitsOf(level.d / level.n), MOST_PLACES));
  const known = new Map<bigint, I.Interval>();
  const value = (t: bigint) => {
    let found = known.get(t);
    spend(found ? 200 : 5000);
    if (!found) known.set(t, (found = target.value(t)));
    return found;
  };
  let widest = Fraction.zero;
  const H = square(times.length, (i, j) => {
    const entry = I.mul(I.interval(weights[i].mul(weights[j])), value(times[i] + times[j]));
    const [low, high] = [I.lower(entry), I.upper(entry)];
    const rounded = floor(low.mul(Fraction.of(scale)));
    widest = widest.max(high.sub(Fraction.of(rounded, scale)));
    return rounded;
  });
  return { H, scale, error: widest.mul(Fraction.of(times.length)) };
}

/** How many singular values of a section reach or exceed s > 0: those of a symmetric matrix are the moduli of its eigenvalues. */
function counted({ H, scale }: Section, s: Fraction, rounded: 'up' | 'down'): number {
  const level = s.mul(Fraction.of(scale));
  if (rounded === 'down') {
    const exceeding = (sign: bigint) => positiveEigenvalues(shifted(H, sign, floor(level)));
    return exceeding(1n) + exceeding(-1n);
  }
  const below = (sign: bigint) => positiveEigenvalues(shifted(H, sign, floor(level.neg())));
  return 2 * H.length - below(1n) - below(-1n);
}

/** How many singular values of a section reach s > 0 by the spans of `vectors`, if the section is definite there. */
function spanned({ H, scale }: Section, s: Fraction, vectors: unknown): number {
  const level = floor(s.mul(Fraction.of(scale)).neg());
  const bits = H.flat().reduce((most, entry) => Math.max(most, bitsOf(entry)), bitsOf(level));
  const counts = list(vectors, 'vectors').map((given, k) => {
    const V = list(given, 'vectors').map((row) => list(row, 'a vector').map(short));
    demand(k < 2 && V.length <= H.length && V.every((row) => row.length === H.length), 'vectors of another length');
    spend(V.length * H.length * (H.length + V.length) * (20 + costOfProduct(bits, SHORT)));
    const M = shifted(H, k === 0 ? 1n : -1n, -level);
    const dot = (a: readonly bigint[], b: readonly bigint[]) => a.reduce((sum, x, i) => sum + x * b[i], 0n);
    const images = V.map((row) => M.map((line) => dot(line, row)));
    return positiveEigenvalues(square(V.length, (i, j) => dot(V[i], images[j])));
  });
  return counts.reduce((a, b) => a + b, 0);
}

/** Bits of the integers in vectors. */
const SHORT = 64;

function short(value: unknown): bigint {
  const text = string(value, 'an entry of a vector');
  demand(/^-?\d{1,18}$/.test(text), 'an entry of a vector is no short integer');
  return BigInt(text);
}

function square(n: number, entry: (i: number, j: number) => bigint): bigint[][] {
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));
}

/** factor A - shift I. */
function shifted(A: IntegerMatrix, factor: bigint, shift: bigint): IntegerMatrix {
  return A.map((row, i) => row.map((entry, j) => factor * entry - (i === j ? shift : 0n)));
}

function floor({ n, d }: Fraction): bigint {
  return n >= 0n ? n / d : -((d - 1n - n) / d);
}

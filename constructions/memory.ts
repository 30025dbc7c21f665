/**
 * Sums of exponentials for memory functions, and sections of their Hankel matrices. All of it in floats: what a choice is
 * worth is decided afterwards, on the numbers that were chosen.
 *
 * Polynomial decay: (1 + t)^-p = 1/Gamma(p) int exp(p s - (1 + t) e^s) ds over the real line. The trapezoidal rule with m nodes
 * s_k = c + (k - (m - 1)/2) h gives the poles exp(-e^(s_k)) and the weights h/Gamma(p) exp(p s_k - e^(s_k)), all positive.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import {
  approximate,
  Builder,
  fromFloat,
  Gaussian,
  inverse,
  lehmer,
  type Memory,
  memoryAt,
  type Network,
  Rational,
  roundedTo,
  type Section,
  tensor,
} from '../src/index.js';
import type { Mode } from './deep-ssm.js';
import { descend } from './descent.js';
import { fitResponse } from './fit-response.js';
import { stateSpaceNetwork } from './state-space.js';

/** One diagonal layer with B = 1 and the weights in C. */
export function memoryNetwork(modes: readonly Mode[], length: number): Network {
  const B = modes.map(() => [[0, Gaussian.one]] as const);
  const C = modes.map(({ residue }, j) => [j, residue] as const);
  return stateSpaceNetwork({ layers: [{ poles: modes.map(({ pole }) => pole), B }], C }, length, false);
}

/** Step and centre of the trapezoidal rule. */
export interface Trapezoid {
  readonly h: number;
  readonly c: number;
}

export function trapezoidModes(p: number, m: number, { h, c }: Trapezoid): Mode[] {
  return nodes(p, m, h, c).map(({ rate, weight }) => ({
    pole: new Gaussian(Rational.one.add(fromFloat(Math.expm1(-rate)))),
    residue: new Gaussian(fromFloat(weight)),
  }));
}

/** Step and centre with a least error, near those that grow and fall like the root of m. */
export function bestTrapezoid(p: number, m: number): Trapezoid {
  const error = ([h, c]: readonly number[]) => (h > 0 ? largestError(p, m, h, c) : Number.POSITIVE_INFINITY);
  const [h0, c0] = [3.25 / Math.sqrt(p * m), (-1.1 * Math.sqrt(m)) / p ** 0.85];
  const steps = (lo: number, hi: number, count: number) =>
    Array.from({ length: count }, (_, k) => lo + ((hi - lo) * k) / (count - 1));
  // The error has many local minima: a grid around the guess finds where the best of them lie.
  const grid = steps(0.75, 1.35, 15).flatMap((factor) =>
    steps(-2, 1.5, 29).map((shift) => [h0 * factor, c0 + shift * h0]),
  );
  const starts = grid.map((x) => ({ x, error: error(x) })).sort((a, b) => a.error - b.error);
  const found = starts.slice(0, m > 8 ? 4 : 16).map(({ x }) => descend(error, x, [h0 / 16, h0 / 8]));
  const [h, c] = found.reduce((a, b) => (error(b) < error(a) ? b : a));
  return { h, c };
}

function nodes(p: number, m: number, h: number, c: number) {
  const scale = h / gamma(p);
  return Array.from({ length: m }, (_, k) => {
    const s = c + (k - (m - 1) / 2) * h;
    return { rate: Math.exp(s), weight: scale * Math.exp(p * s - Math.exp(s)) };
  });
}

/** Every time up to 40, then times with a constant ratio, as far as both functions matter. */
const TIMES = [
  ...Array.from({ length: 41 }, (_, t) => t),
  ...Array.from({ length: 660 }, (_, k) => Math.round(41 * 1.05 ** k)),
];

function largestError(p: number, m: number, h: number, c: number): number {
  const sum = nodes(p, m, h, c);
  let largest = 0;
  for (const t of TIMES) {
    const target = (1 + t) ** -p;
    let value = 0;
    for (const { rate, weight } of sum) value += weight * Math.exp(-rate * t);
    largest = Math.max(largest, Math.abs(value - target));
    if (Math.max(target, value) < largest) break;
  }
  return largest;
}

/** Lanczos' approximation (g = 7, 9 terms), good to 15 digits. */
function gamma(p: number): number {
  if (p < 0.5) return Math.PI / (Math.sin(Math.PI * p) * gamma(1 - p));
  const x = p - 1;
  const sum = LANCZOS.reduce((total, term, k) => total + (k === 0 ? term : term / (x + k)), 0);
  const t = x + 7.5;
  return Math.sqrt(2 * Math.PI) * t ** (x + 0.5) * Math.exp(-t) * sum;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** m modes for a memory function, fitted to its values before a horizon. */
export function fittedModes(memory: Memory, m: number, horizon: number): Mode[] {
  const values = Array.from({ length: horizon }, (_, t) => memoryAt(memory, BigInt(t), 80).lo);
  return fitResponse(
    values.map((value) => roundedTo(value, 60, 'nearest')),
    m,
  );
}

/** Largest section whose inertia is computed whole. */
const WHOLE = 44;
/** Of the float eigenvalue, so that rounding does not decide. */
const SAFETY = 1 - 2 ** -24;
/** Vectors are rounded: what that changes of the section on their span is quadratic in it. */
const FINE = 2 ** 28;

/** The Hankel section t = 0, ..., n - 1 with weights 1. */
export function plainSection(memory: Memory, m: number, n: number): Section {
  const times = Array.from({ length: n }, (_, i) => BigInt(i));
  return (
    sectionOf(memory, m, times, new Array<number>(n).fill(1))?.section ?? smallSection(memory, times.slice(0, m + 1))
  );
}

/**
 * Few times with a constant ratio and weights (1 + t)^g, by a search for the largest bound near the ratio 1 + 4/(p^(4/5) m^(1/2)),
 * which is a good one for (1 + t)^-p.
 */
export function bestSection(memory: Memory, m: number): Section {
  const p = memory.family === 'polynomial' ? approximate(memory.p) : 1;
  const guess = 1 + 4.1 / (p ** 0.8 * Math.sqrt(m));
  const sections = [m + 1, m + 2, m + 3].flatMap((k) =>
    [0.75, 0.87, 1, 1.15, 1.3].flatMap((factor) => {
      const times = spreadTimes(k, 1 + (guess - 1) * factor);
      const last = 1 + Number(times[k - 1]);
      return [0, 0.1, 0.25].map((g) =>
        sectionOf(
          memory,
          m,
          times,
          times.map((t) => ((1 + Number(t)) / last) ** g),
        ),
      );
    }),
  );
  const found = sections.reduce((a, b) => (a && b ? (a.bound < b.bound ? b : a) : (a ?? b)));
  return found?.section ?? smallSection(memory, spreadTimes(m + 1, guess));
}

/**
 * A section of order m + 1 whose least singular value is below what doubles see: the largest eigenvalue of its inverse, which
 * is exact, is no such number.
 */
function smallSection(memory: Memory, times: readonly bigint[]): Section {
  const H = times.map((s) => times.map((t) => roundedTo(memoryAt(memory, s + t, 256).lo, 200, 'nearest')));
  const exact = inverse(H);
  const floats = exact?.map((row) => row.map(approximate));
  const largest = floats
    ? Math.max(...new EigenvalueDecomposition(new Matrix(floats), { assumeSymmetric: true }).realEigenvalues)
    : 0;
  const level = largest > 0 ? roundedTo(fromFloat(SAFETY / largest), 40, 'down') : Rational.zero;
  return { times, weights: times.map(() => Rational.one), level, vectors: null };
}

/** Times that grow by a ratio grow to this one: doubles hold it. */
const LATEST = 2 ** 1000;

function spreadTimes(count: number, ratio: number): bigint[] {
  const times = [0n];
  for (let x = 1; times.length < count; x = Math.min(x * ratio, LATEST)) {
    const next = BigInt(Math.round(x));
    times.push(next > times[times.length - 1] ? next : times[times.length - 1] + 1n);
  }
  return times;
}

function sectionOf(memory: Memory, m: number, times: readonly bigint[], factors: readonly number[]) {
  const weights = factors.map((factor) => roundedTo(fromFloat(factor), 12, 'nearest'));
  const d = weights.map(approximate);
  const value = floatValues(memory);
  const H = new Matrix(times.map((s, i) => times.map((t, j) => d[i] * d[j] * value(s + t))));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(H, { assumeSymmetric: true });
  const order = realEigenvalues
    .map((_, k) => k)
    .sort((a, b) => Math.abs(realEigenvalues[b]) - Math.abs(realEigenvalues[a]));
  const singular = Math.abs(realEigenvalues[order[m]]);
  // Eigenvalues in floats are off by some ulps of the largest one.
  const noise = 2 ** -49 * Math.abs(realEigenvalues[order[0]]);
  if (singular < 16 * noise) return null;
  const level = roundedTo(fromFloat(singular * SAFETY - noise), 40, 'down');
  const vectorsOf = (sign: number) =>
    order
      .slice(0, m + 1)
      .filter((k) => Math.sign(realEigenvalues[k]) === sign)
      .map((k) => eigenvectorMatrix.getColumn(k).map((x) => fromFloat(Math.round(x * FINE) / FINE)));
  const vectors = times.length > WHOLE ? { above: vectorsOf(1), below: vectorsOf(-1) } : null;
  const bound = (singular - noise) / d.reduce((sum, x) => sum + x * x, 0);
  return { section: { times, weights, level, vectors } satisfies Section, bound };
}

function floatValues(memory: Memory): (t: bigint) => number {
  if (memory.family === 'polynomial') return (t) => (1 + Number(t)) ** -approximate(memory.p);
  const known = new Map<bigint, number>();
  return (t) => {
    const value = known.get(t) ?? approximate(memoryAt(memory, t, 64).lo);
    known.set(t, value);
    return value;
  };
}

/** A memory function rho, at t = 0, 1, 2, ... */
type Response = (t: bigint) => Rational;

/** The values of a family, to 96 binary digits. */
export function responseOf(memory: Memory): Response {
  return (t) => memoryAt(memory, t, 96).lo;
}

const SEQUENCES = 64;
/** Binary places of the drawn inputs and of the memory function. */
const PLACES = { input: 10n, memory: 80n };

/**
 * Data for learning y_t = sum_s rho(s) x_(t-s): sequences of inputs in [-1, 1], multiples of 2^-10 drawn from the seed, with their
 * outputs, the memory function and its strength. Outputs are exact for rho rounded to 80 binary places.
 */
export function memoryData(response: Response, strength: Rational, length: number, seed: number): Network {
  const random = lehmer(seed);
  const scale = 1n << PLACES.memory;
  const rho = Array.from({ length }, (_, t) => response(BigInt(t)).mul(Rational.of(scale)).floor());
  const inputs = Array.from({ length: SEQUENCES }, () =>
    Array.from({ length }, () => BigInt(Math.floor(random() * 2049) - 1024)),
  );
  const outputs = inputs.map((x) =>
    x.map((_, t) => {
      let sum = 0n;
      for (let s = 0; s <= t; s++) sum += rho[s] * x[t - s];
      return sum;
    }),
  );
  const b = new Builder();
  const axes = { sequence: SEQUENCES, time: length };
  const table = (name: string, rows: readonly (readonly bigint[])[], den: bigint) =>
    b.constant(
      tensor(
        [SEQUENCES, length],
        rows.flat().map((value) => Rational.of(value, den)),
      ),
      name,
      'structure',
      axes,
    );
  const unit = 1n << PLACES.input;
  return b.network({
    input: table('input', inputs, unit),
    output: table('output', outputs, unit * scale),
    memory: b.constant(
      tensor(
        [length],
        rho.map((value) => Rational.of(value, scale)),
      ),
      'memory',
      'structure',
      { time: length },
    ),
    strength: b.constant(tensor([1], [strength]), 'strength', 'structure'),
  });
}

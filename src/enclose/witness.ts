import { isPast } from '../deadline.js';
import { type Arithmetic, isGuaranteed } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import { approximate, fromFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { lehmer } from '../numbers/random.js';
import type { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import type { Domain } from './box.js';
import { type Differentiable, differentiable } from './reverse.js';

/** A point of a domain and a proved lower bound of the expression there. */
export interface Witness {
  readonly point: readonly Rational[];
  readonly value: Rational;
}

export interface WitnessSearch {
  /** Random starting points beside the given ones. Default 32. */
  readonly starts?: number;
  /** Starting points that the mathematics suggests. */
  readonly hints?: readonly (readonly Rational[])[];
  readonly seed: number;
  readonly deadline?: number;
  progress?(message: string, done: number, total: number): void;
}

const STARTS = 32;
const MOST_STEPS = 200;
const POLISHED = 4;

/**
 * A point where the expression is large: projected gradient ascent on doubles from many starts, then the best few
 * points, taken as exact numbers, are evaluated in interval arithmetic. For the lower end of a supremum over a domain
 * of any dimension; what it returns is proved, however the point was found. Null when no point could be verified.
 */
export function findWitness(expression: E.Expression, domain: Domain, search: WitnessSearch): Witness | null {
  const lo = Float64Array.from(domain.lo, approximate);
  const hi = Float64Array.from(domain.hi, approximate);
  const objective = differentiable(expression, domain.variables);
  const starts = [
    ...(search.hints ?? []).map((hint) => Float64Array.from(hint, approximate)),
    ...randomStarts(lo, hi, search),
  ];
  const found: { point: Float64Array; value: number }[] = [];
  for (const [k, start] of starts.entries()) {
    if (isPast(search.deadline) && found.length > 0) break;
    search.progress?.('searching for a witness', k, starts.length);
    found.push(climb(objective, start, lo, hi));
  }
  found.sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
  const candidates = [...(search.hints ?? []), ...found.slice(0, POLISHED).map(({ point }) => inside(point, domain))];
  return verifyBest(expression, domain, candidates);
}

/** The candidate with the largest proved value. */
export function verifyBest(
  expression: E.Expression,
  domain: Domain,
  candidates: readonly (readonly Rational[])[],
): Witness | null {
  let best: Witness | null = null;
  for (const point of candidates) {
    const value = lowerBoundAt(expression, domain.variables, point);
    if (value && (!best || best.value.lt(value))) best = { point, value };
  }
  return best;
}

/** A proved lower bound of the expression at an exact point: in doubles, and more sharply where these see no sign. */
function lowerBoundAt(
  expression: E.Expression,
  variables: readonly string[],
  point: readonly Rational[],
): Rational | null {
  return (
    boundIn(doubleIntervals, expression, variables, point) ?? boundIn(ballIntervals(256), expression, variables, point)
  );
}

function boundIn<I>(
  A: Arithmetic<I>,
  expression: E.Expression,
  variables: readonly string[],
  point: readonly Rational[],
): Rational | null {
  const [value] = E.toIntervals([expression], variables, A)(point.map((x) => A.of(x)));
  if (!isGuaranteed(A, value)) return null;
  const { lo, hi } = A.outer(value);
  const isSharp = hi - lo <= 2 ** -20 * Math.max(Math.abs(lo), Math.abs(hi)) || A.precision > 53;
  return isSharp ? (A.lower(value) ?? null) : null;
}

function climb(objective: Differentiable, start: Float64Array, lo: Float64Array, hi: Float64Array) {
  const n = start.length;
  let point = start;
  const gradient = new Float64Array(n);
  let value = objective.valueAndGradient(point, gradient);
  let step = 0.25;
  for (let k = 0; k < MOST_STEPS && step > 1e-12; k++) {
    const largest = gradient.reduce((most, g, i) => Math.max(most, Math.abs(g) * (hi[i] - lo[i])), 0);
    if (!(largest > 0)) break;
    const next = point.map((x, i) =>
      Math.min(hi[i], Math.max(lo[i], x + (step * gradient[i] * (hi[i] - lo[i]) ** 2) / largest)),
    );
    const reached = objective.value(next);
    if (reached > value) {
      [point, value] = [next, objective.valueAndGradient(next, gradient)];
      step = Math.min(1, step * 1.5);
    } else step /= 3;
  }
  return { point, value: Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value };
}

/** Uniform points, every other one drawn together toward the lower corner, where differences are of another size. */
function* randomStarts(
  lo: Float64Array,
  hi: Float64Array,
  { starts = STARTS, seed }: WitnessSearch,
): Generator<Float64Array> {
  const random = lehmer(seed);
  for (let k = 0; k < starts; k++) {
    const scale = k % 2 === 0 ? 1 : 2 ** (-12 * random());
    yield lo.map((end, i) => end + (hi[i] - end) * scale * random());
  }
}

/** The doubles as exact numbers, moved into the domain where rounding left it. */
function inside(point: Float64Array, { lo, hi }: Domain): Rational[] {
  return Array.from(point, (x, i) => fromFloat(x).max(lo[i]).min(hi[i]));
}

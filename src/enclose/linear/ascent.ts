import { lehmer } from '../../numbers/random.js';
import type { Pointwise } from './pointwise.js';

/** A point of the unit box and sign * u there, in floats. */
export interface Peak {
  readonly point: Float64Array;
  readonly value: number;
}

const MOST_SAMPLES = 12;
const MOST_STEPS = 80;
const SMALLEST_RADIUS = 1e-10;

/**
 * A point near `start` where sign * u is large: gradient sampling (Burke, Lewis and Overton, 2005), which climbs along
 * kinks: the direction is the shortest vector in the hull of gradients nearby, and where it leads nowhere "nearby" shrinks.
 * Ends where it is once `isLate`.
 */
export function ascend(
  u: Pointwise,
  sign: 1 | -1,
  start: Float64Array,
  firstRadius: number,
  isLate: () => boolean = () => false,
): Peak {
  const d = start.length;
  const random = lehmer(7);
  let point = start;
  const gradients = Array.from({ length: Math.min(2 * d, MOST_SAMPLES) + 1 }, () => new Float64Array(d));
  const probe = new Float64Array(d);
  let value = sign * u.value(point);
  let radius = firstRadius;
  for (let step = 0; step < MOST_STEPS && radius > SMALLEST_RADIUS && !isLate(); step++) {
    gradients.forEach((gradient, k) => {
      for (let i = 0; i < d; i++) probe[i] = k === 0 ? point[i] : clamp(point[i] + radius * (2 * random() - 1));
      u.valueAndGradient(probe, gradient);
      for (let i = 0; i < d; i++) {
        gradient[i] *= sign;
        const isOutward = gradient[i] > 0 ? point[i] >= 1 : point[i] <= 0;
        if (isOutward) gradient[i] = 0;
      }
    });
    const direction = shortest(gradients);
    const length = direction.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    let reached = value;
    let best = point;
    if (length > 0) {
      for (let t = radius; ; t *= 2) {
        const next = point.map((x, i) => clamp(x + (t * direction[i]) / length));
        const there = sign * u.value(next);
        if (!(there > reached)) break;
        [best, reached] = [next, there];
      }
    }
    if (reached > value) [point, value] = [best, reached];
    else radius /= 5;
  }
  return { point, value };
}

function clamp(s: number): number {
  return s < 0 ? 0 : s > 1 ? 1 : s;
}

/** Nearly the shortest convex combination: weight moves from the vector farthest along it to the one least along it. */
function shortest(vectors: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(vectors[0].length);
  const weights = new Float64Array(vectors.length).fill(1 / vectors.length);
  for (const vector of vectors) for (let i = 0; i < mean.length; i++) mean[i] += vector[i] / vectors.length;
  for (let round = 0; round < 40; round++) {
    let [low, high, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    vectors.forEach((vector, k) => {
      const along = vector.reduce((sum, x, i) => sum + x * mean[i], 0);
      if (along < least) [low, least] = [k, along];
      if (weights[k] > 0 && along > most) [high, most] = [k, along];
    });
    const gap = vectors[low].reduce((sum, x, i) => sum + (x - vectors[high][i]) ** 2, 0);
    if (!(most > least) || !(gap > 0)) break;
    const moved = Math.min(weights[high], (most - least) / gap);
    weights[low] += moved;
    weights[high] -= moved;
    for (let i = 0; i < mean.length; i++) mean[i] += moved * (vectors[low][i] - vectors[high][i]);
  }
  return mean;
}

const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];

/** Coordinate i of point k of a sequence that fills the unit box evenly (Halton 1960), its bases used again beyond 12. */
export function halton(k: number, i: number): number {
  const base = PRIMES[i % PRIMES.length];
  let [fraction, scale, rest] = [0, 1 / base, k + 1 + 17 * Math.floor(i / PRIMES.length)];
  for (; rest > 0; rest = Math.floor(rest / base), scale /= base) fraction += (rest % base) * scale;
  return fraction;
}

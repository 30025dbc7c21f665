import {
  type Audit,
  type Claim,
  doubleIntervals,
  drawnTokens,
  enclosedExpectation,
  executionClaim as executionOn,
  lehmer,
  type Rational,
} from '../../../src/index.js';

/** Entries of attention matrices that the rounding analysis may visit for all samples of one format. */
const SAMPLED_ENTRIES = 20_000;
const MOST_SAMPLES = 8;

interface Drawn {
  readonly T: number;
  readonly d: number;
  place(u: Rational): Rational;
}

/** The claim `execution` of a network with one input x [T, d] and one output y, on drawn inputs with entries in a cube; or why nothing runs. */
export function executionClaim<V, D>(inputOf: (audit: Audit<V, D>) => Drawn | string): Claim<V, D> {
  return executionOn('y', (audit) => {
    const drawn = inputOf(audit);
    if (typeof drawn === 'string') return drawn;
    const { T, d, place } = drawn;
    const random = lehmer(audit.seed);
    const expected = enclosedExpectation(doubleIntervals, audit.network);
    const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(SAMPLED_ENTRIES / (T * T * d))));
    return Array.from({ length: count }, () => expected({ x: drawnTokens(random, [T, d], place) }));
  });
}

import {
  type Audit,
  type Claim,
  compile,
  convert,
  doubleIntervals,
  dyadicFraction,
  executionClaim as executionOn,
  fromFloat,
  intervalAlgebra,
  lehmer,
  type Rational,
  Tensor,
} from '../../../src/index.js';

/** Entries of attention matrices that the rounding analysis may visit for all samples of one format. */
const SAMPLED_ENTRIES = 20_000;
const MOST_SAMPLES = 8;
const SAMPLE_BITS = 8;
/** Different tokens of a sample: what a long input takes of time is mostly that of so many. */
const MOST_TOKENS = 16;

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
    const value = compile(audit.network, intervalAlgebra(doubleIntervals));
    const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(SAMPLED_ENTRIES / (T * T * d))));
    return Array.from({ length: count }, () => {
      const kinds = Array.from({ length: Math.min(T, MOST_TOKENS) }, () =>
        Array.from({ length: d }, () => place(dyadicFraction(random, SAMPLE_BITS))),
      );
      const tokens = Array.from({ length: T }, (_, t) => kinds[t] ?? kinds[Math.floor(random() * kinds.length)]);
      const input = new Tensor([T, d], tokens.flat());
      const { lo, hi } = value({ x: convert(input, doubleIntervals) }).y.dense(doubleIntervals.zero)[0];
      const [least, most] = [fromFloat(lo), fromFloat(hi)];
      return { inputs: { x: input }, expected: least, uncertainty: most.sub(least) };
    });
  });
}

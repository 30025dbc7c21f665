import type { RetrievalDesign } from '../../../constructions/multi-head.js';
import {
  type Audit,
  compile,
  convert,
  doubleIntervals,
  dyadicFraction,
  type Expectation,
  executionClaim,
  fromFloat,
  intervalAlgebra,
  lehmer,
  memoised,
  type Rational,
  type Retrieval,
  Tensor,
} from '../../../src/index.js';
import { TENSORS } from './hints.js';
import { retrievalDeviation, withPrecision } from './precision.js';

/** Entries of hidden layers that the rounding analysis may visit for all samples of one format. */
const SAMPLED_ENTRIES = 500_000;
const MOST_SAMPLES = 32;
const SAMPLE_BITS = 8;
/** Different tokens of a sample: what a long input takes of time and memory is that of so many. */
const MOST_TOKENS = 16;

/** Executions of a retrieval network, and what they may add to its error at any input. */
export const execution = executionClaim<{ readonly eps: Rational }, RetrievalDesign, Retrieval>(
  'y',
  samplesOf,
  (audit) => {
    const { network, design, params, examined } = audit;
    const bounds = examined.features?.map((feature) => feature.bounds);
    if (!bounds) return (finding) => finding;
    const deviationOf = memoised(retrievalDeviation(network, TENSORS, design.task, bounds));
    return (finding) => withPrecision(finding, audit, params.eps, deviationOf);
  },
);

function samplesOf({ network, design, seed }: Audit<unknown, RetrievalDesign>): readonly Expectation[] {
  const { T, d } = design.task;
  const units = design.nets.reduce((total, net) => total + net.units, 1);
  const random = lehmer(seed);
  const value = compile(network, intervalAlgebra(doubleIntervals));
  const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(SAMPLED_ENTRIES / (T * units))));
  return Array.from({ length: count }, () => {
    const kinds = Array.from({ length: Math.min(T, MOST_TOKENS) }, () =>
      Array.from({ length: d }, () => dyadicFraction(random, SAMPLE_BITS)),
    );
    const tokens = Array.from({ length: T }, (_, t) => kinds[t] ?? kinds[Math.floor(random() * kinds.length)]);
    const input = new Tensor([T, d], tokens.flat());
    const { lo, hi } = value({ x: convert(input, doubleIntervals) }).y.dense(doubleIntervals.zero)[0];
    const [least, most] = [fromFloat(lo), fromFloat(hi)];
    return { inputs: { x: input }, expected: least, uncertainty: most.sub(least) };
  });
}

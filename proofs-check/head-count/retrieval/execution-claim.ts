import type { RetrievalDesign } from '../../../constructions/multi-head.js';
import {
  type Audit,
  doubleIntervals,
  drawnTokens,
  type Expectation,
  enclosedExpectation,
  executionClaim,
  lehmer,
  memoised,
  type Rational,
  type Retrieval,
} from '../../../src/index.js';
import { TENSORS } from './hints.js';
import { retrievalDeviation, withPrecision } from './precision.js';

/** Entries of hidden layers that the rounding analysis may visit for all samples of one format. */
const SAMPLED_ENTRIES = 500_000;
const MOST_SAMPLES = 32;

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
  const expected = enclosedExpectation(doubleIntervals, network);
  const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(SAMPLED_ENTRIES / (T * units))));
  return Array.from({ length: count }, () => expected({ x: drawnTokens(random, [T, d]) }));
}

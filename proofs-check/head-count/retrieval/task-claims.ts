import { type TaskDesign, taskParameters } from '../../../constructions/single-head-task.js';
import {
  type Audit,
  type Claim,
  compile,
  dyadicFraction,
  type Expectation,
  exact,
  executionClaim,
  lehmer,
  memoised,
  type ProvedClaim,
  parameterClaim,
  Rational,
  Tensor,
} from '../../../src/index.js';
import { embeddingClaim } from '../memorization/embedding.js';
import { networkDeviation, withPrecision } from './precision.js';
import { taskError } from './task-error.js';

type TaskClaim = Claim<{ readonly eps: Rational | undefined }, TaskDesign>;

const embedding: ProvedClaim<{ readonly eps: Rational | undefined }, TaskDesign> = embeddingClaim(
  (_, { task }) => task,
);

const parameterCount: ProvedClaim<{ readonly eps: Rational | undefined }, TaskDesign> = parameterClaim(
  '3 T d + 3 U + D + minima + readout',
  (_, design) => Rational.of(taskParameters(design)),
);

const SAMPLES = 64;
const SAMPLE_BITS = 8;

const execution: TaskClaim = executionClaim('y', samplesOf, (audit) => {
  const { network, params } = audit;
  const { eps } = params;
  if (!eps) return (finding) => finding;
  const deviationOf = memoised((departure) => networkDeviation(network, departure));
  return (finding) => withPrecision(finding, audit, eps, deviationOf);
});

function samplesOf({
  network,
  design: { task },
  seed,
}: Audit<{ readonly eps: Rational | undefined }, TaskDesign>): readonly Expectation[] {
  const { T, d } = task;
  const random = lehmer(seed);
  const value = compile(network, exact);
  return Array.from({ length: SAMPLES }, () => {
    const x = Array.from({ length: T * d }, () => dyadicFraction(random, SAMPLE_BITS));
    const inputs = { x: new Tensor([T, d], x) };
    return { inputs, expected: value(inputs).y.dense(Rational.zero)[0] };
  });
}

/** Claims about an approximated task. */
export const TASK_CLAIMS: readonly (TaskClaim | ProvedClaim<{ readonly eps: Rational | undefined }, TaskDesign>)[] = [
  embedding,
  taskError,
  parameterCount,
  execution,
];

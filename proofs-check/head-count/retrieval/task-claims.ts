import { describeNet } from '../../../constructions/function-net.js';
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
  proveRetrieval,
  Rational,
  Tensor,
} from '../../../src/index.js';
import { embeddingClaim } from '../memorization/embedding.js';
import { taskHints } from './hints.js';
import { networkDeviation, withPrecision } from './precision.js';
import { concluded, UNIFORM_BOUND } from './uniform-bound.js';
import { limitsOf } from './worst-points.js';

interface Params {
  readonly eps: Rational | undefined;
}

type TaskClaim = Claim<Params, TaskDesign>;
type ProvedTask = ProvedClaim<Params, TaskDesign>;

const embedding: ProvedTask = embeddingClaim((_, { task }) => task);

/** The uniform bound of a retrieval task with one uniform head. */
const error: ProvedTask = {
  ...UNIFORM_BOUND,
  limit: ({ params }) => params.eps ?? null,
  prove: ({ network, design, deadline, progress }) => {
    const { task, minimum, nets } = design;
    const limits = { ...limitsOf(design, deadline), progress };
    const found = proveRetrieval(network, task, taskHints(design), limits);
    const notes = [`minimum by ${minimum}; features: ${nets.map(describeNet).join('; ')}`];
    return concluded(network, task, found, { progress, notes: found.hi === null ? [] : notes });
  },
};

const parameterCount: ProvedTask = parameterClaim('3 T d + 3 U + D + minima + readout', (_, design) =>
  Rational.of(taskParameters(design)),
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

function samplesOf({ network, design, seed }: Audit<Params, TaskDesign>): readonly Expectation[] {
  const { T, d } = design.task;
  const random = lehmer(seed);
  const value = compile(network, exact);
  return Array.from({ length: SAMPLES }, () => {
    const x = Array.from({ length: T * d }, () => dyadicFraction(random, SAMPLE_BITS));
    const inputs = { x: new Tensor([T, d], x) };
    return { inputs, expected: value(inputs).y.dense(Rational.zero)[0] };
  });
}

/** Claims about an approximated task. */
export const TASK_CLAIMS: readonly (TaskClaim | ProvedTask)[] = [embedding, error, parameterCount, execution];

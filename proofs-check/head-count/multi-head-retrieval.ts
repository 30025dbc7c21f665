import {
  FEATURES,
  GOALS,
  RETRIEVED,
  type RetrievalDesign,
  retrievalNetwork,
  retrievalParameters,
} from '../../constructions/multi-head.js';
import { type RetrievalTask, readoutNames, readTask } from '../../constructions/retrieval-task.js';
import {
  type Audit,
  atMost,
  type Claim,
  choice,
  compile,
  doubleIntervals,
  dyadicFraction,
  type Expectation,
  executionClaim,
  fromFloat,
  headError,
  integer,
  intervalAlgebra,
  lehmer,
  memoised,
  type Network,
  optional,
  parameterClaim,
  placed,
  Rational,
  rational,
  readHeads,
  type Step,
  summarise,
  Tensor,
  type Theorem,
  text,
  texts,
  toDecimal,
  type ValuesOf,
  weightClaim,
} from '../../src/index.js';
import { compositionEvidence, headEvidence, retrievalConclusion } from './retrieval/certify.js';
import { columnValues, type FeatureBounds, proveFeatures } from './retrieval/features.js';
import { checkRanges, paperHypotheses, readoutLipschitz } from './retrieval/hypotheses.js';
import { retrievalDeviation, withPrecision } from './retrieval/precision.js';
import { compose, proveReadout, type SignedError } from './retrieval/readout.js';
import { compress, retrievalWitness } from './retrieval/witness.js';

const parameters = {
  T: integer('number of tokens', { min: 1, max: 1 << 14 }),
  d: integer('dimension of a token', { min: 1, max: 16 }),
  eps: rational('error allowed', { above: '0', atMost: '1' }),
  features: texts('f_1, ..., f_D from [0,1]^d to [0,1]', 'a list of expressions in x1, ..., xd'),
  positions: texts('S_1, ..., S_D', 'a list of position sets such as "1..32" or "1, 3, 5..9"'),
  readout: text('F_0', 'an expression in z1, ..., zD'),
  beta: optional(rational('inverse temperature', { above: '0' }), '4 L_0 ln(T)/eps, rounded up'),
  R: optional(rational('gate', { atLeast: '0' }), '1 + ln(4 L_0 T/eps)/beta, rounded up'),
  minimise: optional(
    choice('what the split of eps between feature nets and heads favours', GOALS),
    'the prescriptions of beta, R and delta',
  ),
  delta: optional(rational('error allowed for each feature net', { above: '0', atMost: '1' }), 'eps/(4 L_0)'),
};

type Params = ValuesOf<typeof parameters>;
type RetrievalClaim = Claim<Params, RetrievalDesign>;

const error: RetrievalClaim = {
  id: 'error',
  kind: 'bound',
  statement: '|y(X) - H(X)| <= eps for every X in [0,1]^{dT}',
  tex: '\\sup_{X \\in [0,1]^{dT}} |y(X) - F_0(\\min_{t \\in S_i} f_i(x^t))| \\le \\varepsilon',
  trust: 'proved',
  prove: (audit) => {
    const { network, design, stated, params, deadline } = audit;
    const { task } = design;
    const bound = stated ?? params.eps;
    const method = 'lemmas on the built weights; witness by interval arithmetic';
    const open = (steps: readonly Step[]) => ({
      verdict: 'undecided' as const,
      predicted: bound,
      enclosure: null,
      witness: null,
      steps,
      method,
    });
    audit.progress('enclosing the features');
    const features = proveFeatures(network, FEATURES, task, { delta: design.delta, deadline });
    if (!features.bounds) return open(features.steps);
    featureBounds.set(network, features.bounds);
    audit.progress('reading the heads');
    const heads = readHeads(network, FEATURES, RETRIEVED);
    if (!heads.heads) return open([...features.steps, heads.step]);
    const retrieval = headSteps(network, task, heads.heads, features.bounds);
    const steps = [...features.steps, heads.step, ...retrieval.steps];
    if (!retrieval.errors) return open(steps);
    const names = readoutNames(task.features.length);
    const readout = proveReadout(network, [RETRIEVED], (_, index) => names[index], task, features.bounds, { deadline });
    steps.push(...readout.steps);
    if (!readout.bounds) return open(steps);
    const hi = compose(retrieval.errors, readout.bounds);
    audit.progress('verifying a witness');
    const witness = retrievalWitness(network, task, features.bounds, retrieval.levels);
    const enclosure = { lo: witness.error, hi };
    steps.push({
      id: 'composition',
      rule: 'lipschitz-composition',
      statement: 'eps_0 + the smaller of L_0 max_i e_i and sum_i L_i e_i',
      verdict: 'proved',
      enclosure: { lo: null, hi },
      ...compositionEvidence(
        network,
        task,
        task.features.map((_, i) => [network.find(RETRIEVED)!, i]),
        task.features.map((_, i) => `head${i + 1}`),
      ),
    });
    const ratio = witness.error.sign() > 0 ? toDecimal(hi.div(witness.error), 3, 'up') : 'unbounded';
    return {
      verdict: atMost(enclosure, bound),
      predicted: bound,
      enclosure,
      witness: { x: compress(witness.x, task.d), error: witness.error.toString() },
      steps,
      conclusion: () => retrievalConclusion(network, task, bound),
      method,
      facts: [
        `proved bound over verified witness: ${ratio}`,
        ...savings(design, summarise(network)),
        `beta = ${toDecimal(design.beta, 6, 'nearest')}, R = ${toDecimal(design.R, 6, 'nearest')}, pieces ${design.pieces.join(', ')}`,
      ],
    };
  },
};

/** What a split of eps saves against the theorem's prescription. */
function savings(
  { prescribed }: RetrievalDesign,
  { parameters, maxAbsWeight }: ReturnType<typeof summarise>,
): string[] {
  if (!prescribed) return [];
  const count = toDecimal(Rational.of(prescribed.parameters, parameters), 3, 'nearest');
  const size = toDecimal(prescribed.weight.div(maxAbsWeight), 3, 'nearest');
  return [`against the prescription: parameters divided by ${count}, largest weight by ${size}`];
}

function otherLength(i: number, tokens: number, T: number): Step {
  const statement = `head ${i + 1} reads ${T} tokens`;
  const difference = `it reads ${tokens}`;
  return { id: `head${i + 1}`, rule: 'gated-mass', statement, verdict: 'undecided', enclosure: null, difference };
}

/** e_i: how far the retrieved value may lie above and below z_i. */
function headSteps(
  network: Network,
  task: RetrievalTask,
  heads: readonly { beta: Rational; gates: readonly Rational[] }[],
  bounds: readonly FeatureBounds[],
): { steps: Step[]; errors: SignedError[] | null; levels: Rational[] } {
  const { T, positions } = task;
  const steps: Step[] = [];
  const errors: SignedError[] = [];
  const levels: Rational[] = [];
  const psi = network.find(FEATURES)!;
  for (const [i, S] of positions.entries()) {
    const { beta, gates } = heads[i];
    const inside = new Set(S);
    if (gates.length !== T) return { steps: [...steps, otherLength(i, gates.length, T)], errors: null, levels };
    const open = S.find((t) => !gates[t].isZero());
    const outside = gates.filter((_, t) => !inside.has(t));
    const R = outside.reduce((least, gate) => least.min(gate), outside[0] ?? Rational.zero);
    const base = { id: `head${i + 1}`, rule: 'gated-mass' };
    const statement = `head ${i + 1}: no gate on the ${S.length} tokens of S_${i + 1}, at least ${toDecimal(R, 6, 'down')} on the others`;
    if (open !== undefined) {
      const difference = `token ${open + 1} of S_${i + 1} has the gate ${gates[open]}`;
      return {
        steps: [...steps, { ...base, statement, verdict: 'undecided', enclosure: null, difference }],
        errors: null,
        levels,
      };
    }
    const { above, below, least, most } = bounds[i];
    const attention = headError({ T, S: S.length, beta, R, width: most.sub(least) });
    steps.push({
      ...base,
      statement,
      verdict: 'proved',
      enclosure: { lo: attention.below.neg(), hi: attention.above },
      ...headEvidence(network, task, i, columnValues(network.inputs[0], psi, i), network.find(RETRIEVED)!),
    });
    errors.push({ above: attention.above.add(above), below: attention.below.add(below) });
    levels.push(S.length === 1 ? Rational.zero : attention.above.add(beta.inverse()));
  }
  return { steps, errors, levels };
}

const parameterCount: RetrievalClaim = parameterClaim(
  {
    statement: '3 U + gates + 10 D + 1 + readout',
    tex: '3 \\sum_i d N_i + \\sum_i (T - |S_i|) + 10 D + 1 + M_{F_0}',
  },
  (_, design) => Rational.of(retrievalParameters(design)),
);

const largestWeight: RetrievalClaim = weightClaim(
  { statement: 'the bound that an instance states', tex: 'w' },
  () => null,
);

/** Entries of hidden layers that the rounding analysis may visit for all samples of one format. */
const SAMPLED_ENTRIES = 500_000;
const MOST_SAMPLES = 32;
const SAMPLE_BITS = 8;

/** Proved ranges of the features of audited networks, for the claim that comes after. */
const featureBounds = new WeakMap<Network, readonly FeatureBounds[]>();

const execution: RetrievalClaim = executionClaim('y', samplesOf, (audit) => {
  const { network, design, params } = audit;
  const bounds = featureBounds.get(network);
  if (!bounds) return (finding) => finding;
  const deviationOf = memoised(
    retrievalDeviation(network, { features: FEATURES, retrieved: RETRIEVED }, design.task, bounds),
  );
  return (finding) => withPrecision(finding, audit, params.eps, deviationOf);
});

function samplesOf({ network, design, seed }: Audit<Params, RetrievalDesign>): readonly Expectation[] {
  const { T, d } = design.task;
  const random = lehmer(seed);
  const value = compile(network, intervalAlgebra(doubleIntervals));
  const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(SAMPLED_ENTRIES / (T * design.units))));
  return Array.from({ length: count }, () => {
    const x = Array.from({ length: T * d }, () => dyadicFraction(random, SAMPLE_BITS));
    const input = new Tensor([T, d], x);
    const { lo, hi } = value({ x: input.map(doubleIntervals.of) }).y.dense(doubleIntervals.zero)[0];
    const [least, most] = [fromFloat(lo), fromFloat(hi)];
    return { inputs: { x: input }, expected: least, uncertainty: most.sub(least) };
  });
}

const theorem: Theorem<typeof parameters, RetrievalDesign> = {
  id: 'multi-head-retrieval',
  summary: 'D heads of dimension 2 retrieve F_0(min over S_i of f_i) with error at most eps',
  statement:
    'Let f_1, ..., f_D map [0,1]^d to [0,1], S_1, ..., S_D be sets of positions and F_0 be Lipschitz with constant L_0 ' +
    'in the max-norm. A transformer with one layer of D heads of dimension 2, hat nets for the features, beta = 4 L_0 ' +
    'ln(T)/eps and gates R = 1 + ln(4 L_0 T/eps)/beta approximates H(X) = F_0(min_{S_1} f_1, ..., min_{S_D} f_D) ' +
    'uniformly on [0,1]^{dT} with error at most eps, with a number of parameters that depends on T by the gates alone.',
  source: { paper: 'arXiv:2510.06662', theorem: 'Theorem 2 (1), explicit weights', trust: 'proved' },
  parameters,
  construct: ({ T, d, features, positions, readout, ...choices }) => {
    const task = readTask({ T, d }, { features, positions, readout });
    checkRanges(task, features);
    return placed(readout.place, () => retrievalNetwork(task, { ...choices, lipschitz: readoutLipschitz(task) }));
  },
  claims: [error, parameterCount, largestWeight, execution],
  hypotheses: (_, { task }) => paperHypotheses(task),
  rates: [
    { quantity: 'error', against: 'eps', toward: 'zero', exponent: '1', formula: () => 'eps' },
    { quantity: 'parameters', against: 'eps', toward: 'zero', exponent: '-1/2' },
  ],
};

export default theorem;

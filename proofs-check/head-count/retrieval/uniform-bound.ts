/** What the two theorems about a retrieval task have in common: the claim |y(X) - H(X)| <= eps, and how it is concluded. */
import type { FunctionNet } from '../../../constructions/function-net.js';
import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  atMost,
  type Conclusion,
  type Finding,
  type Network,
  type Node,
  Rational,
  type Step,
  toDecimal,
} from '../../../src/index.js';
import { compositionEvidence, readoutEvidence } from './certify.js';
import { compose, type ReadoutBounds, type SignedError } from './readout.js';
import { compress, type RetrievalWitness } from './witness.js';

/** The claim, without its proof. */
export const UNIFORM_BOUND = {
  id: 'error',
  kind: 'bound',
  statement: '|y(X) - H(X)| <= eps for every X in [0,1]^{dT}',
  tex: '\\sup_{X \\in [0,1]^{dT}} |y(X) - F_0(\\min_{t \\in S_i} f_i(x^t))| \\le \\varepsilon',
  trust: 'proved',
} as const;

const METHOD = 'lemmas on the built weights; witness by interval arithmetic';

/** The retrieved values, with the ids of the steps that bound them, and the readout's bounds. */
export interface Retrieved {
  readonly errors: readonly SignedError[];
  readonly places: readonly (readonly [Node, number])[];
  readonly premises: readonly string[];
  readonly readout: ReadoutBounds;
  /** The readout's own net; null where F_0 is piecewise linear. */
  readonly net: FunctionNet | null;
}

/** The last step, with the bound it comes to. */
export function composed(network: Network, task: RetrievalTask, found: Retrieved): { step: Step; hi: Rational } {
  const hi = compose(found.errors, found.readout);
  const { net, places, premises } = found;
  const evidence = net
    ? { rule: 'composed-readout', ...readoutEvidence(network, task, net, places, premises) }
    : { rule: 'lipschitz-composition', ...compositionEvidence(network, task, places, premises) };
  const statement = 'eps_0 + the least of L_0 max_i e_i, sum_i L_i e_i and the largest |g . e|, g a gradient of F_0';
  const enclosure = { lo: null, hi };
  return {
    step: { id: 'composition', statement, verdict: 'proved', enclosure, ...evidence },
    hi,
  };
}

/** The finding: an upper bound where all steps hold, and what a witness attains. */
export function concluded(
  { d }: RetrievalTask,
  bound: Rational,
  steps: readonly Step[],
  {
    hi,
    witness,
    conclusion,
    facts,
  }: {
    hi: Rational | null;
    witness: RetrievalWitness | null;
    conclusion: (() => Conclusion) | undefined;
    facts: readonly string[];
  },
): Finding {
  const lo = witness?.error ?? Rational.zero;
  const enclosure = { lo, hi };
  const ratio = hi && lo.sign() > 0 ? toDecimal(hi.div(lo), 3, 'up') : 'unbounded';
  return {
    verdict: atMost(enclosure, bound),
    predicted: bound,
    enclosure: hi || witness ? enclosure : null,
    witness: witness && { x: compress(witness.x, d), error: witness.error.toString() },
    steps,
    ...(hi && conclusion && { conclusion }),
    method: METHOD,
    facts: hi ? [`proved bound over verified witness: ${ratio}`, ...facts] : facts,
  };
}

/** eps_0, the largest e_i that the features and the heads bring, for a report. */
export function shares(
  errors: readonly SignedError[],
  features: readonly SignedError[],
  readout: ReadoutBounds,
): string {
  const size = ({ above, below }: SignedError) => above.max(below).max(Rational.zero);
  const most = (all: readonly SignedError[]) => all.map(size).reduce((a, b) => a.max(b));
  const rest = errors.map((error, i) => ({
    above: error.above.sub(features[i].above),
    below: error.below.sub(features[i].below),
  }));
  const show = (x: Rational) => toDecimal(x, 3, 'up');
  return `at most: features ${show(most(features))}, attention ${show(most(rest))}, readout ${show(readout.error)}`;
}

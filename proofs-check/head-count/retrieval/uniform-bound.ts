/** What the two theorems about a retrieval task have in common: the claim |y(X) - H(X)| <= eps, and how it is concluded. */
import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  type Fact,
  type Network,
  type Proof,
  Rational,
  type Retrieval,
  retrievalSentence,
  type SignedError,
  toDecimal,
} from '../../../src/index.js';
import { anyWitness, retrievalWitness } from './witness.js';
import { type FeatureBounds, withPoints } from './worst-points.js';

/** The claim, without its proof. */
export const UNIFORM_BOUND = {
  id: 'error',
  kind: 'bound',
  statement: '|y(X) - H(X)| <= eps for every X in [0,1]^{dT}',
  says: (
    { network, design: { task } }: { readonly network: Network; readonly design: { readonly task: RetrievalTask } },
    bound: Rational | null,
  ) => retrievalSentence(network, task, bound),
} as const;

const METHOD = 'lemmas on the built weights; witness by interval arithmetic';

/** The rule's outcomes with what an input attains, and remarks. */
export function concluded(
  network: Network,
  task: RetrievalTask,
  found: Retrieval,
  { progress, notes }: { progress: (message: string) => void; notes: readonly string[] },
): Proof {
  const { outcomes, features, retrieved, readout, hi } = found;
  progress('verifying a witness');
  const bounds = features && withPoints(task, features);
  const witness = bounds && witnessOf(network, task, bounds, found);
  const lo = witness?.enclosure?.lo ?? Rational.zero;
  const remarks = () => {
    const ratio = hi && lo.sign() > 0 ? toDecimal(hi.div(lo), 3, 'up') : 'unbounded';
    return [
      `proved bound over verified witness: ${ratio}`,
      shares(
        retrieved!.map(({ error }) => error),
        bounds!,
        readout!.error,
      ),
    ];
  };
  return {
    outcomes: [...outcomes, ...(witness ? [witness] : [])],
    method: METHOD,
    notes: [...(hi === null ? [] : remarks()), ...notes],
  };
}

function witnessOf(
  network: Network,
  task: RetrievalTask,
  bounds: readonly FeatureBounds[],
  { readout, beta, hi }: Retrieval,
): Fact | null {
  if (hi === null || !readout) return anyWitness(network, task, bounds);
  return retrievalWitness(network, task, bounds, { beta, output: readout.output });
}

/** eps_0, the largest e_i that the features and the heads bring, for a report. */
function shares(errors: readonly SignedError[], features: readonly SignedError[], own: Rational): string {
  const size = ({ above, below }: SignedError) => above.max(below).max(Rational.zero);
  const most = (all: readonly SignedError[]) => all.map(size).reduce((a, b) => a.max(b));
  const rest = errors.map((error, i) => ({
    above: error.above.sub(features[i].above),
    below: error.below.sub(features[i].below),
  }));
  const show = (x: Rational) => toDecimal(x, 3, 'up');
  return `at most: features ${show(most(features))}, attention ${show(most(rest))}, readout ${show(own)}`;
}

import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { attainRetrieval } from '../../src/proof/rules/retrieval/evaluation.js';
import type { RetrievalTarget } from '../../src/proof/rules/retrieval/task.js';

/** A proved lower bound of the error of a retrieval network at one input; 0 where there is none. */
export function errorAt(network: Network, target: RetrievalTarget, x: readonly Rational[]): Rational {
  const [fact] = attainRetrieval(network, target, x);
  return fact?.enclosure?.lo ?? Rational.zero;
}

import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { errorBetween, outputIn } from '../../src/proof/rules/input-value.js';
import { targetIn } from '../../src/proof/rules/retrieval/evaluation.js';
import type { RetrievalTarget } from '../../src/proof/rules/retrieval/task.js';
import { leastModulus as modulus } from '../../src/proof/verdict.js';

/** A proved lower bound of the error of a retrieval network at one input; 0 where there is none. */
export function errorAt(network: Network, target: RetrievalTarget, x: readonly Rational[]): Rational {
  const [{ name }] = network.outputs;
  const found = errorBetween(
    (A) => outputIn(A, network, name, x)[0],
    (A) => targetIn(A, target, x),
  );
  return found ? modulus(found) : Rational.zero;
}

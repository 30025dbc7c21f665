import type { Network } from '../../network/network.js';
import { summarise } from '../../network/summary.js';
import { Rational } from '../../numbers/rational.js';
import type { Rule, Step } from '../step.js';
import { point } from '../verdict.js';

/** The number of parameters of the built network, counted entry by entry, against a stated formula or bound. */
export const counting: Rule = { id: 'counting', tex: '\\#\\{\\text{parameters}\\} = n' };

/** Proves that the network has exactly `formula` parameters, or refutes it by the count. */
export function proveCount(network: Network, formula: Rational, id: string, statement: string): Step {
  const enclosure = point(Rational.of(summarise(network).parameters));
  return { id, rule: counting.id, statement, verdict: enclosure.lo!.equals(formula) ? 'proved' : 'refuted', enclosure };
}

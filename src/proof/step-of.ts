import type { Network } from '../network/network.js';
import type { Outcome } from './fact.js';
import type { Step } from './step.js';

/** An outcome for claims that still report steps. */
export function stepOf(outcome: Outcome): Step {
  if (outcome.kind === 'open') {
    const { id, rule, statement, enclosure, difference } = outcome;
    return { id, rule, statement, verdict: 'undecided', enclosure, difference };
  }
  const { id, rule, text, enclosure, premises, evidence } = outcome;
  return {
    ...{ id, rule: rule.id, statement: text, verdict: 'proved', enclosure, premises: premises.map((one) => one.id) },
    ...(evidence && { data: (audited: Network) => evidence(audited, enclosure ?? { lo: null, hi: null }) }),
  };
}

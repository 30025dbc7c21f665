import type { Rational } from '../numbers/rational.js';
import { proveSize, sizeSentence } from './rules/counting.js';
import type { Finding, ProvedClaim } from './theorem.js';

/** The claim `parameters`: the built network has exactly `count` parameters; at most the stated bound, when there is one. */
export function parameterClaim<V, D>(statement: string, count: (params: V, design: D) => Rational): ProvedClaim<V, D> {
  return {
    id: 'parameters',
    kind: 'quantity',
    statement: `the network has ${statement} parameters`,
    limit: ({ params, design }) => count(params, design),
    says: ({ stated }, bound) => sizeSentence('parameters', stated ? '<=' : '=', bound),
    prove: ({ network }) => ({ outcomes: [proveSize(network, 'parameters')], method: 'exact count' }),
  };
}

/**
 * The claim `weight`: no weight of the built network exceeds the bound in absolute value; only a report where there is none. A
 * bound that is known between two ends is passed below the lower one and refuted above the upper one, `refutable`.
 */
export function weightClaim<V, D>(
  statement: string,
  bound: (params: V, design: D) => Rational | null,
  refutable = bound,
): ProvedClaim<V, D> {
  return {
    id: 'weight',
    kind: 'quantity',
    statement: `the largest weight is at most ${statement}`,
    limit: ({ params, design }) => {
      const [lower, upper] = [bound(params, design), refutable(params, design)];
      return lower && upper && { lower, upper };
    },
    says: (_, most) => sizeSentence('weight', '<=', most),
    prove: ({ network }) => ({ outcomes: [proveSize(network, 'weight')], method: 'exact count' }),
  };
}

/** A finding that could not be made, with the reason as a fact. */
export function undecided(steps: Finding['steps'], method: string, reason: string): Finding {
  return { verdict: 'undecided', predicted: null, enclosure: null, witness: null, steps, method, facts: [reason] };
}

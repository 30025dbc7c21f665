import { summarise } from '../network/summary.js';
import type { Rational } from '../numbers/rational.js';
import { proveCount } from './rules/counting.js';
import type { Claim, Finding } from './theorem.js';
import { atMost, point } from './verdict.js';

/** The claim `parameters`: the built network has exactly `count` parameters; at most the stated bound, when there is one. */
export function parameterClaim<V, D>(
  formula: { readonly statement: string; readonly tex: string },
  count: (params: V, design: D) => Rational,
): Claim<V, D> {
  return {
    id: 'parameters',
    kind: 'quantity',
    statement: `the network has ${formula.statement} parameters`,
    tex: `M = ${formula.tex}`,
    trust: 'proved',
    prove: ({ network, params, design, stated }): Finding => {
      const expected = count(params, design);
      const step = proveCount(network, expected, 'count', `${formula.statement} = ${expected}`);
      return {
        verdict: stated ? atMost(step.enclosure!, stated) : step.verdict,
        statement: stated && `the network has at most ${stated} parameters`,
        predicted: stated ?? expected,
        enclosure: step.enclosure,
        witness: null,
        steps: [step],
        method: 'exact count',
      };
    },
  };
}

/** The claim `weight`: no weight of the built network exceeds the bound in absolute value; only a report without one. */
export function weightClaim<V, D>(
  formula: { readonly statement: string; readonly tex: string },
  bound: (params: V, design: D) => Rational | null,
): Claim<V, D> {
  return {
    id: 'weight',
    kind: 'quantity',
    statement: `the largest weight is at most ${formula.statement}`,
    tex: `\\max |w| \\le ${formula.tex}`,
    trust: 'proved',
    prove: ({ network, params, design, stated }): Finding => {
      const largest = point(summarise(network).maxAbsWeight);
      const predicted = stated ?? bound(params, design);
      return {
        verdict: predicted ? atMost(largest, predicted) : 'proved',
        statement: stated ? `no weight exceeds ${stated}` : predicted ? undefined : 'the largest weight is as enclosed',
        predicted,
        enclosure: largest,
        witness: null,
        steps: [],
        method: 'exact count',
      };
    },
  };
}

/** A finding that could not be made, with the reason as a fact. */
export function undecided(steps: Finding['steps'], method: string, reason: string): Finding {
  return { verdict: 'undecided', predicted: null, enclosure: null, witness: null, steps, method, facts: [reason] };
}

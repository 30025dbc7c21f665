import type { Rational } from '../numbers/rational.js';
import { type Expectation, runSamples } from './execution.js';
import { proveSize, sizeSentence } from './rules/counting.js';
import type { Audit, Claim, Finding, ProvedClaim } from './theorem.js';

/** The claim `parameters`: the built network has exactly `count` parameters; at most the stated bound, when there is one. */
export function parameterClaim<V, D>(statement: string, count: (params: V, design: D) => Rational): ProvedClaim<V, D> {
  return {
    id: 'parameters',
    kind: 'quantity',
    statement: `the network has ${statement} parameters`,
    trust: 'proved',
    limit: ({ params, design }) => count(params, design),
    says: ({ stated }, bound) => sizeSentence('parameters', stated ? '<=' : '=', bound),
    prove: ({ network }) => ({ outcomes: [proveSize(network, 'parameters')], method: 'exact count' }),
  };
}

/** What a claim about the network's size says: its id, the quantity and the bound in words. */
export interface SizeFormula {
  readonly id: 'weight' | 'units' | 'depth';
  readonly quantity: string;
  readonly statement: string;
}

/**
 * A claim that a quantity of the built network is at most a bound; only a report where there is none. A bound that is
 * known between two ends is passed below the lower one and refuted above the upper one, `refutable`.
 */
export function sizeClaim<V, D>(
  { id, quantity, statement }: SizeFormula,
  bound: (params: V, design: D) => Rational | null,
  refutable = bound,
): ProvedClaim<V, D> {
  return {
    id,
    kind: 'quantity',
    statement: `the ${quantity} is at most ${statement}`,
    trust: 'proved',
    limit: ({ params, design }) => {
      const [lower, upper] = [bound(params, design), refutable(params, design)];
      return lower && upper && { lower, upper };
    },
    says: (_, most) => sizeSentence(id, '<=', most),
    prove: ({ network }) => ({ outcomes: [proveSize(network, id)], method: 'exact count' }),
  };
}

/** The claim `weight`: no weight of the built network exceeds the bound in absolute value. */
export function weightClaim<V, D>(
  statement: string,
  bound: (params: V, design: D) => Rational | null,
  refutable = bound,
): ProvedClaim<V, D> {
  return sizeClaim({ id: 'weight', quantity: 'largest weight', statement }, bound, refutable);
}

const measuring = new WeakSet<object>();

/** Marks how a claim of this package measures: `verify` takes findings from no others. */
export function measured<C extends { readonly prove: object }>(claim: C): C {
  measuring.add(claim.prove);
  return claim;
}

/** Whether a claim reports what was measured, by code of this package. */
export function isMeasured({ prove }: { readonly prove: object }): boolean {
  return measuring.has(prove);
}

/**
 * The claim `execution`: onnxruntime computes the samples' outputs within the bound computed for each format. `judgeOf`
 * may say more of each finding; what it needs for all of them it computes once. The output null is the network's first.
 * Instead of samples there may be a reason why nothing runs.
 */
export function executionClaim<V, D, E = unknown>(
  output: string | null,
  samplesOf: (audit: Audit<V, D>) => readonly Expectation[] | string,
  judgeOf: (audit: Audit<V, D> & { readonly examined: E }) => (finding: Finding) => Finding = () => (finding) =>
    finding,
): Claim<V, D, E> {
  return measured<Claim<V, D, E>>({
    id: 'execution',
    kind: 'execution',
    statement: 'onnxruntime computes the outputs within the bound computed for the format',
    tex: '|\\mathrm{fl}(y(X)) - y(X)| \\le \\varepsilon_{\\mathrm{fl}}',
    trust: 'proved',
    prove: async (audit) => {
      if (audit.execution.length === 0) return [];
      const samples = samplesOf(audit);
      if (typeof samples === 'string') return [notRun(samples)];
      const name = output ?? audit.network.outputs[0].name;
      const judge = judgeOf(audit);
      const findings: Finding[] = [];
      for (const target of audit.execution) {
        findings.push(judge(await runSamples(audit.network, name, samples, target, audit)));
      }
      return findings;
    },
  });
}

/** An execution that was left out, with the reason. */
export function notRun(reason: string): Finding {
  const statement = `not run: ${reason}`;
  return { verdict: 'observed', statement, predicted: null, enclosure: null, witness: null, steps: [], method: 'none' };
}

/** A finding that could not be made, with the reason as a fact. */
export function undecided(steps: Finding['steps'], method: string, reason: string): Finding {
  return { verdict: 'undecided', predicted: null, enclosure: null, witness: null, steps, method, facts: [reason] };
}

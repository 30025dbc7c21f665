import type { Audit, Claim, Finding } from '../proof/theorem.js';
import { type Expectation, runSamples } from './execution.js';

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

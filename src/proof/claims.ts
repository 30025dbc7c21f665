import { type Summary, summarise } from '../network/summary.js';
import type { Rational } from '../numbers/rational.js';
import type { Conclusion } from './conclusion.js';
import { type Expectation, runSamples } from './execution.js';
import { proveCount, weightsOf } from './rules/counting.js';
import type { Step } from './step.js';
import type { Audit, Claim, Finding } from './theorem.js';
import { atMost, point } from './verdict.js';

/** A step that says what it comes to in closed form. */
type ConcludedStep = Step & { readonly conclusion?: () => Conclusion };

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
        conclusion: step.conclusion,
      };
    },
  };
}

/** What a claim about the network's size says: its id, the quantity in words, and the bound in words and in TeX. */
export interface SizeFormula {
  readonly id: 'weight' | 'units' | 'depth';
  readonly quantity: string;
  readonly statement: string;
  readonly tex: string;
}

/**
 * A claim that a quantity of the built network is at most a bound; only a report where there is none. A bound that is
 * known between two ends is passed below the lower one and refuted above the upper one, `refutable`.
 */
export function sizeClaim<V, D>(
  { id, quantity, statement, tex }: SizeFormula,
  measure: (summary: Summary) => Rational,
  bound: (params: V, design: D) => Rational | null,
  refutable = bound,
): Claim<V, D> {
  return {
    id,
    kind: 'quantity',
    statement: `the ${quantity} is at most ${statement}`,
    tex,
    trust: 'proved',
    prove: ({ network, params, design, stated }): Finding => {
      const found = point(measure(summarise(network)));
      const predicted = stated ?? bound(params, design);
      const conclusion = (): Conclusion => {
        const bound = (predicted ?? found.hi!).toString();
        if (id !== 'weight') return { kind: 'size', quantity: id, bound };
        return { kind: 'weight', constants: weightsOf(network), bound };
      };
      const { kind: rule } = conclusion();
      const data = () => {
        const { kind: _, ...fields } = conclusion();
        return fields;
      };
      const passed = predicted ? atMost(found, predicted) : 'proved';
      const limit = stated ?? refutable(params, design);
      const verdict = passed === 'refuted' && limit && found.hi!.le(limit) ? 'undecided' : passed;
      const step = { id: 'size', rule, statement: `the ${quantity}`, verdict, enclosure: found };
      return {
        verdict,
        statement: predicted ? stated && `the ${quantity} is at most ${stated}` : `the ${quantity} is as enclosed`,
        predicted,
        enclosure: found,
        witness: null,
        steps: verdict === 'proved' ? [{ ...step, data }] : [step],
        method: 'exact count',
        conclusion,
      };
    },
  };
}

/** The claim `weight`: no weight of the built network exceeds the bound in absolute value. */
export function weightClaim<V, D>(
  { statement, tex }: { readonly statement: string; readonly tex: string },
  bound: (params: V, design: D) => Rational | null,
  refutable = bound,
): Claim<V, D> {
  const formula = { id: 'weight' as const, quantity: 'largest weight', statement, tex: `\\max |w| \\le ${tex}` };
  return sizeClaim(formula, ({ maxAbsWeight }) => maxAbsWeight, bound, refutable);
}

/** What one step that decides a claim by itself amounts to. */
export function findingOf(step: ConcludedStep, method: string): Finding {
  const { verdict, enclosure, conclusion } = step;
  return { verdict, predicted: null, enclosure, witness: null, steps: [step], method, conclusion };
}

/**
 * The claim `execution`: onnxruntime computes the samples' outputs within the bound computed for each format. `judgeOf`
 * may say more of each finding; what it needs for all of them it computes once. The output null is the network's first.
 * Instead of samples there may be a reason why nothing runs.
 */
export function executionClaim<V, D>(
  output: string | null,
  samplesOf: (audit: Audit<V, D>) => readonly Expectation[] | string,
  judgeOf: (audit: Audit<V, D>) => (finding: Finding) => Finding = () => (finding) => finding,
): Claim<V, D> {
  return {
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
  };
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

import { memorizerParameters, PROJECTION } from '../../../constructions/memorizer.js';
import { type Memorization, sequenceInput, smallestGap } from '../../../constructions/single-head.js';
import { uniformHeadParameters } from '../../../constructions/uniform-head.js';
import {
  type Claim,
  compile,
  exact,
  executionClaim,
  type Finding,
  findingOf,
  parameterClaim,
  point,
  proveByExactEvaluation,
  Rational,
  toDecimal,
} from '../../../src/index.js';

import { embeddingStatement, proveEmbedding } from './embedding.js';

/** What the claims need of the parameters. */
type Shape = { readonly T: number; readonly d: number };

type MemorizationClaim = Claim<Shape, Memorization>;

const embedding: MemorizationClaim = {
  ...embeddingStatement,
  prove: ({ network, params: { T, d } }) => findingOf(proveEmbedding(network, T * d), 'affine forms'),
};

const error: MemorizationClaim = {
  id: 'error',
  kind: 'identity',
  statement: 'every label is reproduced exactly: max_k |F(X_k) - y_k| = 0',
  tex: '\\max_{k \\le N} |F(X_k) - y_k| = 0',
  trust: 'proved',
  prove: ({ network, design, params, stated }) => {
    const bound = stated ?? Rational.zero;
    const samples = design.sequences.map(({ values, label }) => ({
      inputs: sequenceInput(values, params),
      expected: label,
    }));
    const statement = `max |F(X_k) - y_k| over the ${samples.length} sequences`;
    const { step, worst } = proveByExactEvaluation(network, 'y', samples, bound, 'labels', statement);
    const { values, label, origin } = design.sequences[worst.index];
    return {
      verdict: step.verdict,
      predicted: bound,
      enclosure: step.enclosure,
      witness: { origin, x: values.map(String), label: label.toString(), output: worst.value.toString() },
      steps: [step],
      conclusion: step.conclusion,
      method: 'exact evaluation',
      facts: [`${samples.length} distinct sequences of ${values.length} numbers`],
    };
  },
};

const parameterCount: MemorizationClaim = parameterClaim(
  { statement: '3 N + 4 T d + 1', tex: '3N + 4Td + 1' },
  ({ T, d }, { sequences }) => Rational.of(uniformHeadParameters(T, d) + memorizerParameters(sequences.length, T * d)),
);

const separation: MemorizationClaim = {
  id: 'separation',
  kind: 'quantity',
  statement: 'the projections w.X_k are pairwise distinct',
  tex: '\\min_{k \\ne l} |w \\cdot X_k - w \\cdot X_l| > 0',
  trust: 'proved',
  prove: ({ network, design, params, stated }) => {
    const method = 'exact evaluation';
    const node = network.find(PROJECTION);
    const base = { predicted: stated ?? null, witness: null, steps: [], method };
    if (!node)
      return {
        ...base,
        verdict: 'undecided',
        enclosure: null,
        facts: [`the network has no tensor named '${PROJECTION}'`],
      };
    const project = compile(network.upTo(node), exact);
    const projections = design.sequences.map(
      ({ values }) => project(sequenceInput(values, params))[PROJECTION].dense(Rational.zero)[0],
    );
    const gap = smallestGap(projections.sort((a, b) => a.compare(b)));
    if (!gap) return { ...base, verdict: 'proved', enclosure: null, facts: ['a single sequence: nothing to separate'] };
    const enough = gap.sign() > 0 && (stated === undefined || stated.le(gap));
    const range = projections[projections.length - 1].sub(projections[0]);
    return {
      ...base,
      verdict: enough ? 'proved' : 'refuted',
      statement: stated && `the projections w.X_k are at least ${stated} apart`,
      enclosure: point(gap),
      facts: [`separation ${toDecimal(gap, 6, 'down')} over a range of ${toDecimal(range, 6, 'up')}`],
    };
  },
};

const execution: MemorizationClaim = executionClaim(
  'y',
  ({ design, params }) =>
    design.sequences.map(({ values, label }) => ({ inputs: sequenceInput(values, params), expected: label })),
  ({ design }) => {
    const labels = design.sequences.map(({ label }) => label).sort((a, b) => a.compare(b));
    const gap = smallestGap(labels.filter((label, k) => k === 0 || !label.equals(labels[k - 1])));
    return (finding) => ({ ...finding, facts: [...(finding.facts ?? []), memoryFact(finding, gap)] });
  },
);

/** Whether rounding each output to the nearest label gives the right one, as measured and as proved. */
function memoryFact({ enclosure, predicted, facts }: Finding, gap: Rational | null): string {
  const measured = enclosure?.lo;
  if (!measured || facts?.some((fact) => fact.includes('not finite'))) return 'the format does not keep the memory';
  if (!gap) return 'all labels are equal: nothing to tell apart';
  const kept = measured.mul(Rational.of(2)).lt(gap);
  const size = `error ${toDecimal(measured, 3, 'up')}, labels at least ${toDecimal(gap, 3, 'down')} apart`;
  const isProved = predicted?.mul(Rational.of(2)).lt(gap) ? '; so does every execution, by the bound' : '';
  return kept ? `the format keeps the memory: ${size}${isProved}` : `the format does not keep the memory: ${size}`;
}

/** Claims about memorised data. */
export const MEMORIZATION_CLAIMS: readonly MemorizationClaim[] = [
  embedding,
  error,
  parameterCount,
  separation,
  execution,
];

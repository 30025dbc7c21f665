import { memorizerParameters, PROJECTION } from '../../../constructions/memorizer.js';
import { type Memorization, sequenceInput, smallestGap } from '../../../constructions/single-head.js';
import { uniformHeadParameters } from '../../../constructions/uniform-head.js';
import {
  type Claim,
  executionClaim,
  type Finding,
  type ProvedClaim,
  parameterClaim,
  proveByExactEvaluation,
  proveSeparation,
  Rational,
  type Sample,
  samplesSentence,
  separationSentence,
  toDecimal,
} from '../../../src/index.js';
import { embeddingClaim } from './embedding.js';

/** What the claims need of the parameters. */
type Shape = { readonly T: number; readonly d: number };

type MemorizationClaim = ProvedClaim<Shape, Memorization>;

const embedding: MemorizationClaim = embeddingClaim(({ T, d }) => ({ T, d }));

interface Lists {
  readonly samples: readonly Sample[];
  readonly inputs: readonly Sample['inputs'][];
}

const known = new WeakMap<Memorization, Lists>();

/** One list of the samples and one of their inputs for all claims. */
function listsOf(design: Memorization, shape: Shape): Lists {
  let lists = known.get(design);
  if (!lists) {
    const { sequences } = design;
    const samples = sequences.map(({ values, label }) => ({ inputs: sequenceInput(values, shape), expected: label }));
    known.set(design, (lists = { samples, inputs: samples.map(({ inputs }) => inputs) }));
  }
  return lists;
}

/** Entries of the hidden layer that are run in one format: all of 2896 sequences. */
const MOST_ENTRIES = 1 << 23;

/** All samples, or of very many some at even distances in the order of the file. */
function executedOf(design: Memorization, shape: Shape): readonly Sample[] {
  const samples = listsOf(design, shape).samples;
  const most = Math.max(2, Math.floor(MOST_ENTRIES / samples.length));
  if (samples.length <= most) return samples;
  return Array.from({ length: most }, (_, k) => samples[Math.floor((k * (samples.length - 1)) / (most - 1))]);
}

const error: MemorizationClaim = {
  id: 'error',
  kind: 'identity',
  statement: 'every label is reproduced exactly: max_k |F(X_k) - y_k| = 0',
  limit: () => Rational.zero,
  says: ({ design, params }, bound) => samplesSentence('y', listsOf(design, params).samples, bound),
  prove: ({ network, design, params }) => {
    const fact = proveByExactEvaluation(network, 'y', listsOf(design, params).samples, 'labels');
    const { index, value } = fact.found;
    const { values, label, origin } = design.sequences[index];
    return {
      outcomes: [fact],
      method: 'exact evaluation',
      notes: [
        `worst at ${origin}: the label is ${label}, the output ${value}`,
        `${design.sequences.length} distinct sequences of ${values.length} numbers`,
      ],
    };
  },
};

const parameterCount: MemorizationClaim = parameterClaim('3 N + 4 T d + 1', ({ T, d }, { sequences }) =>
  Rational.of(uniformHeadParameters(T, d) + memorizerParameters(sequences.length, T * d)),
);

const separation: MemorizationClaim = {
  id: 'separation',
  kind: 'quantity',
  statement: 'the projections w.X_k are pairwise distinct',
  limit: () => Rational.zero,
  says: ({ design, params, stated }, bound) =>
    separationSentence(PROJECTION, listsOf(design, params).inputs, bound, stated === undefined),
  prove: ({ network, design, params }) => {
    const outcome = proveSeparation(network, PROJECTION, listsOf(design, params).inputs);
    const notes = outcome.kind === 'fact' ? [String(outcome.found)] : [];
    return { outcomes: [outcome], method: 'exact evaluation', notes };
  },
};

const execution: Claim<Shape, Memorization> = executionClaim(
  'y',
  ({ design, params }) => executedOf(design, params),
  ({ design, params }) => {
    const [run, all] = [executedOf(design, params).length, design.sequences.length];
    const part = run < all ? [`run: ${run} of ${all} sequences, at even distances; what follows is about these`] : [];
    const labels = design.sequences.map(({ label }) => label).sort((a, b) => a.compare(b));
    const gap = smallestGap(labels.filter((label, k) => k === 0 || !label.equals(labels[k - 1])));
    return (finding) => ({ ...finding, facts: [...part, ...(finding.facts ?? []), memoryFact(finding, gap)] });
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
export const MEMORIZATION_CLAIMS: readonly (MemorizationClaim | Claim<Shape, Memorization>)[] = [
  embedding,
  error,
  parameterCount,
  separation,
  execution,
];

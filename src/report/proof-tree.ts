import type { ClaimDocument, StepDocument } from './document.js';

/** A step of a proof with the steps that it rests on. */
export interface ProofNode {
  readonly step: StepDocument;
  readonly premises: readonly ProofNode[];
  /** The step's own bound over that of the step above it: how much of the bound it brings, where both have one. */
  readonly share: number | null;
  /** What is attained over what is proved, where both are known and not 0: 1 is tight. */
  readonly tightness: number | null;
  /** Whether its premises are shown where the step is first met. */
  readonly isRepeated: boolean;
}

/** The steps of a claim as trees, the conclusions first: those that no other step rests on. */
export function proofTree({ steps }: Pick<ClaimDocument, 'steps'>): readonly ProofNode[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const used = new Set(steps.flatMap(({ id, premises }) => premises.filter((premise) => premise !== id)));
  const met = new Set<string>();
  const node = (step: StepDocument, above: StepDocument | null, path: readonly string[]): ProofNode => {
    const isRepeated = met.has(step.id);
    met.add(step.id);
    const below = isRepeated ? [] : step.premises.filter((id) => !path.includes(id));
    const premises = below.flatMap((id) => {
      const found = byId.get(id);
      return found ? [node(found, step, [...path, id])] : [];
    });
    return { step, premises, share: above && ratio(step, above), tightness: tightnessOf(step), isRepeated };
  };
  return steps.filter(({ id }) => !used.has(id)).map((step) => node(step, null, [step.id]));
}

function upper({ enclosure }: StepDocument): number | null {
  const hi = enclosure?.[1] ?? null;
  return hi === null ? null : Number(hi);
}

function ratio(step: StepDocument, above: StepDocument): number | null {
  const [own, whole] = [upper(step), upper(above)];
  return own !== null && whole !== null && whole > 0 && own >= 0 ? own / whole : null;
}

function tightnessOf({ enclosure }: Pick<StepDocument, 'enclosure'>): number | null {
  const [lo, hi] = enclosure ?? [null, null];
  return lo !== null && hi !== null && Number(hi) > 0 && Number(lo) >= 0 ? Number(lo) / Number(hi) : null;
}

/** What a reader of a claim takes on trust, each in one sentence. */
export function trustOf(claim: ClaimDocument, theorem: string | null): readonly string[] {
  const lemmas = new Map(claim.steps.flatMap(({ book }) => (book ? [[book.name, book.coq] as const] : [])));
  const rules = [...new Set(claim.steps.flatMap(({ rule, book }) => (book ? [] : [rule])))];
  const formal = rules.filter((rule) => rule in GENERAL_PROOFS);
  const others = rules.filter((rule) => !(rule in GENERAL_PROOFS));
  return [
    claim.checked === true
      ? 'The checker, which shares no code with the prover, verified the same statement about the same network.'
      : `The checker did not verify it: ${claim.checked ?? 'it was not asked'}.`,
    ...[...lemmas].map(([name, coq]) =>
      coq === null
        ? `The lemma ${name} of the book has no proof in Coq.`
        : `The lemma ${name} of the book is proved in Coq: ${coq}.`,
    ),
    ...formal.map((rule) => `The lemma of the rule ${rule} is proved in Coq: ${GENERAL_PROOFS[rule]}.`),
    ...(others.length > 0 ? [`Without a Coq proof of their lemma: ${others.join(', ')}.`] : []),
    theorem === null
      ? 'That the statement says what is meant is for its author to judge.'
      : `That the statement says what the source says is the author's word; the source is marked '${claim.source}'.`,
  ];
}

/** Rules whose lemma has a general proof in proofs-check/coq. */
const GENERAL_PROOFS: Readonly<Record<string, string>> = {
  'soft-minimum': 'SoftMin.v, soft_minimum_gap',
  'transfer-identity': 'NormFactorization.v, chain_transfer',
};

import type { Judgement } from '../judge.js';
import { supported } from '../prove-claim.js';
import type { Search } from '../rules/statement/relation.js';
import type { Sentence } from '../sentence.js';
import type { Finding, Proof } from '../theorem.js';

export interface ProveOptions extends Search {
  /** Whether the checker will be asked, to whom searches for best bounds leave a fifth of the time that a deadline gives. */
  readonly check?: boolean;
}

/** What was found of a relation of a statement, in exact numbers. */
export interface Proved extends Omit<Finding, 'suffix' | 'isTightened' | 'facts'> {
  readonly id: string;
  readonly statement: string;
  /** What the verdict is about: with the end that was found in the place of `?`, and `argmax` as the differences that it means. */
  readonly decided?: string;
  readonly tex: string;
  readonly verdict: 'proved' | 'refuted' | 'undecided';
  /** What the enclosure is of, where the statement does not show it. */
  readonly quantity: string | null;
  /** Why it is undecided and what would help, and other remarks. */
  readonly facts: readonly string[];
  readonly seconds: number;
  /** Whether the checker verified it, or why not. */
  readonly checked?: true | string;
}

/** What rules made of a claim, and the verdict that follows. */
export interface Judged {
  readonly claimed: Sentence;
  readonly proof: Proof;
  readonly judgement: Judgement;
}

/** The result of a claim that was begun at `start`, with how it is shown. */
export function proved(
  shown: Pick<Proved, 'id' | 'statement' | 'tex' | 'predicted' | 'quantity'> & Partial<Proved>,
  { claimed, proof, judgement }: Judged,
  start: number,
): Proved {
  const { verdict, enclosure, witness } = judgement;
  return {
    ...{ verdict, enclosure, witness, method: proof.method, facts: proof.notes ?? [] },
    ...supported(judgement, claimed, proof),
    seconds: (performance.now() - start) / 1000,
    ...shown,
  };
}

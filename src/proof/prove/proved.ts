import type { Rational } from '../../numbers/rational.js';
import type { Judgement } from '../judge.js';
import type { Proposition } from '../proposition.js';
import { supported } from '../prove-claim.js';
import type { Search } from '../rules/statement/relation.js';
import type { Sentence } from '../sentence.js';
import type { Step } from '../step.js';
import type { Proof } from '../theorem.js';
import type { Enclosure } from '../verdict.js';

export interface ProveOptions extends Search {
  /** Whether the checker will be asked, to whom searches for best bounds leave a fifth of the time that a deadline gives. */
  readonly check?: boolean;
}

/** A relation of a statement and what is known of it, in exact numbers. */
export interface Proved {
  readonly id: string;
  readonly statement: string;
  /** What the verdict is about: with the end that was found in the place of `?`, and `argmax` as the differences that it means. */
  readonly decided?: string;
  readonly tex: string;
  readonly verdict: 'proved' | 'refuted' | 'undecided';
  /** The bound of the statement; null for `?`. */
  readonly predicted: Rational | null;
  /** Two-sided, of what is bounded: sup |u|, sup u or inf u; null when nothing is known. */
  readonly enclosure: Enclosure | null;
  /** What the enclosure is of, where the statement does not show it. */
  readonly quantity: string | null;
  readonly witness: Readonly<Record<string, unknown>> | null;
  readonly method: string;
  /** Why it is undecided and what would help, and other remarks. */
  readonly facts: readonly string[];
  readonly seconds: number;
  readonly steps: readonly Step[];
  /** For a certificate; absent where the checker has no rule. */
  readonly conclusion?: () => Proposition;
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

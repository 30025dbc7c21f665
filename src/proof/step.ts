import type { Network } from '../network/network.js';
import type { Proposition } from './proposition.js';
import type { Enclosure, Verdict } from './verdict.js';

/** One application of a rule: what it concluded about the built weights, or why it could not. */
export interface Step {
  readonly id: string;
  /** The id of the rule in `rules/`. */
  readonly rule: string;
  readonly statement: string;
  readonly verdict: Verdict;
  readonly enclosure: Enclosure | null;
  /** What the rule says in general, in TeX. */
  readonly lemma?: string;
  readonly book?: BookLemma;
  /** For a step that failed: the difference that was found. */
  readonly difference?: string;
  /** Ids of earlier steps of the same claim whose conclusions this one uses. */
  readonly premises?: readonly string[];
  /**
   * All that a checker needs to redo the step on the audited network: plain JSON, exact numbers as `p/q`, nodes by their
   * number in the canonical form; null for a step about a part of that network. Steps without data restate others for
   * the reader, and are not part of a certificate.
   */
  readonly data?: (audited: Network) => Readonly<Record<string, unknown>> | null;
  /** The closed statement that the step proves by itself, if it is one. */
  readonly conclusion?: () => Proposition;
}

/** A lemma that proofs apply; each has a file of its own in `rules/`, with the argument in its header comment. */
export interface Rule {
  readonly id: string;
  /** The lemma in TeX. */
  readonly tex: string;
  /** The lemma of the book that was applied. */
  readonly book?: BookLemma;
}

/** A lemma of the book by its name, with the theorem of proofs-check/coq that proves it; null where there is none. */
interface BookLemma {
  readonly name: string;
  readonly coq: string | null;
}

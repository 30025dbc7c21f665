import type { Enclosure, Verdict } from './verdict.js';

/** One application of a rule: what it concluded about the built weights, or why it could not. */
export interface Step {
  readonly id: string;
  /** The id of the rule in `rules/`. */
  readonly rule: string;
  readonly statement: string;
  readonly verdict: Verdict;
  readonly enclosure: Enclosure | null;
  /** For a step that failed: the difference that was found. */
  readonly difference?: string;
}

/** A lemma that proofs apply; each has a file of its own in `rules/`, with the argument in its header comment. */
export interface Rule {
  readonly id: string;
  /** The lemma in TeX. */
  readonly tex: string;
}

import { isPast } from '../../deadline.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { OverflowPossible } from '../../evaluate/rounded.js';
import { approximate, fromFloat } from '../../numbers/convert.js';
import type { Rational } from '../../numbers/rational.js';
import { TooManyStates } from '../../statement/sequences/reading.js';
import type { Attained } from './attained.js';
import { byLayers } from './by-layers.js';
import { descend } from './descent.js';
import type { MarginLimits, MarginProblem, Scanned, Suspect } from './problem.js';
import { refine } from './refine.js';

/** Bounds of the least margin over all sequences. */
export interface MarginFound {
  /** Null where nothing was found for the whole domain. */
  readonly lo: Rational | null;
  /** A sequence with a small margin; null where the bound is exceeded everywhere, and where the domain is empty. */
  readonly attained: Attained | null;
  /** A sequence of a class with the least bound. */
  readonly worst: readonly number[] | null;
  /** Whether no sequence is in the domain. */
  readonly isEmpty: boolean;
  /** How fine the last scan was and how many classes of sequences it told apart. */
  readonly method: string;
  /** Why nothing better is known. */
  readonly reason: string | null;
  /** What a checker needs to repeat the scans. */
  readonly plan: readonly Scanned[];
}

const STARTS = 4;

/** Bounds of the least margin over all sequences of a finite domain, from below for all and from above at one of them. */
export function boundMargin(problem: MarginProblem, limits: MarginLimits): MarginFound {
  const { reading } = problem;
  const enough = limits.bound ? approximate(limits.bound) : Number.POSITIVE_INFINITY;
  const suspects: Suspect[] = [];
  let plan: readonly Scanned[] = [];
  let refuting: Attained | null = null;
  let cells = 0;
  let reason: string | null = null;
  let lo = reading.isEmpty ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  try {
    const layered = reading.isEmpty ? null : byLayers(problem, limits);
    if (layered?.worst) suspects.push(layered.worst);
    if (layered) [lo, cells] = [layered.lo, layered.cells];
    if (!reading.isEmpty && lo === Number.NEGATIVE_INFINITY) {
      const found = refine(problem, limits);
      ({ lo, cells, plan, refuting, reason } = found);
      suspects.push(...found.suspects);
    }
  } catch (error) {
    const isLimit =
      error instanceof TooManyStates || error instanceof UnsupportedOperation || error instanceof OverflowPossible;
    if (!isLimit) throw error;
    reason = error.message;
  }
  suspects.sort((a, b) => a.margin - b.margin);
  const isEmpty = lo === Number.POSITIVE_INFINITY;
  const isSettled = limits.bound !== null && lo > enough;
  const starts = suspects.slice(0, STARTS).map(({ places }) => places);
  const attained = refuting ?? (isEmpty || isSettled ? null : descend(problem, starts, limits));
  return {
    lo: Number.isFinite(lo) ? fromFloat(lo) : null,
    attained,
    worst: suspects[0]?.places ?? null,
    isEmpty,
    method: `${cells} classes of sequences by dynamic programming over ${reading.length} tokens, ${reading.count} states of the target`,
    reason: refuting ? null : isPast(limits.deadline) ? 'the time limit' : reason,
    plan,
  };
}

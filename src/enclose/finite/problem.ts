import { InputError } from '../../errors.js';
import type { Target } from '../../evaluate/target.js';
import type { Network } from '../../network/network.js';
import type { Rational } from '../../numbers/rational.js';
import type { SequenceReading } from '../../statement/sequences/reading.js';
import type { Coding } from './inputs.js';
import type { Precision } from './scan.js';

/** The lead of one entry of an output over others: which entries, and which of them the target of a sequence means. */
export interface MarginProblem {
  readonly network: Network;
  readonly output: string;
  /** Flat indices of the entries that compete. */
  readonly entries: readonly number[];
  readonly reading: SequenceReading;
  readonly coding: Coding;
  /** The automaton that the target is a function of, where it is one; for networks of several layers. */
  readonly automaton?: TargetAutomaton | undefined;
  /** What executes the network, rounding in any order; nobody, exactly, when absent. */
  readonly execution?: Target;
}

/** The target as a function of the state of an automaton that reads some of the tokens, in their order. */
export interface TargetAutomaton {
  readonly start: number;
  readonly tokens: readonly number[];
  /** Row k lists the next states for the symbol k. */
  readonly table: readonly (readonly number[])[];
  target(state: number): Rational;
}

export interface MarginLimits {
  readonly deadline?: number;
  /** It suffices to know that the margin is above this (or not); null where the margin itself is asked for. */
  readonly bound: Rational | null;
  progress?(message: string): void;
}

/** A bound for a class of sequences, and one of them. */
export interface Suspect {
  readonly margin: number;
  /** Places in the alphabets. */
  readonly places: readonly number[];
}

/** One scan that was needed: tokens that were pinned, and how closely it looked. */
export interface Scanned {
  readonly pinned: ReadonlyMap<number, number>;
  readonly precision: Precision;
  readonly lo: number;
}

/** Places count from 1 in statements; null for what is no place. */
export function targetPlace(target: Rational, count: number): number | null {
  return target.isInteger() && target.sign() > 0 && target.num <= BigInt(count) ? Number(target.num) - 1 : null;
}

/** What a statement gets wrong whose target is no place of an entry at a sequence. */
export function noEntry(
  { reading: { domain }, output, entries }: MarginProblem,
  places: readonly number[],
  target: Rational,
): InputError {
  const tokens = places.map((place, token) => domain.alphabets[token][place]);
  return new InputError({
    found: `the place ${target} at ${domain.name} = (${tokens.join(', ')})`,
    allowed: `1 to ${entries.length}: ${output} has ${entries.length} entries there`,
    mend: 'entries count from 1; conditions (with ...) leave sequences out',
  });
}

import { type Fact, type Outcome, open } from './fact.js';
import type { Rule } from './step.js';

/** A part of a network that is not as a lemma needs it: what was found. */
export class Mismatch extends Error {}

/** Throws Mismatch, with what was found, where a condition fails. */
export function demand(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Mismatch(what);
}

/** What was read off a network. Throws Mismatch where that is a sentence: it says why there is no such thing. */
export function found<T>(reading: T | string): T {
  if (typeof reading === 'string') throw new Mismatch(reading);
  return reading;
}

/** What is read off a network; null where there is no such thing. */
export function ifThere<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Mismatch) return null;
    throw error;
  }
}

/** What a rule is to show: the step, and what it would say. */
interface Aim {
  readonly rule: Rule;
  readonly id: string;
  readonly statement: string;
}

/** What a rule makes of the weights; it stays open, with what was found, where they are not as they have to be. */
export function attempt<F>({ rule, id, statement }: Aim, prove: () => Outcome<F>): Outcome<F> {
  try {
    return prove();
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    return open(rule, id, statement, error.message);
  }
}

/** All outcomes of a derivation, and what it came to if none stayed open. */
export interface Derived<R> {
  readonly outcomes: readonly Outcome[];
  readonly result: R | null;
}

/** Adds an outcome to a derivation, which ends here if it is open. */
type Take = <F>(outcome: Outcome<F>) => Fact<F>;
/** Adds all outcomes of another one, with which this one ends, too. */
type Join = <R>(derived: Derived<R>) => R;

/** The end of a derivation whose last outcome is open. */
class Ended extends Error {}

/** Steps one after the other, up to the first that stays open: an outcome, or what is not as the aim needs it. */
export function derive<R>({ rule, id, statement }: Aim, steps: (take: Take, join: Join) => R): Derived<R> {
  const outcomes: Outcome[] = [];
  const take: Take = (outcome) => {
    outcomes.push(outcome);
    if (outcome.kind === 'open') throw new Ended();
    return outcome;
  };
  const join: Join = (derived) => {
    outcomes.push(...derived.outcomes);
    if (derived.result === null) throw new Ended();
    return derived.result;
  };
  try {
    return { outcomes, result: steps(take, join) };
  } catch (error) {
    if (error instanceof Mismatch) outcomes.push(open(rule, id, statement, error.message));
    else if (!(error instanceof Ended)) throw error;
    return { outcomes, result: null };
  }
}

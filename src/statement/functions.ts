import { FUNCTIONS } from '../symbolic/functions.js';

/** The functions of statements, with their fewest and most arguments: those of src/symbolic, sqrt and relu. */
export const ARITIES: ReadonlyMap<string, readonly [number, number]> = new Map<string, readonly [number, number]>([
  ...Object.values(FUNCTIONS)
    .filter((fn) => !('internal' in fn && fn.internal))
    .map((fn) => [fn.name, fn.arity] as const),
  ['sqrt', [1, 1]],
  ['relu', [1, 1]],
]);

/**
 * Functions of sequences of tokens, which have values over finite domains alone: u mod m, floor(u/m), the carry out of the
 * addition of two lists of digits (least significant first), how often a value occurs, whether brackets match, the state
 * of an automaton after reading a list, and the lead of one entry over all others.
 */
export const SEQUENCE_ARITIES: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['mod', [2, 2]],
  ['quotient', [2, 2]],
  ['carry', [2, 3]],
  ['count', [2, 2]],
  ['balanced', [3, 3]],
  ['automaton', [3, Number.POSITIVE_INFINITY]],
  ['margin', [2, 2]],
]);

/** Whether the function has a value at every number. */
export function isTotalFunction(name: string): boolean {
  if (name === 'relu') return true;
  const rule = Object.values(FUNCTIONS).find((fn) => fn.name === name);
  return rule !== undefined && rule.domain === undefined;
}

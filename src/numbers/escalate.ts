import type { Arithmetic } from './arithmetic.js';
import { ballIntervals } from './balls.js';
import { doubleIntervals } from './doubles.js';

/** The precision at which `escalate` gives up unless told otherwise. */
const DEFAULT_CAP = 4096;

/**
 * Runs `attempt` on doubles, then with 128, 256, ... bits up to `cap`, until it returns something other than undefined.
 * Undefined when the cap did not suffice: the question stays open.
 */
export function escalate<R>(
  attempt: <I>(arithmetic: Arithmetic<I>) => R | undefined,
  cap: number = DEFAULT_CAP,
): R | undefined {
  let result = attempt(doubleIntervals);
  for (let precision = 128; result === undefined && precision <= cap; precision *= 2) {
    result = attempt(ballIntervals(precision));
  }
  return result;
}

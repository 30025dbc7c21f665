import { ACCURACY } from '../evaluate/accuracy.js';
import type { Departure } from '../evaluate/deviation.js';
import { unlessOverflow } from '../evaluate/rounded.js';
import type { Target } from '../evaluate/target.js';
import { fromFloat } from '../numbers/convert.js';
import { toDecimal } from '../numbers/decimal.js';
import { FORMATS } from '../numbers/format.js';
import type { Rational } from '../numbers/rational.js';

/** What an execution in a format does to a network over its whole domain. */
export interface DomainDeviation {
  /** By rounding weights and inputs alone. */
  readonly quantisation: Rational;
  /** By rounding weights and inputs and every operation. */
  readonly execution: Rational;
}

/** The largest deviation over the domain for one departure from exact numbers; it may throw OverflowPossible. */
export type DeviationOf = (departure: Departure) => number | null;

/** The same function, which computes each departure once, those that overflow too. */
export function memoised(deviationOf: DeviationOf): DeviationOf {
  const known = new Map<string, number | null>();
  return (departure) => {
    const { weights, execution } = departure;
    const key = [weights.name, execution?.format.name, execution?.device.source].join();
    let found = known.get(key);
    if (found === undefined) {
      found = unlessOverflow(() => deviationOf(departure));
      known.set(key, found);
    }
    return found;
  };
}

/** The deviation over the domain in the format of a target; null when a value may overflow or nothing is known. */
export function domainDeviation(deviationOf: DeviationOf, { provider, dtype }: Target): DomainDeviation | null {
  const format = FORMATS[dtype];
  const quantisation = attempt(deviationOf, { weights: format, execution: null });
  const execution = attempt(deviationOf, { weights: format, execution: { format, device: ACCURACY[provider] } });
  return quantisation && execution && { quantisation, execution };
}

/** From the smallest to the largest: bfloat16 weights stand for a model that is stored so and computed in float32. */
const CHOICES = [
  { name: 'bfloat16 weights in float32 arithmetic', weights: FORMATS.bfloat16, arithmetic: FORMATS.float32 },
  { name: 'float16', weights: FORMATS.float16, arithmetic: FORMATS.float16 },
  { name: 'float32', weights: FORMATS.float32, arithmetic: FORMATS.float32 },
  { name: 'float64', weights: FORMATS.float64, arithmetic: FORMATS.float64 },
] as const;

/**
 * For the claim "the error is at most eps everywhere", with `approximation` proved of the exact network: what each
 * format adds at most on a provider, and the smallest for which approximation and execution together stay within eps.
 */
export function precisionAdvice(
  deviationOf: DeviationOf,
  approximation: Rational,
  eps: Rational,
  provider: Target['provider'],
): string[] {
  const device = ACCURACY[provider];
  const found = CHOICES.map(({ name, weights, arithmetic }) => {
    const added = attempt(deviationOf, { weights, execution: { format: arithmetic, device } });
    return { name, added, holds: added?.add(approximation).le(eps) ?? false };
  });
  const best = found.find(({ holds }) => holds);
  const list = found.map(({ name, added }) => `${name} ${added ? toDecimal(added, 3, 'up') : 'unbounded'}`).join(', ');
  const bound = toDecimal(eps, 6, 'down');
  return [
    `proved for every input on ${provider}, execution adds at most: ${list}`,
    best
      ? `smallest format in which the error is proved to stay within ${bound}: ${best.name}`
      : `in no format is the executed error proved to stay within ${bound}`,
  ];
}

function attempt(deviationOf: DeviationOf, departure: Departure): Rational | null {
  const error = unlessOverflow(() => deviationOf(departure));
  return error === null || !Number.isFinite(error) ? null : fromFloat(error);
}

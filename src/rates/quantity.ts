import type { Result } from '../audit/verify.js';
import { InputError, quote } from '../errors.js';
import { didYouMean } from '../nearest.js';
import { sha256 } from '../network/canonical.js';
import { summarise } from '../network/summary.js';
import { toDecimal } from '../numbers/decimal.js';
import { parseRational } from '../numbers/parse.js';
import type { Rational } from '../numbers/rational.js';
import type { Theorem } from '../proof/theorem.js';
import type { Enclosure, Verdict } from '../proof/verdict.js';

/** An enclosure in decimals, rounded outward; null where a side is unknown. */
export type ShownEnclosure = readonly [string | null, string | null];

/** What is kept of a result: all of it that does not depend on the machine or the time. */
export interface Outcome {
  readonly verdict: Result['verdict'];
  readonly claims: Readonly<
    Record<
      string,
      { readonly verdict: Verdict; readonly predicted: string | null; readonly enclosure: ShownEnclosure | null }
    >
  >;
  readonly network: Readonly<Record<(typeof COUNTS)[number] | 'sha256', string>>;
}

const COUNTS = ['parameters', 'nonzero', 'maxAbsWeight', 'depth', 'width'] as const;

/** The values of a recorded quantity: an enclosure, a number, or null where the theorem does not claim it. */
export type Value = ShownEnclosure | string | null;

export function outcomeOf(result: Result): Outcome {
  const { digits } = result;
  const summary = summarise(result.network);
  const down = (value: Rational | null) => value && toDecimal(value, digits, 'down');
  const up = (value: Rational | null) => value && toDecimal(value, digits, 'up');
  return {
    verdict: result.verdict,
    claims: Object.fromEntries(
      result.claims.map(({ id, verdict, predicted, enclosure }) => [
        id,
        { verdict, predicted: up(predicted), enclosure: enclosure && [down(enclosure.lo), up(enclosure.hi)] },
      ]),
    ),
    network: {
      sha256: sha256(result.network),
      parameters: String(summary.parameters),
      nonzero: String(summary.nonzero),
      maxAbsWeight: toDecimal(summary.maxAbsWeight, digits, 'up'),
      depth: String(summary.depth),
      width: String(summary.width),
    },
  };
}

/** Throws InputError when no result of the theorem has the quantity. */
export function checkQuantity(quantity: string, theorem: Theorem): void {
  const claims = theorem.claims.filter(({ kind }) => kind !== 'execution').map(({ id }) => id);
  const paths = COUNTS.map((name) => `network.${name}`);
  const known = [...claims, ...claims.map((id) => `${id}.predicted`), ...paths];
  if (known.includes(quantity)) return;
  const allowed = `a claim (${claims.join(', ')}), CLAIM.predicted, or ${paths.join(', ')}`;
  throw new InputError({
    found: `unknown quantity ${quote(quantity)} of ${theorem.id}`,
    allowed,
    ...didYouMean(quantity, known),
  });
}

export function recordedValue({ claims, network }: Outcome, quantity: string): Value {
  if (quantity.startsWith('network.')) return network[quantity.slice('network.'.length) as keyof Outcome['network']];
  if (Object.hasOwn(claims, quantity)) return claims[quantity].enclosure;
  const id = quantity.replace(/\.predicted$/, '');
  return id !== quantity && Object.hasOwn(claims, id) ? claims[id].predicted : null;
}

/** The value as exact bounds. */
export function boundsOf(value: Value): Enclosure {
  const [lo, hi] = typeof value === 'string' ? [value, value] : (value ?? [null, null]);
  return { lo: lo === null ? null : parseRational(lo), hi: hi === null ? null : parseRational(hi) };
}

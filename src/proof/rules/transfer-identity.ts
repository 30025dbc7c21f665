import { impulseResponse, poleDenominator } from '../../evaluate/impulse.js';
import { compileTransfer } from '../../evaluate/transfer.js';
import type { StateSpace } from '../../network/state-space.js';
import { bitLength } from '../../numbers/bits.js';
import type { Gaussian } from '../../numbers/gaussian.js';
import { equals, type GaussianInteger, isZero, mul, quotient, scale } from '../../numbers/gaussian-integer.js';
import type { Rule, Step } from '../step.js';

/**
 * Two linear models have the same impulse response.
 *
 * Both transfer functions are polynomials over a product of factors 1 - pole w. Over the least common multiple of the
 * two products the numerators are polynomials of known degree, and polynomials of degree at most n that agree at n + 1
 * points are equal. Integers that are no pole's inverse serve as points; there the denominators do not vanish, so the
 * numerators agree where the values do. Coinciding poles need no special care. One point of disagreement refutes.
 */
export const transferIdentity: Rule = {
  id: 'transfer-identity',
  tex: 'G(w_k) = H(w_k),\\; k = 0, \\dots, n \\;\\Rightarrow\\; G = H \\text{ for } G = P/Q,\\, H = R/Q,\\, \\deg P, R \\le n',
};

/** Where two models differ: exact values of both transfer functions. */
export interface Disagreement {
  readonly w: string;
  readonly found: Gaussian;
  readonly expected: Gaussian;
}

/** Applies the rule: proved or refuted, never undecided. `points` is the number of points that were compared. */
export function proveTransferIdentity(
  found: StateSpace,
  expected: StateSpace,
  id: string,
  statement: string,
): { readonly step: Step; readonly points: number; readonly disagreement: Disagreement | null } {
  const [a, b] = [compileTransfer(found), compileTransfer(expected)];
  const [extraInB, extraInA] = [missing(a.poles, b.poles), missing(b.poles, a.poles)];
  const points = Math.max(a.degree + extraInB, b.degree + extraInA) + 1;
  const step = { id, rule: transferIdentity.id, statement, enclosure: null };
  let compared = 0;
  for (const w of integers()) {
    const [left, right] = [a.at(w), b.at(w)];
    if (isZero(left.denominator) || isZero(right.denominator)) continue;
    if (!equals(mul(left.numerator, right.denominator), mul(right.numerator, left.denominator))) {
      const disagreement = {
        w: String(w),
        found: quotient(left.numerator, left.denominator),
        expected: quotient(right.numerator, right.denominator),
      };
      const difference = `the transfer functions differ at w = ${w}`;
      return { step: { ...step, verdict: 'refuted', difference }, points: compared + 1, disagreement };
    }
    compared += 1;
    if (compared === points) break;
  }
  return { step: { ...step, verdict: 'proved' }, points, disagreement: null };
}

/** 0, 1, -1, 2, -2, ... */
function* integers(): Generator<bigint> {
  yield 0n;
  for (let k = 1n; ; k++) yield* [k, -k];
}

/** How many poles of `theirs`, with multiplicity, are not among `mine`. */
function missing(mine: readonly Gaussian[], theirs: readonly Gaussian[]): number {
  const left = new Map<string, number>();
  for (const pole of mine) left.set(pole.toString(), (left.get(pole.toString()) ?? 0) + 1);
  return theirs.filter((pole) => {
    const count = left.get(pole.toString()) ?? 0;
    left.set(pole.toString(), count - 1);
    return count <= 0;
  }).length;
}

/** The first values of two impulse responses are equal, by running both recurrences in exact arithmetic. */
export const impulseValues: Rule = { id: 'impulse-values', tex: '\\rho(t) = \\sigma(t),\\; t < n' };

/** Bits that the common denominator of the poles may contribute to a value. */
const LONGEST_VALUE = 1 << 15;

/** Compares up to `length` values, fewer when they would be too long; says in the statement how many. */
export function proveImpulseValues(
  found: StateSpace,
  expected: StateSpace,
  length: number,
  id: string,
): {
  readonly step: Step;
  readonly compared: number;
  readonly difference: { t: number; found: string; expected: string } | null;
} {
  const digits = Math.max(bitLength(poleDenominator(found)), bitLength(poleDenominator(expected)));
  const compared = Math.max(1, Math.min(length, Math.floor(LONGEST_VALUE / digits)));
  const [left, right] = [impulseResponse(found), impulseResponse(expected)];
  const statement = `the first ${compared} values of the impulse response are those of the target`;
  const step = { id, rule: impulseValues.id, statement, enclosure: null };
  for (let t = 0; t < compared; t++) {
    const [a, b] = [left.next().value, right.next().value];
    if (!equals(scale(a.numerator, b.denominator), scale(b.numerator, a.denominator))) {
      const show = (value: { numerator: GaussianInteger; denominator: bigint }) =>
        quotient(value.numerator, { re: value.denominator, im: 0n }).toString();
      const difference = `rho(${t}) differs`;
      return {
        step: { ...step, verdict: 'refuted', difference },
        compared: t + 1,
        difference: { t, found: show(a), expected: show(b) },
      };
    }
  }
  return { step: { ...step, verdict: 'proved' }, compared, difference: null };
}

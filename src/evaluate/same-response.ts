import type { StateSpace } from '../network/state-space.js';
import type { Gaussian } from '../numbers/gaussian.js';
import { equals, isZero, mul, quotient, scale } from '../numbers/gaussian-integer.js';
import { Rational } from '../numbers/rational.js';
import { type ImpulseValue, impulseResponse, poleDenominator } from './impulse.js';
import { type Parts, parallelParts } from './parallel-parts.js';
import { compileTransfer, type Shape, shapeOf } from './transfer.js';

/** Where two models differ: exact values of both transfer functions. */
export interface Disagreement {
  readonly w: string;
  readonly found: Gaussian;
  readonly expected: Gaussian;
}

export interface Comparison {
  readonly points: number;
  readonly disagreement: Disagreement | null;
  /** The parts that were found to be the same, one by one; none where the models were compared as wholes. */
  readonly parts: readonly Parts[];
}

/**
 * Compares the transfer functions of two models, part by part where they have parts; the number of points that were
 * compared, and the first of disagreement.
 */
export function compareTransfer(found: StateSpace, expected: StateSpace): Comparison {
  const parts = parallelParts(found, expected);
  if (parts.length > 1) {
    const compared = parts.map(({ models: [a, b] }) => compareWhole(a, b));
    if (compared.every(({ disagreement }) => !disagreement))
      return { points: compared.reduce((sum, { points }) => sum + points, 0), disagreement: null, parts };
  }
  return { ...compareWhole(found, expected), parts: [] };
}

function compareWhole(found: StateSpace, expected: StateSpace): Omit<Comparison, 'parts'> {
  const [a, b] = [compileTransfer(found), compileTransfer(expected)];
  const points = coefficients(a, b);
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
      return { points: compared + 1, disagreement };
    }
    compared += 1;
    if (compared >= points) break;
  }
  return { points, disagreement: null };
}

/**
 * Both transfer functions are polynomials over a product of factors 1 - pole w. Over the least common multiple of the two products
 * the numerators have a known degree, and so many coefficients: they are equal when they agree at so many points. They are, too, when
 * so many first values of the responses agree: the difference of the numerators is that of the responses, a power series, times the
 * common denominator, and so begins with as many zeros.
 */
function coefficients(a: Shape, b: Shape): number {
  const [extraInB, extraInA] = [missing(a.poles, b.poles), missing(b.poles, a.poles)];
  return Math.max(a.degree + extraInB, b.degree + extraInA) + 1;
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

/**
 * The first of the times 0, ..., length - 1 at which the impulse responses differ, with both values, or none. No more values are
 * run than there are coefficients, part by part where the models have parts.
 */
export function firstDifference(found: StateSpace, expected: StateSpace, length: number) {
  const settled = (a: StateSpace, b: StateSpace) => Math.min(length, coefficients(shapeOf(a), shapeOf(b)));
  const parts = parallelParts(found, expected);
  const isSame = parts.length > 1 && parts.every(({ models: [a, b] }) => !differenceOf(a, b, settled(a, b)));
  return isSame
    ? { difference: null, parts }
    : { difference: differenceOf(found, expected, settled(found, expected)), parts: [] };
}

function differenceOf(found: StateSpace, expected: StateSpace, length: number) {
  const [left, right] = [impulseResponse(found), impulseResponse(expected)];
  const value = ({ numerator, denominator }: ImpulseValue) => quotient(numerator, { re: denominator, im: 0n });
  const growAlike = poleDenominator(found) === poleDenominator(expected);
  let ratio = Rational.one;
  for (let t = 0; t < length; t++) {
    const [a, b] = [left.next().value as ImpulseValue, right.next().value as ImpulseValue];
    // Denominators that grow alike keep their ratio.
    if (t === 0 || !growAlike) ratio = Rational.of(a.denominator, b.denominator);
    if (!equals(scale(a.numerator, ratio.den), scale(b.numerator, ratio.num)))
      return { t, found: value(a), expected: value(b) };
  }
  return null;
}

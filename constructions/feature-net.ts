/**
 * Nets for features f: [0,1]^d -> [0,1] that are sums of functions of single coordinates.
 *
 * f(x) = c + sum_j f_j(x_j) is approximated by one hat net of N pieces per coordinate. With f_j in C^2,
 *   |Psi - f| <= sum_j max|f_j''| / (8 N^2),
 * so N = ceil(sqrt(sum_j max|f_j''| / (8 delta))) pieces reach delta; where f_j has kinks, its Lipschitz constant L_j
 * gives sum_j L_j / (2 N). These are prescriptions: what the built net achieves is proved separately.
 */
import {
  combination,
  type Domain,
  differentiate,
  type Expression,
  InputError,
  nearestValue,
  Rational,
  supNorm,
  unitBox,
  variablesOf,
} from '../src/index.js';
import { type HatTerm, interpolant } from './hat-net.js';

/** One summand of a separable function. */
export interface Summand {
  readonly coordinate: number;
  readonly variable: string;
  readonly expression: Expression;
}

/** The summands of f by coordinate; constants go to the first. Null when a part of f mixes coordinates. */
export function separate(f: Expression, variables: readonly string[]): Summand[] | null {
  const parts = new Map<number, Expression[]>();
  const put = (coordinate: number, part: Expression) => parts.set(coordinate, [...(parts.get(coordinate) ?? []), part]);
  for (const part of summands(f)) {
    const used = [...variablesOf(part)].map((name) => variables.indexOf(name));
    if (used.length > 1) return null;
    put(used[0] ?? 0, part);
  }
  return [...parts].map(([coordinate, list]) => ({
    coordinate,
    variable: variables[coordinate],
    expression: combination(
      Rational.zero,
      list.map((of) => ({ coefficient: Rational.one, of })),
    ),
  }));
}

function summands(f: Expression): Expression[] {
  if (f.kind !== 'sum') return [f];
  const scaled = f.terms.map((term) => combination(Rational.zero, [term]));
  return f.constant.isZero() ? scaled : [{ kind: 'constant', value: f.constant }, ...scaled];
}

/** The least number of pieces for which the estimate above is at most delta, or a sentence where it is too large. */
export function prescribedPieces(parts: readonly Summand[], delta: Rational): number | string {
  let bend = Rational.zero;
  let kinks = Rational.zero;
  for (const { expression, variable } of parts) {
    const line = unitBox([variable]);
    const second = largest(differentiate(differentiate(expression, variable), variable), line);
    if (second) bend = bend.add(second);
    else kinks = kinks.add(largest(differentiate(expression, variable), line) ?? Rational.one);
  }
  const smooth = Math.sqrt(Number(bend.div(delta).num) / Number(bend.div(delta).den) / 8);
  const rough = Number(kinks.div(delta).num) / Number(kinks.div(delta).den) / 2;
  const estimate = kinks.isZero() ? smooth : bend.isZero() ? rough : Math.max(2 * rough, Math.SQRT2 * smooth);
  if (!(estimate <= MOST_PIECES)) {
    return `${estimate.toPrecision(3)} pieces per coordinate would be needed, at most ${MOST_PIECES} are allowed`;
  }
  return Math.max(1, Math.ceil(estimate));
}

/** The hat functions of all summands on N equal pieces of [0, 1], with exact values where f has them. */
export function hatTerms(parts: readonly Summand[], N: number): HatTerm[] {
  return parts.map(({ coordinate, variable, expression }) => ({
    coordinate,
    hat: interpolant(onLine(nearestValue(expression, [variable])), Rational.zero, Rational.one, N),
  }));
}

const MOST_PIECES = 1 << 16;

/** A function of points of a line, as one of numbers. */
export const onLine = (value: (point: readonly Rational[]) => Rational) => (x: Rational) => value([x]);

function largest(e: Expression, line: Domain): Rational | null {
  try {
    return supNorm(e, line, { relativeWidth: Rational.of(1, 100), mostBoxes: 2000 }).hi;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

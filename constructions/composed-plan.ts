/**
 * Nets for functions f of several numbers, put together from affine forms, functions of one number and products.
 *
 * Every function of one number becomes the linear interpolant on N_k equal pieces of the interval that its argument
 * takes (exact knots where it is piecewise linear), and every product uv = ((u + v)/2)^2 - ((u - v)/2)^2 two of them
 * (`relu-product`). A local error of c_k/N_k^2, c_k = max|g''| w^2/8, reaches the output times at most s_k, the largest
 * slope from there; so the total is about sum_k s_k c_k / N_k^2, and for given total error the least sum of N_k has
 * N_k proportional to (s_k c_k)^(1/3). The rule composed-net bounds what the net with these numbers of pieces achieves;
 * they are scaled until that is at most delta.
 */
import {
  ARGUMENT,
  approximate,
  type Component,
  type Curve,
  composedErrors,
  DomainError,
  decompose,
  differentiate,
  domain,
  type Expression,
  isPiecewiseLinear,
  type Knot,
  knotsOf,
  nearestValue,
  type PartBounds,
  parseExpression,
  Rational,
  type Span,
  supNorm,
  toDecimal,
  toText,
} from '../src/index.js';
import { onLine } from './feature-net.js';
import { equalKnots, type HatFunction } from './hat-net.js';

export interface ComposedPlan {
  readonly parts: readonly Component[];
  /** What stands for the function or the two squares of part k. */
  readonly hats: ReadonlyMap<string, HatFunction>;
  readonly value: PartBounds;
  /** ReLUs. */
  readonly units: number;
  readonly parameters: number;
}

export const hatKey = (k: number, curve: Curve) => `${k} ${curve}`;

const MOST_UNITS = 1 << 14;
const ROUNDS = 8;

/** A plan with a proved error of at most delta on the box; a sentence that says why there is none, otherwise. */
export function composedPlan(
  f: Expression,
  variables: readonly string[],
  inputs: readonly Span[],
  delta: Rational,
): ComposedPlan | string {
  const parts = decompose(f, variables);
  const rough = planned(parts, inputs, () => FIRST);
  if (typeof rough === 'string') return rough;
  const weights = loads(parts, rough.all, inputs);
  const total = weights.reduce((sum, load) => sum + load, 0);
  let scale = Math.sqrt(total / approximate(delta));
  let best: ComposedPlan | null = null;
  // The last rounds often ask for the pieces of the one before.
  let latest: { readonly pieces: string; readonly found: ReturnType<typeof planned> } | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const pieces = weights.map((load) => Math.max(1, Math.ceil(load * scale)));
    if (!(pieces.reduce((sum, n) => sum + n, 0) <= MOST_UNITS)) return `more than ${MOST_UNITS} pieces would be needed`;
    if (latest?.pieces !== pieces.join()) {
      latest = { pieces: pieces.join(), found: planned(parts, inputs, (k) => pieces[k]) };
    }
    const { found } = latest;
    if (typeof found === 'string') return found;
    const { lo, hi } = found.value.error;
    const error = hi.max(lo.neg());
    if (error.le(delta)) {
      if (!best || found.parameters < best.parameters) best = found;
      if (error.isZero() || round >= ROUNDS / 2) break;
      scale *= Math.sqrt(approximate(error.div(delta))) * 1.01;
    } else scale *= Math.max(1.01, Math.sqrt(approximate(error.div(delta))) * 1.005);
  }
  return best ?? 'the error of the composition does not fall below what is allowed';
}

const FIRST = 16;

function planned(
  parts: readonly Component[],
  inputs: readonly Span[],
  pieces: (k: number) => number,
): (ComposedPlan & { readonly all: readonly PartBounds[] }) | string {
  const hats = new Map<string, HatFunction>();
  const all = composedErrors(parts, inputs, (k, curve, over) => {
    const part = parts[k];
    const g = part.kind === 'function' ? part.g : parseExpression('u^2', [ARGUMENT]);
    const knots = knotsFor(g, over, pieces(k));
    if (typeof knots === 'string') return knots;
    hats.set(hatKey(k, curve), { knots: knots.map(({ x }) => x), values: knots.map(({ y }) => y) });
    return knots;
  });
  if (typeof all === 'string') return all;
  const units = [...hats.values()].reduce((sum, { knots }) => sum + knots.length - 1, 0);
  const affine = parts.reduce((sum, part) => sum + affineEntries(part), 0);
  return { parts, hats, value: all[all.length - 1], units, parameters: 3 * units + hats.size + affine, all };
}

/** Entries of the matrices and biases outside the hat nets. */
function affineEntries(part: Component): number {
  if (part.kind === 'product') return 4;
  return part.kind === 'affine' ? part.terms.length + (part.constant.isZero() ? 0 : 1) : 0;
}

function knotsFor(g: Expression, { lo, hi }: Span, N: number): readonly Knot[] | string {
  const exact = isPiecewiseLinear(g, [ARGUMENT]) ? knotsOf(g, ARGUMENT, lo, hi) : undefined;
  if (exact) return exact;
  try {
    const value = onLine(nearestValue(g, [ARGUMENT]));
    return equalKnots(lo, hi, N).map((x) => ({ x, y: value(x) }));
  } catch (error) {
    if (error instanceof DomainError) return `${toText(g)} is undefined for some u in [${show(lo)}, ${show(hi)}]`;
    throw error;
  }
}

/** (s_k c_k)^(1/3) for every part; 0 where nothing is interpolated. */
function loads(parts: readonly Component[], all: readonly PartBounds[], inputs: readonly Span[]): number[] {
  const d = inputs.length;
  const slopes = new Array<number>(d + parts.length).fill(0);
  slopes[d + parts.length - 1] = 1;
  const size = (place: number) => (place < d ? inputs[place] : all[place - d].range);
  const largest = (place: number) => approximate(size(place).hi.abs().max(size(place).lo.abs()));
  const result = parts.map(() => 0);
  for (let k = parts.length - 1; k >= 0; k--) {
    const part = parts[k];
    const own = slopes[d + k];
    if (part.kind === 'affine') for (const [c, place] of part.terms) slopes[place] += own * Math.abs(approximate(c));
    if (part.kind === 'product') {
      const [u, v] = part.of;
      slopes[u] += own * largest(v);
      slopes[v] += own * largest(u);
      const width = (approximate(size(u).hi.sub(size(u).lo)) + approximate(size(v).hi.sub(size(v).lo))) / 2;
      result[k] = Math.cbrt((own * width ** 2) / 4);
    }
    if (part.kind === 'function') {
      const { lo, hi } = size(part.of);
      const slope = differentiate(part.g, ARGUMENT);
      slopes[part.of] += own * bound(slope, { lo, hi });
      const bend = isPiecewiseLinear(part.g, [ARGUMENT]) ? 0 : bound(differentiate(slope, ARGUMENT), { lo, hi });
      result[k] = Math.cbrt((own * bend * approximate(hi.sub(lo)) ** 2) / 8);
    }
  }
  return result;
}

function bound(e: Expression, { lo, hi }: Span): number {
  const line = domain([{ variable: ARGUMENT, lo, hi }]);
  const found = supNorm(e, line, { relativeWidth: Rational.of(1, 20), mostBoxes: 500 }).hi;
  return found ? approximate(found) : Number.POSITIVE_INFINITY;
}

const show = (x: Rational) => toDecimal(x, 4, 'nearest');

/**
 * The net for a function of a few numbers, by the kind that reaches delta with the fewest parameters:
 *
 * - `hats`: a sum of functions of single coordinates on [0, 1]^d, one hidden layer (`feature-net.ts`);
 * - `composed`: affine forms, functions of one number and products, one after the other (`composed-plan.ts`);
 * - `grid`: the interpolant on a grid, for two or three coordinates and bounded second derivatives (`tensor-hat.ts`).
 */
import {
  type Builder,
  domain,
  type Expression,
  type GridFunction,
  InputError,
  type Node,
  nearestValue,
  Rational,
  type Span,
  supNormOnGrid,
  toText,
} from '../src/index.js';
import { composedNet } from './composed-net.js';
import { type ComposedPlan, composedPlan } from './composed-plan.js';
import { hatTerms, prescribedPieces, separate } from './feature-net.js';
import { type HatTerm, hatNet } from './hat-net.js';
import { tensorHatParameters, tensorHatRows } from './tensor-hat.js';

export const NET_KINDS = ['hats', 'composed', 'grid'] as const;
export type NetKind = (typeof NET_KINDS)[number];

interface Size {
  /** ReLUs for one token. */
  readonly units: number;
  readonly parameters: number;
  /** Where the values lie. */
  readonly range: Span;
}

/** A net for a function, not yet built. */
export type FunctionNet = Size &
  (
    | { readonly kind: 'hats'; readonly terms: readonly HatTerm[]; readonly pieces: number }
    | { readonly kind: 'composed'; readonly plan: ComposedPlan }
    | { readonly kind: 'grid'; readonly grid: GridFunction }
  );

export interface FunctionProblem {
  readonly f: Expression;
  readonly variables: readonly string[];
  readonly box: readonly Span[];
  readonly delta: Rational;
  /** The only kind allowed; the one with the fewest parameters when undefined. */
  readonly kind?: NetKind | undefined;
  /** Pieces per coordinate of a sum of functions of single coordinates; prescribed when undefined. */
  readonly pieces?: number | undefined;
}

/** Throws InputError when no kind reaches delta. */
export function functionNet(problem: FunctionProblem): FunctionNet {
  const { kind, pieces } = problem;
  const only = pieces === undefined ? kind : 'hats';
  const reasons: string[] = [];
  let best: FunctionNet | null = null;
  for (const candidate of NET_KINDS) {
    if (only && candidate !== only) continue;
    const found = CANDIDATES[candidate](problem, best?.parameters ?? MOST_PARAMETERS);
    if (typeof found === 'string') reasons.push(`${candidate}: ${found}`);
    else if (!best || found.parameters < best.parameters) best = found;
  }
  if (best) return best;
  const found = `no net for ${toText(problem.f).slice(0, 80)} (${reasons.join('; ')})`;
  if (pieces !== undefined) {
    throw new InputError({ found, allowed: 'with N, sums of functions of one coordinate each', mend: 'leave N out' });
  }
  if (kind) throw new InputError({ found, allowed: `what '${kind}' can do`, mend: 'allow other kinds of nets' });
  throw new InputError({
    found,
    allowed:
      'sums, products, quotients and functions with bounded second derivatives on the box, such as x1*x2, ' +
      'exp(-(x1 - x2)^2) or abs(x1*x2 - 1/4)',
    mend: 'choose a larger eps, or a function that is smoother',
  });
}

/** Adds the net on top of x [T, d]; returns [T, 1]. */
export function addFunctionNet(b: Builder, x: Node, net: FunctionNet, name: string): Node {
  if (net.kind === 'hats') return hatNet(b, x, net.terms, Rational.zero, name);
  return net.kind === 'composed' ? composedNet(b, x, net.plan, name) : tensorHatRows(b, x, net.grid, name);
}

/** What a report says of the net. */
export function describeNet(net: FunctionNet): string {
  if (net.kind === 'hats') return `hats of ${net.pieces} pieces`;
  if (net.kind === 'grid') return `grid of ${net.grid.cells.join(' x ')} cells`;
  return `composed of ${net.plan.parts.length} parts, ${net.units} pieces`;
}

const MOST_PARAMETERS = 1 << 18;

type Candidate = (problem: FunctionProblem, fewerThan: number) => FunctionNet | string;

const CANDIDATES: Readonly<Record<NetKind, Candidate>> = {
  hats: ({ f, variables, box, delta, pieces: given }) => {
    const parts = separate(f, variables);
    if (!parts) return 'it is no sum of functions of one coordinate each';
    if (!box.every(({ lo, hi }) => lo.isZero() && hi.equals(Rational.one))) return 'the box is not [0, 1]^d';
    const pieces = given ?? prescribedPieces(parts, delta);
    if (typeof pieces === 'string') return pieces;
    const terms = hatTerms(parts, pieces);
    const ranges = terms.map(({ hat }) => spanOf(hat.values));
    const range = ranges.reduce((a, b) => ({ lo: a.lo.add(b.lo), hi: a.hi.add(b.hi) }));
    const units = pieces * parts.length;
    return { kind: 'hats', terms, pieces, units, parameters: 3 * units + 1, range };
  },
  composed: ({ f, variables, box, delta }) => {
    const plan = composedPlan(f, variables, box, delta);
    if (typeof plan === 'string') return plan;
    return { kind: 'composed', plan, units: plan.units, parameters: plan.parameters, range: plan.value.range };
  },
  grid: (problem, fewerThan) => {
    const d = problem.variables.length;
    if (d < 2 || d > MOST_AXES) return `grids are for 2 or ${MOST_AXES} coordinates, not ${d}`;
    for (let n = 1; tensorHatParameters(cellsOf(d, n)) < fewerThan; n += Math.ceil(n / 8)) {
      const found = gridNet(problem, n);
      if (found === null) return 'its second derivatives are not bounded';
      if (found) return found;
    }
    return 'a grid fine enough has no fewer parameters';
  },
};

const MOST_AXES = 3;
const MOST_SIMPLICES = 200_000;
const cellsOf = (d: number, n: number) => Array.from({ length: d }, () => n);

/** The interpolant on n^d cells; undefined where it misses delta, null where nothing bounds its error. */
function gridNet({ f, variables, box, delta }: FunctionProblem, n: number): FunctionNet | null | undefined {
  const cells = cellsOf(box.length, n);
  const sides = box.map(({ lo, hi }) => hi.sub(lo).div(Rational.of(n)));
  const known = new Map<string, Rational>();
  const at = nearestValue(f, variables);
  const point = (index: readonly Rational[]) => index.map((k, i) => box[i].lo.add(sides[i].mul(k)));
  const value = (index: readonly number[]): Rational => {
    const key = index.join();
    const found = known.get(key) ?? at(point(index.map((k) => Rational.of(k))));
    known.set(key, found);
    return found;
  };
  if (n > 1 && missesInside(n, box.length, delta, value, (index) => at(point(index)))) return undefined;
  const grid: GridFunction = {
    domain: domain(variables.map((variable, i) => ({ variable, ...box[i] }))),
    cells,
    value,
  };
  const { lo, hi } = supNormOnGrid(grid, f, { bound: delta, mostBoxes: MOST_SIMPLICES });
  if (!hi) return null;
  if (delta.lt(lo) || delta.lt(hi)) return undefined;
  const units = (2 * box.length + 1) * known.size;
  return { kind: 'grid', grid, units, parameters: tensorHatParameters(cells), range: spanOf([...known.values()]) };
}

const MOST_TRIED = 16;
/** Of delta: more than the function's values may be off by. */
const CLEARLY = Rational.of(101, 100);

/** Whether the interpolant is clearly off by more than delta in a cell of the diagonal: most grids are told by one. */
function missesInside(
  n: number,
  d: number,
  delta: Rational,
  value: (index: readonly number[]) => Rational,
  at: (index: readonly Rational[]) => Rational,
): boolean {
  for (let k = 0; k < n; k += Math.ceil(n / MOST_TRIED)) {
    // The corners of one of the simplices of the cell, and the point between them.
    const corners = Array.from({ length: d + 1 }, (_, j) => Array.from({ length: d }, (_, i) => (i < j ? k + 1 : k)));
    const share = Rational.of(1, d + 1);
    const middle = Array.from({ length: d }, (_, i) => Rational.of(k).add(Rational.of(d - i, d + 1)));
    const mean = corners
      .map(value)
      .reduce((a, b) => a.add(b))
      .mul(share);
    if (delta.mul(CLEARLY).lt(mean.sub(at(middle)).abs())) return true;
  }
  return false;
}

function spanOf(values: readonly Rational[]): Span {
  return { lo: values.reduce((a, b) => a.min(b)), hi: values.reduce((a, b) => a.max(b)) };
}

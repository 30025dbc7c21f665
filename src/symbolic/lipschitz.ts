import { isPast } from '../deadline.js';
import { InputError, quote } from '../errors.js';
import type { Arithmetic } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import { fromFloat, toFloat } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { FORMATS } from '../numbers/format.js';
import { Rational, sum as total } from '../numbers/rational.js';
import { gradient } from './differentiate.js';
import { enclose } from './enclosure.js';
import { evaluateExact } from './exact.js';
import { type Expression, isTotal, variablesOf } from './expression.js';
import { toFloat64 } from './float64.js';
import { affineOf } from './polynomial.js';
import { compile } from './program.js';
import { midpoint, type Side } from './range.js';
import { slopeSum } from './slope-sum.js';
import { briefText } from './text.js';

/** Proved bounds of a supremum, equal where it is known exactly; it is attained at least as high as `lower`. */
export interface Supremum {
  readonly lower: Rational;
  readonly upper: Rational;
}

/** [lo, hi] for each variable. */
export type Box = ReadonlyMap<string, { readonly lo: Rational; readonly hi: Rational }>;

/** Boxes and steps of programs that one search may take, and the relative gap at which it stops earlier. */
const MOST_BOXES = 1000;
const MOST_STEPS = 200_000;
const ONE_AND_GAP = Rational.one.add(Rational.pow2(-30));
const LARGEST = fromFloat(Number.MAX_VALUE);
/** A gap of less than so many roundings of one sum may close in a finer arithmetic. */
const MAGNIFIED = Rational.of(1024);
/** Variables up to which the corners of a box are all visited. */
const MOST_VARIABLES = 12;

/**
 * The Lipschitz constant over a box for the max norm: the supremum of sum_i |df/dx_i| where f is differentiable (almost
 * everywhere, by Rademacher's theorem), so that |f(x) - f(y)| <= upper * max_i |x_i - y_i|. Exact for polynomials of
 * degree at most 2 in at most 12 variables, and for all of degree 1.
 *
 * When the time is over, the bounds so far. Throws DomainError when f is not known to be defined, or its gradient not known
 * to be bounded, on all of the box, and InputError when the gradient exceeds the largest double.
 */
export function lipschitzConstant(e: Expression, box: Box): Supremum {
  return supremumOfSum(e, gradient(e, [...box.keys()]), box);
}

/** The same for each variable alone: the suprema of |df/dx_i|, in the order of the box. */
export function lipschitzConstants(e: Expression, box: Box): Supremum[] {
  return gradient(e, [...box.keys()]).map((slope) => supremumOfSum(e, [slope], box));
}

function supremumOfSum(e: Expression, slopes: readonly Expression[], box: Box): Supremum {
  return cornerMaximum(e, slopes, box) ?? search(e, slopes, box);
}

/** Affine slopes: the sum of their absolute values is convex, so its maximum lies in a corner. */
function cornerMaximum(e: Expression, slopes: readonly Expression[], box: Box): Supremum | undefined {
  const variables = [...box.keys()];
  const isConstant = slopes.every((slope) => slope.kind === 'constant');
  const isAffine = slopes.every((slope) => affineOf(slope, variables));
  if (!isAffine || !isTotal(e) || (!isConstant && variables.length > MOST_VARIABLES)) return undefined;
  let best = Rational.zero;
  for (const corner of isConstant ? [new Map<string, Rational>()] : corners([...box])) {
    best = best.max(total(slopes.map((slope) => evaluateExact(slope, corner).abs())));
  }
  return { lower: best, upper: best };
}

function* corners(
  sides: readonly (readonly [string, { readonly lo: Rational; readonly hi: Rational }])[],
): Iterable<Map<string, Rational>> {
  if (sides.length === 0) return yield new Map();
  const [[name, { lo, hi }], ...others] = sides;
  for (const corner of corners(others)) {
    for (const end of [lo, hi]) yield new Map([...corner, [name, end]]);
  }
}

/** The arithmetics of a search, each tried when rounding hides the answer from the one before. */
const LADDER: readonly (() => Arithmetic<never>)[] = [
  () => doubleIntervals as unknown as Arithmetic<never>,
  () => ballIntervals(128) as unknown as Arithmetic<never>,
  () => ballIntervals(320) as unknown as Arithmetic<never>,
];

interface Cell {
  readonly sides: readonly Side[];
  /** Of the sum over the cell; null where none is known. */
  readonly upper: Rational | null;
}

/** What is left of a search: cells that cover the box, but for parts that are bounded by `dropped`. */
interface Cover {
  readonly cells: readonly Cell[];
  /** Attained. */
  readonly lower: Rational;
  readonly dropped: Rational;
}

/** Throws where no arithmetic bounds the sum. */
function search(e: Expression, slopes: readonly Expression[], box: Box): Supremum {
  const root = [...box.values()].map((side) => rounded(side, 'down', 'up'));
  let cover: Cover = { cells: [{ sides: root, upper: null }], lower: Rational.zero, dropped: Rational.zero };
  for (const [level, arithmetic] of LADDER.entries()) {
    const found = refine(e, slopes, box, cover, arithmetic());
    cover = found;
    const isOver = largest(cover.cells).upper !== null && isPast();
    if (found.isBlurred && level + 1 < LADDER.length && !isOver) continue;
    const { upper, sides } = largest(cover.cells);
    if (upper === null || LARGEST.lt(upper)) refuse(e, slopes, [...box.keys()], sides, arithmetic());
    return ordered({ lower: cover.lower, upper: upper.max(cover.dropped) });
  }
  throw new Error('unreachable: the last arithmetic returns or throws');
}

/** Both ends bound one number: crossed ends would be a defect of the search, and no bound at all. */
function ordered(bounds: Supremum): Supremum {
  if (bounds.upper.lt(bounds.lower))
    throw new Error(`a supremum of at least ${bounds.lower} and at most ${bounds.upper}`);
  return bounds;
}

/**
 * Best first: halves the cell with the largest upper bound until that is close to a value attained, or until rounding
 * blurs the difference. A cell that is dropped as no larger than what is attained still counts for the upper bound.
 */
function refine<I>(
  e: Expression,
  slopes: readonly Expression[],
  box: Box,
  cover: Cover,
  A: Arithmetic<I>,
): Cover & { readonly isBlurred: boolean } {
  const variables = [...box.keys()];
  const bound = slopeSum(e, slopes, variables, A);
  const mostSteps = A.precision > 53 ? MOST_STEPS / 4 : MOST_STEPS;
  const mostBoxes = Math.min(MOST_BOXES, mostSteps / compile([e, ...slopes], variables).steps.length);
  const climb = climber(slopes, variables, box);
  const root = [...box.values()].map((side) => rounded(side, 'down', 'up'));
  const names = new Set((isTotal(e) ? slopes : [e, ...slopes]).flatMap((part) => [...variablesOf(part)]));
  const lengths = root.map(({ lo, hi }, i) => (names.has(variables[i]) ? hi - lo : Number.POSITIVE_INFINITY));
  const bounded = (sides: readonly Side[]): Cell => ({ sides, upper: bound(sides)?.upper ?? null });
  let { lower, dropped } = cover;
  for (const point of diagonal(box)) lower = lower.max(bound(point)?.lower ?? Rational.zero);
  let noise = Rational.zero;
  let cells = cover.cells.map(({ sides }) => bounded(sides));
  let worst = largest(cells);
  let isSharp = false;
  let isHidden = false;
  for (let looked = cells.length; ; looked += 2) {
    const candidate = climb(worst.sides);
    const value = candidate && bound(candidate);
    if (value) {
      lower = lower.max(value.lower);
      noise = value.noise;
    }
    const { upper } = worst;
    isSharp = upper?.le(lower.mul(ONE_AND_GAP)) ?? false;
    isHidden = upper?.sub(lower).le(noise) ?? false;
    if (isSharp || isHidden || looked >= mostBoxes || (upper !== null && isPast())) break;
    const halves = halved(worst.sides, lengths);
    if (halves.length === 0) break;
    const kept: Cell[] = [];
    for (const cell of [...cells.filter((other) => other !== worst), ...halves.map(bounded)]) {
      if (cell.upper?.le(lower)) dropped = dropped.max(cell.upper);
      else kept.push(cell);
    }
    cells = kept.length > 0 ? kept : [{ sides: worst.sides, upper: dropped }];
    worst = largest(cells);
  }
  const isBlurred = !isSharp && (worst.upper?.sub(lower).le(noise.mul(MAGNIFIED)) ?? true);
  return { cells, lower, dropped, isBlurred };
}

/** Some points of the box, for a first bound from below, whatever floats make of the function. */
function diagonal(box: Box): Side[][] {
  const sides = [...box.values()].map((side) => rounded(side, 'up', 'down'));
  if (sides.some(({ lo, hi }) => lo > hi)) return [];
  return [0, 1, 2, 3, 4].map((k) =>
    sides.map(({ lo, hi }) => {
      const x = Math.min(hi, Math.max(lo, lo * (1 - k / 4) + hi * (k / 4)));
      return { lo: x, hi: x };
    }),
  );
}

function largest(cells: readonly Cell[]): Cell {
  return cells.reduce((a, b) => (a.upper !== null && (b.upper === null || a.upper.lt(b.upper)) ? b : a));
}

/** A point of the cell and the box where the sum is large: from the middle, each coordinate in turn to its best of three. */
function climber(slopes: readonly Expression[], variables: readonly string[], box: Box) {
  const inner = [...box.values()].map((side) => rounded(side, 'up', 'down'));
  const floats = toFloat64(slopes, variables);
  const height = (point: readonly number[]) => floats(point).reduce((sum, slope) => sum + Math.abs(slope), 0);
  return (sides: readonly Side[]): Side[] | undefined => {
    if (inner.some(({ lo, hi }) => lo > hi)) return undefined;
    const choices = sides.map((side, i) =>
      [midpoint(side).lo, side.lo, side.hi].map((x) => Math.min(Math.max(x, inner[i].lo), inner[i].hi)),
    );
    let point = choices.map(([middle]) => middle);
    choices.forEach((xs, i) => {
      for (const x of xs) {
        const other = point.with(i, x);
        if (height(other) > height(point)) point = other;
      }
    });
    return point.map((x) => ({ lo: x, hi: x }));
  };
}

/** Throws DomainError for what is undefined on the sides, InputError for what is only too large. */
function refuse<I>(
  e: Expression,
  slopes: readonly Expression[],
  variables: readonly string[],
  sides: readonly Side[],
  A: Arithmetic<I>,
): never {
  const box = new Map(variables.map((name, i) => [name, A.fromDoubles(sides[i].lo, sides[i].hi)]));
  for (const part of [e, ...slopes]) enclose(part, A, box);
  throw new InputError({ found: `a derivative of ${quote(briefText(e))} beyond the range of doubles` });
}

/** The two halves by the side that is longest compared with `lengths`; none when it cannot be halved. */
function halved(sides: readonly Side[], lengths: readonly number[]): Side[][] {
  const shares = sides.map(({ lo, hi }, i) => (hi > lo ? (hi - lo) / lengths[i] : 0));
  const share = Math.max(...shares);
  if (share === 0) return [];
  const index = shares.indexOf(share);
  const { lo, hi } = sides[index];
  const middle = midpoint(sides[index]).lo;
  if (middle === lo || middle === hi) return [];
  return [sides.with(index, { lo, hi: middle }), sides.with(index, { lo: middle, hi })];
}

function rounded({ lo, hi }: { readonly lo: Rational; readonly hi: Rational }, down: 'down' | 'up', up: 'down' | 'up') {
  return { lo: toFloat(lo, FORMATS.float64, down), hi: toFloat(hi, FORMATS.float64, up) };
}

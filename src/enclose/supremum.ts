import TinyQueue from 'tinyqueue';
import { isPast, Unfinished } from '../deadline.js';
import { InputError } from '../errors.js';
import type { Arithmetic } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import { approximate } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { type Domain, intervalsOf, middle, type Part, pointOf, whole } from './box.js';
import { centreOf, Objective, undefinedAt } from './objective.js';
import { specialise } from './specialise.js';

/** When a search may stop before the enclosure is a point. It never affects what is true, only how sharp it is. */
export interface Stop {
  /** Once it is decided whether the supremum is at most this. */
  readonly bound?: Rational;
  /** Once hi - lo <= relativeWidth * |hi|. */
  readonly relativeWidth?: Rational;
  /** Once hi - lo <= absoluteWidth: for suprema that may be 0. */
  readonly absoluteWidth?: Rational;
  /** At this time, in milliseconds since the epoch. */
  readonly deadline?: number;
  /** After this many boxes; memory is bounded by it. Default 10^6. */
  readonly mostBoxes?: number;
  progress?(boxes: number, lo: Rational | null, hi: Rational | null): void;
}

/** A two-sided enclosure of a supremum. */
export interface Supremum {
  /** Attained or exceeded at `witness`: verified there. */
  readonly lo: Rational;
  readonly witness: readonly Rational[];
  /** Proved over the whole domain; null when no finite bound was reached. */
  readonly hi: Rational | null;
  readonly boxes: number;
  readonly stopped: 'exact' | 'bound' | 'width' | 'time' | 'boxes' | 'precision';
  /** The finest arithmetic that was needed. */
  readonly arithmetic: string;
}

/** The arithmetics in which a search is carried on, each when the one before is too coarse. */
const LADDER: readonly (() => Arithmetic<never>)[] = [
  () => doubleIntervals as unknown as Arithmetic<never>,
  () => ballIntervals(128) as unknown as Arithmetic<never>,
  () => ballIntervals(320) as unknown as Arithmetic<never>,
];
export const MOST_BOXES = 1_000_000;
const PROGRESS_EVERY = 256;

/** sup over the domain of |expression|. Throws as `supremum`. */
export function supNorm(expression: E.Expression, domain: Domain, stop: Stop): Supremum {
  return supremum([expression, E.neg(expression)], domain, stop);
}

/**
 * sup over the domain of the largest of the expressions, by best-first branch and bound: the part with the largest
 * upper bound is halved next; parts that cannot hold the supremum are dropped; coordinates in which a function is
 * monotone are fixed at their best end; on parts where it is affine, or a parabola in one variable, its maximum is
 * exact. Deterministic.
 *
 * Throws InputError when an expression is undefined at a point of the domain.
 */
export function supremum(expressions: readonly E.Expression[], domain: Domain, stop: Stop): Supremum {
  let parts: readonly Work[] = expressions.map((expression) => ({
    expression: E.withShares(expression),
    part: whole(domain.variables.length),
    upper: null,
  }));
  let best: Best | null = null;
  let boxes = 0;
  for (const [level, arithmetic] of LADDER.entries()) {
    const search: Search<never> = new Search(domain, arithmetic(), stop, best, boxes);
    const outcome = search.run(parts);
    [best, boxes, parts] = [search.best, search.boxes, search.remaining()];
    if (outcome === 'precision' && level + 1 < LADDER.length) continue;
    if (!best)
      throw outcome === 'time' ? new Unfinished('the time limit ended the search') : undefinedEverywhere(domain);
    const hi = parts.reduce<Rational | null>((top, { upper }) => (top && upper ? top.max(upper) : null), best.value);
    return { lo: best.value, witness: best.point, hi, boxes, stopped: outcome, arithmetic: search.arithmetic.name };
  }
  throw new Error('unreachable: the last arithmetic returns');
}

/** A part that may still hold the supremum of an expression. */
interface Work {
  readonly expression: E.Expression;
  readonly part: Part;
  readonly upper: Rational | null;
}

interface Best {
  readonly value: Rational;
  readonly point: readonly Rational[];
}

interface Item<I> {
  readonly objective: Objective<I>;
  readonly part: Part;
  readonly upper: Rational | null;
  readonly noise: Rational | null;
  /** Where the next halving cuts; undefined when nothing is left to halve. */
  readonly axis: number | undefined;
  /** Halvings since the expression was specialised. */
  readonly age: number;
}

class Search<I> {
  private readonly queue = new TinyQueue<Item<I>>([], (a, b) => descending(a.upper, b.upper));
  private readonly sides: (part: Part) => I[];
  private steps = 0;
  private bestValue: number;
  private readonly relative: number;
  private readonly absolute: number;

  constructor(
    private readonly domain: Domain,
    readonly arithmetic: Arithmetic<I>,
    private readonly stop: Stop,
    public best: Best | null,
    public boxes: number,
  ) {
    this.sides = intervalsOf(domain, arithmetic);
    this.bestValue = best ? approximate(best.value) : Number.NEGATIVE_INFINITY;
    this.relative = stop.relativeWidth ? approximate(stop.relativeWidth) : 0;
    this.absolute = stop.absoluteWidth ? approximate(stop.absoluteWidth) : 0;
  }

  run(parts: readonly Work[]): Supremum['stopped'] {
    for (const { expression, part, upper } of parts)
      this.examine(new Objective(expression, this.domain, this.arithmetic), part, upper, 0);
    for (;;) {
      const item = this.queue.pop();
      if (!item) return 'exact';
      const reason = this.finished(item.upper);
      if (reason || item.axis === undefined || this.isBlurred(item)) {
        this.queue.push(item);
        return reason ?? 'precision';
      }
      this.halve(item, item.axis);
    }
  }

  remaining(): Work[] {
    return this.queue.data
      .filter(({ upper }) => this.mayHold(upper))
      .map(({ objective, part, upper }) => ({ expression: objective.expression, part, upper }));
  }

  private finished(top: Rational | null): Supremum['stopped'] | null {
    const { bound, deadline, mostBoxes, progress } = this.stop;
    const lo = this.best?.value ?? null;
    this.steps += 1;
    if (this.steps % PROGRESS_EVERY === 0) progress?.(this.boxes, lo, top);
    if (bound && ((lo && bound.lt(lo)) || top?.le(bound))) return 'bound';
    if (lo && top && this.mayBeSharp(top) && isSharp(lo, top, this.stop)) return 'width';
    if (isPast(deadline)) return 'time';
    return this.boxes >= (mostBoxes ?? MOST_BOXES) ? 'boxes' : null;
  }

  /** In doubles, to spare the exact comparison while it is far from true. */
  private mayBeSharp(top: Rational): boolean {
    const high = approximate(top);
    return !(high - this.bestValue > 2 * (this.relative * Math.abs(high) + this.absolute));
  }

  /** Whether rounding hides what halving could still show. */
  private isBlurred({ upper, noise }: Item<I>): boolean {
    return upper !== null && noise !== null && this.best !== null && upper.sub(this.best.value).lt(noise.mul(FOUR));
  }

  private halve({ objective, part, upper, age }: Item<I>, axis: number): void {
    const cut = middle(part.from[axis], part.to[axis])!;
    const replaced = (ends: readonly number[]) => ends.map((end, i) => (i === axis ? cut : end));
    this.refine(objective, { from: part.from, to: replaced(part.to) }, upper, age + 1);
    this.refine(objective, { from: replaced(part.from), to: part.to }, upper, age + 1);
  }

  /** Specialises the expression when the part has halved in every direction since the last time. */
  private refine(objective: Objective<I>, part: Part, upper: Rational | null, age: number): void {
    if (!objective.hasKinks || age < this.domain.variables.length) {
      this.examine(objective, part, upper, age);
      return;
    }
    const outer = this.sides(part).map((side) => {
      const { lo, hi } = this.arithmetic.outer(side);
      return doubleIntervals.fromDoubles(lo, hi);
    });
    const local = specialise(objective.expression, new Map(this.domain.variables.map((name, i) => [name, outer[i]])));
    const next = local === objective.expression ? objective : new Objective(local, this.domain, this.arithmetic);
    this.examine(next, part, upper, 0);
  }

  private examine(objective: Objective<I>, part: Part, known: Rational | null, age: number): void {
    this.boxes += 1;
    const exact = objective.exactMaximum(part);
    if (exact) {
      this.improve(exact.value, () => exact.point);
      return;
    }
    const range = objective.range(part);
    if (range.undefinedAtCentre) {
      throw undefinedAt(objective.expression, this.domain.variables, pointOf(this.domain, centreOf(part)));
    }
    if (range.centre) this.improve(range.centre, () => pointOf(this.domain, centreOf(part)));
    const first = least(range.upper, known);
    if (!this.mayHold(first)) return;
    const reduced = this.monotone(part, range.slopes);
    if (reduced) {
      this.examine(objective, reduced, first, age);
      return;
    }
    const curvature = objective.curvature(part);
    const upper = least(first, curvature?.upper ?? null);
    if (!this.mayHold(upper)) return;
    const oneEnd = curvature && this.monotone(part, [curvature.slope]);
    if (oneEnd) {
      this.examine(objective, oneEnd, upper, age);
      return;
    }
    const newton = curvature?.newton;
    if (newton && shrinks(part, newton.inner)) {
      for (const end of [part.from, part.to]) this.examine(objective, { from: end, to: end }, upper, age);
      if (newton.inner) this.examine(objective, newton.inner, upper, age);
      return;
    }
    this.queue.push({ objective, part, upper, noise: range.noise, age, axis: this.axisToCut(part, range.slopes) });
  }

  /** The part with every coordinate in which the function is monotone fixed at its best end; null when there is none. */
  private monotone(part: Part, slopes: readonly (I | null)[]): Part | null {
    const A = this.arithmetic;
    const from = [...part.from];
    const to = [...part.to];
    let fixed = false;
    slopes.forEach((slope, i) => {
      if (slope === null || from[i] === to[i]) return;
      const { lo, hi } = A.outer(slope);
      if (lo >= 0) from[i] = to[i];
      else if (hi <= 0) to[i] = from[i];
      else return;
      fixed = true;
    });
    return fixed ? { from, to } : null;
  }

  /** The axis along which the function may vary most. */
  private axisToCut(part: Part, slopes: readonly (I | null)[]): number | undefined {
    let axis: number | undefined;
    let most = -1;
    slopes.forEach((slope, i) => {
      if (middle(part.from[i], part.to[i]) === undefined) return;
      const { lo, hi } = slope === null ? { lo: Number.NEGATIVE_INFINITY, hi: 0 } : this.arithmetic.outer(slope);
      const variation = Math.min(Math.max(-lo, hi), Number.MAX_VALUE) * (part.to[i] - part.from[i]);
      if (variation > most) [axis, most] = [i, variation];
    });
    return axis;
  }

  private improve(value: Rational, point: () => readonly Rational[]): void {
    if (this.best && value.le(this.best.value)) return;
    this.best = { value, point: point() };
    this.bestValue = approximate(value);
  }

  private mayHold(upper: Rational | null): boolean {
    return upper === null || this.best === null || this.best.value.lt(upper);
  }
}

const FOUR = Rational.of(4);

function isSharp(lo: Rational, hi: Rational, { relativeWidth, absoluteWidth }: Stop): boolean {
  const width = hi.sub(lo);
  return (
    (relativeWidth !== undefined && width.le(relativeWidth.mul(hi.abs()))) ||
    (absoluteWidth !== undefined && width.le(absoluteWidth))
  );
}

/** Whether a Newton step gains at least as much as halving would, so that the search ends. */
function shrinks(part: Part, inner: Part | undefined): boolean {
  return !inner || inner.to[0] - inner.from[0] < (part.to[0] - part.from[0]) / 2;
}

/** The sharper of two bounds; null is none. */
function least(a: Rational | null, b: Rational | null): Rational | null {
  return a && b ? a.min(b) : (a ?? b);
}

/** Larger bounds first; an unknown bound is the largest. */
function descending(a: Rational | null, b: Rational | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return b.compare(a);
}

function undefinedEverywhere(domain: Domain): InputError {
  return new InputError({
    found: `no point of the box of ${domain.variables.join(', ')} where the expression is known to be defined`,
  });
}

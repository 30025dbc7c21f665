import TinyQueue from 'tinyqueue';
import { isPast } from '../deadline.js';
import { approximate } from '../numbers/convert.js';
import { doubleIntervals } from '../numbers/doubles.js';
import type { Interval } from '../numbers/interval.js';
import type { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import { type Domain, intervalsOf, middle, type Part, pointOf, whole } from './box.js';
import { centreOf, Objective } from './objective.js';
import type { Stop } from './supremum.js';

/** g <= 0, or g < 0 where `strict`. */
export interface Constraint {
  readonly expression: E.Expression;
  readonly strict: boolean;
}

/** A two-sided enclosure of a supremum over the part of a box where constraints hold. */
export interface ConstrainedSupremum {
  /** Attained at `witness`, where the constraints hold; null while no such point is known. */
  readonly lo: Rational | null;
  readonly witness: readonly Rational[] | null;
  /** For all points of the box where the constraints hold; null when no finite bound was reached. */
  readonly hi: Rational | null;
  /** Whether no point of the box satisfies the constraints: then everything holds there. */
  readonly isEmpty: boolean;
  readonly boxes: number;
  readonly stopped: 'exact' | 'bound' | 'width' | 'time' | 'boxes' | 'precision';
}

interface Item {
  readonly part: Part;
  readonly upper: Rational | null;
}

const MOST_BOXES = 200_000;
const PROGRESS_EVERY = 256;

/**
 * sup of the expression over the points of the box where all constraints hold, by best-first branch and bound in
 * outward-rounded doubles: parts where a constraint surely fails are dropped, the part with the largest upper bound is
 * halved next, and only points where every constraint surely holds are taken for the lower end.
 */
export function constrainedSupremum(
  expression: E.Expression,
  constraints: readonly Constraint[],
  domain: Domain,
  stop: Stop,
): ConstrainedSupremum {
  const A = doubleIntervals;
  const objective = new Objective<Interval>(expression, domain, A);
  const sides = intervalsOf(domain, A);
  const values = E.toIntervals(
    constraints.map((constraint) => constraint.expression),
    domain.variables,
    A,
  );
  const reversed = constraints.map(({ expression: g }) => new Objective<Interval>(E.neg(g), domain, A));
  const queue = new TinyQueue<Item>([], (a, b) => (a.upper && b.upper ? b.upper.compare(a.upper) : a.upper ? 1 : -1));
  let best: { readonly value: Rational; readonly point: readonly Rational[] } | null = null;
  let boxes = 0;
  const fails = (part: Part): boolean =>
    constraints.some(({ strict }, k) => {
      const { upper } = reversed[k].range(part);
      return upper !== null && (upper.sign() < 0 || (strict && upper.isZero()));
    });
  const holdsAt = (point: readonly number[]): boolean => {
    const found = values(sides({ from: point, to: point }));
    const exactly = pointOf(domain, point);
    return constraints.every((constraint, k) => {
      const upper = A.mark(found[k]) === 0 ? A.upper(found[k]) : undefined;
      if (upper && (upper.sign() < 0 || (upper.isZero() && !constraint.strict))) return true;
      return truthAt(constraint, domain.variables, exactly) === 'holds';
    });
  };
  const examine = (part: Part, known: Rational | null): void => {
    boxes += 1;
    if (fails(part)) return;
    const { upper: found } = objective.range(part);
    const upper = found && known ? found.min(known) : (found ?? known);
    if (best && upper?.le(best.value)) return;
    for (const point of [centreOf(part), part.from, part.to]) {
      if (!holdsAt(point)) continue;
      const { centre } = objective.range({ from: point, to: point });
      if (centre && (!best || best.value.lt(centre))) best = { value: centre, point: pointOf(domain, point) };
    }
    queue.push({ part, upper });
  };
  const result = (hi: Rational | null, stopped: ConstrainedSupremum['stopped']): ConstrainedSupremum => {
    const top = hi && best ? hi.max(best.value) : hi;
    const isEmpty = stopped === 'exact' && best === null;
    return { lo: best?.value ?? null, witness: best?.point ?? null, hi: top, isEmpty, boxes, stopped };
  };
  examine(whole(domain.variables.length), null);
  for (let steps = 1; ; steps++) {
    const item = queue.pop();
    if (!item) return result((best as { value: Rational } | null)?.value ?? null, 'exact');
    const { part, upper } = item;
    const lo = (best as { value: Rational } | null)?.value ?? null;
    if (lo && upper?.le(lo)) return result(lo, 'exact');
    if (steps % PROGRESS_EVERY === 0) stop.progress?.(boxes, lo, upper);
    const reason = finished(stop, boxes, lo, upper);
    if (reason) return result(upper, reason);
    const axis = widest(part, domain);
    if (axis === undefined) return result(upper, 'precision');
    const cut = middle(part.from[axis], part.to[axis])!;
    examine({ from: part.from, to: part.to.map((end, i) => (i === axis ? cut : end)) }, upper);
    examine({ from: part.from.map((end, i) => (i === axis ? cut : end)), to: part.to }, upper);
  }
}

/**
 * What is known of a constraint at a point. Enclosures of irrational numbers cannot show an equality, so that `exp(x)
 * exp(-x) <= 1` stays `unknown`: such a point is no witness, and what is claimed has to hold there, too.
 */
export function truthAt(
  { expression, strict }: Constraint,
  variables: readonly string[],
  point: readonly Rational[],
): 'holds' | 'fails' | 'unknown' {
  try {
    const { lo, hi } = E.valueBounds(expression, new Map(variables.map((name, i) => [name, point[i]])));
    if (hi.sign() < 0 || (hi.isZero() && !strict)) return 'holds';
    return lo.sign() > 0 || (lo.isZero() && strict) ? 'fails' : 'unknown';
  } catch (error) {
    if (error instanceof E.DomainError || error instanceof RangeError) return 'unknown';
    throw error;
  }
}

function finished(stop: Stop, boxes: number, lo: Rational | null, hi: Rational | null) {
  if (stop.bound && ((lo && stop.bound.lt(lo)) || hi?.le(stop.bound))) return 'bound';
  if (lo && hi && stop.relativeWidth && hi.sub(lo).le(stop.relativeWidth.mul(hi.abs()))) return 'width';
  if (lo && hi && stop.absoluteWidth && hi.sub(lo).le(stop.absoluteWidth)) return 'width';
  if (isPast(stop.deadline)) return 'time';
  return boxes >= (stop.mostBoxes ?? MOST_BOXES) ? 'boxes' : null;
}

/** The longest side that can be halved, in the units of the variables. */
function widest({ from, to }: Part, { lo, hi }: Domain): number | undefined {
  let axis: number | undefined;
  let most = 0;
  from.forEach((start, i) => {
    const length = (to[i] - start) * approximate(hi[i].sub(lo[i]));
    if (middle(start, to[i]) !== undefined && length > most) [axis, most] = [i, length];
  });
  return axis;
}

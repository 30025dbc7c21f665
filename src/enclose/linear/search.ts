import TinyQueue from 'tinyqueue';
import { isPast, Unfinished } from '../../deadline.js';
import { InputError } from '../../errors.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { approximate, fromFloat, toFloat } from '../../numbers/convert.js';
import { FORMATS } from '../../numbers/format.js';
import { type Domain, middle, pointOf } from '../box.js';
import { MOST_BOXES, type Stop, type Supremum } from '../supremum.js';
import { ascend, halton, type Peak } from './ascent.js';
import { BackSubstitution, type Sides } from './back-substitution.js';
import { Pointwise } from './pointwise.js';
import type { Program } from './program.js';
import { type Reduced, reduce } from './reduce.js';
import type { Translated } from './translate.js';

/** A box of s that may hold the supremum. */
interface Node {
  readonly program: Program;
  readonly box: Sides;
  /** Enclosures of the rows on the box. */
  readonly known: Sides;
  /** Upper bounds of u and of -u; -infinity where that cannot be the supremum. */
  readonly bounds: readonly [number, number];
  readonly top: number;
  readonly axis: number;
  /** Whether u is known to be defined on all of the box. */
  readonly isDefined: boolean;
}

const SIGNS = [1, -1] as const;
const NOTHING = Number.NEGATIVE_INFINITY;
const CHECK_EVERY = 16;
/** Eleven digits of a supremum are as far as lines on doubles go. */
const FINEST = 2 ** -36;
const PROBES = 64;
const CLIMBS = 3;

/**
 * sup of u, or of |u| for `size`, over the unit box in s, by best-first branch and bound on linear relaxations: the box
 * with the largest upper bound is halved next where its relaxation is loosest, and what is decided about its ReLUs is put
 * into the program for its halves. The lower end is attained at an exact point, the upper one holds on the whole box.
 * Deterministic but for the deadline.
 */
export function search(translated: Translated, domain: Domain, of: 'value' | 'size', stop: Stop): Supremum {
  return new Search(translated, domain, of, stop).run();
}

class Search {
  private readonly queue = new TinyQueue<Node>([], (a, b) => b.top - a.top);
  private readonly program: Program;
  private readonly everywhere: Sides;
  private readonly substitution: BackSubstitution;
  private readonly pointSubstitution: BackSubstitution;
  private readonly pointwise: Pointwise;
  private readonly signs: readonly (1 | -1)[];
  private boxes = 0;
  /** The largest proved value of u (or |u|) at a point, that point, and the sign of u there. */
  private best = NOTHING;
  private witness: Float64Array;
  private bestSide = 0;
  /** The largest upper bound of boxes that are halved no more. */
  private settled = NOTHING;
  private isBlurred = false;
  private isDefinedSomewhere = false;
  private readonly relative: number;
  private readonly absolute: number;
  /** The largest double that is at most the stated bound. */
  private readonly bound: number;
  private readonly isLate: () => boolean;

  constructor(
    { program, lo, hi }: Translated,
    private readonly domain: Domain,
    of: 'value' | 'size',
    private readonly stop: Stop,
  ) {
    const d = program.dimension;
    this.program = program;
    this.everywhere = { from: lo, to: hi };
    this.substitution = new BackSubstitution(d);
    this.pointSubstitution = new BackSubstitution(d);
    this.pointwise = new Pointwise(program);
    this.signs = of === 'size' ? SIGNS : [1];
    this.witness = new Float64Array(d).fill(0.5);
    this.relative = stop.relativeWidth ? approximate(stop.relativeWidth) : 0;
    this.absolute = stop.absoluteWidth ? approximate(stop.absoluteWidth) : 0;
    this.bound = stop.bound ? toFloat(stop.bound, FORMATS.float64, 'down') : NOTHING;
    this.isLate = () => isPast(stop.deadline);
  }

  run(): Supremum {
    const d = this.program.dimension;
    this.explore();
    const whole = { from: new Float64Array(d), to: new Float64Array(d).fill(1) };
    const last = this.everywhere.to.length - 1;
    const first: readonly [number, number] = [
      this.everywhere.to[last],
      this.signs.length > 1 ? -this.everywhere.from[last] : NOTHING,
    ];
    this.examine(this.program, whole, this.everywhere, first);
    for (let steps = 0; ; steps++) {
      const top = this.queue.peek()?.top ?? NOTHING;
      const hi = Math.max(top, this.settled, this.best);
      const stopped = this.finished(hi, top, steps);
      if (stopped) return this.result(hi, stopped);
      this.halve(this.queue.pop()!);
    }
  }

  private result(hi: number, stopped: Supremum['stopped']): Supremum {
    if (this.best === NOTHING) throw this.withoutPoint(stopped);
    return {
      lo: fromFloat(this.best),
      witness: pointOf(this.domain, [...this.witness]),
      hi: hi < Number.POSITIVE_INFINITY ? fromFloat(hi) : null,
      boxes: this.boxes,
      stopped,
      arithmetic: 'float64',
    };
  }

  /** Why there is no point with a value: what the time did not suffice for is no fault of the function. */
  private withoutPoint(stopped: Supremum['stopped']): Error {
    if (stopped === 'time' || this.isLate()) return new Unfinished('the time limit ended the search');
    return this.isDefinedSomewhere ? tooLarge() : undefinedEverywhere(this.domain);
  }

  private finished(hi: number, top: number, steps: number): Supremum['stopped'] | null {
    const { mostBoxes, progress, bound } = this.stop;
    const upper = hi < Number.POSITIVE_INFINITY ? hi : null;
    if (bound && this.best > NOTHING && (this.best > this.bound || hi <= this.bound)) {
      if (bound.lt(fromFloat(this.best)) || (upper !== null && fromFloat(upper).le(bound))) return 'bound';
    }
    if (this.isSharp(hi)) return 'width';
    if (top === NOTHING) return this.isBlurred ? 'precision' : hi === this.best ? 'exact' : 'width';
    if (steps % CHECK_EVERY !== 0) return null;
    progress?.(
      this.boxes,
      this.best === NOTHING ? null : fromFloat(this.best),
      upper === null ? null : fromFloat(upper),
    );
    if (this.isLate()) return 'time';
    return this.boxes >= (mostBoxes ?? MOST_BOXES) ? 'boxes' : null;
  }

  /** Decided exactly, once doubles say that it may be so. */
  private isSharp(hi: number): boolean {
    const { relativeWidth, absoluteWidth } = this.stop;
    if (hi === Number.POSITIVE_INFINITY || !(hi - this.best <= 2 * (this.relative * Math.abs(hi) + this.absolute)))
      return false;
    const top = fromFloat(hi);
    const width = top.sub(fromFloat(this.best));
    return (
      (relativeWidth !== undefined && width.le(relativeWidth.mul(top.abs()))) ||
      (absoluteWidth !== undefined && width.le(absoluteWidth))
    );
  }

  /** What an upper bound has to come down to for its box to be halved no more. */
  private goal(): number {
    const slack = 0.999 * Math.max(this.relative * Math.abs(this.best), this.absolute);
    return Math.max(this.best + slack, this.bound);
  }

  private halve({ program, box, known, bounds, axis, isDefined }: Node): void {
    const cut = middle(box.from[axis], box.to[axis]);
    if (cut === undefined) {
      this.settled = Math.max(this.settled, ...bounds);
      this.isBlurred = true;
      return;
    }
    // What is reduced away is not looked at again.
    const inner = isDefined ? reducedOn(program, known) : { program, known };
    this.examine(inner.program, { from: box.from, to: replaced(box.to, axis, cut) }, inner.known, bounds);
    this.examine(inner.program, { from: replaced(box.from, axis, cut), to: box.to }, inner.known, bounds);
  }

  /** Bounds u on a box; queues it unless it is done with. */
  private examine(program: Program, box: Sides, known: Sides, before: readonly [number, number]): void {
    this.boxes += 1;
    const { substitution } = this;
    const row = program.rowOf[program.atoms.length];
    const measured = substitution.prepare(program, box, known, this.isLate);
    const { isDefined } = substitution.lines;
    const bounds: [number, number] = [NOTHING, NOTHING];
    let [top, axis, lost] = [NOTHING, 0, 0];
    for (const [side, sign] of this.signs.entries()) {
      if (isDefined && before[side] <= this.best) continue;
      const least = substitution.tightened(measured, sign, box, this.goal());
      const bound = isDefined ? Math.min(before[side], least) : Number.POSITIVE_INFINITY;
      this.checkOrder(bound, side, box);
      if (bound > top) [top, axis, lost] = [bound, this.axisToCut(program, box), substitution.lost];
      this.probe(sign, box);
      bounds[side] = bound;
    }
    if (top <= this.best) return;
    const isFine = top - this.best < Math.max(4 * lost, FINEST * Math.abs(top));
    if (top <= this.goal() || isFine) {
      this.settled = Math.max(this.settled, top);
      this.isBlurred ||= isFine && top > this.goal();
      return;
    }
    const rows = { from: substitution.lo.slice(0, row), to: substitution.hi.slice(0, row) };
    this.queue.push({ program, box, known: rows, bounds, top, axis, isDefined });
  }

  /** The value proved at the witness cannot exceed the bound of a box that contains it. */
  private checkOrder(bound: number, side: number, { from, to }: Sides): void {
    if (side !== this.bestSide || !(bound < this.best)) return;
    if (!this.witness.every((s, i) => from[i] <= s && s <= to[i])) return;
    throw new Error(`crossed ends: ${this.best} is attained where at most ${bound} is possible`);
  }

  /** The axis along which the last bound is loosest: the gaps between lines, each shared out over the axes of its rows. */
  private axisToCut({ dimension: d, atoms, rowOf, linear }: Program, { from, to }: Sides): number {
    const { q, lo, hi } = this.substitution;
    const score = new Float64Array(d);
    for (let k = 0; k < atoms.length; k++) {
      if (q[k] === 0) continue;
      const between = this.substitution.gap(k, rowOf[k], rowOf[k + 1]);
      for (let row = rowOf[k]; row < rowOf[k + 1]; row++) {
        const width = hi[row] - lo[row];
        const isRelu = atoms[k].kind === 'relu';
        const gap = isRelu ? Math.max(0, Math.min(-lo[row], hi[row])) : between;
        if (!(gap > 0)) continue;
        const weight = Math.min((Math.abs(q[k]) * gap) / width, Number.MAX_VALUE);
        for (let i = 0; i < d; i++) score[i] += weight * Math.abs(linear[row * (d + 1) + i]) * (to[i] - from[i]);
      }
    }
    let axis = 0;
    let most = NOTHING;
    for (let i = 0; i < d; i++) {
      if (middle(from[i], to[i]) === undefined) continue;
      const isWider = score[i] === most && to[i] - from[i] > to[axis] - from[axis];
      if (score[i] > most || isWider) [axis, most] = [i, score[i]];
    }
    return axis;
  }

  /** Looks where the last linear bound is largest, and in the middle. */
  private probe(sign: 1 | -1, { from, to }: Sides): void {
    const { a } = this.substitution;
    const corner = from.map((s, i) => (a[i] > 0 ? to[i] : s));
    const centre = from.map((s, i) => s / 2 + to[i] / 2);
    for (const point of [corner, centre]) {
      if (!(sign * this.pointwise.value(point) > this.best)) continue;
      const radius = to.reduce((most, s, i) => Math.max(most, s - from[i]), 0);
      this.improve(ascend(this.pointwise, sign, point, radius, this.isLate), sign);
    }
  }

  private explore(): void {
    const d = this.program.dimension;
    const found: (Peak & { readonly sign: 1 | -1 })[] = [];
    for (let k = 0; k < PROBES && !(k > 0 && this.isLate()); k++) {
      const point = Float64Array.from({ length: d }, (_, i) => halton(k, i));
      const value = this.pointwise.value(point);
      for (const sign of this.signs) found.push({ point, value: sign * value, sign });
    }
    found.sort((a, b) => b.value - a.value);
    for (const { point, sign } of found.slice(0, CLIMBS))
      this.improve(ascend(this.pointwise, sign, point, 0.125, this.isLate), sign);
    if (this.best === NOTHING) this.improve({ point: this.witness, value: Number.POSITIVE_INFINITY }, 1);
    if (this.best === NOTHING && this.isLate()) this.takeAnyPoint();
  }

  /** Where time is over before a point was looked at: what is known of all points is known of each. */
  private takeAnyPoint(): void {
    const last = this.everywhere.to.length - 1;
    const ends = [this.everywhere.from[last], this.signs.length > 1 ? -this.everywhere.to[last] : NOTHING];
    this.bestSide = ends[0] >= ends[1] ? 0 : 1;
    this.best = ends[this.bestSide];
  }

  /** Takes the point for the witness when its value, proved by the relaxation of the point as a box, is larger. */
  private improve({ point, value }: Peak, sign: 1 | -1): void {
    if (!(value > this.best) || (this.best > NOTHING && this.isLate())) return;
    const { program, pointSubstitution } = this;
    const box = { from: point, to: point };
    const measured = pointSubstitution.prepare(program, box, this.everywhere, this.isLate);
    if (!pointSubstitution.lines.isDefined) return;
    this.isDefinedSomewhere = true;
    const proved = -pointSubstitution.upper(measured, program.rowOf[program.atoms.length], sign === 1 ? -1 : 1, box);
    if (proved > this.best) [this.best, this.witness, this.bestSide] = [proved, point, sign === 1 ? 0 : 1];
  }
}

function tooLarge(): UnsupportedOperation {
  return new UnsupportedOperation('a function with values beyond double precision has no linear relaxation');
}

function undefinedEverywhere({ variables }: Domain): InputError {
  return new InputError({
    found: `no point of the box of ${variables.join(', ')} where the function is known to be defined`,
    allowed: 'functions that are defined on the whole box',
  });
}

/** The program without what is decided on a box, when that is worth it. */
function reducedOn(program: Program, known: Sides): Reduced {
  const { atoms, rowOf, spread } = program;
  let decided = 0;
  for (let k = 0; k < atoms.length; k++) {
    if (atoms[k].kind === 'relu' && (known.from[rowOf[k]] >= 0 || known.to[rowOf[k]] <= 0)) decided += 1;
  }
  const isWorthIt = decided * WORTH > atoms.length || spread === Number.POSITIVE_INFINITY;
  return isWorthIt ? reduce(program, known) : { program, known };
}

/** One atom of so many has to go. */
const WORTH = 8;

function replaced(ends: Float64Array, axis: number, end: number): Float64Array {
  const copy = ends.slice();
  copy[axis] = end;
  return copy;
}

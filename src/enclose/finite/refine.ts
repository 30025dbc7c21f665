import { isPast } from '../../deadline.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { compile, type Values } from '../../evaluate/evaluate.js';
import { approximate } from '../../numbers/convert.js';
import type { Rational } from '../../numbers/rational.js';
import type { Attained } from './attained.js';
import { descend, floatMargin } from './descent.js';
import { type Form, ZERO } from './form.js';
import { inputForms } from './inputs.js';
import { marginOf, Program } from './margin-in-box.js';
import { type MarginLimits, type MarginProblem, noEntry, type Scanned, type Suspect, targetPlace } from './problem.js';
import { EXACT, executed } from './rounding.js';
import { boxOf, type Cell, type Precision, scan, sequenceOf } from './scan.js';
import { separable } from './separable.js';

/** From far away to close; a network for which the first look takes too many classes is not looked at any closer. */
const LEVELS: readonly Precision[] = [
  { relevance: 2 ** -5, grid: 2 ** -5, mostCells: 20_000 },
  { relevance: 2 ** -7, grid: 2 ** -7, mostCells: 20_000 },
  { relevance: 2 ** -12, grid: 2 ** -11, mostCells: 40_000 },
  { relevance: 2 ** -20, grid: 2 ** -16, mostCells: 60_000 },
  { relevance: 0, grid: 2 ** -30, mostCells: 100_000 },
];
const MOST_PINNED = 2;
/** How many sequences of a class with a bad bound are tried. */
const TRIED = 64;
const DESCENTS = 2;
/** How close the ends come when the margin itself is asked for. */
const TIGHT = 2 ** -4;

export interface Refined {
  /** The least margin over all sequences is at least this; -infinity where nothing is known. */
  readonly lo: number;
  /** The largest number of classes that one scan told apart. */
  readonly cells: number;
  /** Classes with bad bounds. */
  readonly suspects: readonly Suspect[];
  readonly plan: readonly Scanned[];
  /** A sequence with a margin at or below the bound. */
  readonly refuting: Attained | null;
  readonly reason: string | null;
}

/**
 * The least margin of a network whose outputs are functions of sums over tokens: scans, closer and closer until the bound is
 * exceeded or a sequence refutes it. A token that all products of tokens share is pinned to each of its values first.
 */
export function refine(problem: MarginProblem, limits: MarginLimits): Refined {
  const { reading, coding } = problem;
  const arithmetic = problem.execution ? executed(problem.execution) : EXACT;
  const evaluate: (inputs: Values<Form>) => Values<Form> = compile(problem.network, separable(arithmetic));
  const enough = limits.bound ? approximate(limits.bound) : Number.POSITIVE_INFINITY;
  const plan: Scanned[] = [];
  const suspects: Suspect[] = [];
  let refuting: Attained | null = null;
  let cells = 0;
  let reason: string | null = null;

  const leastWith = (pinned: ReadonlyMap<number, number>): number => {
    if (refuting) return Number.NEGATIVE_INFINITY;
    const all = evaluate({ [coding.input]: inputForms(coding, reading.domain, pinned) })[problem.output].dense(ZERO);
    const program = new Program(
      problem.entries.map((k) => all[k]),
      arithmetic,
    );
    demandFinite(program);
    const pivot = pinned.size < MOST_PINNED ? pivotOf(program) : null;
    if (pivot !== null) {
      let least = Number.POSITIVE_INFINITY;
      for (let value = 0; value < reading.domain.alphabets[pivot].length; value++)
        least = Math.min(least, leastWith(new Map([...pinned, [pivot, value]])));
      return least;
    }
    return closer(new Look(problem, program, pinned, limits));
  };

  const closer = (look: Look): number => {
    let best = Number.NEGATIVE_INFINITY;
    for (const [level, precision] of LEVELS.entries()) {
      const found = look.at(precision);
      if ('reason' in found) {
        reason = found.reason;
        break;
      }
      cells = Math.max(cells, found.cells);
      best = Math.max(best, found.lo);
      if (found.worst) suspects.push({ margin: found.lo, places: found.worst.places });
      if (limits.bound && found.worst && !(found.lo > enough)) {
        refuting = look.refuting(found.worst, precision, limits.bound);
        if (refuting) break;
      }
      limits.progress?.(`${found.cells} classes of sequences, margin at least ${found.lo.toPrecision(6)}`);
      const isDone = found.lo > enough || found.lo === Number.POSITIVE_INFINITY || isTight(problem, found, limits);
      if (isDone || level === LEVELS.length - 1 || isPast(limits.deadline)) {
        plan.push({ pinned: look.pinned, precision, lo: found.lo });
        break;
      }
    }
    return best;
  };

  const lo = leastWith(new Map());
  return { lo, cells, suspects, plan, refuting, reason };
}

interface Least {
  readonly lo: number;
  readonly cells: number;
  readonly worst: Worst | null;
}

interface Worst {
  readonly cell: Cell;
  readonly target: number | null;
  readonly places: readonly number[];
}

/** The sequences with some tokens pinned, seen through the outputs' program. */
class Look {
  constructor(
    private readonly problem: MarginProblem,
    private readonly program: Program,
    readonly pinned: ReadonlyMap<number, number>,
    private readonly limits: MarginLimits,
  ) {}

  at(precision: Precision): Least | { readonly reason: string } {
    const { reading, entries } = this.problem;
    const found = this.scanned(precision);
    if ('kind' in found) return found;
    let lo = Number.POSITIVE_INFINITY;
    let worst: Worst | null = null;
    for (const cell of found) {
      const target = targetPlace(reading.targetOf(cell.state), entries.length);
      if (target === null) throw noEntry(this.problem, placesOf(cell, this.problem), reading.targetOf(cell.state));
      const margin = marginOf(this.program, boxOf(cell), target);
      if (margin < lo || worst === null) {
        lo = Math.min(margin, lo);
        worst = { cell, target, places: placesOf(cell, this.problem) };
      }
      if (isPast(this.limits.deadline)) return { reason: 'the time limit' };
    }
    return { lo, cells: found.length, worst };
  }

  /**
   * A sequence at or below the bound: from the class with the worst bound, and from those that go furthest to the side on which it
   * is bad, which may be one of 10^20.
   */
  refuting(worst: Worst, precision: Precision, bound: Rational): Attained | null {
    const isRefuting = (found: Attained | null): found is Attained => found?.hi.le(bound) === true;
    const near = descend(this.problem, [worst.places], this.limits);
    if (isRefuting(near)) return near;
    const slopes = slopesOf(this.program, worst);
    if (!slopes) return null;
    const directed = this.scanned(precision, slopes);
    if ('kind' in directed) return null;
    const margin = floatMargin(this.problem);
    const starts = directed
      .map((cell) => ({ cell, bad: this.badness(cell) }))
      .sort((a, b) => a.bad - b.bad)
      .slice(0, TRIED)
      .map(({ cell }) => placesOf(cell, this.problem))
      .map((places) => ({ places, margin: margin(places) }))
      .sort((a, b) => a.margin - b.margin);
    const far = descend(
      this.problem,
      starts.slice(0, DESCENTS).map(({ places }) => places),
      this.limits,
    );
    return isRefuting(far) ? far : null;
  }

  private badness(cell: Cell): number {
    const { reading, entries } = this.problem;
    return marginOf(this.program, boxOf(cell), targetPlace(reading.targetOf(cell.state), entries.length));
  }

  private scanned(precision: Precision, slopes?: readonly number[]) {
    const { pinned, program } = this;
    const keep = ({ token, value }: { token: number; value: number }) => (pinned.get(token) ?? value) === value;
    return scan(this.problem.reading, program.components, precision, {
      ...{ keep, over: program.quotients, deadline: this.limits.deadline },
      ...(slopes && { slopes }),
    });
  }
}

function placesOf(cell: Cell, { reading }: MarginProblem): readonly number[] {
  const values = sequenceOf(cell);
  return reading.domain.alphabets.map((_, token) => {
    const value = values.get(token);
    if (value === undefined) throw new Error(`token ${token} was never read`);
    return value;
  });
}

/** How the bound of a class moves with each sum over tokens, from one end of its interval to the other. */
function slopesOf(program: Program, { cell, target }: Worst): readonly number[] | null {
  const box = boxOf(cell);
  const slopes = box.map(({ lo, hi, mark }, c) => {
    if (!(hi > lo)) return 0;
    const [below, above] = [lo, hi].map((end) => marginOf(program, box.with(c, { lo: end, hi: end, mark }), target));
    const slope = (above - below) / (hi - lo);
    return Number.isFinite(slope) ? slope : 0;
  });
  return slopes.some((slope) => slope !== 0) ? slopes : null;
}

/** Sums over tokens are added without marks: they must be defined and finite. */
function demandFinite({ components }: Program): void {
  for (const tables of components) {
    for (const table of tables.values()) {
      if (!table.every(({ lo, hi, mark }) => mark === 0 && Number.isFinite(lo) && Number.isFinite(hi)))
        throw new UnsupportedOperation('a part of the network is undefined, or too large, for some tokens');
    }
  }
}

/** A token that all products of several tokens have in common: once it is known they are functions of one token each. */
function pivotOf({ atoms }: Program): number | null {
  let common: ReadonlySet<number> | null = null;
  for (const { op, args } of atoms) {
    if ((op !== 'mul' && op !== 'dot') || args.some((form) => form.atoms.size > 0)) continue;
    const own: ReadonlySet<number> = new Set(args.flatMap(({ tables }) => [...tables.keys()]));
    const before: ReadonlySet<number> = common ?? own;
    common = new Set([...before].filter((token) => own.has(token)));
  }
  const [first] = common ?? [];
  return first ?? null;
}

/** Whether a closer look would say nothing new: the margin at the worst sequence is about the bound. */
function isTight(problem: MarginProblem, { lo, worst }: Least, { bound }: MarginLimits): boolean {
  if (bound !== null || !worst) return false;
  const margin = floatMargin(problem)(worst.places);
  return margin - lo <= TIGHT * Math.abs(margin);
}

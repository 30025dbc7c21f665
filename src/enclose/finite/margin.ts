import { isPast } from '../../deadline.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { compile, convert, type Values } from '../../evaluate/evaluate.js';
import { float64 } from '../../evaluate/float64.js';
import { boundedOutputs } from '../../evaluate/point.js';
import { OverflowPossible } from '../../evaluate/rounded.js';
import type { Network } from '../../network/network.js';
import type { Tensor } from '../../network/tensor.js';
import { approximate, fromFloat } from '../../numbers/convert.js';
import { doubleIntervals } from '../../numbers/doubles.js';
import type { Interval } from '../../numbers/interval.js';
import { Rational } from '../../numbers/rational.js';
import { type SequenceReading, TooManyStates } from '../../statement/sequences/reading.js';
import { Program } from './cell.js';
import { type Form, ZERO } from './form.js';
import { type Coding, inputForms, inputOf } from './inputs.js';
import { lastCells } from './layers.js';
import { type Arithmetic, EXACT, type Execution, executed, simulated } from './rounding.js';
import { boxOf, type Cell, type Precision, scan, sequenceOf } from './scan.js';
import { separable } from './separable.js';

/** The lead of one entry of an output over others: which entries, and which of them the target of a sequence means. */
export interface MarginProblem {
  readonly network: Network;
  readonly output: string;
  /** Flat indices of the entries that compete. */
  readonly entries: readonly number[];
  readonly reading: SequenceReading;
  readonly coding: Coding;
  /** The automaton that the target is a function of, where it is one; for networks of several layers. */
  readonly automaton?: TargetAutomaton | undefined;
  /** What executes the network, rounding in any order; nobody, exactly, when absent. */
  readonly execution?: Execution;
}

/** The target as a function of the state of an automaton that reads some of the tokens, in their order. */
export interface TargetAutomaton {
  readonly start: number;
  readonly tokens: readonly number[];
  /** Row k lists the next states for the symbol k. */
  readonly table: readonly (readonly number[])[];
  target(state: number): Rational;
}

export interface MarginLimits {
  readonly deadline?: number;
  /** It suffices to know that the margin is above this (or not); null where the margin itself is asked for. */
  readonly bound: Rational | null;
  progress?(message: string): void;
}

/** A sequence of the domain and bounds of the margin there. */
export interface Attained {
  /** Places in the alphabets. */
  readonly places: readonly number[];
  readonly target: Rational;
  readonly lo: Rational;
  readonly hi: Rational;
  /** What one execution gives, where an execution is meant: it may give more than others do. */
  readonly simulated?: number;
}

/** Bounds of the least margin over all sequences. */
export interface MarginFound {
  /** Null where nothing was found for the whole domain. */
  readonly lo: Rational | null;
  /** A sequence with a small margin; null where the bound is exceeded everywhere, and where the domain is empty. */
  readonly attained: Attained | null;
  /** A sequence of a class with the least bound. */
  readonly worst: readonly number[] | null;
  /** Whether some sequence is in the domain. */
  readonly isEmpty: boolean;
  /** How fine the last scan was and how many classes of sequences it told apart. */
  readonly method: string;
  /** Why nothing better is known. */
  readonly reason: string | null;
  /** What a checker needs to repeat the scans. */
  readonly plan: readonly Scanned[];
}

/** One scan that was needed: tokens that were pinned, and how closely it looked. */
export interface Scanned {
  readonly pinned: ReadonlyMap<number, number>;
  readonly precision: Precision;
  readonly lo: number;
}

const LEVELS: readonly Precision[] = [
  { relevance: 2 ** -7, grid: 2 ** -7, mostCells: 20_000 },
  { relevance: 2 ** -12, grid: 2 ** -11, mostCells: 40_000 },
  { relevance: 2 ** -20, grid: 2 ** -16, mostCells: 60_000 },
  { relevance: 0, grid: 2 ** -30, mostCells: 100_000 },
];
const MOST_PINNED = 2;

/** Bounds of the least margin over all sequences of a finite domain, from below for all and from above at one of them. */
export function boundMargin(problem: MarginProblem, limits: MarginLimits): MarginFound {
  const { reading, coding } = problem;
  const plan: Scanned[] = [];
  const worst: { margin: number; places: readonly number[] }[] = [];
  let refuting: Attained | null = null;
  let cells = 0;
  let reason: string | null = null;
  const enough = limits.bound ? approximate(limits.bound) : Number.POSITIVE_INFINITY;

  /** The least margin over the sequences with these tokens; -infinity where nothing is known. */
  const exploring = (evaluate: (inputs: Values<Form>) => Values<Form>, arithmetic: Arithmetic) => {
    const explore = (pinned: ReadonlyMap<number, number>): number => {
      if (refuting) return Number.NEGATIVE_INFINITY;
      const outputs = evaluate({ [coding.input]: inputForms(coding, reading.domain, pinned) });
      const all = outputs[problem.output].dense(ZERO);
      const program = new Program(
        problem.entries.map((k) => all[k]),
        arithmetic,
      );
      checkFinite(program);
      const pivot = pinned.size < MOST_PINNED ? pivotOf(program) : null;
      if (pivot !== null) {
        let least = Number.POSITIVE_INFINITY;
        for (let value = 0; value < reading.domain.alphabets[pivot].length; value++)
          least = Math.min(least, explore(new Map([...pinned, [pivot, value]])));
        return least;
      }
      let best = Number.NEGATIVE_INFINITY;
      for (const [level, precision] of LEVELS.entries()) {
        const found = leastMargin(problem, program, precision, pinned, limits.deadline);
        if ('reason' in found) {
          reason = found.reason;
          break;
        }
        cells = Math.max(cells, found.cells);
        best = Math.max(best, found.lo);
        if (found.worst) worst.push({ margin: found.lo, places: found.worst });
        if (limits.bound && found.worst && !(found.lo > enough)) {
          const tried = search(problem, [found.worst], limits);
          if (tried?.hi.le(limits.bound)) refuting = tried;
          if (refuting) break;
        }
        limits.progress?.(`${found.cells} classes of sequences, margin at least ${found.lo.toPrecision(6)}`);
        const isDone = found.lo > enough || found.lo === Number.POSITIVE_INFINITY || isTight(problem, found, limits);
        if (isDone || level === LEVELS.length - 1 || isPast(limits.deadline)) {
          plan.push({ pinned, precision, lo: found.lo });
          break;
        }
      }
      return best;
    };
    return explore;
  };

  let lo = Number.NEGATIVE_INFINITY;
  try {
    const arithmetic = problem.execution ? executed(problem.execution) : EXACT;
    const layered = reading.isEmpty ? EMPTY : byLayers(problem, limits);
    if (layered?.worst) worst.push({ margin: layered.lo, places: layered.worst });
    if (layered) [lo, cells] = [layered.lo, layered.cells];
    else lo = exploring(compile(problem.network, separable(arithmetic)), arithmetic)(new Map());
  } catch (error) {
    const isLimit =
      error instanceof TooManyStates || error instanceof UnsupportedOperation || error instanceof OverflowPossible;
    if (!isLimit) throw error;
    reason = error.message;
  }
  worst.sort((a, b) => a.margin - b.margin);
  const isEmpty = lo === Number.POSITIVE_INFINITY;
  const isSettled = limits.bound !== null && lo > enough;
  const starts = worst.slice(0, STARTS).map(({ places }) => places);
  const attained = refuting ?? (isEmpty || isSettled ? null : search(problem, starts, limits));
  return {
    lo: Number.isFinite(lo) ? fromFloat(lo) : null,
    attained,
    worst: worst[0]?.places ?? null,
    isEmpty,
    method: `${cells} classes of sequences by dynamic programming over ${reading.length} tokens, ${reading.count} states of the target`,
    reason: refuting ? null : isPast(limits.deadline) ? 'the time limit' : reason,
    plan,
  };
}

interface Least {
  readonly lo: number;
  readonly cells: number;
  readonly worst: readonly number[] | null;
}

function leastMargin(
  { reading, entries }: MarginProblem,
  program: Program,
  precision: Precision,
  pinned: ReadonlyMap<number, number>,
  deadline?: number,
): Least | { readonly reason: string } {
  const keep = ({ token, value }: { token: number; value: number }) => (pinned.get(token) ?? value) === value;
  const found = scan(reading, program.components, precision, keep, deadline, program.quotients);
  if ('kind' in found) return found;
  let lo = Number.POSITIVE_INFINITY;
  let worst: Cell | null = null;
  for (const cell of found) {
    const place = targetPlace(reading.targetOf(cell.state), entries.length);
    if (place === null)
      return { reason: `for some sequences the target is ${reading.targetOf(cell.state)}, no place of an entry` };
    const margin = marginOf(program, cell, place);
    if (margin < lo || worst === null) [lo, worst] = [Math.min(margin, lo), cell];
    if (isPast(deadline)) return { reason: 'the time limit' };
  }
  return { lo, cells: found.length, worst: worst && placesOf(worst, reading) };
}

/**
 * The least margin of a network of several layers whose target is the state of an automaton, layer by layer; null for others,
 * and where nothing follows.
 */
function byLayers(problem: MarginProblem, { deadline }: MarginLimits): Least | null {
  const { network, reading, coding, entries, automaton, execution, output } = problem;
  const { domain } = reading;
  if (!automaton || execution || domain.conditions.length > 0) return null;
  const { table, tokens, start } = automaton;
  const identity = table[0].map((_, q) => q);
  const read = new Set(tokens);
  const found = lastCells(network, {
    alphabets: domain.alphabets.map(({ length }) => length),
    input: (token, value) => rowOf(coding, domain.alphabets[token][value]),
    actions: {
      states: identity.length,
      reads: (token) => read.has(token),
      of: (token, value) => (read.has(token) ? table[Number(domain.alphabets[token][value].num)] : identity),
    },
    entries,
    output,
    deadline,
  });
  if (!found) return null;
  let lo = Number.POSITIVE_INFINITY;
  let worst: readonly (readonly [number, number])[] | null = null;
  for (const cell of found) {
    const { action, window } = cell;
    const isWhole = action !== null && tokens.every((token) => window && window[0] <= token && token <= window[1]);
    const target = isWhole ? targetPlace(automaton.target(action[start]), entries.length) : null;
    const margin = target === null ? Number.NEGATIVE_INFINITY : cell.margin(target);
    if (margin < lo || worst === null) [lo, worst] = [Math.min(margin, lo), cell.tokens];
  }
  const places = domain.alphabets.map(() => 0);
  for (const [token, value] of worst ?? []) places[token] = value;
  return { lo, cells: found.length, worst: places };
}

/** The row of the input for a token. */
function rowOf({ symbols }: Coding, token: Rational): Interval[] {
  if (symbols === null) return [doubleIntervals.of(token)];
  return Array.from({ length: symbols }, (_, k) =>
    token.equals(Rational.of(k)) ? doubleIntervals.one : doubleIntervals.zero,
  );
}

function placesOf(cell: Cell, reading: SequenceReading): readonly number[] {
  const values = sequenceOf(cell);
  return reading.domain.alphabets.map((_, token) => {
    const value = values.get(token);
    if (value === undefined) throw new Error(`token ${token} was never read`);
    return value;
  });
}

function marginOf(program: Program, cell: Cell, target: number | null): number {
  if (target === null) return Number.NEGATIVE_INFINITY;
  const { values, difference } = program.evaluate(boxOf(cell));
  let least = Number.POSITIVE_INFINITY;
  values.forEach((value, k) => {
    if (k === target) return;
    const gap = difference(values[target], value);
    least = Math.min(least, gap.mark === 0 && gap.lo <= gap.hi ? gap.lo : Number.NEGATIVE_INFINITY);
  });
  return least;
}

/** Places count from 1 in statements; null for what is no place. */
function targetPlace(target: Rational, count: number): number | null {
  return target.isInteger() && target.sign() > 0 && target.num <= BigInt(count) ? Number(target.num) - 1 : null;
}

/** Sums over tokens are added without marks: they must be defined and finite. */
function checkFinite({ components }: Program): void {
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

/** Nothing is found where no sequence is. */
const EMPTY: Least = { lo: Number.POSITIVE_INFINITY, cells: 0, worst: null };

const STARTS = 4;
/** How close the ends come when the margin itself is asked for. */
const TIGHT = 2 ** -4;

/** Whether a closer look would say nothing new: the margin at the worst sequence is about the bound. */
function isTight(problem: MarginProblem, { lo, worst }: Least, { bound }: MarginLimits): boolean {
  if (bound !== null || !worst) return false;
  const margin = floatMargin(problem)(worst);
  return margin - lo <= TIGHT * Math.abs(margin);
}

/** The margin in plain doubles, which decide nothing. */
function floatMargin({
  network,
  output,
  entries,
  coding,
  reading,
  execution,
}: MarginProblem): (places: readonly number[]) => number {
  const evaluate = compile(network, execution ? simulated(execution) : float64);
  return (places) => {
    const found = reading.sequence((token) => places[token]);
    if (!found) return Number.POSITIVE_INFINITY;
    const target = targetPlace(reading.targetOf(found.state), entries.length);
    if (target === null) return Number.NEGATIVE_INFINITY;
    const input = inputOf(coding, reading.domain, found.values).map(approximate) as Tensor<number>;
    const values = evaluate({ [coding.input]: input })[output].dense(0);
    const others = entries.flatMap((k, i) => (i === target ? [] : [values[k]]));
    return values[entries[target]] - Math.max(...others);
  };
}

const MOST_ROUNDS = 6;

/** Goes down token by token from some sequences, in doubles, then encloses the margin at the best one. */
function search(
  problem: MarginProblem,
  starts: readonly (readonly number[])[],
  { deadline, bound }: MarginLimits,
): Attained | null {
  const { reading } = problem;
  const margin = floatMargin(problem);
  const enough = bound ? approximate(bound) : Number.NEGATIVE_INFINITY;
  let best: { places: readonly number[]; margin: number } | null = null;
  for (const start of starts.length > 0 ? starts : [reading.domain.alphabets.map(() => 0)]) {
    let current = { places: start, margin: margin(start) };
    for (let round = 0; round < MOST_ROUNDS && current.margin > enough; round++) {
      const before = current.margin;
      for (const token of reading.free) {
        for (let value = 0; value < reading.domain.alphabets[token].length; value++) {
          const places = current.places.with(token, value);
          const found = value === current.places[token] ? current.margin : margin(places);
          if (found < current.margin) current = { places, margin: found };
        }
        if (isPast(deadline)) break;
      }
      if (current.margin === before) break;
    }
    if (!best || current.margin < best.margin) best = current;
    if (best.margin <= enough || isPast(deadline)) break;
  }
  const attained = best && Number.isFinite(best.margin) ? attainedAt(problem, best.places) : null;
  return attained && { ...attained, simulated: best!.margin };
}

/** The margin at one sequence between proved bounds; null outside the domain. */
export function attainedAt(problem: MarginProblem, free: readonly number[]): Attained | null {
  const { entries, reading } = problem;
  const found = reading.sequence((token) => free[token]);
  if (!found) return null;
  const target = reading.targetOf(found.state);
  const place = targetPlace(target, entries.length);
  if (place === null) return null;
  const dense = outputAt(problem, inputOf(problem.coding, reading.domain, found.values));
  if (!dense) return null;
  const ends = entries.map((k) => dense[k]);
  const own = ends[place];
  const others = ends.filter((_, k) => k !== place);
  const lo = own.lo.sub(others.map(({ hi }) => hi).reduce((a, b) => a.max(b)));
  const hi = own.hi.sub(others.map((other) => other.lo).reduce((a, b) => a.max(b)));
  return { places: found.values, target, lo, hi };
}

/** Bounds of every entry of an output at one sequence, exact or as executed. */
export function outputAt({ network, output, coding, execution }: MarginProblem, input: Tensor<Rational>): Ends | null {
  const part = network.upTo(network.outputs.find(({ name }) => name === output)!.node);
  return execution ? executedAt(part, coding, input, execution) : exactlyAt(part, coding, input);
}

type Ends = readonly { readonly lo: Rational; readonly hi: Rational }[];

function exactlyAt(part: Network, { input }: Coding, value: Tensor<Rational>): Ends {
  const [values] = Object.values(boundedOutputs(part, { [input]: value }, () => true));
  return values.dense({ lo: Rational.zero, hi: Rational.zero });
}

/** Where every entry lies that a device may compute; null where a value may overflow or nothing is known of an operation. */
function executedAt(part: Network, { input }: Coding, value: Tensor<Rational>, execution: Execution): Ends | null {
  try {
    const { numbers } = executed(execution);
    const [values] = Object.values(compile(part, numbers)({ [input]: convert(value, numbers) }));
    return values.dense(numbers.zero).map(({ lo, hi }) => ({ lo: fromFloat(lo), hi: fromFloat(hi) }));
  } catch (error) {
    if (error instanceof OverflowPossible || error instanceof UnsupportedOperation) return null;
    throw error;
  }
}

import { spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { Fraction } from '../fraction.js';
import type { Interval } from '../interval.js';
import * as I from '../interval.js';
import { logOf, type MemoryFunction, powerOf, readMemoryFunction } from '../memory-function.js';
import { fraction, index, type Network, type Node, record, string } from '../network.js';
import * as R from '../recurrences.js';

const LONGEST = 2 ** 16;

/**
 * Data: a memory function (`target`), a time `at` and numbers `lo`, `hi`: the impulse response r of the network's one recurrence is off
 * by at least `lo` at that time and by at most `hi` at any time; and possibly a number of `steps` to run.
 */
export const responseDistance: Rule = ({ network }, data) => {
  const { steps, ...fields } = record(data, 'the data', ['target', 'at', 'lo', 'hi', 'steps']);
  const target = readMemoryFunction(fields.target);
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const time = string(fields.at, 'a time');
  demand(/^\d{1,60}$/.test(time), 'a time is no natural number');
  const range = { at: BigInt(time), lo, hi };
  const states = steps === undefined ? byChords(network, target, range) : byRunning(network, target, range, steps);
  return closed(
    { kind: 'response-distance', ...fields, states },
    `run from state 0 on an input u of any length, the recurrence of the network, of order at most ${states}, gives ` +
      `y(t) = sum_{s<=t} r(t-s) u(s) with ${lo} <= sup_t |r(t) - ${target.text}| <= ${hi}, t = 0, 1, 2, ... without end`,
  );
};

interface Range {
  readonly at: bigint;
  readonly lo: Fraction;
  readonly hi: Fraction;
}

/** What |a - b| is at least and at most. */
function distance(a: Interval, b: Interval): { readonly least: Fraction; readonly most: Fraction } {
  const off = I.add(a, I.neg(b));
  return { least: I.lower(off).max(I.upper(off).neg()), most: I.upper(off).max(I.lower(off).neg()) };
}

function demandFar({ least, most }: ReturnType<typeof distance>, lo: Fraction): void {
  demand(lo.le(most), 'it is not so far off at that time');
  demandShown(lo.n <= 0n || lo.le(least), 'rounding hides how far off it is at that time');
}

/**
 * For r a sum of weights times powers of poles, all positive, and a convex target. Both functions decrease, so that behind a time
 * where both are below `hi` nothing is to be shown. Before, between times t and t' the
 * difference is off its chord by at most (t' - t)^2/8 of the second derivative at t of one or the other, which decrease, too.
 */
function byChords(network: Network, target: MemoryFunction, { at, lo, hi }: Range): number {
  const { second } = target;
  demand(second !== null, 'a number of steps is missing');
  const model = readModel(network);
  const off = (t: bigint) => {
    spend(3000 * (2 + model.states));
    return distance(model.value(t), target.value(t));
  };
  demandFar(off(at), lo);
  let [t, step, here] = [0n, 1n, off(0n).most];
  const isBehind = () => [model, target].every((one) => I.upper(one.value(t)).le(hi));
  demand(here.le(hi), () => `at t = 0 it is off by ${here}`);
  while (!isBehind()) {
    const there = off(t + step).most;
    const largest = I.upper(model.second(t)).max(I.upper(second(t)));
    const arch = step === 1n ? Fraction.zero : largest.mul(Fraction.of(step * step, 8n));
    if (here.max(there).add(arch).le(hi)) {
      [t, here] = [t + step, there];
      step *= 2n;
    } else {
      demandShown(step > 1n, () => `at t = ${t + 1n} it is off by ${there}`);
      step /= 2n;
    }
  }
  return model.states;
}

/**
 * Time by time, for poles of any kind, in real blocks [[a]] or [[a, -b], [b, a]] of moduli below 1. Behind the last step each block of
 * the state is at most as long as there, so that |c . h| is at most a sum of products of lengths; and the target is what it is there.
 */
function byRunning(network: Network, target: MemoryFunction, { at, lo, hi }: Range, given: unknown): number {
  const steps = index(given, LONGEST, 'steps');
  const chain = R.inIntegers(R.readRecurrences(network));
  const [row, ...others] = [...chain.outputs.values()].flat();
  const [[A], ...layers] = chain.matrices;
  demand(layers.length + others.length === 0 && chain.block === 1, 'the network is not one recurrence with one output');
  const size = R.blockSize(chain);
  R.demandStable(A, size, 1);
  demand(target.settled <= BigInt(steps) && at < BigInt(steps), 'there are too few steps');
  let rest = target.value(BigInt(steps));
  for (const { b: t, state, own } of R.impulse(chain, steps)) {
    const off = distance(I.quotient(R.dot([row, state]).n, own.n), target.value(BigInt(t)));
    if (BigInt(t) === at) demandFar(off, lo);
    demand(off.least.le(hi), () => `at t = ${t} it is off by ${off.least}`);
    demandShown(off.most.le(hi), 'rounding hides how far off it is');
    if (t === steps - 1) rest = I.add(rest, I.quotient(lengths(row, state, size), own.n));
  }
  demandShown(I.upper(rest).le(hi), () => `behind ${steps} steps it may be off by ${I.upper(rest)}`);
  return orderOf(A, size);
}

/** How many numbers are poles of the blocks or their conjugates: the response is a sum of their powers. */
function orderOf({ shape: [n], entries }: Node, size: number): number {
  const poles = new Map<string, number>();
  for (let k = 0; k < n; k += size) {
    const [re, im] = [k * n + k, (k + 1) * n + k].map((at) => entries.get(at) ?? Fraction.zero);
    const isReal = size === 1 || im.isZero;
    poles.set(isReal ? `${re}` : `${re} ${im.abs()}`, isReal ? 1 : 2);
  }
  return [...poles.values()].reduce((a, b) => a + b, 0);
}

/** The sum over blocks of products of the lengths of the parts of two vectors, at most. */
function lengths(row: R.IntegerRow, state: readonly R.Integer[], size: number): bigint {
  const part = (i: number) => R.magnitude(state[i].n) + (size === 2 ? R.magnitude(state[i ^ 1].n) : 0n);
  return row.reduce((sum, [i, { n }]) => sum + R.magnitude(n) * part(i), 0n);
}

interface Model {
  readonly states: number;
  value(t: bigint): Interval;
  second(t: bigint): Interval;
}

/** r(t) = sum c_k b_k a_k^t for the one recurrence of the network with a diagonal matrix of entries a_k in [0, 1), c_k b_k > 0. */
function readModel(network: Network): Model {
  const { block, matrices, columns } = R.readRecurrences(network);
  const [[A, B], ...others] = matrices;
  const n = A.shape[0];
  demand(block === 1 && others.length === 0 && columns.size === 1, 'the network is not one recurrence with one output');
  const C = columns.get('y')!;
  const modes = Array.from({ length: n }, (_, k) => {
    const [pole, b, c] = [A.entries.get(k * n + k), B.entries.get(k), C.entries.get(k)].map((x) => x ?? Fraction.zero);
    return { pole, weight: b.mul(c) };
  });
  const isPositive = modes.every(({ pole, weight }) => pole.n >= 0n && pole.lt(Fraction.one) && weight.n > 0n);
  demandShown(!R.mixes(A) && isPositive, 'the response is no sum of positive weights times powers of positive poles');
  // A pole 0 has a response at t = 0 alone, where no chord starts.
  const lasting = modes.filter(({ pole }) => pole.n > 0n).map(({ pole, weight }) => ({ rate: logOf(pole), weight }));
  const first = modes.map(({ weight }) => weight).reduce((a, b) => a.add(b));
  const sum = (t: bigint, factor: (rate: Interval) => Interval) =>
    lasting
      .map(({ rate, weight }) =>
        I.mul(I.mul(I.interval(weight), factor(rate)), powerOf(I.mul(rate, I.interval(Fraction.of(t))))),
      )
      .reduce(I.add, I.interval(Fraction.zero));
  return {
    states: n,
    value: (t) => (t === 0n ? I.interval(first) : sum(t, () => I.interval(Fraction.one))),
    second: (t) => sum(t, (rate) => I.power(rate, 2)),
  };
}

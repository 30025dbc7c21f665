import { spend } from '../budget.js';
import type { Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { Fraction } from '../fraction.js';
import type { Interval } from '../interval.js';
import * as I from '../interval.js';
import { logOf, type Memory, powerOf, readMemory } from '../memory.js';
import { fraction, type Network, record, string } from '../network.js';
import { readChain } from '../recurrences.js';

/**
 * Data: a memory function (`target`), a time `at` and numbers `lo`, `hi`: the impulse response r of the network's one recurrence, a
 * sum of weights times powers of poles, all positive, is off by at least `lo` at that time and by at most `hi` at any time. Both functions
 * decrease, so that behind a time where both are below `hi` nothing is to be shown. Before, between times t and t' the
 * difference is off its chord by at most (t' - t)^2/8 of the second derivative at t of one or the other, which decrease, too.
 */
export const responseDistance: Rule = ({ network }, data) => {
  const fields = record(data, 'the data', ['target', 'at', 'lo', 'hi']);
  const [target, model] = [readMemory(fields.target), readModel(network)];
  const [lo, hi] = [fraction(fields.lo, 'lo'), fraction(fields.hi, 'hi')];
  const time = string(fields.at, 'a time');
  demand(/^\d{1,60}$/.test(time), 'a time is no natural number');
  const distance = (t: bigint) => {
    spend(3000 * (2 + model.states));
    const off = I.add(model.value(t), I.neg(target.value(t)));
    return { least: I.lower(off).max(I.upper(off).neg()), most: I.upper(off).max(I.lower(off).neg()) };
  };
  demand(lo.n <= 0n || lo.le(distance(BigInt(time)).least), 'it is not so far off at that time');
  let [t, step, here] = [0n, 1n, distance(0n).most];
  const isBehind = () => [model, target].every((one) => I.upper(one.value(t)).le(hi));
  demand(here.le(hi), () => `at t = 0 it is off by ${here}`);
  while (!isBehind()) {
    const there = distance(t + step).most;
    const bend = [model, target].map((one) => I.upper(one.bend(t))).reduce((a, b) => a.max(b));
    const arch = step === 1n ? Fraction.zero : bend.mul(Fraction.of(step * step, 8n));
    if (here.max(there).add(arch).le(hi)) {
      [t, here] = [t + step, there];
      step *= 2n;
    } else {
      demandShown(step > 1n, () => `at t = ${t + 1n} it is off by ${there}`);
      step /= 2n;
    }
  }
  return {
    kind: 'closed',
    conclusion: { kind: 'response-distance', ...fields, states: model.states },
    statement:
      `run from state 0 on an input u of any length, the recurrence of the network, of ${model.states} states, gives ` +
      `y(t) = sum_{s<=t} r(t-s) u(s) with ${lo} <= sup_t |r(t) - ${target.text}| <= ${hi}, t = 0, 1, 2, ... without end`,
  };
};

interface Model extends Pick<Memory, 'value' | 'bend'> {
  readonly states: number;
}

/** r(t) = sum c_k b_k a_k^t for the one recurrence of the network with a diagonal matrix of entries a_k in [0, 1), c_k b_k > 0. */
function readModel(network: Network): Model {
  const { block, matrices, columns } = readChain(network);
  const [[A, B], ...others] = matrices;
  const n = A.shape[0];
  demand(block === 1 && others.length === 0 && columns.size === 1, 'the network is not one recurrence with one output');
  const isDiagonal = [...A.entries.keys()].every((at) => at % n === Math.floor(at / n));
  const C = columns.get('y')!;
  const modes = Array.from({ length: n }, (_, k) => {
    const [pole, b, c] = [A.entries.get(k * n + k), B.entries.get(k), C.entries.get(k)].map((x) => x ?? Fraction.zero);
    return { pole, weight: b.mul(c) };
  });
  const isPositive = modes.every(({ pole, weight }) => pole.n >= 0n && pole.lt(Fraction.one) && weight.n > 0n);
  demandShown(isDiagonal && isPositive, 'the response is no sum of positive weights times powers of positive poles');
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
    bend: (t) => sum(t, (rate) => I.power(rate, 2)),
  };
}

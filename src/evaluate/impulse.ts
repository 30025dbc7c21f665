import type { StateSpace } from '../network/state-space.js';
import { bitLength } from '../numbers/bits.js';
import { Gaussian } from '../numbers/gaussian.js';
import {
  add,
  denominatorOf,
  type GaussianInteger,
  isZero,
  mul,
  timesInteger,
  ZERO,
} from '../numbers/gaussian-integer.js';
import { lcm } from '../numbers/gcd.js';

/** A value of an output as a fraction that is not in lowest terms. */
export interface ImpulseValue {
  readonly numerator: GaussianInteger;
  readonly denominator: bigint;
}

/**
 * The impulse response rho(0), rho(1), ... of a model with diagonal A_k, by its recurrence, exactly and without end.
 *
 * With D the common denominator of the poles, state i of layer k at time t is U H/(R D^t) for a number U and an integer R
 * of its own: all products are of integers, and nothing is reduced on the way. U is chosen so that the shortest weight of
 * the state becomes 1, and R so that it need not change along a chain: most weights are then 1.
 */
export function impulseResponse(model: StateSpace): Generator<ImpulseValue> {
  return response(model, (t) => (t === 0 ? 1n : 0n));
}

/** The output for an input of integers, in the same way. */
export function* response(model: StateSpace, input: (t: number) => bigint): Generator<ImpulseValue> {
  const D = poleDenominator(model);
  const { rows, output, denominator } = integerWeights(model);
  const steps = model.layers.map(({ poles }, k) => ({
    poles: poles.map((pole) => timesInteger(pole, D)),
    rows: rows[k],
  }));
  const states = model.layers.map(({ poles }) => poles.map(() => ZERO));
  let power = 1n;
  for (let t = 0; ; t++) {
    let below: readonly GaussianInteger[] = [{ re: input(t) * power, im: 0n }];
    steps.forEach(({ poles, rows: weights }, k) => {
      below = states[k] = weights.map((row, i) => combine(row, below, mul(states[k][i], poles[i])));
    });
    const grown = power;
    yield {
      numerator: combine(output, below, ZERO),
      get denominator() {
        return denominator * grown;
      },
    };
    power *= D;
  }
}

/** The common denominator of all poles: values grow by its digits with every step. */
export function poleDenominator({ layers }: StateSpace): bigint {
  return layers.flatMap(({ poles }) => poles).reduce((q, pole) => lcm(q, denominatorOf(pole)), 1n);
}

type IntegerRow = readonly (readonly [number, GaussianInteger])[];

/** Binary digits of a weight that is made 1. */
const SHORT = 64;

/** The weights between the integers H of all states, and the output as an integer over `denominator`. */
function integerWeights({ layers, C }: StateSpace) {
  let units = [Gaussian.one];
  const scaled = layers.map(({ B }) => {
    const own = B.map((row) => unitOf(row, units));
    const rows = B.map((row, i) => {
      const { unit, from } = own[i];
      return row.map(([j, weight], k) => [j, k === from ? Gaussian.one : weight.mul(units[j]).div(unit)] as const);
    });
    units = own.map(({ unit }) => unit);
    return rows;
  });
  const readout = C.map(([j, weight]) => [j, weight.mul(units[j])] as const);
  const multiples = [[1n]];
  for (const rows of scaled) multiples.push(rows.map((row) => commonDenominator(row, multiples.at(-1)!)));
  // A state that one other state reads is given all that this one's denominator asks for.
  for (let k = scaled.length - 1; k > 0; k--) {
    const uses = multiples[k].map(() => 0);
    for (const row of scaled[k]) for (const [j] of row) uses[j]++;
    scaled[k].forEach((row, i) => {
      for (const [j, weight] of row) if (uses[j] === 1) multiples[k][j] = multiples[k + 1][i] / denominatorOf(weight);
    });
  }
  const integers = (row: StateSpace['C'], whole: bigint, below: readonly bigint[]): IntegerRow =>
    row.map(([j, weight]) => [j, timesInteger(weight, whole / below[j])] as const);
  const last = multiples.at(-1)!;
  const denominator = commonDenominator(readout, last);
  return {
    rows: scaled.map((rows, k) => rows.map((row, i) => integers(row, multiples[k + 1][i], multiples[k]))),
    output: integers(readout, denominator, last),
    denominator,
  };
}

/** U of a state: its shortest weight times the U of what this weighs, whose place in the row is `from`, or 1 where none is short. */
function unitOf(row: StateSpace['C'], units: readonly Gaussian[]): { readonly unit: Gaussian; readonly from: number } {
  let [least, from, shortest] = [Gaussian.one, -1, SHORT + 1];
  for (const [k, [, weight]] of row.entries()) {
    const { re, im } = weight;
    const digits = weight.isZero()
      ? shortest
      : [re.num < 0n ? -re.num : re.num, re.den, im.num < 0n ? -im.num : im.num, im.den].reduce(
          (sum, n) => sum + (n === 0n ? 0 : bitLength(n)),
          0,
        );
    if (digits < shortest) [least, from, shortest] = [weight, k, digits];
  }
  return { unit: from < 0 ? least : least.mul(units[row[from][0]]), from };
}

/** The least multiple of the denominators of all terms. */
function commonDenominator(row: StateSpace['C'], below: readonly bigint[]): bigint {
  return row
    .map(([j, weight]) => denominatorOf(weight) * below[j])
    .reduce((q, d) => (q % d === 0n ? q : lcm(q, d)), 1n);
}

function combine(row: IntegerRow, states: readonly GaussianInteger[], start: GaussianInteger): GaussianInteger {
  let total = start;
  for (const [j, weight] of row) if (!isZero(states[j])) total = add(total, mul(states[j], weight));
  return total;
}

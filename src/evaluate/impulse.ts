import type { StateSpace } from '../network/state-space.js';
import {
  add,
  denominatorOf,
  type GaussianInteger,
  isZero,
  mul,
  scale,
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
 * With D the common denominator of the poles, state i of layer k at time t is H/(E D^t) for an integer E of its own:
 * all products are of integers, and nothing is reduced on the way.
 */
export function impulseResponse(model: StateSpace): Generator<ImpulseValue> {
  return response(model, (t) => (t === 0 ? 1n : 0n));
}

/** The output for an input of integers, in the same way. */
export function* response({ layers, C }: StateSpace, input: (t: number) => bigint): Generator<ImpulseValue> {
  const D = poleDenominator({ layers, C });
  let scales = [1n];
  const steps = layers.map(({ poles, B }) => {
    const rows = B.map((row) => integerRow(row, scales));
    scales = rows.map((row) => row.scale);
    return { poles: poles.map((pole) => timesInteger(pole, D)), rows };
  });
  const output = integerRow(C, scales);
  const states = layers.map(({ poles }) => poles.map(() => ZERO));
  let power = 1n;
  for (let t = 0; ; t++) {
    let below: readonly GaussianInteger[] = [{ re: input(t) * power, im: 0n }];
    steps.forEach(({ poles, rows }, k) => {
      below = states[k] = rows.map((row, i) => add(mul(states[k][i], poles[i]), combine(row, below)));
    });
    yield { numerator: combine(output, below), denominator: output.scale * power };
    power *= D;
  }
}

/** The common denominator of all poles: values grow by its digits with every step. */
export function poleDenominator({ layers }: StateSpace): bigint {
  return layers.flatMap(({ poles }) => poles).reduce((q, pole) => lcm(q, denominatorOf(pole)), 1n);
}

interface IntegerRow {
  readonly scale: bigint;
  readonly terms: readonly (readonly [number, GaussianInteger])[];
}

function integerRow(row: StateSpace['C'], scales: readonly bigint[]): IntegerRow {
  const denominators = row.map(([j, entry]) => denominatorOf(entry) * scales[j]);
  const common = denominators.reduce((q, d) => (q % d === 0n ? q : lcm(q, d)), 1n);
  const terms = row.map(([j, entry], k) => {
    const d = denominatorOf(entry);
    return [j, scale(timesInteger(entry, d), common / denominators[k])] as const;
  });
  return { scale: common, terms };
}

function combine({ terms }: IntegerRow, states: readonly GaussianInteger[]): GaussianInteger {
  let total = ZERO;
  for (const [j, weight] of terms) if (!isZero(states[j])) total = add(total, mul(weight, states[j]));
  return total;
}

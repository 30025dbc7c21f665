import type { StateSpace } from '../network/state-space.js';
import type { Gaussian } from '../numbers/gaussian.js';
import {
  add,
  denominatorOf,
  type GaussianInteger,
  mul,
  ONE,
  scale,
  timesInteger,
  ZERO,
} from '../numbers/gaussian-integer.js';
import { lcm } from '../numbers/gcd.js';

/**
 * The transfer function G(w) = sum_t rho(t) w^t = C (I - A_l w)^-1 B_l ... (I - A_1 w)^-1 B_1 of a model with diagonal
 * A_k, ready to be evaluated exactly at integers w.
 */
export interface Transfer extends Shape {
  /** G(w) = numerator/denominator, not in lowest terms; the denominator is 0 exactly when some pole is 1/w. */
  at(w: bigint): { numerator: GaussianInteger; denominator: GaussianInteger };
}

export interface Shape {
  /** The nonzero poles, with multiplicity: G is a polynomial of degree at most `degree` over prod (1 - pole w). */
  readonly poles: readonly Gaussian[];
  readonly degree: number;
}

/**
 * The degree: a layer's resolvent (I - A_k w)^-1 is, over prod (1 - pole w), a polynomial of degree at most the number
 * of its nonzero poles, one less when it has no pole 0.
 */
export function shapeOf({ layers }: StateSpace): Shape {
  const nonzero = layers.map(({ poles }) => poles.filter((pole) => !pole.isZero()));
  return {
    poles: nonzero.flat(),
    degree: layers.reduce(
      (sum, { poles }, k) => sum + nonzero[k].length - (nonzero[k].length === poles.length ? 1 : 0),
      0,
    ),
  };
}

/**
 * Fraction-free evaluation. State i of layer k is H/(E F(w)): E is a positive integer that does not depend on w, F the
 * product of d - p w over the poles p/d that the state has met on its way. What a sum has to be multiplied with to get
 * on a common denominator depends on the weights alone, so it is worked out once and used at every w; no gcd is taken
 * while evaluating.
 */
export function compileTransfer(model: StateSpace): Transfer {
  const { layers, C } = model;
  const factors: { readonly p: GaussianInteger; readonly d: bigint }[] = [];
  const programs: Sum[][] = [];
  let below: Fraction[] = [{ scale: 1n, met: [] }];
  for (const { poles, B } of layers) {
    const sums = B.map((row, i) => compileSum(row, below, poles[i]));
    below = sums.map(({ fraction }, i) => {
      if (poles[i].isZero()) return fraction;
      const d = denominatorOf(poles[i]);
      const own = factors.push({ p: timesInteger(poles[i], d), d }) - 1;
      return { scale: fraction.scale, met: [...fraction.met, own] };
    });
    programs.push(sums);
  }
  const output = compileSum(C, below);
  return {
    ...shapeOf(model),
    at: (w) => {
      const values = factors.map(({ p, d }) => ({ re: d - p.re * w, im: p.im === 0n ? 0n : -p.im * w }));
      let state: readonly GaussianInteger[] = [ONE];
      for (const sums of programs) state = sums.map((sum) => run(sum, state, values));
      const numerator = run(output, state, values);
      const own = product(output.fraction.met, values);
      const missed = factors.map((_, k) => k).filter((k) => !output.fraction.met.includes(k));
      const isPole = missed.some((k) => values[k].re === 0n && values[k].im === 0n);
      return { numerator, denominator: isPole ? ZERO : scale(own, output.fraction.scale) };
    },
  };
}

/** The denominator of a state: an integer and the numbers of the factors d - p w. */
interface Fraction {
  readonly scale: bigint;
  readonly met: readonly number[];
}

/** total <- total * prod(lift) + weight * state[index] * prod(raise), term by term; `raise` null: all met before. */
interface Sum {
  readonly fraction: Fraction;
  readonly terms: readonly {
    readonly index: number;
    readonly weight: GaussianInteger;
    readonly lift: readonly number[];
    readonly raise: readonly number[] | null;
  }[];
}

/** A weighted sum of states; `pole`, that of the state it drives, contributes its denominator d to the numerator. */
function compileSum(row: readonly (readonly [number, Gaussian])[], states: readonly Fraction[], pole?: Gaussian): Sum {
  const denominators = row.map(([j, entry]) => denominatorOf(entry) * states[j].scale);
  const common = denominators.reduce((q, d) => (q % d === 0n ? q : lcm(q, d)), 1n);
  const own = pole ? denominatorOf(pole) : 1n;
  let met: readonly number[] = [];
  const terms = row.map(([index, entry], k) => {
    const theirs = states[index].met;
    const [mine, others] = [new Set(met), new Set(theirs)];
    const lift = theirs.filter((factor) => !mine.has(factor));
    const raise = lift.length === theirs.length ? null : met.filter((factor) => !others.has(factor));
    met = [...met, ...lift];
    const d = denominatorOf(entry);
    return { index, weight: scale(timesInteger(entry, d), (common / denominators[k]) * own), lift, raise };
  });
  return { fraction: { scale: common, met }, terms };
}

function run({ terms }: Sum, state: readonly GaussianInteger[], values: readonly GaussianInteger[]): GaussianInteger {
  let total = ZERO;
  let met = ONE;
  for (const { index, weight, lift, raise } of terms) {
    const lifting = product(lift, values);
    const term = mul(weight, state[index]);
    total = add(mul(total, lifting), mul(term, raise ? product(raise, values) : met));
    met = mul(met, lifting);
  }
  return total;
}

function product(factors: readonly number[], values: readonly GaussianInteger[]): GaussianInteger {
  let result = ONE;
  for (const factor of factors) result = mul(result, values[factor]);
  return result;
}

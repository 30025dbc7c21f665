/** The exact l1 distance between a cyclic recurrence and a delay. */
import type { Network } from '../../../network/network.js';
import { type RecurrenceChain, readRecurrences } from '../../../network/state-space.js';
import { Rational } from '../../../numbers/rational.js';
import { demand, derive, found } from '../../derivation.js';
import { certified, mint, type Outcome } from '../../fact.js';
import { exactly, type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { type Enclosure, point } from '../../verdict.js';

/** A recurrence A = r P, P a cycle through all states, repeats its response with the factor r^m: sums are finite. */
export const cyclicRecurrence: Rule = { id: 'response-sum', tex: 'A = r P,\\quad A^m = r^m I' };

interface DelayError {
  readonly error: Rational;
  /** r of A = r P. */
  readonly ratio: Rational;
  /** a and g where the response is g r^t at t = a mod m and 0 elsewhere: all residues of A = r P have the modulus |g|/m. */
  readonly pulse: { readonly at: number; readonly gain: Rational } | null;
  /** The time of the largest |difference| before m + alpha + 1. */
  readonly worst: { readonly t: number; readonly value: Rational };
  /** What A is, in words. */
  readonly period: string;
}

/** sum_t |rho(t) - 1[t = alpha]| is at most a number. */
export function delaySentence(alpha: number, most: Rational | null): Sentence {
  return special(
    `sum over all t of |rho(t) - [t = ${alpha}]| for the impulse response rho of the network`,
    { hi: most },
    '\\|\\hat\\rho - \\rho\\|_1',
  );
}

/** The modulus of the residues of the diagonal form of the same response. */
export function residueSentence(most: Rational | null): Sentence {
  return special('the modulus of the residues of the diagonal form of the network', { hi: most }, '|b_j c_j|');
}

/** Periods after which the echoes are too small to matter for a bound that is rounded at 24 binary digits. */
const PERIODS = 8;
const MOST_PERIODS = 1 << 12;

/** Periods after which the echoes, over all times a multiple of echo^periods, are less than the room left. */
function periodsFor(error: Rational, echo: Rational, room: Rational): number {
  let periods = PERIODS;
  const rest = (p: number) => error.mul(echo.pow(p - 1));
  while (periods < MOST_PERIODS && room.sign() > 0 && !rest(periods).lt(room)) periods += PERIODS;
  return periods;
}

/** The largest difference from the delay, and what A is. */
export interface Delayed {
  readonly worst: { readonly t: number; readonly value: Rational };
  readonly ratio: Rational;
  readonly period: string;
}

/** The distance of the response from a delay by alpha, exactly; and the residues of its diagonal form. */
export function proveDelay(network: Network, alpha: number): readonly Outcome<Delayed>[] {
  const aim = { rule: cyclicRecurrence, id: 'sum', statement: 'A is r times a cycle' };
  const { outcomes } = derive(aim, (take) => {
    const { chain } = found(readRecurrences(network));
    const { error, worst, pulse, ratio, period } = delayError(chain, alpha);
    const m = chain.layers[0].A.length;
    const base = { rule: cyclicRecurrence, network, domain: null, found: { worst, ratio, period } };
    const target = [[alpha, '1']] as const;
    const conclusion = ({ hi }: Enclosure) => {
      const bound = hi ?? error;
      if (error.le(bound)) return { kind: 'response-sum', target, lo: '0', hi: bound.toString() } as const;
      // The sum over finitely many times is below the whole: half of what the bound misses is room enough.
      const [lo, above] = [error.add(bound).mul(Rational.of(1, 2)), error.add(error.sub(bound))];
      return { kind: 'response-sum', target, lo: `${lo}`, hi: `${above}`, bound: `${bound}` } as const;
    };
    const steps = ({ hi }: Enclosure) => {
      const room = (hi ?? error).sub(error).abs().mul(Rational.of(1, 2));
      return { steps: alpha + periodsFor(error, ratio.pow(m), room) * m };
    };
    take(
      mint({
        ...{ ...base, where: { t: worst.t, value: worst.value.toString() }, id: 'sum' },
        ...{ says: exactly(delaySentence(alpha, null), error), enclosure: point(error) },
        ...certified(conclusion, steps),
      }),
    );
    if (!pulse) return;
    const residue = pulse.gain.abs().div(Rational.of(m));
    const cycle = [m, pulse.at, ratio.toString(), pulse.gain.toString()] as const;
    take(
      mint({
        ...{ ...base, rule: CYCLE, id: 'residues', enclosure: point(residue) },
        says: exactly(residueSentence(null), residue),
        ...certified(() => ({ kind: 'response', cycle })),
      }),
    );
  });
  return outcomes as readonly Outcome<Delayed>[];
}

const CYCLE: Rule = { ...cyclicRecurrence, id: 'transfer-identity' };

/**
 * No linear model of order at most alpha is nearer than 1 to a delay by alpha, in the H-infinity norm.
 *
 * The Hankel matrix of rho(t) = [t = alpha] is the exchange matrix of order alpha + 1 and zeros: rho(i + j) = 1 exactly when
 * i + j = alpha. It has alpha + 1 singular values 1. The Hankel matrix of a model of order n has rank at most n, so for n <=
 * alpha it is at distance at least 1 (Eckart and Young 1936); the norm of a Hankel matrix is at most the H-infinity norm of
 * the symbol (Nehari 1957), which is at most the l1 norm. The output 0 is at distance 1.
 */
const HANKEL_RANK: Rule = { id: 'order-barrier', tex: '\\|\\hat G - G\\|_\\infty \\ge \\sigma_{n+1}(H_\\rho)' };

/** The least H-infinity distance of models of order at most alpha from the delay by alpha. */
export function delayBarrierSentence(alpha: number, bounds: Partial<Enclosure>): Sentence {
  return special(
    `the least H-infinity distance of a linear model of order at most ${alpha} from the delay by ${alpha}`,
    bounds,
    '\\inf \\|\\hat G - G\\|_\\infty',
  );
}

/** It is 1, attained by the output 0. */
export function proveDelayBarrier(alpha: number): Outcome {
  const says = delayBarrierSentence(alpha, { lo: Rational.one, hi: Rational.one });
  const target = { family: 'delay', alpha: `${alpha}` } as const;
  const times = Array.from({ length: alpha + 1 }, (_, t) => `${t}`);
  return mint({
    ...{ rule: HANKEL_RANK, id: 'hankel-rank', network: null, domain: null, found: null },
    ...{ says, enclosure: point(Rational.one) },
    ...certified(
      () => ({ kind: 'order-barrier', target, order: alpha, lo: '1', norm: 'H-infinity' }),
      () => ({ times, weights: times.map(() => '1') }),
    ),
  });
}

/**
 * Sum over all t of |C' A^t B - 1[t = alpha]| for one recurrence with A = r P, 0 < r < 1, where P moves every state to
 * one other along a single cycle through all m states. Then A^m = r^m I, the response repeats with the factor r^m, and
 * its values before t = m + alpha + 1 determine the sum. Throws Mismatch when A is of another form.
 */
function delayError({ layers, C }: RecurrenceChain<Rational>, alpha: number): DelayError {
  const [{ A, B }] = layers;
  const m = A.length;
  demand(layers.length === 1, `${layers.length} recurrences, where one was expected`);
  const r = A[0][0]?.[1] ?? Rational.zero;
  const next = new Map<number, number>();
  for (const [i, row] of A.entries()) {
    demand(row.length === 1 && row[0][1].equals(r), `row ${i} of A is not ${r} times a row of a permutation`);
    next.set(row[0][0], i);
  }
  demand(r.sign() > 0 && r.lt(Rational.one), `the entries of A are ${r} and not in (0, 1)`);
  let state = 0;
  for (let k = 1; k <= m; k++) {
    const following = next.get(state);
    demand(following !== undefined, `no state is reached from state ${state}`);
    state = following;
    demand(state !== 0 || k === m, `the cycle of state 0 has ${k} of ${m} states`);
  }
  const coefficients = readings(next, B, C, m);
  const value = (t: number) => coefficients[t % m] && coefficients[t % m]!.mul(r.pow(t));
  const absolute = (start: number, end: number) => {
    let sum = Rational.zero;
    for (let t = start; t < end; t++) sum = sum.add(value(t)?.abs() ?? Rational.zero);
    return sum;
  };
  const echo = r.pow(m);
  const start = m + alpha + 1;
  const tail = absolute(0, m).div(Rational.one.sub(echo)).sub(absolute(0, start));
  let error = tail;
  let worst = { t: alpha, value: Rational.zero, size: Rational.of(-1) };
  for (let t = 0; t < start; t++) {
    const reached = value(t) ?? Rational.zero;
    if (reached.isZero() && t !== alpha) continue;
    const size = reached.sub(t === alpha ? Rational.one : Rational.zero).abs();
    error = error.add(size);
    if (worst.size.lt(size)) worst = { t, value: reached, size };
  }
  const pulses = coefficients.flatMap((gain, at) => (gain === null ? [] : [{ at, gain }]));
  const statement = `A = ${r} P with P a cycle through all ${m} states, so A^${m} = ${r}^${m} I`;
  return {
    error,
    ratio: r,
    pulse: pulses.length === 1 ? pulses[0] : null,
    worst: { t: worst.t, value: worst.value },
    period: statement,
  };
}

/** C' P^t B for t < m; null where it is 0. */
function readings(
  next: ReadonlyMap<number, number>,
  B: RecurrenceChain<Rational>['layers'][number]['B'],
  C: readonly (readonly [number, Rational])[],
  m: number,
): (Rational | null)[] {
  let states = B.flatMap((row, i) => row.map(([, entry]) => [i, entry] as const));
  const readout = new Map(C);
  return Array.from({ length: m }, () => {
    let value = Rational.zero;
    for (const [i, entry] of states) {
      const weight = readout.get(i);
      if (weight) value = value.add(weight.mul(entry));
    }
    states = states.map(([i, entry]) => [next.get(i)!, entry] as const);
    return value.isZero() ? null : value;
  });
}

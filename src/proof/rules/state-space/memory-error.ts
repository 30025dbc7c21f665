/**
 * The distance of a model's impulse response from a memory function, over all times t = 0, 1, 2, ... without end.
 *
 * The response of a diagonal model is r(t) = sum_k c_k lam_k^t. Both functions are enclosed time by time up to some T, in ball
 * arithmetic. Behind T each is bounded by what it is at T: rho is positive and decreases, |r(t)| <= sum |c_k| |lam_k|^T, and
 * where all c_k and lam_k are positive r decreases as well, so that |rho - r| is at most the larger of the two. For slow
 * decay that needs too many times: there the supremum over all real t from T on is enclosed, in the variable x = log(1 + t).
 */
import { isPast } from '../../../deadline.js';
import { supNorm } from '../../../enclose/supremum.js';
import type { Network } from '../../../network/network.js';
import { readStateSpace, type StateSpace } from '../../../network/state-space.js';
import { ballIntervals } from '../../../numbers/balls.js';
import { toDecimal } from '../../../numbers/decimal.js';
import type { Gaussian } from '../../../numbers/gaussian.js';
import { Rational } from '../../../numbers/rational.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import * as E from '../../../symbolic/index.js';
import { attempt, demand, found } from '../../derivation.js';
import { mint, type Outcome } from '../../fact.js';
import { type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { type Ends, leastModulus } from '../../verdict.js';
import { certifiedMemory, decreasesFrom, inLogTime, type Memory, memoryAt, memoryText } from './memory-target.js';

export const memoryError: Rule = {
  id: 'response-distance',
  tex: '\\sup_{t \\ge 0} |\\textstyle\\sum_k c_k \\lambda_k^t - \\rho(t)|',
};

/** sup over all times of |rho - r| is at most a number. */
export function memoryErrorSentence(memory: Memory, most: Rational | null): Sentence {
  return special(
    `the supremum over all t >= 0 of |r(t) - ${memoryText(memory)}| for the impulse response r of the network`,
    { hi: most, asked: most === null },
    `\\sup_{t \\ge 0} |r(t) - \\rho(t)|`,
  );
}

/** The time at which the error is largest, as far as that is known, and what ends the search for it. */
export interface WorstTime {
  readonly t: bigint;
  /** The difference r(t) - rho(t) there. */
  readonly value: Ends;
  /** How the times behind the last one that was looked at were settled. */
  readonly rest: string;
  /** The times that were looked at, where these and what both functions are at the last of them settle it; null otherwise. */
  readonly steps: number | null;
}

interface Mode {
  readonly pole: Gaussian;
  readonly weight: Gaussian;
}

const BITS = 192;
/** Times that are looked at one by one. */
const FEW = 1024;
const MANY = 1 << 15;
const WIDTH = Rational.of(1, 10 ** 7);

/** Applies the rule to a network that is one diagonal state-space model. */
export function proveMemoryError(network: Network, memory: Memory, deadline?: number): Outcome<WorstTime> {
  const about = memoryErrorSentence(memory, null);
  return attempt({ rule: memoryError, id: 'error', statement: about.text }, () => {
    const model = found(readStateSpace(network));
    demand(network.outputs.length === 1, 'the response is not real');
    demand(model.layers.length === 1, `${model.layers.length} layers, where one was expected`);
    const modes = modesOf(model);
    const wide = modes.find(({ pole }) => !pole.squaredModulus().lt(Rational.one));
    demand(!wide, `the pole ${wide?.pole} is not inside the unit circle`);
    const { lo, hi, worst } = found(errorOver(modes, memory, deadline));
    const where = { t: worst.t.toString(), value: toDecimal(worst.value.lo, 12, 'down') };
    const fields = { target: certifiedMemory(memory), at: where.t, lo: `${lo}`, hi: `${hi}` };
    const isConvex = isPositive(modes) && memory.family !== 'airy';
    const states = isConvex ? model.layers[0].poles.length : orderOf(model);
    return mint({
      ...{ rule: memoryError, id: 'error', domain: null, network, enclosure: { lo, hi }, where, found: worst },
      says: special(about.bounds[0].subject, { lo, hi }, memoryError.tex),
      evidence: () => ({ ...fields, ...(!isConvex && worst.steps !== null && { steps: worst.steps }) }),
      conclusion: () => ({ kind: 'response-distance', ...fields, states }),
    });
  });
}

/** The order of a model with this real response: a complex pole brings its conjugate along. */
export function orderOf({ layers: [{ poles }] }: StateSpace): number {
  return new Set(poles.flatMap((pole) => [pole.toString(), pole.conjugate().toString()])).size;
}

function modesOf({ layers: [{ poles, B }], C }: StateSpace): Mode[] {
  const readout = new Map(C);
  return poles.flatMap((pole, k) => {
    const c = readout.get(k);
    const b = B[k].find(([column]) => column === 0)?.[1];
    return b && c ? [{ pole, weight: c.mul(b) }] : [];
  });
}

interface Found extends Ends {
  readonly worst: WorstTime;
}

function errorOver(modes: readonly Mode[], memory: Memory, deadline: number | undefined): Found | string {
  const from = decreasesFrom(memory);
  const responses = responseOf(modes);
  let best = { t: 0n, value: { lo: Rational.zero, hi: Rational.zero }, size: Rational.of(-1) };
  let hi = Rational.zero;
  const formula = isPositive(modes) ? inLogTime(memory) : null;
  const most = formula ? FEW : MANY;
  for (let t = 0; t < most; t++) {
    if (isPast(deadline)) return 'the time limit ended the search';
    const { value: r, largest } = responses.next().value;
    const rho = memoryAt(memory, BigInt(t), BITS);
    const value = { lo: r.lo.sub(rho.hi), hi: r.hi.sub(rho.lo) };
    const size = leastModulus(value);
    if (best.size.lt(size)) best = { t: BigInt(t), value, size };
    hi = hi.max(value.hi).max(value.lo.neg());
    if (BigInt(t) < from) continue;
    // What is behind t is at most what both are at t.
    // Twice, as a checker takes |a| + |b| for the modulus of a + bi.
    const rest = isPositive(modes) ? largest.max(rho.hi) : largest.add(largest).add(rho.hi);
    if (rest.le(best.size)) return ended(best, hi, `behind t = ${t} both functions together are below that`, t + 1);
  }
  if (!formula) return `at t = ${most} the functions are not yet small enough`;
  const lasting = modes.filter(({ pole }) => !pole.isZero());
  return overLongTimes(lasting, memory, formula, best, hi, deadline);
}

/** From t = FEW on, over all real times up to one at which both functions are small. */
function overLongTimes(
  modes: readonly Mode[],
  memory: Memory,
  formula: E.Expression,
  first: Attained,
  upTo: Rational,
  deadline: number | undefined,
): Found | string {
  const rates = modes.map(({ pole, weight }) => ({ weight: weight.re, ...decayRate(pole.re) }));
  if (rates.some(({ rate, error }) => rate.le(error))) return 'a pole is too close to 1';
  // |e^(-a t) - e^(-b t)| <= |a - b|/(e min(a, b)).
  const slack = rates.reduce(
    (sum, { weight, rate, error }) => sum.add(weight.mul(error).div(rate.sub(error))),
    Rational.zero,
  );
  const x = E.variable('x');
  const time = E.sub(E.apply('exp', x), E.constant(Rational.one));
  const response = E.sum(rates.map(({ weight, rate }) => E.scale(weight, E.apply('exp', E.scale(rate.neg(), time)))));
  const end = lastTime(modes, memory, first.size);
  if (end === null) return 'the functions stay above the error beyond every time that was tried';
  const box = { variables: ['x'], lo: [logOf(BigInt(FEW - 1)).lo], hi: [logOf(end).hi] };
  const longer = supNorm(E.sub(response, formula), box, { relativeWidth: WIDTH, deadline });
  if (!longer.hi) return 'no finite bound was found for long times';
  const peak = E.valueBounds(E.apply('exp', E.constant(longer.witness[0])), new Map()).lo.floor();
  const best = [peak - 1n, peak].reduce((so, t) => better(so, attainedAt(modes, memory, t)), first);
  const hi = upTo.max(longer.hi.add(slack));
  return ended(best, hi, `from t = ${FEW} to ${end} by the supremum over real times; behind, both are below that`);
}

interface Attained {
  readonly t: bigint;
  readonly value: Ends;
  readonly size: Rational;
}

function better(a: Attained, b: Attained): Attained {
  return a.size.lt(b.size) ? b : a;
}

function ended({ t, value, size }: Attained, hi: Rational, rest: string, steps: number | null = null): Found {
  const lo = roundedTo(size, 64, 'down').max(Rational.zero);
  return { lo, hi: roundedTo(hi, 64, 'up'), worst: { t, value, rest, steps } };
}

/** A time from which on both functions, which decrease, are below a number. */
function lastTime(modes: readonly Mode[], memory: Memory, least: Rational): bigint | null {
  for (let t = BigInt(FEW); t < 1n << 4000n; t *= 2n) {
    const r = responseAt(modes, t);
    if (memoryAt(memory, t, BITS).hi.max(r.hi).le(least)) return t;
  }
  return null;
}

function attainedAt(modes: readonly Mode[], memory: Memory, t: bigint): Attained {
  const [r, rho] = [responseAt(modes, t), memoryAt(memory, t, BITS)];
  const value = { lo: r.lo.sub(rho.hi), hi: r.hi.sub(rho.lo) };
  return { t, value, size: leastModulus(value) };
}

function isPositive(modes: readonly Mode[]): boolean {
  return modes.every(
    ({ pole, weight }) => pole.im.isZero() && pole.re.sign() >= 0 && weight.im.isZero() && weight.re.sign() > 0,
  );
}

/** Re r(t) for t = 0, 1, 2, ..., and a bound of |r| from there on. */
function* responseOf(modes: readonly Mode[]): Generator<{ readonly value: Ends; readonly largest: Rational }, never> {
  const A = ballIntervals(BITS);
  const parts = (z: Gaussian) => ({ re: A.of(z.re), im: A.of(z.im), size: A.sqrt(A.of(z.squaredModulus())) });
  const poles = modes.map(({ pole }) => parts(pole));
  const weights = modes.map(({ weight }) => parts(weight));
  const powers = modes.map(() => ({ re: A.one, im: A.zero, size: A.one }));
  const dot = (part: 're' | 'im' | 'size') =>
    A.dot(
      weights.map((weight) => weight[part]),
      powers.map((power) => power[part]),
    );
  for (;;) {
    const value = A.sub(dot('re'), dot('im'));
    const largest = dot('size');
    yield { value: { lo: A.lower(value)!, hi: A.upper(value)! }, largest: A.upper(largest)! };
    for (const [k, pole] of poles.entries()) {
      const { re, im, size } = powers[k];
      powers[k] = {
        re: A.sub(A.mul(re, pole.re), A.mul(im, pole.im)),
        im: A.add(A.mul(re, pole.im), A.mul(im, pole.re)),
        size: A.mul(size, pole.size),
      };
    }
  }
}

/** r(t) for positive poles. */
function responseAt(modes: readonly Mode[], t: bigint): Ends {
  const A = ballIntervals(BITS + t.toString(2).length);
  const sum = A.sum(
    modes.map(({ pole, weight }) => A.mul(A.of(weight.re), A.exp(A.mul(A.of(Rational.of(t)), A.log(A.of(pole.re)))))),
  );
  return { lo: A.lower(sum)!, hi: A.upper(sum)! };
}

/** a near -log(lam), and how far from it: a pole just below 1 is no double, its rate is. */
function decayRate(pole: Rational): { readonly rate: Rational; readonly error: Rational } {
  const A = ballIntervals(BITS);
  const log = A.log(A.of(pole));
  const [lo, hi] = [A.upper(log)!.neg(), A.lower(log)!.neg()];
  const rate = roundedTo(lo.add(hi).div(Rational.of(2)), 160, 'nearest');
  return { rate, error: hi.sub(rate).abs().max(rate.sub(lo).abs()) };
}

/** log(1 + t), rounded outward to few digits. */
function logOf(t: bigint): Ends {
  const A = ballIntervals(BITS);
  const log = A.log(A.of(Rational.of(t + 1n)));
  return { lo: roundedTo(A.lower(log)!, 40, 'down'), hi: roundedTo(A.upper(log)!, 40, 'up') };
}

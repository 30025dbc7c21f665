/** Memory functions rho(t), t = 0, 1, 2, ..., of targets y_t = sum_s rho(s) x_(t-s) (arXiv:2506.05678). */
import { airyBounds } from '../../../numbers/airy.js';
import { ballIntervals } from '../../../numbers/balls.js';
import { Rational } from '../../../numbers/rational.js';
import * as E from '../../../symbolic/index.js';
import type { MemoryFunction } from '../../propositions/response.js';
import type { Ends } from '../../verdict.js';

/** A family with its strength. The paper's own parametrisation may differ. */
export type Memory =
  /** e^(-alpha t), alpha > 0. */
  | { readonly family: 'exponential'; readonly alpha: Rational }
  /** (1 + t)^(-p), p > 0. */
  | { readonly family: 'polynomial'; readonly p: Rational }
  /** Ai(s0 (t - alpha)), s0 > 0: oscillates before t = alpha, and decays faster than any exponential behind. */
  | { readonly family: 'airy'; readonly s0: Rational; readonly alpha: Rational };

/** The function as a text in t. */
export function memoryText(memory: Memory): string {
  const strength =
    memory.family === 'exponential' ? memory.alpha : memory.family === 'polynomial' ? memory.p : memory.s0;
  if (strength.sign() <= 0) throw new RangeError(`a memory of the strength ${strength} does not decay`);
  switch (memory.family) {
    case 'exponential':
      return `exp(-${memory.alpha}*t)`;
    case 'polynomial':
      return `(1 + t)^(-${memory.p})`;
    case 'airy':
      return `Ai(${memory.s0}*(t - ${memory.alpha}))`;
  }
}

/** The function as a certificate names it. */
export function certifiedMemory({ family, ...numbers }: Memory): MemoryFunction {
  const texts = Object.entries(numbers).map(([name, value]) => [name, `${value}`]);
  return { family, ...Object.fromEntries(texts) } as MemoryFunction;
}

/** rho(t), with a relative error of about 2^-bits (an absolute one for Ai). */
export function memoryAt(memory: Memory, t: bigint, bits: number): Ends {
  if (memory.family === 'airy') {
    const x = memory.s0.mul(Rational.of(t).sub(memory.alpha));
    // Ai is positive and decreases from 0 on: far behind, what it is at FAR is bound enough.
    return FAR.lt(x) ? { lo: Rational.zero, hi: airyBounds(FAR, bits).hi } : airyBounds(x, bits);
  }
  const A = ballIntervals(bits + 32);
  const value =
    memory.family === 'exponential'
      ? A.exp(A.of(memory.alpha.mul(Rational.of(t)).neg()))
      : A.pow(A.of(Rational.of(t + 1n)), memory.p.neg());
  return { lo: A.lower(value)!, hi: A.upper(value)! };
}

/** Ai is about 10^-290 here. */
const FAR = Rational.of(100);

/** From this time on rho is positive and decreases. */
export function decreasesFrom(memory: Memory): bigint {
  return memory.family === 'airy' ? memory.alpha.ceil() : 0n;
}

/**
 * rho as an expression in x = log(1 + t), in which the decay is even; null for Ai, whose decay needs no such long times.
 */
export function inLogTime(memory: Memory): E.Expression | null {
  if (memory.family === 'airy') return null;
  const x = E.variable('x');
  if (memory.family === 'polynomial') return E.apply('exp', E.scale(memory.p.neg(), x));
  return E.apply('exp', E.scale(memory.alpha.neg(), E.sub(E.apply('exp', x), E.constant(Rational.one))));
}

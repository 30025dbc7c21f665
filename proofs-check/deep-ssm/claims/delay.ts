/** The exact l1 distance between a cyclic recurrence and a delay. */
import { Rational, type RecurrenceChain, type Step } from '../../../src/index.js';

export interface DelayError {
  readonly error: Rational;
  /** r of A = r P. */
  readonly ratio: Rational;
  /** g where the response is g r^t at one time mod m and 0 elsewhere: all residues of A = r P have the modulus g/m. */
  readonly gain: Rational | null;
  /** The time of the largest |difference| before m + alpha + 1. */
  readonly worst: { readonly t: number; readonly value: Rational };
  readonly steps: readonly Step[];
}

/**
 * Sum over all t of |C' A^t B - 1[t = alpha]| for one recurrence with A = r P, 0 < r < 1, where P moves every state to
 * one other along a single cycle through all m states. Then A^m = r^m I, the response repeats with the factor r^m, and
 * its values before t = m + alpha + 1 determine the sum. A sentence when A is of another form.
 */
export function delayError({ layers, C }: RecurrenceChain<Rational>, alpha: number): DelayError | string {
  const [{ A, B }] = layers;
  const m = A.length;
  if (layers.length !== 1) return `${layers.length} recurrences, where one was expected`;
  const r = A[0][0]?.[1] ?? Rational.zero;
  const next = new Map<number, number>();
  for (const [i, row] of A.entries()) {
    if (row.length !== 1 || !row[0][1].equals(r)) return `row ${i} of A is not ${r} times a row of a permutation`;
    next.set(row[0][0], i);
  }
  if (r.sign() <= 0 || !r.lt(Rational.one)) return `the entries of A are ${r} and not in (0, 1)`;
  let state = 0;
  for (let k = 1; k <= m; k++) {
    const following = next.get(state);
    if (following === undefined) return `no state is reached from state ${state}`;
    state = following;
    if (state === 0 && k < m) return `the cycle of state 0 has ${k} of ${m} states`;
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
    const found = value(t) ?? Rational.zero;
    if (found.isZero() && t !== alpha) continue;
    const size = found.sub(t === alpha ? Rational.one : Rational.zero).abs();
    error = error.add(size);
    if (worst.size.lt(size)) worst = { t, value: found, size };
  }
  const nonzero = coefficients.filter((coefficient) => coefficient !== null);
  const statement = `A = ${r} P with P a cycle through all ${m} states, so A^${m} = ${r}^${m} I`;
  const enclosure = { lo: echo, hi: echo };
  return {
    error,
    ratio: r,
    gain: nonzero.length === 1 ? nonzero[0]!.abs() : null,
    worst: { t: worst.t, value: worst.value },
    steps: [{ id: 'period', rule: 'cyclic-recurrence', statement, verdict: 'proved', enclosure }],
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

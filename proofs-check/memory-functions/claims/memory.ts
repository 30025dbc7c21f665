import { plainSection } from '../../../constructions/memory.js';
import {
  type Memory,
  memoryErrorSentence,
  normBarrierSentence,
  type Outcome,
  orderBarrierSentence,
  type ProvedClaim,
  proveNormBarrier,
  proveOrderBarrier,
  proveSingularCount,
  proveSingularValue,
  Rational,
  type Section,
  singularCountSentence,
  singularValueSentence,
  toDecimal,
  type WorstTime,
} from '../../../src/index.js';

/** The target, and the section of its Hankel matrix that the lower bounds rest on. */
export interface Design {
  readonly memory: Memory;
  readonly section: Section;
}

export type MemoryClaim = ProvedClaim<{ readonly m?: number }, Design, Outcome<WorstTime>>;

/** How far the response is from the memory function, at the worst of all times. */
export const errorClaim: ProvedClaim<unknown, Design, Outcome<WorstTime>> = {
  id: 'error',
  kind: 'quantity',
  statement: 'sup over all t >= 0 of |rhohat(t) - rho(t)|',
  limit: () => null,
  says: ({ design: { memory } }, bound) => memoryErrorSentence(memory, bound),
  prove: ({ examined }) => {
    if (examined.kind === 'open') return { outcomes: [examined], method: 'none' };
    const method = 'enclosures time by time, then over real times';
    return { outcomes: [examined], method, notes: [examined.found.rest] };
  },
};

/** What no model of the same order goes below. */
export const barrierClaim: MemoryClaim = {
  id: 'barrier',
  kind: 'quantity',
  statement:
    'the least error of any linear model of order m: no better than the Hankel bound, no worse than what is built',
  limit: () => null,
  says: ({ design: { memory, section }, params: { m = 1 } }, least) =>
    orderBarrierSentence(memory, m, 2n * section.times[section.times.length - 1], least),
  prove: ({ network, examined, design: { memory, section }, params: { m = 1 } }) => ({
    outcomes: [proveOrderBarrier(network, memory, m, section, examined)],
    method: 'exact inertia of a Hankel section',
    notes: [`${section.times.length} times, the last one ${section.times[section.times.length - 1]}`],
  }),
};

/** Largest order of a Hankel matrix whose singular value is enclosed from both sides. */
const WHOLE = 64;

interface Orders {
  readonly m: number;
  readonly n: number | undefined;
}

/** Singular value k of the Hankel matrix of order n, for the parameters that have them. */
export function hankelClaim<P>(
  id: string,
  statement: string,
  place: (params: P) => { readonly k: number; readonly n: number } | null,
): ProvedClaim<P, Design, Outcome<WorstTime>> {
  return {
    ...{ id, kind: 'quantity', statement },
    applies: (params) => place(params) !== null,
    says: ({ design: { memory }, params }) => singularValueSentence(memory, place(params)!.n, place(params)!.k, null),
    prove: ({ design: { memory }, params }) => {
      const { k, n } = place(params)!;
      const found = proveSingularValue(memory, k - 1, plainSection(memory, k - 1, n));
      const share = found.enclosure?.lo?.div(Rational.of(n));
      const notes = share ? [`over n: ${toDecimal(share, 8, 'nearest')}`] : [];
      return { outcomes: [found], method: 'exact inertia of H - s I and H + s I', notes };
    },
  };
}

/** The singular value that decides, where the section is a plain Hankel matrix. */
export const singularValueClaim = hankelClaim<Orders>(
  'singular-value',
  'singular value m + 1 of the Hankel matrix of order n',
  ({ m, n = 0 }) => (n > 0 && n <= WHOLE ? { k: m + 1, n } : null),
);

/** How many states are needed before anything is gained, for a memory whose Hankel matrix is near 1/s0 times an isometry. */
export const thresholdClaim: ProvedClaim<{ readonly s0: Rational }, Design, Outcome<WorstTime>> = {
  id: 'threshold',
  kind: 'quantity',
  statement:
    'the number of singular values of the Hankel matrix above half of 1/s0: with fewer states nothing is gained',
  says: ({ design: { memory, section }, params: { s0 } }) =>
    singularCountSentence(memory, section.times.length, s0.mul(Rational.of(2)).inverse(), null),
  prove: ({ design: { memory, section }, params: { s0 } }) => ({
    outcomes: [proveSingularCount(memory, section, s0.mul(Rational.of(2)).inverse())],
    method: 'exact inertia of H - s I and H + s I',
  }),
};

/** What no model of the same order goes below in the H-infinity norm, for summable memory. */
export const normClaim: MemoryClaim = {
  id: 'h-infinity',
  kind: 'barrier',
  statement: 'no linear model of order m has an H-infinity error below singular value m + 1 of the Hankel matrix',
  limit: ({ design: { section } }) => section.level.mul(Rational.of(999999, 1000000)),
  says: ({ design: { memory }, params: { m = 1 } }, least) => normBarrierSentence(memory, m, least),
  prove: ({ design: { memory, section }, params: { m = 1 } }) => ({
    outcomes: [proveNormBarrier(memory, m, section)],
    method: 'exact inertia of a Hankel section',
  }),
};

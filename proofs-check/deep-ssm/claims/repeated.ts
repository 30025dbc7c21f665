/** Claims about deep models as one-layer models: partial fractions where poles are simple, a witness where not. */
import {
  closureSentence,
  inclusionSentence,
  type ProvedClaim,
  proveClosure,
  proveInclusion,
  Rational,
} from '../../../src/index.js';

/** The deep model equals a one-layer model with diagonal A of width l m, as the paper reports. */
export const inclusionClaim: ProvedClaim<{ l: number; m: number }, unknown> = {
  id: 'inclusion',
  kind: 'identity',
  statement: 'the deep model equals a one-layer model with diagonal A of width at most l m',
  trust: 'paper',
  says: ({ params: { l, m } }) => inclusionSentence(l * m),
  prove: ({ network, params: { l, m } }) => ({
    outcomes: proveInclusion(network, l * m),
    method: 'minimal polynomial of the exact impulse response',
  }),
};

/** The witness lies in the closure of one-layer models. */
export const closureClaim: ProvedClaim<{ l: number; m: number; poles: unknown }, unknown> = {
  id: 'closure',
  kind: 'quantity',
  statement: 'poles 1/2 +- 1/1000 come within 2.51e-6 of (t + 1) 2^-t for every t',
  applies: ({ l, m, poles }) => l === 2 && m === 1 && poles === undefined,
  limit: () => Rational.of(251, 10 ** 8),
  says: (_, bound) => closureSentence(bound),
  prove: () => {
    const fact = proveClosure();
    return { outcomes: [fact], method: 'exact evaluation with a bound of the tail', notes: [fact.found] };
  },
};

import { memoryData, memoryNetwork, responseOf } from '../../constructions/memory.js';
import {
  ballIntervals,
  Gaussian,
  integer,
  memoryAt,
  type Outcome,
  optional,
  proveMemoryError,
  Rational,
  rational,
  roundedTo,
  type Theorem,
  type WorstTime,
  withDefault,
} from '../../src/index.js';
import { type Design, errorClaim } from './claims/memory.js';

const parameters = {
  alpha: rational('rate of the decay: the target is rho(t) = e^(-alpha t)', { above: '0', atMost: '64' }),
  pole: optional(rational('the one pole of the model', { above: '0', below: '1' }), 'e^-alpha to 53 binary digits'),
  horizon: withDefault(integer('time steps of an input of the network', { min: 1, max: 1 << 16 }), '256'),
};

interface Exponential extends Design {
  readonly pole: Rational;
}

/** |lam - e^-alpha| sup_t t M^(t-1) for M = max(lam, e^-alpha): the supremum over real t is 1/(-e M log M). */
function roundingBound({ memory, pole }: Exponential): Rational {
  const A = ballIntervals(192);
  const { lo, hi } = memoryAt(memory, 1n, 192);
  const difference = pole.sub(lo).abs().max(pole.sub(hi).abs());
  const larger = A.of(pole.max(hi));
  const slope = A.neg(A.mul(A.exp(A.one), A.mul(larger, A.log(larger))));
  return roundedTo(A.upper(A.div(A.of(difference), slope))!, 53, 'up');
}

const theorem: Theorem<typeof parameters, Exponential, Outcome<WorstTime>> = {
  id: 'exponential-memory',
  summary: 'one state has the memory e^(-alpha t), up to the rounding of its pole',
  statement:
    'Let rho(t) = e^(-alpha t). The model h_t = lam h_(t-1) + x_t has the response lam^t. For rational alpha other than 0 the ' +
    'number e^-alpha is irrational, and |lam^t - e^(-alpha t)| is at most |lam - e^-alpha| t M^(t-1), M the larger of the two.',
  source: { paper: 'arXiv:2506.05678', theorem: 'exponential memory', trust: 'proved' },
  parameters,
  construct: ({ alpha, pole, horizon }) => {
    const memory = { family: 'exponential', alpha } as const;
    const lam = pole ?? roundedTo(memoryAt(memory, 1n, 96).lo, 53, 'nearest');
    return {
      network: memoryNetwork([{ pole: new Gaussian(lam), residue: Gaussian.one }], horizon),
      design: {
        memory,
        pole: lam,
        section: { times: [0n], weights: [Rational.one], level: Rational.one, vectors: null },
      },
    };
  },
  dataset: ({ alpha, horizon }, { seed }) =>
    memoryData(responseOf({ family: 'exponential', alpha }), alpha, horizon, seed),
  examine: ({ network, design: { memory }, deadline }) => proveMemoryError(network, memory, deadline),
  claims: [
    {
      ...errorClaim,
      kind: 'bound',
      limit: ({ design }) => roundingBound(design as Exponential),
      statement:
        'sup over all t >= 0 of |lam^t - e^(-alpha t)| is at most |lam - e^-alpha| sup_t t M^(t-1), M the larger of the two',
    },
  ],
};

export default theorem;

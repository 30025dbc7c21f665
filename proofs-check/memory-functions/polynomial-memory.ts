import {
  bestSection,
  bestTrapezoid,
  memoryData,
  memoryNetwork,
  plainSection,
  responseOf,
  trapezoidModes,
} from '../../constructions/memory.js';
import {
  approximate,
  InputError,
  integer,
  type Outcome,
  optional,
  type ProvedClaim,
  proveMemoryError,
  Rational,
  rational,
  statedClaim,
  type Theorem,
  type WorstTime,
  withDefault,
} from '../../src/index.js';
import { barrierClaim, type Design, errorClaim, singularValueClaim } from './claims/memory.js';

const parameters = {
  p: rational('order of the decay: the target is rho(t) = (1 + t)^-p', { above: '0', atMost: '8' }),
  m: integer('order: number of states', { min: 1, max: 64 }),
  h: optional(rational('step of the trapezoidal rule', { above: '0', atMost: '8' }), 'the best of a search'),
  c: optional(rational('centre of the nodes', { atLeast: '-64', atMost: '8' }), 'the best of a search'),
  n: optional(integer('order of the Hankel matrix of the barrier', { min: 2, max: 300 }), 'spread times of a search'),
  horizon: withDefault(integer('time steps of an input of the network', { min: 1, max: 1 << 16 }), '256'),
};

/** For comparison, recalled: 1/x over [1, inf) is 1/(1 + t) over real t from 0 on. */
const sums: ProvedClaim<{ readonly p: Rational; readonly m: number }, Design, Outcome<WorstTime>> = statedClaim(
  'exponential-sums',
  'what the best sums of m exponentials reach for 1/x on [1, inf), as recalled: 16 e^(-pi sqrt m) (Braess and Hackbusch)',
  ({ params: { m } }) => `16*exp(-pi*sqrt(${m})) <= ?`,
  ({ p }) => p.equals(Rational.one),
);

const theorem: Theorem<typeof parameters, Design, Outcome<WorstTime>> = {
  id: 'polynomial-memory',
  summary:
    'm decaying exponentials give (1 + t)^-p up to e^(-c sqrt m), and no m states do better than a Hankel matrix allows',
  statement:
    'Let rho(t) = (1 + t)^-p. The trapezoidal rule for (1/Gamma(p)) int exp(p s - (1 + t) e^s) ds gives m positive poles and ' +
    'weights whose distance from rho is a supremum over all t. Every linear model of order m has Hankel rank at most m, so its ' +
    'error is at least sigma_{m+1} of a section (d_i d_j rho(t_i + t_j)) over the sum of the d_i^2.',
  source: {
    paper: 'arXiv:2506.05678',
    theorem: 'polynomial memory, explicit weights and a lower bound',
    trust: 'proved',
  },
  parameters,
  construct: ({ p, m, h, c, n, horizon }) => {
    if (n !== undefined && n <= m)
      throw new InputError({ field: 'n', found: `${n}`, allowed: `above the order m = ${m} of the models` });
    const memory = { family: 'polynomial', p } as const;
    const best = h === undefined || c === undefined ? bestTrapezoid(approximate(p), m) : { h: 0, c: 0 };
    const rule = { h: h ? approximate(h) : best.h, c: c ? approximate(c) : best.c };
    return {
      network: memoryNetwork(trapezoidModes(approximate(p), m, rule), horizon),
      design: { memory, section: n ? plainSection(memory, m, n) : bestSection(memory, m) },
    };
  },
  dataset: ({ p, horizon }, { seed }) => memoryData(responseOf({ family: 'polynomial', p }), p, horizon, seed),
  examine: ({ network, design: { memory }, deadline }) => proveMemoryError(network, memory, deadline),
  claims: [errorClaim, sums, barrierClaim, singularValueClaim],
};

export default theorem;

import { fittedModes, memoryData, memoryNetwork, plainSection, responseOf } from '../../constructions/memory.js';
import {
  approximate,
  InputError,
  integer,
  type Outcome,
  optional,
  proveMemoryError,
  Rational,
  rational,
  statedClaim,
  type Theorem,
  type WorstTime,
  withDefault,
} from '../../src/index.js';
import {
  barrierClaim,
  type Design,
  errorClaim,
  hankelClaim,
  normClaim,
  singularValueClaim,
  thresholdClaim,
} from './claims/memory.js';

const LARGEST_ORDER = 300;
const MOST_VALUES = 13;
/** Largest s0 alpha: Ai is enclosed from -400 on. */
const LONGEST = Rational.of(400);

const parameters = {
  s0: rational('scale of the time: the target is rho(t) = Ai(s0 (t - alpha))', { above: '0', atMost: '8' }),
  alpha: rational('delay of the last oscillation', { atLeast: '0', atMost: '400' }),
  m: integer('order: number of states', { min: 1, max: 64 }),
  n: optional(integer('order of the Hankel matrix', { min: 2, max: LARGEST_ORDER }), 'alpha + 10/s0, rounded up'),
  horizon: optional(integer('time steps of an input of the network', { min: 3, max: 1 << 16 }), '2 n'),
  spectrum: withDefault(
    integer('how many singular values before number m + 1 are enclosed as well', { min: 0, max: MOST_VALUES }),
    '0',
  ),
};

interface Params {
  readonly s0: Rational;
  readonly alpha: Rational;
  readonly m: number;
  readonly n: number | undefined;
  readonly spectrum: number;
}

/** Singular values before the one that decides, and the value at t = 0, which is that of the Hankel matrix of order 1. */
const values = Array.from({ length: MOST_VALUES }, (_, k) =>
  hankelClaim<Params>(
    `sigma${k + 1}`,
    `singular value ${k + 1} of the Hankel matrix of order n`,
    ({ m, spectrum, n }) => (n && m - spectrum <= k && k < m ? { k: k + 1, n } : null),
  ),
);
const first = hankelClaim<Params>('first', '|rho(0)| = |Ai(-s0 alpha)|', () => ({ k: 1, n: 1 }));

/** Where the singular values of the Airy transform fall off, for large s0 alpha. */
const expected = statedClaim<Params, Design>(
  'expected-threshold',
  'the leading term (2/(3 pi)) (s0 alpha)^(3/2) of the threshold, for comparison',
  ({ params: { s0, alpha } }) => `2/(3*pi)*sqrt((${s0.mul(alpha)})^3) <= ?`,
);

/** Far enough behind the last oscillation that nothing of the memory is left. */
function orderFor(s0: Rational, alpha: Rational): number {
  return Math.min(LARGEST_ORDER, Math.ceil(approximate(alpha) + 10 / approximate(s0)));
}

const theorem: Theorem<typeof parameters, Design, Outcome<WorstTime>> = {
  id: 'airy-memory',
  summary: 'memory like an Airy function needs a number of states that grows with its delay, and few more suffice',
  statement:
    'Let rho(t) = Ai(s0 (t - alpha)), which oscillates before t = alpha and decays faster than any exponential behind. The ' +
    'singular values of its Hankel matrices are near 1/s0 up to a sharp cut: no model of fewer states is of any use. A model ' +
    'fitted to the values before the horizon is certified on it by enclosures of Ai, and behind it by what is left of both.',
  source: { paper: 'arXiv:2506.05678', theorem: 'Airy memory, a fit and a lower bound', trust: 'proved' },
  parameters,
  construct: ({ s0, alpha, m, n, horizon }) => {
    if (LONGEST.lt(s0.mul(alpha)))
      throw new InputError({ field: 'alpha', found: `s0 alpha = ${s0.mul(alpha)}`, allowed: `at most ${LONGEST}` });
    const order = n ?? orderFor(s0, alpha);
    const steps = horizon ?? 2 * order;
    if (steps < 2 * order - 1) {
      const allowed = `at least 2n - 1 = ${2 * order - 1}, so that the barrier speaks of it`;
      throw new InputError({ field: 'horizon', found: `${steps} time steps`, allowed });
    }
    if (m >= order)
      throw new InputError({ field: 'm', found: `${m}`, allowed: `below the order n = ${order} of the Hankel matrix` });
    const memory = { family: 'airy', s0, alpha } as const;
    return {
      network: memoryNetwork(fittedModes(memory, m, steps), steps),
      design: { memory, section: plainSection(memory, m, order) },
    };
  },
  dataset: ({ s0, alpha, n, horizon }, { seed }) =>
    memoryData(responseOf({ family: 'airy', s0, alpha }), alpha, horizon ?? 2 * (n ?? orderFor(s0, alpha)), seed),
  examine: ({ network, design: { memory }, deadline }) => proveMemoryError(network, memory, deadline),
  claims: [errorClaim, barrierClaim, normClaim, singularValueClaim, thresholdClaim, expected, first, ...values],
};

export default theorem;

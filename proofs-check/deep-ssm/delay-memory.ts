import { circulantDelay, zeroOutput } from '../../constructions/delay.js';
import { memoryData } from '../../constructions/memory.js';
import {
  delayBarrierSentence,
  delaySentence,
  integer,
  type ProvedClaim,
  proveDelay,
  proveDelayBarrier,
  Rational,
  rational,
  residueSentence,
  rootBounds,
  statedClaim,
  type Theorem,
  toDecimal,
  withDefault,
} from '../../src/index.js';

const parameters = {
  alpha: integer('the delay: the target is rho(t) = 1 at t = alpha and 0 elsewhere', { min: 0, max: 1023 }),
  m: integer('order: number of states', { min: 1, max: 1024 }),
  eta: rational('first echo: the response returns at t = alpha + m with this factor', { above: '0', below: '1' }),
  horizon: withDefault(integer('time steps of an input of the network', { min: 1, max: 1 << 20 }), '256'),
};

interface Delay {
  /** r of the circulant matrix, r^m <= eta. */
  readonly ratio: Rational;
}

interface DelayParams {
  readonly alpha: number;
  readonly m: number;
  readonly eta: Rational;
  readonly horizon: number;
}

/** Echoes one by one are for short inputs. */
const LONGEST_SHOWN = 64;

/** What the output has beside the delayed input once the first k echoes are there: the next one. */
const echo = (k: number): DelayClaim => {
  const after = ({ alpha, m }: DelayParams) => alpha + k * m + 1;
  return statedClaim(
    `echo${k}`,
    `echo ${k}, of a pulse alpha + ${k} m steps ago: r^(${k} m)`,
    ({ params, design: { ratio } }) => {
      const { alpha, m } = params;
      const before = Array.from(
        { length: k },
        (_, j) => ` - ${j === 0 ? '' : `${ratio.pow(j * m)}*`}x[${after(params) - alpha - j * m}]`,
      );
      return `for all x in [-1, 1]^${params.horizon}: |y[${after(params)}]${before.join('')}| <= ?`;
    },
    (params) => params.m > params.alpha && params.horizon <= LONGEST_SHOWN && after(params) <= params.horizon,
  );
};

const METHOD = 'the cycle of the built weights, in exact arithmetic';
type Delayed = ReturnType<typeof proveDelay>;
type DelayClaim = ProvedClaim<DelayParams, Delay, Delayed>;

const error: DelayClaim = {
  id: 'error',
  kind: 'bound',
  statement: 'sum_t |rhohat(t) - rho(t)| is at most eta/(1 - eta) for m > alpha, and 1 for m <= alpha',
  limit: ({ params: { alpha, m, eta } }) => (m > alpha ? eta.div(Rational.one.sub(eta)) : Rational.one),
  says: ({ params: { alpha } }, bound) => delaySentence(alpha, bound),
  prove: ({ examined }) => {
    const [sum] = examined;
    if (sum.kind === 'open') return { outcomes: examined, method: METHOD };
    return { outcomes: examined, method: METHOD, notes: [sum.found.period] };
  },
};

const barrier: DelayClaim = {
  id: 'barrier',
  kind: 'barrier',
  statement: 'no model of order at most alpha has an H-infinity error below 1: none is better than the output 0',
  limit: () => Rational.one,
  says: ({ params: { alpha } }, least) => delayBarrierSentence(alpha, { lo: least }),
  prove: ({ params: { alpha, m } }) => ({
    outcomes: [proveDelayBarrier(alpha)],
    method: 'Hankel matrices',
    notes: [
      m > alpha ? `order ${m} is above ${alpha}: the construction goes below 1` : `order ${m}: output 0 attains 1`,
    ],
  }),
};

const price: DelayClaim = {
  id: 'norm-price',
  kind: 'quantity',
  statement: 'the diagonal form of the same response has residues of modulus r^-alpha/m, where r^m is at most eta',
  applies: ({ alpha, m }) => m > alpha,
  limit: ({ params: { alpha, m }, design: { ratio } }) => ratio.pow(-alpha).div(Rational.of(m)),
  says: (_, bound) => residueSentence(bound),
  prove: ({ examined, params: { alpha, m, eta } }) => {
    const ideal = rootBounds(eta.pow(-alpha), m, 64).hi.div(Rational.of(m));
    const residue = examined[1]?.enclosure?.hi;
    const depths = residue
      ? [2, 4, 8, 16].map((l) => `${toDecimal(layered(residue, l), 4, 'up')} with ${l} layers`)
      : [];
    return {
      outcomes: examined,
      method: METHOD,
      notes: [
        `eta^(-alpha/m)/m = ${toDecimal(ideal, 6, 'up')} for r^m = eta exactly`,
        `norm factorisation of residues of this size: entries at most ${depths.join(', ')}`,
      ],
    };
  },
};

const root = statedClaim<DelayParams, Delay>(
  'c1',
  'the root of the norm price: what entries of one layer have at least',
  ({ params: { alpha, m }, design: { ratio } }) => `sqrt(${ratio.pow(-alpha).div(Rational.of(m))}) <= ?`,
  ({ alpha, m }) => m > alpha,
);

/** tau for |alpha_i| <= residue = c1^2. */
function layered(residue: Rational, l: number): Rational {
  return rootBounds(Rational.pow2(l - 1).mul(residue), l + 1, 24).hi;
}

const theorem: Theorem<typeof parameters, Delay, Delayed> = {
  id: 'delay-memory',
  summary: 'a pure delay by alpha steps needs more than alpha states, and with m > alpha states is exact up to an echo',
  statement:
    'Let rho(t) = 1 at t = alpha and 0 elsewhere. No linear model of order m <= alpha has an H-infinity error below 1. ' +
    'For m > alpha the circulant model A = r P, P the cyclic shift of m states, r^m <= eta, has the response r^(t-alpha) at ' +
    't = alpha mod m and 0 elsewhere: exact before t = alpha + m, with l1 error at most eta/(1 - eta).',
  source: { paper: 'arXiv:2506.05678', theorem: 'impulse-like memory, explicit weights', trust: 'proved' },
  parameters,
  construct: ({ alpha, m, eta, horizon }) => {
    const ratio = rootBounds(eta, m, 24).lo;
    const network = m > alpha ? circulantDelay(alpha, m, ratio, horizon) : zeroOutput(m, ratio, horizon);
    return { network, design: { ratio } };
  },
  examine: ({ network, params: { alpha } }) => proveDelay(network, alpha),
  dataset: ({ alpha, horizon }, { seed }) => {
    const impulse = (t: bigint) => (t === BigInt(alpha) ? Rational.one : Rational.zero);
    return memoryData(impulse, Rational.of(alpha), horizon, seed);
  },
  claims: [error, barrier, price, root, echo(1), echo(2)],
  rates: [
    {
      quantity: 'error',
      against: 'm',
      exponent: '0',
      formula: () => 'eta/(1 - eta)',
      applies: ({ m, alpha }) => m > alpha,
    },
    {
      quantity: 'error',
      against: 'eta',
      toward: 'zero',
      exponent: '1',
      formula: () => 'eta/(1 - eta)',
      applies: ({ m, alpha }) => m > alpha,
    },
    { quantity: 'norm-price', against: 'm', exponent: '-1', formula: () => 'K*exp(c/m)/m', constants: ['K', 'c'] },
  ],
};

export default theorem;

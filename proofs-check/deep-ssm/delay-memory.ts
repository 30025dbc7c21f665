import { circulantDelay, zeroOutput } from '../../constructions/delay.js';
import {
  type Claim,
  integer,
  optional,
  point,
  Rational,
  rational,
  readRecurrences,
  rootBounds,
  type Step,
  type Theorem,
  toDecimal,
} from '../../src/index.js';
import { type DelayError, delayError } from './claims/delay.js';
import { unreadable } from './claims/identity.js';

const parameters = {
  alpha: integer('the delay: the target is rho(t) = 1 at t = alpha and 0 elsewhere', { min: 0, max: 1023 }),
  m: integer('order: number of states', { min: 1, max: 1024 }),
  eta: rational('first echo: the response returns at t = alpha + m with this factor', { above: '0', below: '1' }),
  length: optional(integer('time steps of an input of the network', { min: 1, max: 1 << 20 }), '256'),
};

interface Delay {
  /** r of the circulant matrix, r^m <= eta. */
  readonly ratio: Rational;
}

interface DelayParams {
  readonly alpha: number;
  readonly m: number;
  readonly eta: Rational;
}

const METHOD = 'the cycle of the built weights, in exact arithmetic';

const error: Claim<DelayParams, Delay> = {
  id: 'error',
  kind: 'bound',
  statement: 'sum_t |rhohat(t) - rho(t)| is at most eta/(1 - eta) for m > alpha, and 1 for m <= alpha',
  tex: '\\|\\hat\\rho - \\rho\\|_1 \\le \\frac{\\eta}{1-\\eta}',
  trust: 'proved',
  prove: ({ network, params: { alpha, m, eta }, stated }) => {
    const read = readRecurrences(network);
    if (typeof read === 'string') return unreadable(read, METHOD);
    const found = delayError(read.chain, alpha);
    if (typeof found === 'string') return unreadable(found, METHOD);
    const bound = stated ?? (m > alpha ? eta.div(Rational.one.sub(eta)) : Rational.one);
    return {
      verdict: found.error.le(bound) ? 'proved' : 'refuted',
      statement: `sum_t |rhohat(t) - rho(t)| <= ${toDecimal(bound, 6, 'up')}`,
      predicted: bound,
      enclosure: point(found.error),
      witness: { t: found.worst.t, value: found.worst.value.toString() },
      ...withSum(found, alpha, m, bound),
      method: METHOD,
    };
  },
};

/** Periods after which the echoes are too small to matter for a bound that is rounded at 24 binary digits. */
const PERIODS = 8;

/** The closed statement: the sum lies between 0, or what refutes the bound, and the bound. */
function withSum({ error, steps }: DelayError, alpha: number, m: number, bound: Rational) {
  const target = [[alpha, '1']] as const;
  const [lo, hi] = error.le(bound) ? [Rational.zero, bound] : [error, error.add(error.sub(bound))];
  const range = { target, lo: lo.toString(), hi: hi.toString() };
  const fields = error.le(bound) ? range : { ...range, bound: bound.toString() };
  const data = () => ({ ...fields, steps: alpha + PERIODS * m });
  const statement = 'the values over several periods, and a geometric bound of the others';
  const step: Step = { id: 'sum', rule: 'response-sum', statement, verdict: 'proved', enclosure: point(error), data };
  return { steps: [...steps, step], conclusion: () => ({ kind: 'response-sum' as const, ...fields }) };
}

const barrier: Claim<DelayParams, Delay> = {
  id: 'barrier',
  kind: 'barrier',
  statement: 'no model of order at most alpha has an H-infinity error below 1: none is better than the output 0',
  tex: 'm \\le \\alpha \\;\\Rightarrow\\; \\|\\hat G - G\\|_\\infty \\ge \\sigma_{m+1}(H_\\rho) = 1',
  trust: 'proved',
  prove: ({ params: { alpha, m } }) => {
    const step = (id: string, statement: string): Step => ({
      id,
      rule: 'hankel-rank',
      statement,
      verdict: 'proved',
      enclosure: null,
    });
    return {
      verdict: 'proved',
      predicted: Rational.one,
      enclosure: { lo: Rational.one, hi: m <= alpha ? Rational.one : null },
      witness: null,
      steps: [
        step(
          'singular-values',
          `rho(i + j) = 1 exactly when i + j = ${alpha}: the Hankel matrix is the exchange matrix of order ${alpha + 1}, with ${alpha + 1} singular values 1`,
        ),
        step(
          'rank',
          `the Hankel matrix of a model of order n <= ${alpha} has rank at most n, so it is at distance at least 1 (Eckart, Young 1936)`,
        ),
        step(
          'norms',
          'the norm of a Hankel matrix is at most the H-infinity norm (Nehari 1957), which is at most the l1 norm',
        ),
      ],
      method: 'Hankel matrices',
      facts: [
        m > alpha ? `order ${m} is above ${alpha}: the construction goes below 1` : `order ${m}: output 0 attains 1`,
      ],
    };
  },
};

const price: Claim<DelayParams, Delay> = {
  id: 'norm-price',
  kind: 'quantity',
  statement: 'the diagonal form of the same response has residues of modulus r^-alpha/m, where r^m is at most eta',
  tex: '|b_j c_j| = \\eta^{-\\alpha/m}/m',
  trust: 'proved',
  applies: ({ alpha, m }) => m > alpha,
  prove: ({ network, params: { alpha, m, eta }, stated }) => {
    const read = readRecurrences(network);
    if (typeof read === 'string') return unreadable(read, METHOD);
    const found = delayError(read.chain, alpha);
    if (typeof found === 'string') return unreadable(found, METHOD);
    if (!found.gain)
      return unreadable('A is not r P, or the response has more than one nonzero value per period', METHOD);
    const residue = found.gain.div(Rational.of(m));
    const isStated = found.gain.equals(found.ratio.pow(-alpha)) && found.ratio.pow(m).le(eta);
    const holds = stated ? residue.le(stated) : isStated;
    const ideal = rootBounds(eta.pow(-alpha), m, 64).hi.div(Rational.of(m));
    const depths = [2, 4, 8, 16].map((l) => `${toDecimal(layered(residue, l), 4, 'up')} with ${l} layers`);
    return {
      verdict: holds ? 'proved' : 'refuted',
      statement: stated && `the diagonal form of the same response has residues of modulus at most ${stated}`,
      predicted: stated ?? null,
      enclosure: point(residue),
      witness: null,
      steps: found.steps,
      method: METHOD,
      facts: [
        `eta^(-alpha/m)/m = ${toDecimal(ideal, 6, 'up')} for r^m = eta exactly`,
        `norm factorisation of residues of this size: entries at most ${depths.join(', ')}`,
      ],
    };
  },
};

/** tau for |alpha_i| <= residue = c1^2. */
function layered(residue: Rational, l: number): Rational {
  return rootBounds(Rational.pow2(l - 1).mul(residue), l + 1, 24).hi;
}

const theorem: Theorem<typeof parameters, Delay> = {
  id: 'delay-memory',
  summary: 'a pure delay by alpha steps needs more than alpha states, and with m > alpha states is exact up to an echo',
  statement:
    'Let rho(t) = 1 at t = alpha and 0 elsewhere. No linear model of order m <= alpha has an H-infinity error below 1. ' +
    'For m > alpha the circulant model A = r P, P the cyclic shift of m states, r^m <= eta, has the response r^(t-alpha) at ' +
    't = alpha mod m and 0 elsewhere: exact before t = alpha + m, with l1 error at most eta/(1 - eta).',
  source: { paper: 'arXiv:2506.05678', theorem: 'impulse-like memory, explicit weights', trust: 'proved' },
  parameters,
  construct: ({ alpha, m, eta, length }) => {
    const ratio = rootBounds(eta, m, 24).lo;
    const steps = length ?? 256;
    const network = m > alpha ? circulantDelay(alpha, m, ratio, steps) : zeroOutput(m, ratio, steps);
    return { network, design: { ratio } };
  },
  claims: [error, barrier, price],
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

import { shallowModel } from '../../constructions/deep-ssm.js';
import {
  DEFAULT_LENGTH,
  depthParameter,
  expectPoles,
  readTarget,
  targetParameters,
  widthParameter,
} from '../../constructions/ssm-target.js';
import { hasRealResponse, stateSpaceNetwork } from '../../constructions/state-space.js';
import {
  type Claim,
  Gaussian,
  point,
  Rational,
  readStateSpace,
  type StateSpace,
  type Step,
  type Theorem,
} from '../../src/index.js';
import { poleCount } from './claims/depth.js';
import { errorClaim, kernelClaim, type Targeted, transferIdentityOf, unreadable } from './claims/identity.js';

const parameters = { l: depthParameter, m: widthParameter, ...targetParameters };

/**
 * w G(w) at infinity, for G = sum_i alpha_i/(1 - lam_i w) without zero poles: - sum alpha_i/lam_i. Not 0 means that G
 * decays exactly like 1/w.
 */
function limitAtInfinity({ layers: [{ poles, B }], C }: StateSpace): Gaussian {
  const weights = new Map(C);
  return poles.reduce((sum, pole, i) => {
    const residue = (weights.get(i) ?? Gaussian.zero).mul(B[i][0]?.[1] ?? Gaussian.zero);
    return residue.isZero() ? sum : sum.sub(residue.div(pole));
  }, Gaussian.zero);
}

const barrier: Claim<{ l: number; m: number }, Targeted> = {
  id: 'barrier',
  kind: 'barrier',
  statement: 'no l-layer model of width m, with weights of any size, has the impulse response of the network',
  tex: '\\rho \\notin H^m_{\\infty,l}:\\quad N = l(m-1) + 2 > lm - (l-1)',
  trust: 'proved',
  prove: ({ network, design: { target }, params: { l, m } }) => {
    const method = 'pole count, limit at infinity, counting';
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, method);
    const identity = transferIdentityOf(network, model, target);
    const N = poleCount(target);
    const hasZero = target.layers[0].poles.some((pole) => pole.isZero());
    const limit = hasZero ? Gaussian.zero : limitAtInfinity(target);
    const most = l * m - (l - 1);
    const step = (id: string, statement: string, holds: boolean, value: number | null): Step => ({
      id,
      rule: 'pole-counting',
      statement,
      verdict: holds ? 'proved' : 'undecided',
      enclosure: value === null ? null : point(Rational.of(value)),
      ...(holds ? {} : { difference: `the hypothesis fails: ${statement}` }),
    });
    const steps = [
      identity.step,
      step('pole-count', `G has ${N} distinct nonzero poles with nonzero residues`, N > most, N),
      step(
        'limit',
        'lim w G(w) = - sum alpha_i/lam_i is not 0 and no pole is 0: in an l-layer model at least l - 1 layers have a pole 0',
        !limit.isZero(),
        null,
      ),
      step('counting', `l layers of width ${m} with l - 1 zero poles have at most ${most} others`, N > most, most),
    ];
    const holds = steps.every(({ verdict }) => verdict === 'proved');
    return {
      verdict: holds ? 'proved' : 'undecided',
      predicted: null,
      enclosure: null,
      witness: { limit: limit.toString(), poles: N, room: most },
      steps,
      method,
      facts: [`${N} poles where ${l} layers of width ${m} have room for ${most}: one fewer pole would fit`],
    };
  },
};

/** Drawn residues are positive or negative multiples of 1/1000 up to this. */
const LARGEST_RESIDUE = Rational.one;

const theorem: Theorem<typeof parameters, Targeted> = {
  id: 'depth-width-barrier',
  summary: 'a one-layer state-space model of width l (m - 1) + 2 that no l-layer model of width m equals',
  statement:
    'Let G have N = l (m - 1) + 2 distinct nonzero poles and sum_i alpha_i/lam_i != 0. Then G decays exactly like 1/w, ' +
    'each layer of a deep model without a pole 0 contributes a factor O(1/w), so at least l - 1 layers have a pole 0, ' +
    'which leaves l m - (l - 1) = N - 1 nonzero poles: one too few, whatever the weights.',
  source: { paper: 'arXiv:2506.19296', theorem: 'depth-width barrier', trust: 'proved' },
  parameters,
  construct: (params, surroundings) => {
    const { l, m } = params;
    const N = l * (m - 1) + 2;
    const modes = readTarget(params, surroundings, {
      bound: params.residues || params.data ? Rational.of(10n ** 100n) : LARGEST_RESIDUE,
      boundName: '10^100',
      drawn: N,
      checkCount: (count, place) => expectPoles(count, N, l, 'l (m - 1) + 2', place),
    });
    const target = shallowModel(modes, Rational.one);
    const network = stateSpaceNetwork(target, params.length ?? DEFAULT_LENGTH, !hasRealResponse(modes));
    return { network, design: { target } };
  },
  claims: [errorClaim, kernelClaim, barrier],
};

export default theorem;

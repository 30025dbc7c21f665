import { deepModel, polesOf, shallowModel } from '../../constructions/deep-ssm.js';
import {
  DEFAULT_LENGTH,
  depthParameter,
  expectPoles,
  readTarget,
  targetParameters,
  widthParameter,
} from '../../constructions/ssm-target.js';
import { hasRealResponse, stateSpaceNetwork } from '../../constructions/state-space.js';
import { Rational, rational, type Theorem, withDefault } from '../../src/index.js';
import {
  errorClaim,
  examineResponse,
  kernelClaim,
  type Response,
  shapeClaim,
  type Targeted,
} from './claims/identity.js';

const parameters = {
  l: depthParameter,
  m: widthParameter,
  tau: withDefault(rational('weight of the chains', { above: '0' }), '1'),
  ...targetParameters,
};

/** Drawn residues are multiples of 1/1000 up to 1; given ones have no bound but this one, which keeps input sane. */
const LARGEST_RESIDUE = Rational.of(10n ** 100n);

const theorem: Theorem<typeof parameters, Targeted, Response> = {
  id: 'depth-width-inclusion',
  summary: 'every one-layer state-space model of width l (m - 1) + 1 equals an l-layer model of width m',
  statement:
    'For all poles |lam_i| < 1 and residues alpha_i, i = 1, ..., N = l (m - 1) + 1, coinciding and zero poles included, ' +
    'the impulse response sum_i alpha_i lam_i^t is that of an l-layer model of width m with diagonal state matrices.',
  source: { paper: 'arXiv:2506.19296', theorem: 'depth-width inclusion', trust: 'proved' },
  parameters,
  construct: (params, surroundings) => {
    const { l, m, tau } = params;
    const N = polesOf(l, m);
    const given = params.poles !== undefined || params.data !== undefined;
    const modes = readTarget(params, surroundings, {
      bound: given && (params.residues || params.data) ? LARGEST_RESIDUE : Rational.one,
      boundName: '10^100',
      drawn: N,
      checkCount: (count, place) => expectPoles(count, N, l, 'l (m - 1) + 1', place),
    });
    const network = stateSpaceNetwork(
      deepModel(modes, l, m, tau),
      params.length ?? DEFAULT_LENGTH,
      !hasRealResponse(modes),
    );
    return { network, design: { target: shallowModel(modes, Rational.one) } };
  },
  examine: examineResponse,
  claims: [errorClaim, kernelClaim, shapeClaim(({ l }) => l)],
};

export default theorem;

import { deepModel, type Mode, polesOf, prescribedTau, shallowModel } from '../../constructions/deep-ssm.js';
import {
  DEFAULT_LENGTH,
  depthParameter,
  MOST_POLES,
  readTarget,
  targetParameters,
  widthParameter,
} from '../../constructions/ssm-target.js';
import { hasRealResponse, stateSpaceNetwork } from '../../constructions/state-space.js';
import {
  Gaussian,
  InputError,
  optional,
  type Rational,
  rational,
  type StateSpace,
  type Theorem,
} from '../../src/index.js';
import { depthClaim, leastDepth, reportedDepthClaim } from './claims/depth.js';
import { errorClaim, examineResponse, kernelClaim, type Response, shapeClaim } from './claims/identity.js';
import { normClaim } from './claims/norms.js';

const parameters = {
  m: widthParameter,
  c1: rational('norm of the one-layer model: |alpha_i| <= c1^2', { above: '0' }),
  c2: rational('bound of the entries of the deep model', { above: '2' }),
  l: optional(depthParameter, 'ceil((2 ln c1 - ln 2 - ln c2)/(ln c2 - ln 2)), at least 1'),
  ...targetParameters,
};

interface Depth {
  readonly l: number;
  readonly target: StateSpace;
  readonly bound: Rational;
  readonly modes: readonly Mode[];
}

const NO_MODE: Mode = { pole: Gaussian.zero, residue: Gaussian.zero };

const theorem: Theorem<typeof parameters, Depth, Response> = {
  id: 'minimal-depth',
  summary: 'how many layers bring the entries of a state-space model of norm c1 down to c2',
  statement:
    'A one-layer model with at most l (m - 1) + 1 poles and |alpha_i| <= c1^2 equals an l-layer model of width m with ' +
    'entries at most c2 > 2 as soon as (c2/2)^l >= c1^2/(2 c2), that is for l = ceil((2 ln c1 - ln 2 - ln c2)/(ln c2 - ln ' +
    '2)); as reported, ceil(2 ln c1/ln(c2/2)) - 1. Conversely |rho(0)| <= m^l c2^(l+1), and l m is at least the number of poles.',
  source: { paper: 'arXiv:2506.19296', theorem: 'minimal depth, with a smaller bound', trust: 'proved' },
  parameters,
  construct: (params, surroundings) => {
    const { m, c1, c2 } = params;
    const l = params.l ?? leastDepth(c1, c2, MOST_POLES);
    const N = l === null ? Number.POSITIVE_INFINITY : polesOf(l, m);
    if (l === null || N > MOST_POLES) {
      throw new InputError({
        field: l === null ? 'c2' : 'm',
        found: l === null ? `entries below ${c2}, which need more than ${MOST_POLES} layers` : `${N} poles`,
        allowed: `at most ${MOST_POLES}`,
        mend: 'make c2 larger or m smaller',
      });
    }
    const given = readTarget(params, surroundings, {
      bound: c1.mul(c1),
      boundName: 'c1^2',
      drawn: N,
      checkCount: (count, place) => {
        if (count <= N) return;
        const allowed = `at most l (m - 1) + 1 = ${N} for l = ${l}, m = ${m}`;
        throw new InputError({ ...place, found: `${count} poles`, allowed, mend: 'make m larger' });
      },
    });
    const modes = [...given, ...new Array<Mode>(N - given.length).fill(NO_MODE)];
    const model = deepModel(modes, l, m, prescribedTau(l, c1).min(c2));
    const network = stateSpaceNetwork(model, params.length ?? DEFAULT_LENGTH, !hasRealResponse(given));
    return { network, design: { l, modes: given, target: shallowModel(given, c1), bound: c2 } };
  },
  examine: examineResponse,
  claims: [
    errorClaim,
    kernelClaim,
    shapeClaim((_, { l }) => l),
    normClaim(({ c1 }, { l }) => ({ l, c1 })),
    depthClaim,
    reportedDepthClaim,
  ],
  rates: [
    {
      quantity: 'depth',
      against: 'c1',
      exponent: '0',
      log: '1',
      formula: () => '(2*log(c1) - log(2) - log(c2))/(log(c2) - log(2)) + 1',
      applies: ({ l }) => l === undefined,
    },
  ],
};

export default theorem;

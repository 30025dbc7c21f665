import { blockedNetwork } from '../../constructions/blocked-ssm.js';
import { deepModel, polesOf, prescribedTau, shallowModel } from '../../constructions/deep-ssm.js';
import {
  DEFAULT_LENGTH,
  depthParameter,
  expectPoles,
  readResponse,
  readTarget,
  targetParameters,
  widthParameter,
} from '../../constructions/ssm-target.js';
import { hasRealResponse, stateSpaceNetwork } from '../../constructions/state-space.js';
import {
  choice,
  optional,
  type ProvedClaim,
  type Rational,
  rational,
  type Theorem,
  type ValuesOf,
  withDefault,
} from '../../src/index.js';
import { executionClaim, type Runnable } from './claims/execution.js';
import { type Fitted, fitClaim } from './claims/fit.js';
import {
  blockedClaim,
  errorClaim,
  examineResponse,
  kernelClaim,
  type Response,
  shapeClaim,
} from './claims/identity.js';
import { leastNormClaim, normClaim, reportedNormClaim } from './claims/norms.js';

const parameters = {
  l: depthParameter,
  m: widthParameter,
  c1: rational('norm of the one-layer model: |alpha_i| <= c1^2', { above: '0' }),
  c2: optional(rational('bound that the entries are held against', { above: '0' }), 'tau'),
  tau: optional(
    rational('weight of the chains', { above: '0' }),
    '2^((l-1)/(l+1)) c1^(2/(l+1)), rounded up to 24 significant bits',
  ),
  form: withDefault(
    choice('the network to build: the deep recurrence, or its response in blocks that run in parallel (real targets)', [
      'recurrence',
      'parallel',
    ]),
    'recurrence',
  ),
  ...targetParameters,
};

type Params = ValuesOf<typeof parameters>;

interface Factorization extends Runnable, Fitted {
  readonly bound: Rational;
}

const RECURRENT: readonly ProvedClaim<Params, Factorization, Response>[] = [
  errorClaim,
  kernelClaim,
  shapeClaim(({ l }: Params) => l),
  normClaim((params: Params) => params),
  reportedNormClaim,
  leastNormClaim,
];

const theorem: Theorem<typeof parameters, Factorization, Response> = {
  id: 'norm-factorization',
  summary: 'a one-layer state-space model of norm c1 as l layers with entries of order c1^(2/(l+1))',
  statement:
    'Let rho(t) = sum_i alpha_i lam_i^t with N = l (m - 1) + 1 poles |lam_i| < 1 and |alpha_i| <= c1^2. Then l layers of ' +
    'width m realise rho exactly with all entries of B_1, ..., B_l and C at most tau = 2^((l-1)/(l+1)) c1^(2/(l+1)); the ' +
    'exponent 2/(l+1) is the best possible.',
  source: { paper: 'arXiv:2506.19296', theorem: 'norm factorisation, with a smaller constant', trust: 'proved' },
  parameters,
  construct: (params, surroundings) => {
    const { l, m, c1 } = params;
    const N = polesOf(l, m);
    const modes = readTarget(params, surroundings, {
      bound: c1.mul(c1),
      boundName: 'c1^2',
      drawn: N,
      checkCount: (count, place) => expectPoles(count, N, l, 'l (m - 1) + 1', place),
    });
    const tau = params.tau ?? prescribedTau(l, c1);
    const model = deepModel(modes, l, m, tau);
    const target = shallowModel(modes, c1);
    const measured = readResponse(params, surroundings);
    const length = params.length ?? Math.max(DEFAULT_LENGTH, measured?.length ?? 0);
    const [deep, shallow] = [model, target].map((stateSpace) =>
      stateSpaceNetwork(stateSpace, length, !hasRealResponse(modes)),
    );
    const isParallel = params.form === 'parallel';
    const network = isParallel ? blockedNetwork(modes, length) : deep;
    const label = isParallel ? 'parallel' : 'deep';
    return {
      network,
      design: { target, shallow, label, measured, bound: params.c2 ?? tau },
    };
  },
  examine: examineResponse,
  claims: [
    ...RECURRENT.map((claim) => ({
      ...claim,
      applies: ({ form }: { form: string }) => form === 'recurrence',
    })),
    { ...blockedClaim, applies: ({ form }) => form === 'parallel' },
    fitClaim,
    executionClaim,
  ],
  rates: [
    {
      quantity: 'norm',
      against: 'c1',
      exponent: '2/(l + 1)',
      formula: ({ l }) => `K*c1^(2/${l + 1})`,
      constants: ['K'],
      applies: ({ c2, tau }) => c2 === undefined && tau === undefined,
    },
  ],
};

export default theorem;

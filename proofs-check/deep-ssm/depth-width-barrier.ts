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
import { depthBarrierSentence, type ProvedClaim, proveDepthBarrier, Rational, type Theorem } from '../../src/index.js';
import { errorClaim, examineResponse, kernelClaim, type Response, type Targeted } from './claims/identity.js';

const parameters = { l: depthParameter, m: widthParameter, ...targetParameters };

const barrier: ProvedClaim<{ l: number; m: number }, Targeted, Response> = {
  id: 'barrier',
  kind: 'barrier',
  statement: 'no l-layer model of width m, with weights of any size, has the impulse response of the network',
  says: ({ params: { l, m } }) => depthBarrierSentence(l, m),
  prove: ({ network, design: { target }, params: { l, m }, examined }) => {
    const outcome = proveDepthBarrier(network, examined, target, l, m);
    const notes = outcome.kind === 'open' ? [] : [room(outcome.found, l, m)];
    return { outcomes: [outcome], method: 'pole count, limit at infinity, counting', notes };
  },
};

function room({ poles, room }: { readonly poles: number; readonly room: number }, l: number, m: number): string {
  return `${poles} poles where ${l} layers of width ${m} have room for ${room}: one fewer pole would fit`;
}

/** Drawn residues are positive or negative multiples of 1/1000 up to this. */
const LARGEST_RESIDUE = Rational.one;

const theorem: Theorem<typeof parameters, Targeted, Response> = {
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
  examine: examineResponse,
  claims: [errorClaim, kernelClaim, barrier],
};

export default theorem;

/** The claim that a network in blocks of K steps has the target's impulse response. */
import { blockedLength, type ProvedClaim, proveBlockedResponse, responseSentence } from '../../../src/index.js';
import type { Response, Targeted } from './identity.js';

export const blockedClaim: ProvedClaim<unknown, Targeted, Response> = {
  id: 'error',
  kind: 'identity',
  statement:
    'for every input of its length the network computes y(t) = sum_s rho(s) x(t - s), rho(t) = sum_i alpha_i lam_i^t',
  says: ({ network, design: { target } }) => responseSentence(target, blockedLength(network)),
  prove: ({ network, design: { target } }) => {
    const outcome = proveBlockedResponse(network, target);
    const notes = outcome.kind === 'fact' ? [outcome.found] : [];
    return { outcomes: [outcome], method: 'the blocks of the built weights, entry by entry', notes };
  },
};

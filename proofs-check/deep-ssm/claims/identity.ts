/** Claims that the built network has the target's impulse response, for every time and for every input. */
import {
  blockedLength,
  comparedLength,
  formSentence,
  type Network,
  type Outcome,
  type ProvedClaim,
  proveBlockedResponse,
  proveForm,
  proveImpulseValues,
  proveResponse,
  responseSentence,
  type StateSpace,
} from '../../../src/index.js';

/** What the claims need to know of a design: the target, as a one-layer model. */
export interface Targeted {
  readonly target: StateSpace;
}

/** What is worked out once, however many claims need it: whether the network has the target's transfer function. */
export type Response = Outcome;

export function examineResponse({ network, design }: { network: Network; design: Targeted }): Response {
  return proveResponse(network, design.target);
}

const METHOD = 'equality of rational functions at as many integers as their degree needs';

/** G_network = G_target as rational functions. */
export const errorClaim: ProvedClaim<unknown, Targeted, Response> = {
  id: 'error',
  kind: 'identity',
  statement: "the network's impulse response is rho(t) = sum_i alpha_i lam_i^t for every t",
  says: ({ design: { target } }) => responseSentence(target),
  prove: ({ network, examined }) => {
    const points = examined.kind === 'fact' ? (examined.found as { readonly points: number }).points : 0;
    const size = `the longest weight has ${longest(network)} bits in numerator and denominator together`;
    return { outcomes: [examined], method: METHOD, notes: [`${points} points compared; ${size}`] };
  },
};

/** The first 2N values, by running the recurrence: an independent second check. */
export const kernelClaim: ProvedClaim<unknown, Targeted, Response> = {
  id: 'kernel',
  kind: 'identity',
  statement: 'the first values of the impulse response, by the recurrence in exact arithmetic, are those of the target',
  says: ({ network, design: { target } }) => responseSentence(target, valuesOf(network, target)),
  prove: ({ network, design: { target } }) => ({
    outcomes: [proveImpulseValues(network, target, valuesOf(network, target))],
    method: 'exact recurrence',
  }),
};

function valuesOf(network: Network, target: StateSpace): number {
  return comparedLength(network, target, 2 * target.C.length);
}

/** The same of a network in blocks of K steps, for inputs of its length. */
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

/** l layers of width m, with diagonal, stable A_k. */
export function shapeClaim<V extends { readonly m: number }, D>(
  layersOf: (params: V, design: D) => number,
): ProvedClaim<V, D, Response> {
  return {
    id: 'shape',
    kind: 'quantity',
    statement: 'the network has l layers of width m, each A_k diagonal with entries below 1 in modulus',
    says: ({ params, design }) => formSentence(layersOf(params, design), params.m),
    prove: ({ network, params, design }) => ({
      outcomes: [proveForm(network, layersOf(params, design), params.m)],
      method: 'reading the weights',
    }),
  };
}

/** Binary digits of the weight that has most, numerator and denominator together. */
function longest(network: Network): number {
  return network.nodes.reduce((most, node) => {
    if (node.op !== 'constant') return most;
    const { value } = node.attributes as { value: { data: readonly { num: bigint; den: bigint }[] } };
    return value.data.reduce(
      (top, { num, den }) => Math.max(top, num.toString(2).replace('-', '').length + den.toString(2).length),
      most,
    );
  }, 0);
}

/** The claim about the distance between a measured impulse response and the network that was fitted to it. */
import { fitSentence, type ProvedClaim, proveFit, type Rational } from '../../../src/index.js';

export interface Fitted {
  readonly measured: readonly Rational[] | undefined;
}

/** max_t |rho(t) - measured(t)| over the measured times, exactly, whatever the fit was made of. */
export const fitClaim: ProvedClaim<{ response?: unknown; form: string }, Fitted> = {
  id: 'fit',
  kind: 'quantity',
  statement: 'the largest distance of the impulse response from the measured values',
  applies: ({ response, form }) => response !== undefined && form === 'recurrence',
  limit: () => null,
  says: ({ design: { measured = [] } }, bound) => fitSentence(measured, bound),
  prove: ({ network, design: { measured = [] } }) => {
    const outcome = proveFit(network, measured);
    const at = outcome.kind === 'fact' ? `, largest at t = ${outcome.found}` : '';
    return {
      outcomes: [outcome],
      method: 'exact recurrence against the values of the file',
      notes: [`${measured.length} measured values; the fit in floats is a candidate, this distance is exact${at}`],
    };
  },
};

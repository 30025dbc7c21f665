/** The claim about the distance between a measured impulse response and the network that was fitted to it. */
import {
  atMost,
  type Claim,
  impulseResponse,
  point,
  Rational,
  readStateSpace,
  gaussianIntegers as Z,
} from '../../../src/index.js';
import { unreadable } from './identity.js';

export interface Fitted {
  readonly measured: readonly Rational[] | undefined;
}

/** max_t |rho(t) - measured(t)| over the measured times, exactly, whatever the fit was made of. */
export const fitClaim: Claim<{ response?: unknown; form: string }, Fitted> = {
  id: 'fit',
  kind: 'quantity',
  statement: 'the largest distance of the impulse response from the measured values',
  tex: '\\max_{t < n} |\\rho(t) - \\rho_{\\text{measured}}(t)|',
  trust: 'proved',
  applies: ({ response, form }) => response !== undefined && form === 'recurrence',
  prove: ({ network, design: { measured = [] }, stated }) => {
    const method = 'exact recurrence against the values of the file';
    const model = readStateSpace(network);
    if (typeof model === 'string') return unreadable(model, method);
    const values = impulseResponse(model);
    let worst = { t: 0, error: Rational.zero };
    measured.forEach((expected, t) => {
      const { numerator, denominator } = values.next().value;
      const error = Z.quotient(numerator, { re: denominator, im: 0n }).re.sub(expected).abs();
      if (worst.error.lt(error)) worst = { t, error };
    });
    return {
      verdict: stated ? atMost(point(worst.error), stated) : 'proved',
      predicted: stated ?? null,
      enclosure: point(worst.error),
      witness: { t: worst.t },
      steps: [],
      method,
      facts: [`${measured.length} measured values; the fit in floats is a candidate, this distance is exact`],
    };
  },
};

import { createHash } from 'node:crypto';
import { impulseResponse } from '../../../evaluate/impulse.js';
import type { Network } from '../../../network/network.js';
import { readStateSpace } from '../../../network/state-space.js';
import * as Z from '../../../numbers/gaussian-integer.js';
import { Rational } from '../../../numbers/rational.js';
import { mint, type Outcome, open } from '../../fact.js';
import { exactly, type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { point } from '../../verdict.js';

/** The distance of the impulse response from measured values, by running the recurrence in exact arithmetic. */
export const fit: Rule = { id: 'fit', tex: '\\max_{t < n} |\\rho(t) - \\rho_{\\text{measured}}(t)|' };

/** The largest distance from values that are known by the SHA-256 of their JSON. */
export function fitSentence(measured: readonly Rational[], most: Rational | null): Sentence {
  const hash = createHash('sha256')
    .update(JSON.stringify(measured.map(String)))
    .digest('hex');
  const subject = `the largest |rho(t) - measured(t)| over the ${measured.length} measured values of SHA-256 ${hash}`;
  return special(subject, { hi: most, asked: most === null }, fit.tex);
}

/** Applies the rule; `found` is the time of the largest distance. */
export function proveFit(network: Network, measured: readonly Rational[]): Outcome<number> {
  const says = fitSentence(measured, null);
  const model = readStateSpace(network);
  if (typeof model === 'string') return open(fit, 'fit', says.text, model);
  if (network.outputs.length > 1) return open(fit, 'fit', says.text, 'the response is not real');
  const values = impulseResponse(model);
  let worst = { t: 0, error: Rational.zero };
  measured.forEach((expected, t) => {
    const { numerator, denominator } = values.next().value;
    const error = Z.quotient(numerator, { re: denominator, im: 0n }).re.sub(expected).abs();
    if (worst.error.lt(error)) worst = { t, error };
  });
  const base = { rule: fit, id: 'fit', network, domain: null, enclosure: point(worst.error), found: worst.t };
  return mint({ ...base, says: exactly(says, worst.error) });
}

import { createHash } from 'node:crypto';
import { impulseResponse } from '../../../evaluate/impulse.js';
import type { Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { readStateSpace } from '../../../network/state-space.js';
import * as Z from '../../../numbers/gaussian-integer.js';
import { Rational } from '../../../numbers/rational.js';
import { mint, type Outcome, open } from '../../fact.js';
import { exactly, type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { type Enclosure, point } from '../../verdict.js';
import { instanceRule } from '../statement/evidence.js';

/** The distance of the impulse response from measured values, by running the recurrence in exact arithmetic. */
export const fit: Rule = { id: 'fit', tex: '\\max_{t < n} |\\rho(t) - \\rho_{\\text{measured}}(t)|' };

const MOST_STATED = 256;

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
  const base = {
    rule: { ...fit, id: instanceRule.id },
    id: 'fit',
    network,
    domain: null,
    enclosure: point(worst.error),
    found: worst.t,
  };
  return mint({ ...base, says: exactly(says, worst.error), ...atImpulse(network, measured, worst.error) });
}

/** In a certificate, for real responses: at the input (1, 0, ..., 0), which has to be as long as the measurement. */
function atImpulse(network: Network, measured: readonly Rational[], error: Rational) {
  const [{ attributes, shape }] = network.inputs;
  const [length] = sizes(shape);
  if (shape.length !== 1 || length < measured.length || measured.length > MOST_STATED) return {};
  const { name } = network.outputs[0];
  const data = ({ hi }: Enclosure) => {
    const relations = measured.map((value, t) => `|${name}[${t + 1}] - (${value})| <= ${hi ?? error}`);
    return {
      text: `for all ${attributes.name} in R^${length}: ${relations.join(' and ')}`,
      point: { [attributes.name]: Array.from({ length }, (_, t) => (t === 0 ? '1' : '0')) },
      holds: true,
    };
  };
  return {
    evidence: (_: Network, claimed: Enclosure) => data(claimed),
    conclusion: (claimed: Enclosure) => ({ kind: 'instance', ...data(claimed) }) as const,
  };
}

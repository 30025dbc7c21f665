import { createHash } from 'node:crypto';
import type { Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { readStateSpace } from '../../../network/state-space.js';
import { Rational } from '../../../numbers/rational.js';
import { attempt, demand, found } from '../../derivation.js';
import { certified, mint, type Outcome } from '../../fact.js';
import { exactly, type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { point } from '../../verdict.js';
import { instanceRule } from '../statement/evidence.js';
import { firstValues } from './transfer-identity.js';

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
  return attempt({ rule: fit, id: 'fit', statement: says.text }, () => {
    const model = found(readStateSpace(network));
    demand(network.outputs.length === 1, 'the response is not real');
    const errors = firstValues(model, measured.length).map(({ re }, t) => re.sub(measured[t]).abs());
    const worst = errors.reduce((most, error) => most.max(error), Rational.zero);
    return mint({
      ...{ rule: { ...fit, id: instanceRule.id }, id: 'fit', network, domain: null, enclosure: point(worst) },
      found: Math.max(
        0,
        errors.findIndex((error) => error.equals(worst)),
      ),
      says: exactly(says, worst),
      ...atImpulse(network, measured, worst),
    });
  });
}

/** In a certificate, for real responses: at the input (1, 0, ..., 0), which has to be as long as the measurement. */
function atImpulse(network: Network, measured: readonly Rational[], error: Rational) {
  const [{ attributes, shape }] = network.inputs;
  const [length] = sizes(shape);
  if (shape.length !== 1 || length < measured.length || measured.length > MOST_STATED) return {};
  const { name } = network.outputs[0];
  return certified(({ hi }) => {
    const relations = measured.map((value, t) => `|${name}[${t + 1}] - (${value})| <= ${hi ?? error}`);
    return {
      kind: 'instance',
      text: `for all ${attributes.name} in R^${length}: ${relations.join(' and ')}`,
      point: { [attributes.name]: Array.from({ length }, (_, t) => (t === 0 ? '1' : '0')) },
      holds: true,
    };
  });
}

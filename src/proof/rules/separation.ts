import type { Values } from '../../evaluate/evaluate.js';
import { exactSampler } from '../../evaluate/samples.js';
import type { Network } from '../../network/network.js';
import { toDecimal } from '../../numbers/decimal.js';
import { Rational } from '../../numbers/rational.js';
import { mint, type Outcome, open } from '../fact.js';
import { exactly, type Sentence, special } from '../sentence.js';
import type { Rule } from '../step.js';
import { point } from '../verdict.js';
import { hashOfList, listed } from './listed.js';

/** The values of a tensor of one number at finitely many inputs are pairwise distinct, by their least distance, exactly. */
const separation: Rule = { id: 'separation', tex: '\\min_{k \\ne l} |v(X_k) - v(X_l)|' };

/** The least distance between the values of a tensor at inputs that are known by the SHA-256 of their JSON. */
export function separationSentence(
  tensor: string,
  inputs: readonly Values<Rational>[],
  least: Rational | null,
  strict = false,
): Sentence {
  const subject = `the least distance between values of '${tensor}' at two of the ${inputs.length} inputs of SHA-256 ${hashOfList(inputs, listed)}`;
  return special(subject, { lo: least, strict }, '\\min_{k \\ne l} |w \\cdot X_k - w \\cdot X_l|');
}

/** Applies the rule; of a single input every distance is the least. */
export function proveSeparation(network: Network, tensor: string, inputs: readonly Values<Rational>[]): Outcome {
  const node = network.find(tensor);
  const says = `the values of '${tensor}' are distinct`;
  if (!node) return open(separation, 'separation', says, `the network has no tensor named '${tensor}'`);
  const place = network.nodes.indexOf(node);
  const valueAt = exactSampler(network.upTo(node), tensor);
  const values = inputs.map(valueAt).sort(([a], [b]) => a.compare(b));
  if (values.some((value) => value.length !== 1)) return open(separation, 'separation', says, 'it is not one number');
  const conclude = (least: string) => ({
    evidence: () => ({ node: place, inputs: inputs.map(listed) }),
    conclusion: () =>
      ({ kind: 'separation', node: place, count: inputs.length, sha256: hashOfList(inputs, listed), least }) as const,
  });
  const base = { rule: separation, id: 'separation', network, domain: null };
  if (values.length < 2) {
    const found = 'a single input: nothing to separate';
    return mint({ ...base, says: separationSentence(tensor, inputs, Rational.one), found, ...conclude('none') });
  }
  const gaps = values.slice(1).map(([value], k) => value.sub(values[k][0]));
  const gap = gaps.reduce((least, next) => least.min(next));
  const range = values[values.length - 1][0].sub(values[0][0]);
  return mint({
    ...{ ...base, ...conclude(`${gap}`) },
    says: exactly(separationSentence(tensor, inputs, gap), gap),
    enclosure: point(gap),
    found: `separation ${toDecimal(gap, 6, 'down')} over a range of ${toDecimal(range, 6, 'up')}`,
  });
}

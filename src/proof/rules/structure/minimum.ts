/** The least of the entries of the only input: a tree of comparisons, or a function that never falls. */
import { Rational } from '../../../numbers/rational.js';
import { proveMinimum } from '../comparison-tree.js';
import { entryOfToken } from '../inputs.js';
import { proveMinimumByThresholds } from '../monotone-minimum.js';
import type { Lemma } from './lemma.js';
import { boxOf, isAbout, lengthsOf, onlyNetwork, written } from './reading.js';

/** y - min_t x[t] over all real numbers, or over [0, 1]^S. */
export const byMinimum: Lemma = (question) => {
  const network = onlyNetwork(question);
  const [input, ...others] = network?.inputs ?? [];
  if (!network || !input || others.length > 0 || input.shape.length !== 1) return null;
  const [{ name: y, node }] = network.outputs;
  if ([y, input.attributes.name].some((name) => written(name) !== name)) return null;
  const target = `min_{t in 1..${lengthsOf(input)[0]}}(${entryOfToken(input)})`;
  if (node.shape.some(({ size }) => size !== 1) || !isAbout(question, `${y} - ${target}`)) return null;
  if (question.names.variables[0].sets.every(({ kind }) => kind === 'reals')) {
    const outcome = proveMinimum(network, y, target);
    return outcome.kind === 'fact' ? { outcomes: [outcome], method: 'affine forms' } : null;
  }
  const box = boxOf(question, input.attributes.name);
  if (!box?.lo.isZero() || !box.hi.equals(Rational.one)) return null;
  const outcomes = proveMinimumByThresholds(network, y, target);
  const method = 'monotone in every value: two functions of one variable, exact knots';
  return outcomes.length > 0 ? { outcomes, method } : null;
};

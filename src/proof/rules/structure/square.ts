/** Squares and products by layers that are each the tooth of the one before. */
import { Rational } from '../../../numbers/rational.js';
import { proveSquareNet } from '../iterated-tooth.js';
import { proveProduct } from '../polarisation.js';
import type { Lemma } from './lemma.js';
import { boxOf, isAbout, lengthsOf, onlyNetwork, written } from './reading.js';

/** y - x^2 for x in [0, 1], y - x[1] x[2] for x in [-e, e]^2. */
export const bySquare: Lemma = (question) => {
  const network = onlyNetwork(question);
  const [input, ...others] = network?.inputs ?? [];
  if (!network || !input || others.length > 0 || input.shape.length !== 1) return null;
  const [count] = lengthsOf(input);
  const [{ name: y, node }] = network.outputs;
  if ([y, input.attributes.name].some((name) => written(name) !== name)) return null;
  const { name: x } = input.attributes;
  const box = boxOf(question, x);
  if (!box || count > 2 || node.shape.some(({ size }) => size !== 1)) return null;
  if (!isAbout(question, `${y} - ${count === 1 ? `${x}^2` : `${x}[1]*${x}[2]`}`)) return null;
  const isUnit = box.lo.isZero() && box.hi.equals(Rational.one);
  const isSymmetric = box.lo.equals(box.hi.neg()) && box.hi.sign() > 0;
  if (count === 1 ? !isUnit : !isSymmetric) return null;
  const outcomes = count === 1 ? proveSquareNet(network, y) : proveProduct(network, y, box.hi);
  const method = count === 1 ? 'self-similarity' : 'two squares';
  return outcomes.length > 0 ? { outcomes, method } : null;
};

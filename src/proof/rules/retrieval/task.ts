import type { Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import type { Rational } from '../../../numbers/rational.js';
import { rangesText } from '../../../statement/index.js';
import { type Expression, toText } from '../../../symbolic/index.js';
import type { InputDomain } from '../../propositions/approximation.js';
import { deviationSentence, type Sentence } from '../../sentence.js';
import { domainText } from '../inputs.js';

/** F_0(z_1, ..., z_D) with z_i = min over t in S_i of f_i(x^t), for inputs x [T, d]. */
export interface RetrievalTarget {
  readonly T: number;
  readonly d: number;
  /** f_i in the variables x1, ..., xd. */
  readonly features: readonly Expression[];
  /** S_i, counted from 0, increasing. */
  readonly positions: readonly (readonly number[])[];
  /** F_0 in z1, ..., zD. */
  readonly readout: Expression;
}

/** All entries of the input lie in [0, 1]. */
export const RETRIEVAL_DOMAIN: InputDomain = { x: ['0', '1'] };

/** The names of the coordinates of a token, and of the retrieved values. */
export const tokenNames = (d: number) => Array.from({ length: d }, (_, j) => `x${j + 1}`);
export const valueNames = (D: number) => Array.from({ length: D }, (_, i) => `z${i + 1}`);

/** f_i in the entries of token t. */
export function featureText({ features }: Pick<RetrievalTarget, 'features'>, i: number): string {
  return toText(features[i]).replaceAll(/\bx(\d+)\b/g, 'x[t,$1]');
}

/** F_0(min_{t in S_1} f_1(x[t]), ...) as certificates write it. */
export function retrievalText(target: Pick<RetrievalTarget, 'features' | 'positions' | 'readout'>): string {
  const minima = target.positions.map(
    (S, i) => `min_{t in ${rangesText(S.map((t) => t + 1))}}(${featureText(target, i)})`,
  );
  return toText(target.readout).replaceAll(/\bz(\d+)\b/g, (_, i) => minima[Number(i) - 1]);
}

/** |y - F_0(min_{t in S_1} f_1(x[t]), ...)| <= most for every x in [0, 1]^(Txd), y the only output. */
export function retrievalSentence(
  network: Network,
  target: RetrievalTarget,
  bounds: Parameters<typeof deviationSentence>[3],
): Sentence {
  const [{ name }] = network.outputs;
  return deviationSentence(domainText(network, RETRIEVAL_DOMAIN) ?? 'all inputs', name, retrievalText(target), bounds);
}

/** Why the network does not map one input x [T, d] to one number; null when it does. */
export function interfaceProblem({ inputs, outputs }: Network, { T, d }: RetrievalTarget): string | null {
  const [input, ...others] = inputs;
  const isInput = input?.attributes.name === 'x' && others.length === 0 && sizes(input.shape).join() === `${T},${d}`;
  if (!isInput) return `the network has not one input x [${T}, ${d}]`;
  const isNumber = outputs.length === 1 && sizes(outputs[0].node.shape).every((size) => size === 1);
  return isNumber ? null : 'the network has not one output of one number';
}

/** How far a value may lie above and below another. */
export interface SignedError {
  readonly above: Rational;
  readonly below: Rational;
}

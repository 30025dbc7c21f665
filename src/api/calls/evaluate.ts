import { InputError, quote } from '../../errors.js';
import type { Values } from '../../evaluate/evaluate.js';
import { boundedOutputs } from '../../evaluate/point.js';
import type { Network } from '../../network/network.js';
import { showShape, sizes } from '../../network/shape.js';
import type { Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';

/** Proved bounds of a number; equal where it is rational. */
export interface Ends {
  readonly lo: Rational;
  readonly hi: Rational;
}

/**
 * What a network computes at an exact input, without the rounding of any format: every output by name, each entry between
 * two bounds that agree to `digits` significant digits, and are equal where the value is rational. Throws InputError for
 * an input that is missing or of another shape, and where an output is not known to be defined.
 */
export function evaluate(
  network: Network,
  inputs: Values<Rational>,
  digits = 17,
): Readonly<Record<string, Tensor<Ends>>> {
  for (const { attributes, shape } of network.inputs) {
    const given = inputs[attributes.name];
    const found = given === undefined ? 'no' : `[${given.shape.join(', ')}] for the`;
    if (given?.shape.join() === sizes(shape).join()) continue;
    throw new InputError({ found: `${found} input ${quote(attributes.name)}`, allowed: showShape(shape) });
  }
  const width = Rational.of(1, 10n ** BigInt(digits));
  return boundedOutputs(network, inputs, ({ lo, hi }) => hi.sub(lo).le(lo.abs().max(hi.abs()).mul(width)));
}

import { InputError, quote } from '../errors.js';
import type { Network } from '../network/network.js';
import { showShape, sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import * as E from '../symbolic/index.js';
import { compile } from './evaluate.js';
import { expressions } from './expressions.js';

/**
 * What the built weights compute at an output of one number, as a formula, when the entries of the only input are the
 * given expressions. Throws InputError when the network has another input or no such output: it may come from a file.
 */
export function outputFormula(network: Network, output: string, entries: readonly E.Expression[]): E.Expression {
  const [input, ...others] = network.inputs;
  const shape = input ? sizes(input.shape) : [];
  const node = network.outputs.find(({ name }) => name === output)?.node;
  if (!input || others.length > 0 || sizeOf(shape) !== entries.length) {
    const found = network.inputs.map(({ name, shape }) => `${quote(name)} ${showShape(shape)}`).join(', ');
    throw new InputError({
      found: `a network with the inputs ${found || 'none'}`,
      allowed: `one of ${entries.length} numbers`,
    });
  }
  if (!node || sizeOf(sizes(node.shape)) !== 1) {
    const found = node ? `output ${quote(output)} of shape ${showShape(node.shape)}` : `no output ${quote(output)}`;
    throw new InputError({ found, allowed: `an output ${quote(output)} that is one number` });
  }
  const values = compile(network, expressions)({ [input.attributes.name]: new Tensor(shape, entries) });
  return values[output].dense(E.zero)[0];
}

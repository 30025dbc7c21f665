import { InputError, quote } from '../../../errors.js';
import { compile } from '../../../evaluate/evaluate.js';
import { exact } from '../../../evaluate/exact.js';
import type { Network } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { Rational } from '../../../numbers/rational.js';
import type { RationalMatrix } from '../../../numbers/rational-matrix.js';

/**
 * The matrix that an output of an exact object is, computed from its constants in rational arithmetic. Throws InputError when
 * there is no such output, when it is no matrix, and when it depends on an input.
 */
export function matrixOf(object: Network, output: string): RationalMatrix {
  const node = object.outputs.find(({ name }) => name === output)?.node;
  if (node?.shape.length !== 2 || object.inputs.length > 0)
    throw new InputError({
      found: `no matrix ${quote(output)}`,
      allowed: 'an output of two axes that no input changes',
    });
  const [rows, columns] = sizes(node.shape);
  const data = compile(object, exact)({})[output].dense(Rational.zero);
  return Array.from({ length: rows }, (_, i) => data.slice(i * columns, (i + 1) * columns));
}

import type { Network } from '../network/network.js';
import { isOp } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { approximate } from '../numbers/convert.js';
import { Rational } from '../numbers/rational.js';

/**
 * The tensors of an exact object as one table in CSV: a row for each entry of the largest, with its indices from 0, and the other
 * tensors repeated along the axes that they lack, as numpy broadcasts. Numbers are the nearest doubles.
 */
export function* tableOfTensors(object: Network): Generator<string> {
  const tensors = object.outputs.flatMap(({ name, node }) =>
    isOp(node, 'constant')
      ? [{ name, shape: sizes(node.shape), data: node.attributes.value.dense(Rational.zero).map(approximate) }]
      : [],
  );
  const largest = tensors.reduce((a, b) => (sizeOf(a.shape) < sizeOf(b.shape) ? b : a));
  const axes = object.outputs
    .find(({ name }) => name === largest.name)!
    .node.shape.map(({ name }, k) => name ?? `axis${k}`);
  yield `${[...axes, ...tensors.map(({ name }) => name)].join(',')}\n`;
  const { shape } = largest;
  for (let k = 0; k < sizeOf(shape); k++) {
    const indices = shape.map((_, axis) => Math.floor(k / sizeOf(shape.slice(axis + 1))) % shape[axis]);
    const values = tensors.map(({ shape: own, data }) => {
      const last = indices.slice(indices.length - own.length);
      return data[own.reduce((flat, length, axis) => flat * length + (length === 1 ? 0 : last[axis]), 0)];
    });
    yield `${[...indices, ...values].join(',')}\n`;
  }
}

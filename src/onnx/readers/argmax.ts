import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import { type Call, type Reader, range } from './call.js';

/** The index of the first largest entry, or of the last: n - 1 less that in the reversed tensor. */
export function indexOf(sign: 1 | -1): Reader {
  return {
    inputs: [1, 1],
    read: (call) => {
      const x = call.floats(0);
      const axis = call.axis(call.attributes.optional('axis', 'i') ?? 0, x);
      const keeps = call.attributes.flag('keepdims', true);
      const isLast = call.attributes.flag('select_last_index');
      const signed = sign === 1 ? x.node : call.node('mul', {}, x.node, call.scalar(Rational.of(-1)));
      const index = isLast ? lastIndex(call, signed, axis) : call.last('argmax', { axis }, signed);
      const node = keeps ? call.reshape(index, sizes(x.node.shape).with(axis, 1)) : index;
      call.define(node, { batch: x.batch, kind: 'integer' });
    },
  };
}

function lastIndex(call: Call, x: Node, axis: number): Node {
  const last = x.shape[axis].size - 1;
  const reversed = call.gather(
    x,
    axis,
    range(last + 1).map((k) => last - k),
  );
  return call.last('sub', {}, call.scalar(Rational.of(last)), call.node('argmax', { axis }, reversed));
}

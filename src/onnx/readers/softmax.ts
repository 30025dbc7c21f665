import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { Operand } from '../graph-reader.js';
import type { Call, Reader } from './call.js';
import { maskedSoftmax } from './masked-softmax.js';

/**
 * A function of the entries along one axis, the last unless the attribute says otherwise. Before opset 13 it is of all
 * entries from the axis (1 unless given) to the last together.
 */
export function alongAxis(make: (call: Call, x: Node, axis: number) => Node): Reader {
  return {
    inputs: [1, 1],
    read: (call) => {
      const x = call.floats(0);
      const isOld = call.opset < 13;
      const axis = call.axis(call.attributes.optional('axis', 'i') ?? (isOld ? 1 : -1), x);
      if (!isOld || axis === x.node.shape.length - 1) {
        call.define(make(call, x.node, axis), x);
        return;
      }
      const lengths = sizes(x.node.shape);
      const merged = call.reshape(x.node, [...lengths.slice(0, axis), sizeOf(lengths.slice(axis))]);
      call.define(call.reshape(make(call, merged, axis), lengths), x);
    },
  };
}

export const softmax = alongAxis((call, x, axis) => {
  const isLast = axis === x.shape.length - 1;
  return (isLast ? maskedSoftmax(call, x) : null) ?? call.last('softmax', { axis }, x);
});

/** The axes that an operator names, without the batch axis, from the last to the first; all where it names none. */
export function axesOf(call: Call, x: Operand, named: readonly number[] | undefined): number[] {
  const all = Array.from({ length: call.rankOf(x) }, (_, k) => k);
  const axes = (named && named.length > 0 ? named : all).map((axis) => call.axis(axis, x));
  if (new Set(axes).size !== axes.length) throw call.unsupported('an axis twice', 'each axis once');
  return axes.sort((a, b) => b - a);
}

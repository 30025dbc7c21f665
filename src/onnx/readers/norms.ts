import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import type { Operand } from '../graph-reader.js';
import { real } from './activations.js';
import { aligned } from './align.js';
import type { Call, Reader } from './call.js';
import { meanOf } from './reductions.js';
import { alongAxis } from './softmax.js';

/** The axes from the given one to the last as one axis. */
function merged(call: Call, x: Operand): { node: Node; axis: number } {
  const axis = call.axis(call.attributes.optional('axis', 'i') ?? -1, x);
  const lengths = sizes(x.node.shape);
  return { node: call.reshape(x.node, [...lengths.slice(0, axis), sizeOf(lengths.slice(axis))]), axis };
}

/** The vector minus its mean along the axis. */
function centred(call: Call, x: Node, axis: number): Node {
  const mean = meanOf(call, x, [axis]);
  return call.node('sub', {}, x, call.reshape(mean, sizes(x.shape).with(axis, 1)));
}

/** (x - mean)/sqrt(variance + epsilon) scale + offset; the variance is the mean square of x - mean. */
export const layerNormalization: Reader = {
  inputs: [2, 3],
  outputs: 3,
  read: (call) => {
    call.attributes.optional('stash_type', 'i');
    const x = call.floats(0);
    const epsilon = real(call, 'epsilon', 1e-5);
    const { node, axis } = merged(call, x);
    const centre = centred(call, node, axis);
    const normal = call.node('normalise', { axis, epsilon }, centre);
    const kept = sizes(x.node.shape).map((length, k) => (k < axis ? length : 1));
    if (call.outputs[1]) call.define(call.reshape(meanOf(call, node, [axis]), kept), x, 1);
    if (call.outputs[2]) {
      const variance = meanOf(call, call.node('mul', {}, centre, centre), [axis]);
      const root = call.node('sqrt', {}, call.node('add', {}, variance, call.scalar(epsilon)));
      call.define(call.reshape(call.node('div', {}, call.scalar(Rational.one), root), kept), x, 2);
    }
    scaled(
      call,
      { ...x, node: call.reshape(normal, sizes(x.node.shape)) },
      call.floats(1),
      call.has(2) ? call.floats(2) : null,
    );
  },
};

/** x/sqrt(mean square + epsilon) scale. */
export const rmsNormalization: Reader = {
  inputs: [2, 2],
  read: (call) => {
    call.attributes.optional('stash_type', 'i');
    const x = call.floats(0);
    const epsilon = real(call, 'epsilon', 1e-5);
    const { node, axis } = merged(call, x);
    const normal = call.node('normalise', { axis, epsilon }, node);
    scaled(call, { ...x, node: call.reshape(normal, sizes(x.node.shape)) }, call.floats(1), null);
  },
};

function scaled(call: Call, normal: Operand, scale: Operand, offset: Operand | null): void {
  const { nodes, batch } = aligned(call, [normal, scale]);
  const product = offset ? call.node('mul', {}, ...nodes) : call.last('mul', {}, ...nodes);
  if (!offset) {
    call.define(product, { batch });
    return;
  }
  const sum = aligned(call, [{ ...normal, node: product }, offset]);
  call.define(call.last('add', {}, ...sum.nodes), { batch: sum.batch });
}

/** One number for each channel, as it broadcasts with [..., channels, spatial axes]. */
function perChannel(call: Call, x: Operand, k: number): Node {
  const { node } = call.floats(k);
  const spatial = call.rankOf(x) - 2;
  return call.reshape(node, [...sizes(node.shape), ...Array(spatial).fill(1)]);
}

/**
 * In inference the mean and the variance are known: an affine map, whose factors scale/sqrt(variance + epsilon) are
 * carried out where they are rational and stay operations on constants where they are not.
 */
export const batchNormalization: Reader = {
  inputs: [5, 5],
  read: (call) => {
    call.attributes.optional('momentum', 'f');
    call.attributes.only('training_mode', 0, 0);
    call.attributes.only('spatial', 1, 1);
    const x = call.floats(0);
    if (call.rankOf(x) < 2) throw call.unsupported('a tensor without channels', 'two axes or more');
    const epsilon = call.scalar(real(call, 'epsilon', 1e-5));
    const [scale, offset, mean, variance] = [1, 2, 3, 4].map((k) => perChannel(call, x, k));
    const factor = call.node('div', {}, scale, call.node('sqrt', {}, call.node('add', {}, variance, epsilon)));
    const shift = call.node('sub', {}, offset, call.node('mul', {}, mean, factor));
    call.define(call.last('add', {}, call.node('mul', {}, x.node, factor), shift), x);
  },
};

/** Each channel of each example normalised over its spatial axes. */
export const instanceNormalization: Reader = {
  inputs: [3, 3],
  read: (call) => {
    const x = call.floats(0);
    const epsilon = real(call, 'epsilon', 1e-5);
    const lengths = sizes(x.node.shape);
    const front = x.batch ? 1 : 2;
    if (lengths.length <= front)
      throw call.unsupported('no axis to take means along', 'axes behind that of the channels');
    const axis = front;
    const flat = call.reshape(x.node, [...lengths.slice(0, front), sizeOf(lengths.slice(front))]);
    const normal = call.node('normalise', { axis, epsilon }, centred(call, flat, axis));
    const product = call.node('mul', {}, call.reshape(normal, lengths), perChannel(call, x, 1));
    call.define(call.last('add', {}, product, perChannel(call, x, 2)), x);
  },
};

/** z - m - log(sum of exp(z - m)), m the largest entry. */
export const logSoftmax = alongAxis((call, z, axis) => {
  const keep = sizes(z.shape).with(axis, 1);
  const top = call.reshape(call.node('reduceMax', { axis }, z), keep);
  const distance = call.node('sub', {}, z, top);
  const total = call.node('reduceSum', { axis }, call.node('exp', {}, distance));
  return call.last('sub', {}, distance, call.reshape(call.node('log', {}, total), keep));
});

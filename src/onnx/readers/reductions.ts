import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import type { Operand } from '../graph-reader.js';
import type { Call, Reader } from './call.js';
import { axesOf } from './softmax.js';

type Reduce = 'reduceSum' | 'reduceMax' | 'reduceMin';
type Make = typeof Call.prototype.node;

/** One reduction after the other, over axes from the last to the first. */
export function reduceAll(call: Call, op: Reduce, x: Node, axes: readonly number[], last: Make = call.node): Node {
  return axes.reduce((node, axis, k) => (k === axes.length - 1 ? last : call.node).call(call, op, { axis }, node), x);
}

/** Reductions of one entry that are this entry. */
const KEEPING = ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd'];

/** The axes in the place that they have in this opset, and whether they stay as axes of length 1. */
export function reduction(axesSince: number, make: (call: Call, x: Operand, axes: readonly number[]) => Node): Reader {
  return {
    inputs: [1, 2],
    read: (call) => {
      const x = call.operand(0);
      if (x.kind === 'boolean') throw call.unsupported('truth values', 'numbers');
      const named = call.integersSince(axesSince, 1, 'axes');
      const keeps = call.attributes.flag('keepdims', true);
      const doesNothing = call.opset >= axesSince && call.attributes.flag('noop_with_empty_axes');
      if (doesNothing && (named?.length ?? 0) === 0) {
        if (!KEEPING.includes(call.opType)) throw call.unsupported('no axes', 'one axis or more');
        call.graph.alias(call.outputs[0], call.inputs[0]);
        return;
      }
      const axes = axesOf(call, x, named);
      const reduced = make(call, x, axes);
      const lengths = sizes(x.node.shape).map((length, axis) => (axes.includes(axis) ? 1 : length));
      call.define(keeps ? call.reshape(reduced, lengths) : reduced, x);
    },
  };
}

export function extremum(op: 'reduceMax' | 'reduceMin'): Reader {
  return reduction(18, (call, x, axes) => reduceAll(call, op, x.node, axes, call.last));
}

export const reduceSum = reduction(13, (call, x, axes) => reduceAll(call, 'reduceSum', x.node, axes, call.last));

/** The factor 1/n is exact. */
export const reduceMean = reduction(18, (call, x, axes) => meanOf(call, x.node, axes, call.last));

export function meanOf(call: Call, x: Node, axes: readonly number[], make: Make = call.node): Node {
  const count = axes.reduce((product, axis) => product * x.shape[axis].size, 1);
  return make.call(call, 'mul', {}, reduceAll(call, 'reduceSum', x, axes), call.scalar(Rational.of(1, count)));
}

export const reduceSumSquare = reduction(18, (call, { node }, axes) =>
  reduceAll(call, 'reduceSum', call.node('mul', {}, node, node), axes, call.last),
);

export const reduceL1 = reduction(18, (call, { node }, axes) => {
  const size = call.node('max', {}, node, call.node('mul', {}, node, call.scalar(Rational.of(-1))));
  return reduceAll(call, 'reduceSum', size, axes, call.last);
});

/** The product of the few entries along each axis. */
export const reduceProd = reduction(18, (call, { node }, axes) =>
  axes.reduce((total, axis) => {
    const count = total.shape[axis].size;
    if (count > 64) throw call.unsupported(`a product of ${count} factors`, 'at most 64');
    const factors = Array.from({ length: count }, (_, k) => call.gather(total, axis, [k]));
    const lengths = sizes(total.shape).filter((_, k) => k !== axis);
    return call.reshape(
      factors.reduce((a, b) => call.node('mul', {}, a, b)),
      lengths,
    );
  }, node),
);

export const reduceL2 = reduction(18, (call, { node }, axes) =>
  call.node('sqrt', {}, reduceAll(call, 'reduceSum', call.node('mul', {}, node, node), axes)),
);

export const reduceLogSum = reduction(18, (call, { node }, axes) =>
  call.node('log', {}, reduceAll(call, 'reduceSum', node, axes)),
);

/** m + log(sum of exp(x - m)), m the largest entry. */
export const reduceLogSumExp = reduction(18, (call, { node }, axes) => {
  const top = reduceAll(call, 'reduceMax', node, axes);
  const kept = sizes(node.shape).map((length, axis) => (axes.includes(axis) ? 1 : length));
  const powers = call.node('exp', {}, call.node('sub', {}, node, call.reshape(top, kept)));
  return call.node('add', {}, top, call.node('log', {}, reduceAll(call, 'reduceSum', powers, axes)));
});

import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import type { Operand } from '../graph-reader.js';
import { type Call, type Reader, range } from './call.js';
import { reduceAll } from './reductions.js';
import { blank } from './selections.js';
import { type Windows, windowsOf } from './windows.js';

/**
 * A convolution is a product of the windows, gathered from the entries, with the weights: [positions, channels x cells]
 * times [channels x cells, outputs], for each group of channels.
 */
export const conv: Reader = {
  inputs: [2, 3],
  read: (call) => {
    const [x, w] = [call.floats(0), call.floats(1)];
    const [outputs, perGroup, ...kernel] = sizes(w.node.shape);
    const stated = call.attributes.optional('kernel_shape', 'ints') ?? kernel;
    const groups = call.attributes.optional('group', 'i') ?? 1;
    const windows = windowsOf(call, x, kernel);
    const { lead, channels, positions, cells } = windows;
    const fits = groups >= 1 && channels === perGroup * groups && outputs % groups === 0 && !w.batch;
    if (!fits || stated.join() !== kernel.join()) {
      throw call.unsupported(
        `weights [${sizes(w.node.shape).join(', ')}] in ${groups} groups for ${channels} channels`,
        'weights [outputs, channels of a group, ...window]',
      );
    }
    const count = sizeOf(positions);
    const size = perGroup * cells;
    const rows = gathered(call, x.node, windows, groups);
    const weights = call.node(
      'transpose',
      { perm: groups === 1 ? [1, 0] : [0, 2, 1] },
      call.reshape(w.node, groups === 1 ? [outputs, size] : [groups, outputs / groups, size]),
    );
    const grouped = groups === 1 ? [] : [groups];
    const product = call.node('matmul', {}, call.reshape(rows, [...lead, ...grouped, count, size]), weights);
    const sum = call.has(2)
      ? call.node('add', {}, product, call.reshape(call.floats(2).node, offsetShape(outputs, groups)))
      : product;
    const rank = sum.shape.length;
    const turned = call.node('transpose', { perm: [...range(rank - 2), rank - 1, rank - 2] }, sum);
    call.define(call.reshape(turned, [...lead, outputs, ...positions]), x);
  },
};

function offsetShape(outputs: number, groups: number): number[] {
  return groups === 1 ? [outputs] : [groups, 1, outputs / groups];
}

/** [..., groups x positions x (channels of a group x cells)], in one axis; what lies in the padding is 0. */
function gathered(call: Call, x: Node, { lead, channels, spatial, index }: Windows, groups: number): Node {
  const area = sizeOf(spatial);
  const flat = call.reshape(x, [...lead, channels * area]);
  const isPadded = index.some((cells) => cells.includes(null));
  const axis = lead.length;
  const source = isPadded ? call.node('concat', { axis }, flat, blank(call, flat, axis, 1, Rational.zero)!) : flat;
  const perGroup = channels / groups;
  const total = channels * index.length * (index[0]?.length ?? 0);
  call.graph.builder.charge(total);
  const indices: number[] = [];
  for (let group = 0; group < groups; group++) {
    for (const cells of index) {
      for (let c = group * perGroup; c < (group + 1) * perGroup; c++) {
        for (const k of cells) indices.push(k === null ? channels * area : c * area + k);
      }
    }
  }
  return call.gather(source, axis, indices);
}

/** The largest entry of each window; what lies in the padding does not count. */
export const maxPool: Reader = {
  inputs: [1, 1],
  read: (call) => {
    if (call.attributes.flag('storage_order')) throw call.unsupported('another order', 'rows first');
    const x = call.floats(0);
    const windows = windowsOf(call, x, call.attributes.required('kernel_shape', 'ints'));
    const filled = windows.index.map((cells) => {
      const some = cells.find((k) => k !== null);
      if (some === undefined || some === null)
        throw call.unsupported('a window in the padding alone', 'windows that meet the tensor');
      return cells.map((k) => k ?? some);
    });
    const cells = pooled(call, x, { ...windows, index: filled });
    call.define(shaped(call, reduceAll(call, 'reduceMax', cells, [cells.shape.length - 1]), windows), x);
  },
};

/** The mean of each window, with the padding as zeros (count_include_pad) or left out. */
export const averagePool: Reader = {
  inputs: [1, 1],
  read: (call) => {
    const x = call.floats(0);
    const countsPadding = call.attributes.flag('count_include_pad');
    const windows = windowsOf(call, x, call.attributes.required('kernel_shape', 'ints'));
    if (countsPadding && call.attributes.flag('ceil_mode')) {
      throw call.unsupported('ceil_mode with count_include_pad', 'one of both');
    }
    const counts = windows.index.map((cells) =>
      countsPadding ? cells.length : cells.filter((k) => k !== null).length,
    );
    if (counts.includes(0)) throw call.unsupported('a window in the padding alone', 'windows that meet the tensor');
    const cells = pooled(call, x, windows);
    const total = reduceAll(call, 'reduceSum', cells, [cells.shape.length - 1]);
    const shares = counts.map((count) => Rational.of(1, count));
    const isEven = counts.every((count) => count === counts[0]);
    const factor = isEven ? call.scalar(shares[0]) : call.known(new Tensor([shares.length], shares));
    call.define(shaped(call, call.node('mul', {}, total, factor), windows), x);
  },
};

/** [..., channels, positions, cells] */
function pooled(call: Call, x: Operand, windows: Windows): Node {
  const { lead, channels, index, cells } = windows;
  return call.reshape(gathered(call, x.node, windows, channels), [...lead, channels, index.length, cells]);
}

function shaped(call: Call, node: Node, { lead, channels, positions }: Windows): Node {
  return call.reshape(node, [...lead, channels, ...positions]);
}

/** One number for each channel: over all spatial axes. */
export function globalPool(make: (call: Call, x: Node, axes: readonly number[]) => Node): Reader {
  return {
    inputs: [1, 1],
    read: (call) => {
      const x = call.floats(0);
      const lengths = sizes(x.node.shape);
      const first = x.batch ? 1 : 2;
      if (lengths.length <= first) throw call.unsupported('no spatial axes', 'one or more');
      const axes = range(lengths.length).slice(first).reverse();
      call.define(
        call.reshape(
          make(call, x.node, axes),
          lengths.map((length, k) => (k < first ? length : 1)),
        ),
        x,
      );
    },
  };
}

import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import type { Operand } from '../graph-reader.js';
import { type Call, range } from './call.js';

/** How a window moves over the spatial axes of [..., channels, spatial axes]. */
export interface Windows {
  /** Axes before the channels: none with the batch axis, the examples without. */
  readonly lead: readonly number[];
  readonly channels: number;
  readonly spatial: readonly number[];
  /** Positions of the window, and cells of it. */
  readonly positions: readonly number[];
  readonly cells: number;
  /** For each position the flat index of each cell among the spatial entries; null in the padding. */
  readonly index: readonly (readonly (number | null)[])[];
}

/** Reads strides, dilations and padding, as they stand for convolutions and pools, for a window of the given lengths. */
export function windowsOf(call: Call, x: Operand, kernel: readonly number[]): Windows {
  const rank = kernel.length;
  const lengths = sizes(x.node.shape);
  const lead = lengths.slice(0, x.batch ? 0 : 1);
  const [channels, ...spatial] = lengths.slice(lead.length);
  const list = (name: string, byDefault: number): readonly number[] => {
    const values = call.attributes.optional(name, 'ints') ?? Array(rank).fill(byDefault);
    if (values.length === rank && values.every((value) => value >= 1)) return values;
    throw call.unsupported(`${name} = [${values.slice(0, 8).join(', ')}]`, `${rank} positive integers`);
  };
  if (spatial.length !== rank || channels === undefined || kernel.some((length) => length < 1)) {
    throw call.unsupported(`a window of ${rank} axes over ${spatial.length}`, 'one axis of the window for each');
  }
  const [strides, dilations] = [list('strides', 1), list('dilations', 1)];
  const auto = call.attributes.word('auto_pad', ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'], 'NOTSET');
  // onnxruntime counts the windows of a pool as if they were dense, other than the specification.
  if (auto.startsWith('SAME') && call.opType !== 'Conv' && dilations.some((step) => step > 1))
    throw call.unsupported(`auto_pad = ${auto} for a pool with dilations`, 'stated pads');
  const pads = call.attributes.optional('pads', 'ints') ?? Array(2 * rank).fill(0);
  const rounds = call.attributes.flag('ceil_mode');
  if (pads.length !== 2 * rank || pads.some((length) => length < 0) || (auto !== 'NOTSET' && pads.some((k) => k > 0))) {
    throw call.unsupported(`pads = [${pads.slice(0, 8).join(', ')}]`, 'two lengths from 0 on for each axis');
  }
  const axes = spatial.map((length, axis): Axis => {
    const reach = dilations[axis] * (kernel[axis] - 1) + 1;
    const stride = strides[axis];
    const same = auto.startsWith('SAME');
    const padding = same
      ? Math.max((Math.ceil(length / stride) - 1) * stride + reach - length, 0)
      : pads[axis] + pads[rank + axis];
    const before = !same ? pads[axis] : auto === 'SAME_UPPER' ? Math.floor(padding / 2) : Math.ceil(padding / 2);
    const steps = (length + padding - reach) / stride;
    const count = (rounds && !same ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A last window that would start in the padding behind is left out.
    const used = rounds && (count - 1) * stride >= length + before ? count - 1 : count;
    if (used < 1) throw call.unsupported('a window longer than its axis', 'windows that fit');
    return { length, count: used, kernel: kernel[axis], start: (k, j) => k * stride - before + j * dilations[axis] };
  });
  const positions = axes.map(({ count }) => count);
  const cells = sizeOf(kernel);
  call.graph.builder.charge(sizeOf(positions) * cells);
  const index = multiples(positions).map((at) => multiples(kernel).map((cell) => flat(axes, at, cell)));
  return { lead, channels, spatial, positions, cells, index };
}

interface Axis {
  readonly length: number;
  readonly count: number;
  readonly kernel: number;
  /** Where cell j of window k stands. */
  start(k: number, j: number): number;
}

function flat(axes: readonly Axis[], at: readonly number[], cell: readonly number[]): number | null {
  let position = 0;
  for (const [axis, { length, start }] of axes.entries()) {
    const k = start(at[axis], cell[axis]);
    if (k < 0 || k >= length) return null;
    position = position * length + k;
  }
  return position;
}

/** All multi-indices below the lengths, in row-major order. */
function multiples(lengths: readonly number[]): number[][] {
  return lengths.reduce<number[][]>(
    (list, length) => list.flatMap((head) => range(length).map((k) => [...head, k])),
    [[]],
  );
}

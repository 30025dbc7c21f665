import { INT64 } from '../../../src/onnx/schema.js';
import { BOOL, type Drawing, FLOAT, f, i, ints, type Operator, s, type Tensor } from './drawing.js';

export function shaping(d: Drawing): Operator {
  const { shape } = d;
  const type = d.pick([
    'Transpose',
    'Reshape',
    'Squeeze',
    'Unsqueeze',
    'Identity',
    'Dropout',
    'Expand',
    'Tile',
    'Trilu',
  ]);
  if (type === 'Transpose') {
    const perm = shape.map((_, k) => k).sort(() => d.draw(3) - 1);
    return { type, attributes: d.maybe(ints('perm', perm)) };
  }
  if (type === 'Reshape') {
    const size = shape.reduce((a, b) => a * b, 1);
    const to = d.pick([
      [-1],
      [0, -1],
      [1, -1],
      [size],
      [...shape].reverse(),
      shape.map(() => 0),
      [-1, shape.at(-1) ?? 1],
      [1, ...shape],
    ]);
    return {
      type,
      constants: [d.integers(to)],
      attributes: d.opset >= 14 ? d.maybe(i('allowzero', d.draw(2))) : [],
    };
  }
  if (type === 'Squeeze' || type === 'Unsqueeze') {
    const axes = Array.from({ length: 1 + d.draw(2) }, () => d.draw(2 * shape.length + 3) - shape.length - 1);
    const given = type === 'Unsqueeze' || d.draw(3) > 0;
    if (d.opset < 13) return { type, attributes: given ? [ints('axes', axes)] : [] };
    return { type, constants: given ? [d.integers(axes)] : [] };
  }
  if (type === 'Expand') return { type, constants: [d.integers(shape.map((n) => d.pick([n, 1, n === 1 ? 3 : n])))] };
  if (type === 'Tile') return { type, constants: [d.integers(shape.map(() => 1 + d.draw(2)))] };
  if (type === 'Trilu') {
    const k: Tensor = { dims: [], dataType: INT64, int64Data: [d.draw(5) - 2] };
    return { type, attributes: d.maybe(i('upper', d.draw(2))), constants: d.maybe(k) };
  }
  return { type };
}

export function choosing(d: Drawing): Operator {
  const { shape } = d;
  const type = d.pick(['Gather', 'Slice', 'Split', 'Where']);
  const number = () => d.pick([0, 1, -1, 2, -2, -100, 100, 2 ** 31 - 1, -(2 ** 31)]);
  if (type === 'Gather') {
    const axis = d.axis();
    const n = shape.at(axis) ?? 1;
    const at = Array.from({ length: 4 }, () => d.draw(2 * n + 1) - n);
    const dims = d.pick([[], [1], [2], [2, 2], [4]]);
    const int64Data = at.slice(
      0,
      dims.reduce((a, b) => a * b, 1),
    );
    return { type, attributes: d.maybe(i('axis', axis)), constants: [{ dims, dataType: INT64, int64Data }] };
  }
  if (type === 'Slice') {
    const count = 1 + d.draw(2);
    const list = (of: () => number) => Array.from({ length: count }, of);
    const [starts, ends, axes, steps] = [
      list(number),
      list(number),
      list(() => d.axis()),
      list(() => d.pick([1, 1, 2, -1, -2])),
    ];
    if (d.opset < 10)
      return { type, attributes: [ints('starts', starts), ints('ends', ends), ...d.maybe(ints('axes', axes))] };
    return {
      type,
      constants: [starts, ends, axes, steps].slice(0, d.pick([2, 3, 4])).map((one) => d.integers(one)),
    };
  }
  if (type === 'Split') {
    const axis = d.axis();
    const n = shape.at(axis) ?? 2;
    const parts = d.pick([[n - 1, 1], [1, n - 1], [n]]);
    const given = d.draw(2) === 0;
    const attributes = d.maybe(i('axis', axis));
    if (d.opset < 13)
      return { type, outputs: parts.length, attributes: [...attributes, ...(given ? [ints('split', parts)] : [])] };
    const equal = d.opset >= 18 && !given ? [i('num_outputs', 2)] : [];
    return {
      type,
      outputs: given ? parts.length : 2,
      attributes: [...attributes, ...equal],
      constants: given ? [d.integers(parts)] : [],
    };
  }
  const dims = d.beside();
  const int32Data = Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => d.draw(2));
  return { type, place: 1, constants: [{ dims, dataType: BOOL, int32Data }, d.floats(d.beside())] };
}

export function padding(d: Drawing): Operator {
  const pads = [...d.shape, ...d.shape].map(() => d.pick([0, 0, 1, 2, -1]));
  const mode = d.maybe(s('mode', d.pick(['constant', 'reflect', 'edge', 'wrap'])));
  if (d.opset < 11) return { type: 'Pad', attributes: [...mode, ints('pads', pads), ...d.maybe(f('value', 0.5))] };
  const value: Tensor = { dims: [], dataType: FLOAT, floatData: [d.pick([0, 1.5])] };
  if (d.opset >= 18 && d.draw(3) === 0) {
    const axes = [d.axis()];
    return {
      type: 'Pad',
      attributes: mode,
      constants: [d.integers([d.draw(3), d.draw(3)]), value, d.integers(axes)],
    };
  }
  return { type: 'Pad', attributes: mode, constants: [d.integers(pads), ...d.maybe(value)] };
}

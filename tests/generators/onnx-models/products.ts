import { type Drawing, f, i, ints, type Operator, s } from './drawing.js';

export function linear(d: Drawing): Operator {
  const { shape } = d;
  const type = d.pick(['MatMul', 'MatMul', 'Gemm', 'Einsum']);
  const n = shape.at(-1) ?? 1;
  if (type === 'MatMul') {
    const left = d.draw(2) === 0;
    const dims = left
      ? d.pick([[3, shape.at(-2) ?? n], [n], [...shape.slice(0, -2), 2, shape.at(-2) ?? n]])
      : d.pick([[n, 3], [n], [...shape.slice(0, -2), n, 2], [1, n, 2]]);
    return { type, place: left ? 1 : 0, constants: [d.floats(dims)] };
  }
  if (type === 'Einsum') {
    const equation = d.pick(['ij,jk->ik', 'ij,kj', 'ij,jk', 'bij,bjk->bik', '...j,jk->...k', 'ij,ij->j', 'ji,jk->ki']);
    return {
      type,
      constants: [d.floats(d.pick([[n, 2], [2, n], shape, [shape[0] ?? 1, 2]]))],
      attributes: [s('equation', equation)],
    };
  }
  const [a, b] = [d.draw(2), d.draw(2)];
  const [rows, k] = a === 1 ? [shape.at(-1) ?? 1, shape[0] ?? 1] : [shape[0] ?? 1, shape.at(-1) ?? 1];
  const c = d.pick([[], [2], [1, 2], [rows, 1], [rows, 2], [1], [1, 1]]);
  return {
    ...{ type, constants: [d.floats(b === 1 ? [2, k] : [k, 2]), ...d.maybe(d.floats(c))] },
    attributes: [i('transA', a), i('transB', b), ...d.maybe(f('alpha', 0.5)), ...d.maybe(f('beta', -2))],
  };
}

export function windows(d: Drawing): Operator {
  const { shape } = d;
  const spatial = Math.max(1, shape.length - 2);
  const type = d.pick(['Conv', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool']);
  if (type.startsWith('Global')) return { type };
  const each = (of: () => number) => Array.from({ length: spatial }, of);
  const kernel = each(() => 1 + d.draw(3));
  const attributes = [
    ...d.maybe(
      ints(
        'strides',
        each(() => 1 + d.draw(2)),
      ),
    ),
    ...d.pick([
      [],
      [ints('pads', [...each(() => d.draw(2)), ...each(() => d.draw(2))])],
      [s('auto_pad', d.pick(['SAME_UPPER', 'SAME_LOWER', 'VALID', 'NOTSET']))],
    ]),
    ...(type === 'AveragePool' && d.opset < 19
      ? []
      : d.maybe(
          ints(
            'dilations',
            each(() => 1 + d.draw(2)),
          ),
        )),
    ...(type === 'Conv' || d.opset < 10 ? [] : d.maybe(i('ceil_mode', d.draw(2)))),
    ...(type === 'AveragePool' ? d.maybe(i('count_include_pad', d.draw(2))) : []),
  ];
  if (type !== 'Conv') return { type, attributes: [ints('kernel_shape', kernel), ...attributes] };
  const channels = shape[1] ?? 1;
  const group = channels % 2 === 0 ? d.pick([1, 2]) : 1;
  const weights = d.floats([2, channels / group, ...kernel]);
  return {
    type,
    attributes: [...attributes, ...(group > 1 ? [i('group', group)] : [])],
    constants: [weights, ...d.maybe(d.floats([2]))],
  };
}

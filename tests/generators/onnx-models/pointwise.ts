import { type Drawing, FLOAT, f, i, ints, type Operator, s, type Tensor } from './drawing.js';

export function binary(d: Drawing): Operator {
  const type = d.pick(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Sum', 'Mean', 'PRelu', 'Pow']);
  const place = type === 'PRelu' || type === 'Pow' ? 0 : d.draw(2);
  if (type === 'Pow') return { type, constants: [{ dims: [], dataType: FLOAT, floatData: [d.pick([1, 2, 3, 0])] }] };
  return { type, place, constants: [d.floats(d.beside())] };
}

export function reduction(d: Drawing): Operator {
  const type = d.pick([
    'ReduceSum',
    'ReduceMean',
    'ReduceMax',
    'ReduceMin',
    'ReduceL1',
    'ReduceL2',
    'ReduceSumSquare',
    'ReduceLogSumExp',
    'ReduceProd',
    'ArgMax',
    'ArgMin',
  ]);
  const keeps = d.maybe(i('keepdims', d.draw(2)));
  if (type.startsWith('Arg'))
    return {
      type,
      attributes: [...keeps, ...d.maybe(i('axis', d.axis())), ...d.maybe(i('select_last_index', d.draw(2)))],
    };
  const axes = Array.from({ length: d.draw(3) }, () => d.axis());
  const since = type === 'ReduceSum' ? 13 : 18;
  const given = d.draw(4) > 0;
  if (d.opset < since) return { type, attributes: [...keeps, ...(given ? [ints('axes', axes)] : [])] };
  const noop = d.maybe(i('noop_with_empty_axes', d.draw(2)));
  return { type, attributes: [...keeps, ...noop], constants: given ? [d.integers(axes)] : [] };
}

export function along(d: Drawing): Operator {
  const type = d.pick(['Softmax', 'LogSoftmax', 'Flatten', 'Concat']);
  if (type === 'Concat')
    return { type, place: d.draw(2), constants: [d.floats(d.shape)], attributes: [i('axis', d.axis())] };
  return { type, attributes: d.maybe(i('axis', d.axis())) };
}

export function unary(d: Drawing): Operator {
  const type = d.pick([
    'Relu',
    'LeakyRelu',
    'Elu',
    'Selu',
    'HardSigmoid',
    'Sigmoid',
    'Tanh',
    'Softplus',
    'Softsign',
    'Abs',
    'Neg',
    'Exp',
    'Erf',
    'Sin',
    'Cos',
    'Celu',
    'HardSwish',
    'Mish',
    'Clip',
    'ThresholdedRelu',
    'Reciprocal',
    'Gelu',
  ]);
  if (type === 'Clip') {
    const ends = [-0.5, 0.75].map((value) => ({ dims: [], dataType: FLOAT, floatData: [value] }));
    if (d.opset < 11) return { type, attributes: [...d.maybe(f('min', -0.5)), ...d.maybe(f('max', 0.75))] };
    return { type, constants: d.pick([[], [ends[0]], ['', ends[1]], ends] as const) };
  }
  const known: Readonly<Record<string, readonly string[]>> = {
    LeakyRelu: ['alpha'],
    Elu: ['alpha'],
    Selu: ['alpha', 'gamma'],
    HardSigmoid: ['alpha', 'beta'],
    Celu: ['alpha'],
    ThresholdedRelu: ['alpha'],
  };
  if (type === 'Gelu') return { type, attributes: d.maybe(s('approximate', d.pick(['none', 'tanh']))) };
  return {
    type,
    attributes: (known[type] ?? []).flatMap((name) => d.maybe(f(name, d.pick([0.25, 0.5, 1.5])))),
  };
}

export function normalising(d: Drawing): Operator {
  const { shape } = d;
  const type = d.pick(['LayerNormalization', 'BatchNormalization', 'InstanceNormalization']);
  const channels = shape[1] ?? 1;
  const positive = (): Tensor => ({
    dims: [channels],
    dataType: FLOAT,
    floatData: Array.from({ length: channels }, () => 0.5 + d.draw(4)),
  });
  const vector = () => d.floats([channels]);
  if (type === 'BatchNormalization')
    return {
      type,
      constants: [vector(), vector(), vector(), positive()],
      attributes: d.maybe(f('epsilon', 0.25)),
    };
  if (type === 'InstanceNormalization')
    return { type, constants: [vector(), vector()], attributes: [f('epsilon', 0.25)] };
  const axis = d.axis();
  const tail = shape.slice(axis);
  const dims = d.pick([tail, shape.slice(-1)]);
  return {
    type,
    attributes: [f('epsilon', 0.25), ...d.maybe(i('axis', axis))],
    constants: [d.floats(dims), ...d.maybe(d.floats(dims))],
  };
}

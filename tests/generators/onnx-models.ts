import { ATTRIBUTE_TYPE, INT64, type Message } from '../../src/onnx/schema.js';
import { serialiseModel } from '../../src/onnx/wire.js';

/** A whole number from 0 to n - 1. */
type Draw = (n: number) => number;
type Attribute = Message<'Attribute'>;
type Tensor = Message<'Tensor'>;

const FLOAT = 1;
const BOOL = 9;

/** What a random operator takes beside the tensor x, and its attributes. */
interface Operator {
  readonly type: string;
  readonly attributes?: readonly Attribute[];
  /** Constants behind x, in their order; '' for an input that is left out. */
  readonly constants?: readonly (Tensor | '')[];
  /** The place of x among the inputs. */
  readonly place?: number;
  readonly outputs?: number;
}

const i = (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE_TYPE.i, i: value });
const f = (name: string, value: number): Attribute => ({ name, type: ATTRIBUTE_TYPE.f, f: value });
const ints = (name: string, value: readonly number[]): Attribute => ({
  name,
  type: ATTRIBUTE_TYPE.ints,
  ints: [...value],
});
const s = (name: string, value: string): Attribute => ({
  ...{ name, type: ATTRIBUTE_TYPE.s },
  s: new TextEncoder().encode(value),
});

/** Random operators on a tensor x of a shape, in the sense of an opset; nonsense is among them. */
class Operators {
  constructor(
    private readonly draw: Draw,
    private readonly shape: readonly number[],
    private readonly opset: number,
  ) {}

  next(): Operator {
    const makers = [
      this.binary,
      this.reduction,
      this.along,
      this.unary,
      this.shaping,
      this.choosing,
      this.linear,
      this.windows,
      this.normalising,
      this.padding,
      this.joining,
    ];
    return this.pick(makers).call(this);
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.draw(list.length)];
  }

  private maybe<T>(value: T): readonly T[] {
    return this.draw(2) === 0 ? [] : [value];
  }

  private axis(): number {
    return this.draw(2 * this.shape.length + 1) - this.shape.length;
  }

  private floats(dims: readonly number[]): Tensor {
    const count = dims.reduce((a, b) => a * b, 1);
    const floatData = Array.from({ length: count }, () => (this.draw(33) - 16) / 8);
    return { dims: [...dims], dataType: FLOAT, floatData };
  }

  private integers(values: readonly number[]): Tensor {
    return { dims: [values.length], dataType: INT64, int64Data: [...values] };
  }

  /** A shape that x broadcasts with, most times. */
  private beside(): number[] {
    const rank = this.draw(this.shape.length + 2);
    const own = [
      ...new Array<number>(Math.max(0, rank - this.shape.length)).fill(1),
      ...this.shape.slice(-rank || this.shape.length),
    ];
    return own.slice(-rank || own.length).map((n) => this.pick([n, n, 1]));
  }

  private binary(): Operator {
    const type = this.pick(['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Sum', 'Mean', 'PRelu', 'Pow']);
    const place = type === 'PRelu' || type === 'Pow' ? 0 : this.draw(2);
    if (type === 'Pow')
      return { type, constants: [{ dims: [], dataType: FLOAT, floatData: [this.pick([1, 2, 3, 0])] }] };
    return { type, place, constants: [this.floats(this.beside())] };
  }

  private reduction(): Operator {
    const type = this.pick([
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
    const keeps = this.maybe(i('keepdims', this.draw(2)));
    if (type.startsWith('Arg'))
      return {
        type,
        attributes: [
          ...keeps,
          ...this.maybe(i('axis', this.axis())),
          ...this.maybe(i('select_last_index', this.draw(2))),
        ],
      };
    const axes = Array.from({ length: this.draw(3) }, () => this.axis());
    const since = type === 'ReduceSum' ? 13 : 18;
    const given = this.draw(4) > 0;
    if (this.opset < since) return { type, attributes: [...keeps, ...(given ? [ints('axes', axes)] : [])] };
    const noop = this.maybe(i('noop_with_empty_axes', this.draw(2)));
    return { type, attributes: [...keeps, ...noop], constants: given ? [this.integers(axes)] : [] };
  }

  private along(): Operator {
    const type = this.pick(['Softmax', 'LogSoftmax', 'Flatten', 'Concat']);
    if (type === 'Concat')
      return { type, place: this.draw(2), constants: [this.floats(this.shape)], attributes: [i('axis', this.axis())] };
    return { type, attributes: this.maybe(i('axis', this.axis())) };
  }

  private unary(): Operator {
    const type = this.pick([
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
      if (this.opset < 11) return { type, attributes: [...this.maybe(f('min', -0.5)), ...this.maybe(f('max', 0.75))] };
      return { type, constants: this.pick([[], [ends[0]], ['', ends[1]], ends] as const) };
    }
    const known: Readonly<Record<string, readonly string[]>> = {
      LeakyRelu: ['alpha'],
      Elu: ['alpha'],
      Selu: ['alpha', 'gamma'],
      HardSigmoid: ['alpha', 'beta'],
      Celu: ['alpha'],
      ThresholdedRelu: ['alpha'],
    };
    if (type === 'Gelu') return { type, attributes: this.maybe(s('approximate', this.pick(['none', 'tanh']))) };
    return {
      type,
      attributes: (known[type] ?? []).flatMap((name) => this.maybe(f(name, this.pick([0.25, 0.5, 1.5])))),
    };
  }

  private shaping(): Operator {
    const { shape } = this;
    const type = this.pick([
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
      const perm = shape.map((_, k) => k).sort(() => this.draw(3) - 1);
      return { type, attributes: this.maybe(ints('perm', perm)) };
    }
    if (type === 'Reshape') {
      const size = shape.reduce((a, b) => a * b, 1);
      const to = this.pick([
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
        constants: [this.integers(to)],
        attributes: this.opset >= 14 ? this.maybe(i('allowzero', this.draw(2))) : [],
      };
    }
    if (type === 'Squeeze' || type === 'Unsqueeze') {
      const axes = Array.from({ length: 1 + this.draw(2) }, () => this.draw(2 * shape.length + 3) - shape.length - 1);
      const given = type === 'Unsqueeze' || this.draw(3) > 0;
      if (this.opset < 13) return { type, attributes: given ? [ints('axes', axes)] : [] };
      return { type, constants: given ? [this.integers(axes)] : [] };
    }
    if (type === 'Expand')
      return { type, constants: [this.integers(shape.map((n) => this.pick([n, 1, n === 1 ? 3 : n])))] };
    if (type === 'Tile') return { type, constants: [this.integers(shape.map(() => 1 + this.draw(2)))] };
    if (type === 'Trilu') {
      const k: Tensor = { dims: [], dataType: INT64, int64Data: [this.draw(5) - 2] };
      return { type, attributes: this.maybe(i('upper', this.draw(2))), constants: this.maybe(k) };
    }
    return { type };
  }

  private choosing(): Operator {
    const { shape } = this;
    const type = this.pick(['Gather', 'Slice', 'Split', 'Where']);
    const number = () => this.pick([0, 1, -1, 2, -2, -100, 100, 2 ** 31 - 1, -(2 ** 31)]);
    if (type === 'Gather') {
      const axis = this.axis();
      const n = shape.at(axis) ?? 1;
      const at = Array.from({ length: 4 }, () => this.draw(2 * n + 1) - n);
      const dims = this.pick([[], [1], [2], [2, 2], [4]]);
      const int64Data = at.slice(
        0,
        dims.reduce((a, b) => a * b, 1),
      );
      return { type, attributes: this.maybe(i('axis', axis)), constants: [{ dims, dataType: INT64, int64Data }] };
    }
    if (type === 'Slice') {
      const count = 1 + this.draw(2);
      const list = (of: () => number) => Array.from({ length: count }, of);
      const [starts, ends, axes, steps] = [
        list(number),
        list(number),
        list(() => this.axis()),
        list(() => this.pick([1, 1, 2, -1, -2])),
      ];
      if (this.opset < 10)
        return { type, attributes: [ints('starts', starts), ints('ends', ends), ...this.maybe(ints('axes', axes))] };
      return {
        type,
        constants: [starts, ends, axes, steps].slice(0, this.pick([2, 3, 4])).map((one) => this.integers(one)),
      };
    }
    if (type === 'Split') {
      const axis = this.axis();
      const n = shape.at(axis) ?? 2;
      const parts = this.pick([[n - 1, 1], [1, n - 1], [n]]);
      const given = this.draw(2) === 0;
      const attributes = this.maybe(i('axis', axis));
      if (this.opset < 13)
        return { type, outputs: parts.length, attributes: [...attributes, ...(given ? [ints('split', parts)] : [])] };
      const equal = this.opset >= 18 && !given ? [i('num_outputs', 2)] : [];
      return {
        type,
        outputs: given ? parts.length : 2,
        attributes: [...attributes, ...equal],
        constants: given ? [this.integers(parts)] : [],
      };
    }
    const dims = this.beside();
    const int32Data = Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => this.draw(2));
    return { type, place: 1, constants: [{ dims, dataType: BOOL, int32Data }, this.floats(this.beside())] };
  }

  private linear(): Operator {
    const { shape } = this;
    const type = this.pick(['MatMul', 'MatMul', 'Gemm', 'Einsum']);
    const n = shape.at(-1) ?? 1;
    if (type === 'MatMul') {
      const left = this.draw(2) === 0;
      const dims = left
        ? this.pick([[3, shape.at(-2) ?? n], [n], [...shape.slice(0, -2), 2, shape.at(-2) ?? n]])
        : this.pick([[n, 3], [n], [...shape.slice(0, -2), n, 2], [1, n, 2]]);
      return { type, place: left ? 1 : 0, constants: [this.floats(dims)] };
    }
    if (type === 'Einsum') {
      const equation = this.pick([
        'ij,jk->ik',
        'ij,kj',
        'ij,jk',
        'bij,bjk->bik',
        '...j,jk->...k',
        'ij,ij->j',
        'ji,jk->ki',
      ]);
      return {
        type,
        constants: [this.floats(this.pick([[n, 2], [2, n], shape, [shape[0] ?? 1, 2]]))],
        attributes: [s('equation', equation)],
      };
    }
    const [a, b] = [this.draw(2), this.draw(2)];
    const [rows, k] = a === 1 ? [shape.at(-1) ?? 1, shape[0] ?? 1] : [shape[0] ?? 1, shape.at(-1) ?? 1];
    const c = this.pick([[], [2], [1, 2], [rows, 1], [rows, 2], [1], [1, 1]]);
    return {
      ...{ type, constants: [this.floats(b === 1 ? [2, k] : [k, 2]), ...this.maybe(this.floats(c))] },
      attributes: [i('transA', a), i('transB', b), ...this.maybe(f('alpha', 0.5)), ...this.maybe(f('beta', -2))],
    };
  }

  private windows(): Operator {
    const { shape } = this;
    const spatial = Math.max(1, shape.length - 2);
    const type = this.pick(['Conv', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool']);
    if (type.startsWith('Global')) return { type };
    const each = (of: () => number) => Array.from({ length: spatial }, of);
    const kernel = each(() => 1 + this.draw(3));
    const attributes = [
      ...this.maybe(
        ints(
          'strides',
          each(() => 1 + this.draw(2)),
        ),
      ),
      ...this.pick([
        [],
        [ints('pads', [...each(() => this.draw(2)), ...each(() => this.draw(2))])],
        [s('auto_pad', this.pick(['SAME_UPPER', 'SAME_LOWER', 'VALID', 'NOTSET']))],
      ]),
      ...(type === 'AveragePool' && this.opset < 19
        ? []
        : this.maybe(
            ints(
              'dilations',
              each(() => 1 + this.draw(2)),
            ),
          )),
      ...(type === 'Conv' || this.opset < 10 ? [] : this.maybe(i('ceil_mode', this.draw(2)))),
      ...(type === 'AveragePool' ? this.maybe(i('count_include_pad', this.draw(2))) : []),
    ];
    if (type !== 'Conv') return { type, attributes: [ints('kernel_shape', kernel), ...attributes] };
    const channels = shape[1] ?? 1;
    const group = channels % 2 === 0 ? this.pick([1, 2]) : 1;
    const weights = this.floats([2, channels / group, ...kernel]);
    return {
      type,
      attributes: [...attributes, ...(group > 1 ? [i('group', group)] : [])],
      constants: [weights, ...this.maybe(this.floats([2]))],
    };
  }

  private normalising(): Operator {
    const { shape } = this;
    const type = this.pick(['LayerNormalization', 'BatchNormalization', 'InstanceNormalization']);
    const channels = shape[1] ?? 1;
    const positive = (): Tensor => ({
      dims: [channels],
      dataType: FLOAT,
      floatData: Array.from({ length: channels }, () => 0.5 + this.draw(4)),
    });
    const vector = () => this.floats([channels]);
    if (type === 'BatchNormalization')
      return {
        type,
        constants: [vector(), vector(), vector(), positive()],
        attributes: this.maybe(f('epsilon', 0.25)),
      };
    if (type === 'InstanceNormalization')
      return { type, constants: [vector(), vector()], attributes: [f('epsilon', 0.25)] };
    const axis = this.axis();
    const tail = shape.slice(axis);
    const dims = this.pick([tail, shape.slice(-1)]);
    return {
      type,
      attributes: [f('epsilon', 0.25), ...this.maybe(i('axis', axis))],
      constants: [this.floats(dims), ...this.maybe(this.floats(dims))],
    };
  }

  private padding(): Operator {
    const pads = [...this.shape, ...this.shape].map(() => this.pick([0, 0, 1, 2, -1]));
    const mode = this.maybe(s('mode', this.pick(['constant', 'reflect', 'edge', 'wrap'])));
    if (this.opset < 11)
      return { type: 'Pad', attributes: [...mode, ints('pads', pads), ...this.maybe(f('value', 0.5))] };
    const value: Tensor = { dims: [], dataType: FLOAT, floatData: [this.pick([0, 1.5])] };
    if (this.opset >= 18 && this.draw(3) === 0) {
      const axes = [this.axis()];
      return {
        type: 'Pad',
        attributes: mode,
        constants: [this.integers([this.draw(3), this.draw(3)]), value, this.integers(axes)],
      };
    }
    return { type: 'Pad', attributes: mode, constants: [this.integers(pads), ...this.maybe(value)] };
  }

  private joining(): Operator {
    return this.pick([this.binary, this.linear, this.along]).call(this);
  }
}

const SHAPES = [
  [3],
  [1],
  [2, 3],
  [1, 4],
  [4, 4],
  [1, 2, 3],
  [2, 3, 4],
  [1, 2, 4, 4],
  [1, 3, 2, 2],
  [2, 2, 2, 2],
  [1, 2, 5],
  [1, 1, 5, 4],
];
const OPSETS = [7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21];

/** A model of one or two random operators, the second on what the first gives where that has the shape of x. */
export function randomModel(draw: Draw): { readonly bytes: Uint8Array; readonly what: string } {
  const shape = SHAPES[draw(SHAPES.length)];
  const opset = OPSETS[draw(OPSETS.length)];
  const operators = new Operators(draw, shape, opset);
  const chosen = Array.from({ length: 1 + draw(2) }, () => operators.next());
  const initializer: Tensor[] = [];
  const node: Message<'Operator'>[] = chosen.map(
    ({ type, attributes = [], constants = [], place = 0, outputs = 1 }, k) => {
      const names = constants.map((constant, j) => {
        if (constant === '') return '';
        const name = `c${k}${j}`;
        initializer.push({ ...constant, name });
        return name;
      });
      names.splice(place, 0, k === 0 ? 'x' : 'h0');
      const last = k === chosen.length - 1;
      const output = Array.from(
        { length: outputs },
        (_, j) => `${last && j === 0 ? 'y' : `h${k}`}${j === 0 ? '' : `.${j}`}`,
      );
      return { opType: type, input: names, output, attribute: [...attributes] };
    },
  );
  const isFree = shape[0] === 1 && draw(2) === 0;
  const dim = shape.map((length, k) => (k === 0 && isFree ? { dimParam: 'N' } : { dimValue: length }));
  const input = [{ name: 'x', type: { tensorType: { elemType: FLOAT, shape: { dim } } } }];
  // Until IR version 3 initializers were inputs as well, whose values a caller may replace.
  if (draw(4) === 0)
    for (const { name, dims, dataType } of initializer)
      input.push({
        name: name!,
        type: { tensorType: { elemType: dataType!, shape: { dim: dims!.map((length) => ({ dimValue: length })) } } },
      });
  const graph = {
    name: 'g',
    node,
    input,
    output: [{ name: 'y', type: { tensorType: { elemType: FLOAT } } }],
    initializer,
  };
  const bytes = serialiseModel({ irVersion: 8, opsetImport: [{ domain: '', version: opset }], graph });
  const shown = chosen.map(({ type, attributes = [], constants = [], place = 0 }) => {
    const settings = attributes.map(
      (one) => `${one.name}=${one.ints ?? one.i ?? one.f ?? new TextDecoder().decode(one.s)}`,
    );
    const given = constants.map((one) =>
      one === '' ? '-' : `[${one.dims}]${one.int64Data ? `=${one.int64Data}` : ''}`,
    );
    return `${type}(${settings.join(' ')}; ${given.join(' ')} @${place})`;
  });
  return { bytes, what: `opset ${opset}, x [${shape}]${isFree ? ' free' : ''}: ${shown.join(' then ')}` };
}

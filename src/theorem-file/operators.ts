import { InputError } from '../errors.js';
import { Rational } from '../numbers/rational.js';
import { anonymous, type Graph } from './graph.js';
import { minus, of, over, plus, raised, type Scalar, times } from './scalar.js';
import type { Link } from './syntax.js';
import { constantOf, describe, number, shapeOf, type TensorValue } from './value.js';

type Operator = (graph: Graph, a: TensorValue, b: TensorValue) => TensorValue;

/** The operators between two tensors; single numbers are by far the most frequent and skip the machinery of tensors. */
export const OPERATORS: Readonly<Record<Link['operator'], Operator>> = {
  '+': withNumbers(plus, (graph, a, b) => graph.operate('add', {}, [a, b])),
  '-': withNumbers(minus, (graph, a, b) => graph.operate('sub', {}, [a, b])),
  '*': withNumbers(times, (graph, a, b) => graph.operate('mul', {}, [a, b])),
  '/': withNumbers(over, divide),
  '@': product,
};

export function negate(graph: Graph, x: TensorValue): TensorValue {
  return OPERATORS['*'](graph, number(of(-1)), x);
}

/** x^k: entry by entry for constants, a product of k factors for what depends on an input. */
export function power(graph: Graph, base: TensorValue, exponent: TensorValue): TensorValue {
  if (exponent.kind !== 'constant' || exponent.tensor.size !== 1)
    throw new InputError({ found: `${describe(exponent)} as an exponent`, allowed: 'one exact number' });
  const value = exponent.tensor.data[0];
  if (base.kind === 'constant') {
    graph.charge(base.tensor.size);
    return constantOf(
      base.tensor.shape,
      base.tensor.data.map((entry) => raised(entry, value)),
    );
  }
  const count = value.kind === 'constant' && value.value.isInteger() ? Number(value.value.num) : 0;
  if (!(count >= 1 && count <= 16)) {
    const found = 'an exponent of a tensor that depends on the input';
    throw new InputError({ found, allowed: 'an integer from 1 to 16' });
  }
  let result: TensorValue = base;
  for (let k = 1; k < count; k++) result = graph.operate('mul', {}, [result, base]);
  return result;
}

export function reshape(graph: Graph, x: TensorValue, lengths: readonly number[]): TensorValue {
  const same = shapeOf(x).length === lengths.length && shapeOf(x).every((length, k) => length === lengths[k]);
  return same ? x : graph.operate('reshape', { to: anonymous(lengths) }, [x]);
}

function withNumbers(simple: (a: Scalar, b: Scalar) => Scalar, general: Operator): Operator {
  return (graph, a, b) => {
    const bothNumbers =
      a.kind === 'constant' && b.kind === 'constant' && a.tensor.shape.length + b.tensor.shape.length === 0;
    if (!bothNumbers) return general(graph, a, b);
    graph.charge(1);
    return number(simple(a.tensor.data[0], b.tensor.data[0]));
  };
}

function divide(graph: Graph, a: TensorValue, b: TensorValue): TensorValue {
  if (b.kind === 'computed') return graph.elementwise('div', [a, b]);
  const inverse = constantOf(
    b.tensor.shape,
    b.tensor.data.map((entry) => over(of(Rational.one), entry)),
  );
  return graph.operate('mul', {}, [a, inverse]);
}

/** The matrix product of numpy: a vector is a row on the left and a column on the right, and that axis is dropped. */
function product(graph: Graph, a: TensorValue, b: TensorValue): TensorValue {
  const [left, right] = [shapeOf(a), shapeOf(b)];
  if (left.length === 0 || right.length === 0) {
    const found = `${describe(a)} @ ${describe(b)}`;
    throw new InputError({ found, allowed: 'vectors and matrices', mend: 'write * for the product with a number' });
  }
  if (right.length === 1) {
    const column = product(graph, a, reshape(graph, b, [...right, 1]));
    return reshape(graph, column, shapeOf(column).slice(0, -1));
  }
  const isPlain = left.length > 1 || (right.length === 2 && (a.kind === 'constant' || b.kind === 'constant'));
  if (isPlain) return graph.operate('matmul', {}, [a, b]);
  const row = graph.operate('matmul', {}, [reshape(graph, a, [1, ...left]), b]);
  return reshape(graph, row, [...shapeOf(row).slice(0, -2), ...shapeOf(row).slice(-1)]);
}

import { beforeEach, describe, expect, it } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import type { Node } from '../../src/network/network.js';
import { ShapeError, type ShapeLiteral, sizes } from '../../src/network/shape.js';
import { filled, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';

let b: Builder;
beforeEach(() => {
  b = new Builder();
});

const weight = (...shape: number[]) => b.constant(filled(shape, Rational.one));
const named = (shape: ShapeLiteral) =>
  b.constant(filled(Object.values(shape), Rational.one), undefined, 'weight', shape);
const input = (shape: ShapeLiteral) => b.input(Object.keys(shape).join('-'), shape);

describe('shape errors', () => {
  const cases: [string, () => Node, RegExp][] = [
    [
      'add',
      () => b.add(weight(2, 3), weight(2, 2), 'sum'),
      /node 'sum' \(add\): \[2, 3\] and \[2, 2\] do not broadcast/,
    ],
    ['sub', () => b.sub(weight(2), weight(3), 'n'), /node 'n' \(sub\): \[2\] and \[3\]/],
    ['mul', () => b.mul(named({ token: 3 }), named({ head: 3 }), 'n'), /node 'n' \(mul\): \[token 3\] and \[head 3\]/],
    ['min', () => b.min(weight(2), weight(3), 'n'), /node 'n' \(min\)/],
    ['max', () => b.max(weight(2), weight(3), 'n'), /node 'n' \(max\)/],
    [
      'matmul',
      () => b.matmul(weight(2, 3), weight(4, 5), 'n'),
      /node 'n' \(matmul\): \[2, 3\] times \[4, 5\]: the contracted axes \[3\] and \[4\] differ/,
    ],
    ['matmul, vector', () => b.matmul(weight(2, 3), weight(3), 'n'), /\[2, 3\] times \[3\]: a matrix is needed/],
    ['matmul, scalar', () => b.matmul(weight(), weight(3, 3), 'n'), /\[\] times \[3, 3\]/],
    [
      'matmul, leading',
      () => b.matmul(weight(2, 1, 3), weight(3, 3, 1), 'n'),
      /\[2, 1, 3\] times \[3, 3, 1\]: the leading/,
    ],
    ['matmul, stack', () => b.matmul(weight(3), weight(2, 3, 1), 'n'), /\[3\] times \[2, 3, 1\]: the leading/],
    [
      'matmul, names',
      () => b.matmul(named({ token: 2, head: 3 }), named({ channel: 3, out: 1 }), 'n'),
      /the contracted axes \[head 3\] and \[channel 3\] differ/,
    ],
    ['affine', () => b.affine(weight(2, 3), weight(3, 4), weight(3), 'n'), /node 'n' \(add\): \[2, 4\] and \[3\]/],
    ['softmax', () => b.softmax(weight(2, 3), 2, 'n'), /node 'n' \(softmax\): axis 2 is none of \[2, 3\]/],
    ['reduceSum', () => b.reduceSum(weight(2), -1, 'n'), /node 'n' \(reduceSum\): axis -1 is none of \[2\]/],
    ['reduceMax', () => b.reduceMax(weight(), 0, 'n'), /node 'n' \(reduceMax\): axis 0 is none of \[\]/],
    ['reduceMin', () => b.reduceMin(weight(2), 1, 'n'), /node 'n' \(reduceMin\)/],
    [
      'transpose',
      () => b.transpose(weight(2, 3), [0, 0], 'n'),
      /\[0, 0\] is not a permutation of the axes of \[2, 3\]/,
    ],
    ['transpose, rank', () => b.transpose(weight(2, 3), [0], 'n'), /node 'n' \(transpose\)/],
    ['reshape', () => b.reshape(weight(2, 3), { all: 5 }, 'n'), /\[2, 3\] has 6 entries, \[all 5\] has 5/],
    ['concat', () => b.concat([weight(2, 3), weight(2, 4)], 0, 'n'), /\[2, 3\] and \[2, 4\] differ outside axis 0/],
    ['concat, rank', () => b.concat([weight(2, 3), weight(2)], 0, 'n'), /\[2, 3\] and \[2\] differ/],
    ['concat, axis', () => b.concat([weight(2, 3)], 2, 'n'), /axis 2 is none of \[2, 3\]/],
    ['gather', () => b.gather(weight(2, 3), 1, [0, 3], 'n'), /node 'n' \(gather\): index 3 is outside \[3\]/],
    ['gather, negative', () => b.gather(weight(2, 3), 0, [-1], 'n'), /index -1 is outside \[2\]/],
    ['gather, axis', () => b.gather(weight(2, 3), 2, [0], 'n'), /axis 2/],
    [
      'recurrence',
      () => b.recurrence(weight(5, 2), weight(3, 3), weight(3, 1), 'n'),
      /u \[5, 2\], A \[3, 3\], B \[3, 1\]: allowed are \[length, p\], \[m, m\], \[m, p\]/,
    ],
    ['recurrence, A', () => b.recurrence(weight(5, 2), weight(3, 2), weight(3, 2), 'n'), /A \[3, 2\]/],
    [
      'constant',
      () => b.constant(tensor([2], [Rational.one, Rational.one]), 'n', 'weight', { token: 3 }),
      /node 'n' \(constant\): the entries have shape \[2\], the axes are \[token 3\]/,
    ],
    ['name', () => b.relu(b.relu(weight(2), 'n'), 'n'), /node 'n' \(name\): another node has this name/],
  ];

  it.each(cases)('name the node and the shapes: %s', (_, make, message) => {
    expect(make).toThrow(ShapeError);
    b = new Builder();
    expect(make).toThrow(message);
  });
});

describe('inferred shapes', () => {
  it.each<[string, () => Node, number[]]>([
    ['broadcast', () => b.add(weight(2, 1, 3), weight(4, 1)), [2, 4, 3]],
    ['matmul', () => b.matmul(weight(2, 3), weight(3, 4)), [2, 4]],
    ['vector times matrix', () => b.matmul(weight(3), weight(3, 4)), [4]],
    ['leading axes', () => b.matmul(weight(5, 1, 2, 3), weight(6, 3, 4)), [5, 6, 2, 4]],
    ['reduce', () => b.reduceSum(weight(2, 3, 4), 1), [2, 4]],
    ['transpose', () => b.transpose(weight(2, 3, 4), [2, 0, 1]), [4, 2, 3]],
    ['concat', () => b.concat([weight(2, 3), weight(2, 1)], 1), [2, 4]],
    ['gather', () => b.gather(weight(2, 3), 1, [2, 2, 0, 1]), [2, 4]],
    ['recurrence', () => b.recurrence(weight(7, 2), weight(3, 3), weight(3, 2)), [7, 3]],
  ])('%s', (_, make, shape) => {
    expect(sizes(make().shape)).toEqual(shape);
  });

  it('carry names through operations', () => {
    const x = input({ token: 4, channel: 3 });
    const product = b.matmul(x, named({ channel: 3, value: 2 }));
    expect(product.shape.map(({ name }) => name)).toEqual(['token', 'value']);
    expect(b.transpose(product, [1, 0]).shape.map(({ name }) => name)).toEqual(['value', 'token']);
    expect(b.reduceMax(product, 0).shape.map(({ name }) => name)).toEqual(['value']);
  });
});

describe('the batch axis', () => {
  it('stands in front of what depends on an input, and of nothing else', () => {
    const x = input({ k: 2 });
    const c = weight(2);
    expect([x.batched, c.batched, b.add(x, c).batched, b.relu(c).batched, b.relu(b.relu(x)).batched]).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('refuses arguments that would meet it', () => {
    const [vector, matrix] = [input({ k: 3 }), input({ n: 2, k: 3 })];
    const clash = /the batch axis would meet another/;
    expect(() => b.add(vector, weight(2, 3))).toThrow(clash);
    expect(() => b.mul(weight(3, 1), vector)).toThrow(clash);
    expect(() => b.max(b.reduceSum(vector, 0), weight(3))).toThrow(clash);
    expect(() => b.add(vector, matrix)).toThrow(clash);
    expect(() => b.matmul(matrix, weight(4, 3, 2))).toThrow(clash);
    expect(() => b.matmul(vector, b.transpose(matrix, [1, 0]))).toThrow(clash);
  });

  it('allows those that align', () => {
    const [vector, matrix] = [input({ k: 3 }), input({ n: 2, k: 3 })];
    expect(sizes(b.add(vector, weight()).shape)).toEqual([3]);
    expect(sizes(b.matmul(vector, weight(3, 5)).shape)).toEqual([5]);
    expect(sizes(b.matmul(weight(4, 2), matrix).shape)).toEqual([4, 3]);
    expect(sizes(b.add(matrix, weight(3)).shape)).toEqual([2, 3]);
    expect(sizes(b.concat([matrix, weight(1, 3)], 0).shape)).toEqual([3, 3]);
    expect(sizes(b.matmul(matrix, b.transpose(matrix, [1, 0])).shape)).toEqual([2, 2]);
  });
});

describe('names', () => {
  it('are given after the operation and never twice', () => {
    const x = b.input('relu_0', { k: 1 });
    const names = [b.relu(x), b.relu(x), b.add(x, x), b.gather(x, 0, [0])].map((node) => node.name);
    expect(names).toEqual(['relu_1', 'relu_2', 'add_0', 'gather_0']);
    expect(b.affine(x, weight(1, 1), weight(1), 'layer').inputs[0].name).toBe('layer.product');
  });
});

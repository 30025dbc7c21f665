import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { summarise } from '../../src/network/summary.js';
import { scaledIdentity, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';

const numbers = (...values: (number | string)[]) =>
  values.map((value) => (typeof value === 'number' ? Rational.of(value) : Rational.of(...pair(value))));
const pair = (text: string): [number, number] => text.split('/').map(Number) as [number, number];

describe('summarise', () => {
  it('counts a two-layer net by hand', () => {
    const b = new Builder();
    const x = b.input('x', { channel: 3 });
    const first = b.constant(tensor([3, 2], numbers(1, -2, 0, 3, '-7/2', 4)), 'W1', 'weight', { channel: 3, unit: 2 });
    const bias = b.constant(tensor([2], numbers(0, -11)), 'b1');
    const second = b.constant(scaledIdentity(2, Rational.of(5)), 'W2');
    const mask = b.constant(tensor([2], numbers(100, 1)), 'mask', 'structure');
    const hidden = b.relu(b.affine(x, first, bias), 'hidden');
    const gated = b.mul(b.matmul(b.relu(b.mul(hidden, mask)), second), hidden);
    const { layers, ...counts } = summarise(b.network({ y: gated }));
    // 6 + 2 + 2 stored weights; the zeros are one of W1 and one of b1; the mask is structure.
    expect(counts).toEqual({
      parameters: 10,
      nonzero: 8,
      maxAbsWeight: Rational.of(11),
      maxRowSum: Rational.of(9), // column 2 of W1: |-2| + |3| + |4|
      depth: 3, // relu, relu, product of two activations
      width: 2,
      units: 6,
    });
    expect(layers.map(({ name, shape, parameters }) => [name, shape, parameters])).toEqual([
      ['W1', '[channel 3, unit 2]', 6],
      ['b1', '[2]', 2],
      ['W2', '[2, 2]', 2],
    ]);
    expect(layers.map((layer) => layer.maxAbsWeight.toString())).toEqual(['4', '11', '5']);
  });

  it('sums rows of matrices that multiply from the left', () => {
    const b = new Builder();
    const u = b.input('u', { time: 4, channel: 1 });
    const A = b.constant(tensor([2, 2], numbers(1, 2, 0, 7)), 'A'); // rows 3 and 7, columns 1 and 9
    const B = b.constant(tensor([2, 1], numbers(-5, 5)), 'B'); // rows 5, column 10
    expect(summarise(b.network({ h: b.recurrence(u, A, B) })).maxRowSum.toString()).toBe('7');
    expect(summarise(b.network({ h: b.matmul(A, b.reshape(u, { a: 2, b: 2 })) })).maxRowSum.toString()).toBe('7');
    expect(summarise(b.network({ h: b.matmul(b.reshape(u, { a: 2, b: 2 }), A) })).maxRowSum.toString()).toBe('9');
  });

  it('takes every matrix of a stack by itself', () => {
    const b = new Builder();
    const stack = b.constant(tensor([2, 2, 2], numbers(1, 1, 1, 1, 3, 0, 0, 4)), 'W');
    expect(summarise(b.network({ y: b.matmul(b.input('x', { s: 2, n: 1, k: 2 }), stack) })).maxRowSum.toString()).toBe(
      '4',
    );
  });

  it('is zero for a network without weights', () => {
    const b = new Builder();
    const x = b.input('x', { k: 5 });
    const { layers, ...counts } = summarise(b.network({ x }));
    expect(layers).toEqual([]);
    expect(counts).toEqual({
      parameters: 0,
      nonzero: 0,
      maxAbsWeight: Rational.zero,
      maxRowSum: Rational.zero,
      depth: 0,
      width: 0,
      units: 0,
    });
  });

  it('counts a shared weight once', () => {
    const b = new Builder();
    const w = b.constant(tensor([2, 2], numbers(1, 2, 3, 4)));
    const x = b.input('x', { k: 2 });
    expect(summarise(b.network({ y: b.matmul(b.matmul(x, w), w) })).parameters).toBe(4);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { UnsupportedOperation } from '../../src/evaluate/algebra.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { Builder } from '../../src/network/builder.js';
import type { Network, Node } from '../../src/network/network.js';
import { type ExactTensor, sizeOf, Tensor, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { RATIONAL_STEPS, randomNetworks } from '../generators/networks.js';
import { smallRational } from '../generators/numbers.js';
import { densely, inputsOf, sparsely, withConstants } from '../generators/rebuild.js';
import { entriesOf, referenceValues } from './reference.js';

const { zero } = Rational;
const numbers = (...values: number[]) => values.map((value) => Rational.of(value));

const rationalSteps = RATIONAL_STEPS;
const networks = (options = {}) => randomNetworks({ operations: rationalSteps, weights: smallRational, ...options });

/** All outputs as texts: one line to compare. */
function show(values: Readonly<Record<string, ExactTensor>>): string {
  return Object.entries(values)
    .map(
      ([name, { shape, ...value }]) =>
        `${name} [${shape}]: ${new Tensor(shape, value.data, value.support).dense(zero)}`,
    )
    .join('\n');
}

function showReference(network: Network, inputs: Readonly<Record<string, ExactTensor>>): string {
  const values = referenceValues(network, inputs);
  return network.outputs
    .map(({ name, node }) => `${name} [${values.get(node)!.shape}]: ${entriesOf(values.get(node)!)}`)
    .join('\n');
}

function expectLikeReference(network: Network, inputs: Readonly<Record<string, ExactTensor>>) {
  expect(show(compile(network, exact)(inputs))).toBe(showReference(network, inputs));
}

describe('exact evaluation', () => {
  it('agrees entry by entry with the definitions, for networks of all rational operations', () => {
    fc.assert(
      fc.property(
        networks().chain((network) => fc.tuple(fc.constant(network), inputsOf(network), inputsOf(network))),
        ([network, first, second]) => {
          const evaluate = compile(network, exact);
          expect(show(evaluate(first))).toBe(showReference(network, first));
          expect(show(evaluate(second))).toBe(showReference(network, second));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('does not depend on how constants and inputs are stored', () => {
    fc.assert(
      fc.property(
        networks().chain((network) => fc.tuple(fc.constant(network), inputsOf(network), fc.func(fc.boolean()))),
        ([network, inputs, keep]) => {
          const thin = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, sparsely(x, keep)]));
          const expected = showReference(network, inputs);
          const sparseNetwork = withConstants(network, (value) => sparsely(value, keep));
          const denseNetwork = withConstants(network, (value) => densely(value, zero));
          expect(show(compile(sparseNetwork, exact)(thin))).toBe(expected);
          expect(show(compile(sparseNetwork, exact)(inputs))).toBe(expected);
          expect(show(compile(denseNetwork, exact)(thin))).toBe(expected);
        },
      ),
      { numRuns: 250 },
    );
  });

  /** Sparse with probability one half. */
  const stored = (shape: readonly number[]) =>
    fc
      .tuple(
        fc.array(fc.oneof(fc.constant(zero), smallRational), { minLength: sizeOf(shape), maxLength: sizeOf(shape) }),
        fc.boolean(),
      )
      .map(([entries, thin]) => (thin ? sparsely(tensor(shape, entries)) : tensor(shape, entries)));
  const length = fc.integer({ min: 1, max: 3 });
  /** Two shapes that broadcast: each axis of the result missing, 1 or whole in either. */
  const leadingPair = fc
    .array(fc.tuple(length, fc.constantFrom(0, 1, 2)), { maxLength: 3 })
    .chain((axes) =>
      fc
        .tuple(fc.nat(axes.length), fc.nat(axes.length))
        .map(([i, j]) => [
          axes.slice(i).map(([size, kind]) => (kind === 1 ? 1 : size)),
          axes.slice(j).map(([size, kind]) => (kind === 2 ? 1 : size)),
        ]),
    );

  it('multiplies stacks of matrices with every kind of broadcasting', () => {
    const factors = fc
      .tuple(leadingPair, length, length, length)
      .chain(([[left, right], n, k, m]) => fc.tuple(stored([...left, n, k]), stored([...right, k, m])));
    fc.assert(
      fc.property(factors, ([a, c]) => {
        const b = new Builder();
        expectLikeReference(b.network({ y: b.matmul(b.constant(a), b.constant(c)) }), {});
      }),
      { numRuns: 400 },
    );
  });

  it.each(['add', 'sub', 'mul', 'min', 'max'] as const)('broadcasts %s', (op) => {
    const pair = leadingPair.chain(([left, right]) => fc.tuple(stored(left), stored(right)));
    fc.assert(
      fc.property(pair, ([a, c]) => {
        const b = new Builder();
        expectLikeReference(b.network({ y: b[op](b.constant(a), b.constant(c)) }), {});
      }),
      { numRuns: 100 },
    );
  });

  it('moves, gathers, joins and reduces sparse and dense tensors of rank 3', () => {
    const ops: ((b: Builder, x: Node, axis: number) => Node)[] = [
      (b, x, axis) => b.transpose(x, [axis, (axis + 1) % 3, (axis + 2) % 3]),
      (b, x, axis) => b.transpose(x, [axis, (axis + 2) % 3, (axis + 1) % 3]),
      (b, x, axis) => b.gather(x, axis, [0, x.shape[axis].size - 1, 0]),
      (b, x, axis) => b.concat([x, b.relu(x), x], axis),
      (b, x, axis) => b.reduceSum(x, axis),
      (b, x, axis) => b.reduceMax(x, axis),
      (b, x, axis) => b.reduceMin(x, axis),
    ];
    const shape = fc.tuple(length, length, length);
    fc.assert(
      fc.property(shape.chain(stored), fc.constantFrom(...ops), fc.nat(2), (value, op, axis) => {
        const b = new Builder();
        expectLikeReference(b.network({ y: op(b, b.constant(value), axis) }), {});
      }),
      { numRuns: 300 },
    );
  });

  it('runs linear recurrences', () => {
    const system = fc
      .tuple(fc.integer({ min: 1, max: 6 }), length, length)
      .chain(([T, p, m]) => fc.tuple(stored([T, p]), stored([m, m]), stored([m, p])));
    fc.assert(
      fc.property(system, ([u, A, B]) => {
        const b = new Builder();
        const h = b.recurrence(b.constant(u), b.constant(A), b.constant(B));
        expectLikeReference(b.network({ h }), {});
      }),
    );
    const b = new Builder();
    const scalar = (value: number) => b.constant(tensor([1, 1], numbers(value)));
    const fibonacci = b.recurrence(
      b.constant(tensor([6, 1], numbers(1, 0, 0, 0, 0, 0))),
      b.constant(tensor([2, 2], numbers(1, 1, 1, 0))),
      b.constant(tensor([2, 1], numbers(1, 0))),
    );
    const geometric = b.recurrence(b.constant(tensor([4, 1], numbers(1, 1, 1, 1))), scalar(2), scalar(3));
    const { f, g } = compile(b.network({ f: b.gather(fibonacci, 1, [0]), g: geometric }), exact)({});
    expect(f.data.map(String)).toEqual(['1', '1', '2', '3', '5', '8']);
    expect(g.data.map(String)).toEqual(['3', '9', '21', '45']);
  });

  it('keeps the product of large sparse matrices sparse', () => {
    const b = new Builder();
    const n = 30_000;
    const shift = sparsely(tensor([1, 1], numbers(1)));
    const diagonal = new Tensor(
      [n, n],
      new Array(n).fill(Rational.of(3)),
      Uint32Array.from({ length: n }, (_, k) => k * n + k),
    );
    const square = b.matmul(b.constant(diagonal), b.constant(diagonal));
    const { y } = compile(
      b.network({ y: b.transpose(b.mul(b.scalar(Rational.of(2)), b.mul(square, b.constant(shift))), [1, 0]) }),
      exact,
    )({});
    expect(y.data.length).toBe(n);
    expect(y.at(n + 1, zero).toString()).toBe('18');
  });
});

describe('softmax in exact arithmetic', () => {
  const softmaxOf = (shape: number[], entries: Rational[], axis: number) => {
    const b = new Builder();
    return compile(b.network({ p: b.softmax(b.constant(tensor(shape, entries)), axis) }), exact)({}).p.data.map(String);
  };

  it('is 1/n for equal logits, whatever they are', () => {
    expect(softmaxOf([3], numbers(5, 5, 5), 0)).toEqual(['1/3', '1/3', '1/3']);
    expect(softmaxOf([2, 2], numbers(1, 2, 1, 2), 0)).toEqual(['1/2', '1/2', '1/2', '1/2']);
    expect(softmaxOf([1], numbers(-9), 0)).toEqual(['1']);
  });

  it('is refused for different logits', () => {
    expect(() => softmaxOf([2, 2], numbers(1, 2, 1, 2), 1)).toThrow(UnsupportedOperation);
    expect(() => softmaxOf([2], [Rational.zero, Rational.of(1, 10 ** 9)], 0)).toThrow('irrational');
  });
});

describe('inputs', () => {
  const b = new Builder();
  const x = b.input('x', { token: 2, coordinate: 3 });
  const evaluate = compile(b.network({ y: b.relu(x), x }), exact);

  it('must be there in the shape of the network', () => {
    expect(() => evaluate({})).toThrow(InputError);
    expect(() => evaluate({})).toThrow("no value for the network's input 'x'; allowed: [token 2, coordinate 3]");
    for (const shape of [[6], [3, 2], [2, 3, 1], []])
      expect(() => evaluate({ x: tensor(shape, new Array(sizeOf(shape)).fill(zero)) })).toThrow(
        `input 'x' of shape [${shape.join(', ')}]; allowed: [token 2, coordinate 3]`,
      );
  });

  it('may be outputs', () => {
    const value = tensor([2, 3], numbers(1, -2, 3, -4, 5, -6));
    const { x: same, y } = evaluate({ x: value });
    expect(same.data.map(String)).toEqual(['1', '-2', '3', '-4', '5', '-6']);
    expect(y.data.map(String)).toEqual(['1', '0', '3', '0', '5', '0']);
  });
});

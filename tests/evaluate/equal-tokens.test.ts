import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCURACY } from '../../src/evaluate/accuracy.js';
import type { Algebra } from '../../src/evaluate/algebra.js';
import { compile, convert } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { rounded } from '../../src/evaluate/rounded.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { sparse, tensor } from '../../src/network/tensor.js';
import { tokenWiseStretches } from '../../src/network/token-wise.js';
import { contains } from '../../src/numbers/arithmetic.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { smallRational } from '../generators/numbers.js';

const T = 32;

/** Two token-wise layers with a row of their own for each token, one that looks at all tokens, and one after it. */
function network(W: readonly Rational[], rows: readonly Rational[], hasSoftmax: boolean): Network {
  const b = new Builder();
  const x = b.input('x', { token: T, coordinate: 2 });
  const hidden = b.relu(b.affine(x, b.constant(tensor([2, 3], W)), b.constant(tensor([3], W.slice(0, 3)))));
  const scores = b.add(b.reduceSum(hidden, 1, 'width'), b.constant(tensor([T], rows)));
  const placed = b.mul(b.max(hidden, b.constant(tensor([T, 1], rows))), hidden);
  const mixed = hasSoftmax ? b.softmax(placed, 0) : b.sub(placed, b.reshape(b.reduceMax(placed, 0), { one: 1, k: 3 }));
  return b.network({ y: b.reduceSum(b.mul(mixed, placed), 0), last: b.relu(mixed), scores, hidden });
}

const vector = (length: number) => fc.array(smallRational, { minLength: length, maxLength: length });
const kinds = fc.array(fc.nat({ max: 2 }), { minLength: T, maxLength: T });
const cases = fc.tuple(vector(6), vector(6), vector(3), kinds, kinds);

/** Rows of few kinds, the tokens the same objects or all different ones. */
function setup<S>([W, tokens, gates, at, gatesAt]: readonly (readonly never[])[], hasSoftmax: boolean, A: Algebra<S>) {
  const [w, x, g] = [W, tokens, gates] as unknown as Rational[][];
  const [kind, gate] = [at, gatesAt] as unknown as number[][];
  const net = network(
    w,
    gate.map((k) => g[k]),
    hasSoftmax,
  );
  const entries = kind.flatMap((k) => [x[2 * k], x[2 * k + 1]]);
  const evaluate = compile(net, A);
  const value = tensor([T, 2], entries);
  return {
    same: evaluate({ x: convert(value, A) }),
    apart: evaluate({ x: value.map((entry) => A.of(entry)) }),
    net,
    value,
  };
}

describe('equal tokens', () => {
  it('have the values that they have one by one, in exact numbers', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { same, value, net } = setup(drawn as never, false, exact);
        const copies = value.map(({ num, den }) => Rational.of(num, den));
        const apart = compile(net, { ...exact, sharesResults: undefined })({ x: copies });
        for (const name of Object.keys(same)) expect(same[name].data.map(String)).toEqual(apart[name].data.map(String));
      }),
      { numRuns: 60 },
    );
  });

  it('lie in intervals around the exact values', () => {
    const A = intervals(doubleIntervals);
    fc.assert(
      fc.property(cases, (drawn) => {
        const { same, value, net } = setup(drawn as never, false, A);
        const values = compile(net, exact)({ x: value });
        for (const [name, { data }] of Object.entries(values)) {
          expect(data.every((entry, k) => contains(doubleIntervals, same[name].data[k], entry))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('have the bounds of an execution that they have one by one', () => {
    const A = rounded(FORMATS.float32, ACCURACY.cpu);
    fc.assert(
      fc.property(cases, (drawn) => {
        const { same, apart } = setup(drawn as never, true, A);
        const ends = (values: typeof same, name: string) => values[name].data.flatMap(({ lo, hi }) => [lo, hi]);
        // Means are taken kind by kind, the sums of which are rounded otherwise.
        for (const name of Object.keys(same)) {
          const one = ends(apart, name);
          ends(same, name).forEach((end, k) => {
            expect(Math.abs(end - one[k])).toBeLessThanOrEqual(2 ** -45 * Math.max(...one.map(Math.abs)));
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('meet the whole of a matrix whose rows also stand beside them', () => {
    const b = new Builder();
    const x = b.input('x', { token: T, channel: T });
    const C = b.constant(tensor([T, T], new Array(T * T).fill(Rational.of(2))));
    const net = b.network({ y: b.matmul(b.add(x, C), C) });
    const ones = tensor([T, T], new Array(T * T).fill(Rational.one));
    const [entry, ...others] = compile(net, exact)({ x: ones }).y.dense(Rational.zero);
    expect(entry).toEqual(Rational.of((1 + 2) * 2 * T));
    expect(others.every((other) => other.equals(entry))).toBe(true);
  });

  it('are computed once up to where each token meets a constant of its own', () => {
    let units = 0;
    const counting: Algebra<Rational> = {
      ...exact,
      ridge: undefined,
      relu: (a) => {
        units += 1;
        return exact.relu(a);
      },
    };
    const N = 300;
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: 1 });
    const knots = Array.from({ length: N }, (_, k) => Rational.of(-k, N));
    const own = b.constant(
      tensor(
        [T],
        Array.from({ length: T }, (_, t) => Rational.of(t)),
      ),
    );
    const fan = b.constant(tensor([1, N], new Array(N).fill(Rational.one)));
    const sums = b.reduceSum(b.relu(b.affine(x, fan, b.constant(tensor([N], knots)))), 1);
    const net = b.network({ y: b.add(sums, own) });
    const { y } = compile(net, counting)({ x: tensor([T, 1], new Array(T).fill(Rational.one)) });
    expect(units).toBe(N);
    // The sum of 1 - k/N over all k < N.
    expect(y.data.map(String)).toEqual(
      Array.from({ length: T }, (_, t) => String(Rational.of(N + 1, 2).add(Rational.of(t)))),
    );
  });

  it('have sparse results where each of them has, as codes of positions of order T^2', () => {
    const b = new Builder();
    const x = b.input('x', { token: T, coordinate: 1 });
    const content = b.matmul(x, b.constant(sparse([1, T], [[1, Rational.of(3)]])));
    const codes = b.constant(
      sparse(
        [T, T],
        Array.from({ length: T }, (_, t) => [t * (T + 1), Rational.one] as const),
      ),
    );
    const net = b.network({ content, y: b.reduceSum(b.add(content, codes), 1) });
    const values = compile(net, exact)({ x: tensor([T, 1], new Array(T).fill(Rational.of(2))) });
    expect([...values.content.support!]).toEqual(Array.from({ length: T }, (_, t) => t * T + 1));
    expect(values.content.data.map(String)).toEqual(new Array(T).fill('6'));
    expect(values.y.data.map(String)).toEqual(new Array(T).fill('7'));
  });

  it('are looked for up to where tokens meet', () => {
    const net = network(
      [1, 2, 3, 4, 5, 6].map((k) => Rational.of(k)),
      new Array(T).fill(Rational.one),
      true,
    );
    const [first, ...others] = tokenWiseStretches(net, 2);
    expect(first.from.op).toBe('input');
    expect([...first.slices.keys()].map(({ op }) => op)).toContain('reduceSum');
    expect([...first.slices.keys()].map(({ op }) => op)).not.toContain('softmax');
    expect(first.beside).toHaveLength(2);
    expect(others.map(({ from }) => from.op)).toContain('softmax');
    expect(tokenWiseStretches(net, T + 1)).toEqual([]);
  });
});

it('looks at constant keys from equal queries, and takes the mean of values that are computed', () => {
  const b = new Builder();
  const x = b.input('x', { token: 17, coordinate: 1 });
  const some = (count: number) => Array.from({ length: count }, (_, s) => (s % 3 === 0 ? Rational.one : Rational.zero));
  const query = b.matmul(x, b.constant(tensor([1, 2], some(2))));
  const weights = b.softmax(b.matmul(query, b.constant(tensor([2, 17], some(34)))), 1);
  const net = b.network({ y: b.matmul(weights, b.matmul(x, b.constant(tensor([1, 1], [Rational.one])))) });
  const check = <S>(A: Algebra<S>) => {
    const entries = convert(tensor([17, 1], new Array(17).fill(Rational.of(3))), A);
    expect(compile(net, A)({ x: entries }).y.shape).toEqual([17, 1]);
  };
  check(intervals(doubleIntervals));
  check(rounded(FORMATS.float32, ACCURACY.cpu));
});

it('adds a constant to means of constant values', () => {
  const b = new Builder();
  const x = b.input('x', { token: 2, coordinate: 1 });
  const weights = b.softmax(b.matmul(x, b.transpose(x, [1, 0])), 1);
  const means = b.matmul(weights, b.constant(tensor([2, 1], [Rational.one, Rational.of(3)])));
  const net = b.network({ y: b.add(means, b.constant(tensor([1], [Rational.of(5)]))) });
  const A = doubleIntervals;
  const { y } = compile(net, intervals(A))({ x: convert(tensor([2, 1], [Rational.one, Rational.one]), intervals(A)) });
  expect(y.dense(A.zero).map((entry) => contains(A, entry, Rational.of(7)))).toEqual([true, true]);
});

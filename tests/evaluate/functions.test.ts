import type { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnsupportedOperation } from '../../src/evaluate/algebra.js';
import { decimal } from '../../src/evaluate/decimal.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { nodeExpressions } from '../../src/evaluate/expressions.js';
import { float64 } from '../../src/evaluate/float64.js';
import { intervals } from '../../src/evaluate/intervals.js';
import { Builder } from '../../src/network/builder.js';
import { Network } from '../../src/network/network.js';
import type { ExactTensor } from '../../src/network/tensor.js';
import { Tensor } from '../../src/network/tensor.js';
import type { Arithmetic } from '../../src/numbers/arithmetic.js';
import { ballIntervals } from '../../src/numbers/balls.js';
import { doubleIntervals } from '../../src/numbers/doubles.js';
import { Rational } from '../../src/numbers/rational.js';
import { toIntervals } from '../../src/symbolic/enclosure.js';
import { CONTINUOUS_STEPS, randomNetworks } from '../generators/networks.js';
import { inputsOf } from '../generators/rebuild.js';

const networks = randomNetworks({ operations: CONTINUOUS_STEPS, steps: 6 });
const wholly = (network: Network) => new Network(network.nodes.map((node) => ({ name: node.name, node })));

const digits = decimal(60);

/** Entries of all nodes to 60 digits. */
function reference(
  network: Network,
  inputs: Readonly<Record<string, ExactTensor>>,
): Record<string, readonly Decimal[]> {
  const given = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, x.map(digits.of)]));
  const values = compile(network, digits)(given);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.dense(digits.zero)]));
}

const toD = ({ num, den }: Rational) => new (digits.zero.constructor as typeof Decimal)(`${num}`).div(`${den}`);

/** Whether an interval contains the number, up to the error of the 60 digits. */
function holds<I>(A: Arithmetic<I>, x: I, value: Decimal): boolean {
  if (A.isEmpty(x)) return false;
  const slack = value.abs().add(1).mul('1e-40');
  const [lo, hi] = [A.lower(x), A.upper(x)];
  return (!lo || toD(lo).lte(value.add(slack))) && (!hi || toD(hi).gte(value.sub(slack)));
}

describe.each([
  ['doubles', doubleIntervals as unknown as Arithmetic<unknown>],
  ['balls', ballIntervals(160) as unknown as Arithmetic<unknown>],
])('intervals of %s', (_, A) => {
  test('contain the values at points and over boxes around them, for every operation', () => {
    const radius = fc.constantFrom(Rational.zero, Rational.of(1, 1000), Rational.of(1, 4), Rational.of(3));
    fc.assert(
      fc.property(
        networks.chain((n) => fc.tuple(fc.constant(wholly(n)), inputsOf(n), radius)),
        ([network, inputs, r]) => {
          const expected = reference(network, inputs);
          const box = Object.fromEntries(
            Object.entries(inputs).map(([name, x]) => [name, x.map((entry) => A.between(entry.sub(r), entry.add(r)))]),
          );
          const enclosed = compile(network, intervals(A))(box);
          for (const { name } of network.outputs) {
            enclosed[name].dense(A.zero).forEach((x, k) => {
              const value = expected[name][k];
              if (value.isFinite()) expect(holds(A, x, value), `${name}[${k}] = ${value}`).toBe(true);
            });
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('doubles, expressions and 60 digits agree', () => {
  fc.assert(
    fc.property(
      networks.chain((n) => fc.tuple(fc.constant(n), inputsOf(n))),
      ([network, inputs]) => {
        const expected = reference(network, inputs);
        const near = compile(
          network,
          float64,
        )(Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, x.map(float64.of)])));
        const A = ballIntervals(256) as unknown as Arithmetic<unknown>;
        for (const { name, node } of network.outputs) {
          const expressions = nodeExpressions(network, node);
          const entries = network
            .upTo(node)
            .inputs.flatMap(({ attributes }) =>
              inputs[attributes.name].dense(Rational.zero).map((x, k) => [`${attributes.name}_${k}`, A.of(x)] as const),
            );
          const values = toIntervals(
            expressions,
            entries.map(([variable]) => variable),
            A,
          )(entries.map(([, x]) => x));
          expected[name].forEach((value, k) => {
            if (!value.isFinite() || value.abs().gt(1e6)) return;
            expect(holds(A, values[k], value), `${name}[${k}] = ${value}`).toBe(true);
            expect(Math.abs(near[name].dense(0)[k] - value.toNumber())).toBeLessThanOrEqual(
              1e-5 * (1 + value.abs().toNumber()),
            );
          });
        }
      },
    ),
    { numRuns: 150 },
  );
});

describe('a normalised vector', () => {
  const b = new Builder();
  const x = b.input('x', { n: 4 });
  const network = b.network({ y: b.normalise(x, 0, Rational.of(1, 100000)) });

  test('stays within sqrt(n) over any box, in intervals and in expressions', () => {
    const A = doubleIntervals;
    const boxes = [A.fromDoubles(-1000, 1000), A.fromDoubles(-1e-3, 1e-3), A.fromDoubles(-1e300, 1e300)];
    for (const box of boxes) {
      const { y } = compile(network, intervals(A))({ x: new Tensor([4], [box, box, box, box]) });
      const formulas = nodeExpressions(network, network.outputs[0].node);
      const names = ['x_0', 'x_1', 'x_2', 'x_3'];
      const values = toIntervals(formulas, names, A)([box, box, box, box]);
      for (const { lo, hi } of [...y.data, ...values]) {
        expect(lo).toBeGreaterThanOrEqual(-2 - 1e-15);
        expect(hi).toBeLessThanOrEqual(2 + 1e-15);
      }
    }
  });

  test('has its exact range over a box', () => {
    const A = doubleIntervals;
    const box = [A.fromDoubles(1, 2), A.fromDoubles(-3, 3), A.fromDoubles(0, 0), A.fromDoubles(4, 4)];
    const { y } = compile(network, intervals(A))({ x: new Tensor([4], box) });
    const f = (x: number, rest: number) => (2 * x) / Math.sqrt(x * x + rest + 4e-5);
    expect(y.data[0].lo).toBeCloseTo(f(1, 25), 12);
    expect(y.data[0].hi).toBeCloseTo(f(2, 16), 12);
    expect(y.data[1].hi).toBeCloseTo(f(3, 17), 12);
    expect(y.data[1].lo).toBeCloseTo(f(-3, 17), 12);
  });
});

describe('argmax', () => {
  const b = new Builder();
  const network = b.network({ y: b.argmax(b.input('x', { n: 3 }), 0) });
  const at = (entries: readonly (readonly [number, number])[]) => {
    const x = new Tensor(
      [3],
      entries.map(([lo, hi]) => doubleIntervals.fromDoubles(lo, hi)),
    );
    const [{ lo, hi }] = compile(network, intervals(doubleIntervals))({ x }).y.data;
    return [lo, hi];
  };

  test('is the first largest entry, exactly', () => {
    const x = new Tensor(
      [3],
      [1, 3, 3].map((k) => Rational.of(k)),
    );
    expect(compile(network, exact)({ x }).y.data[0].toString()).toBe('1');
  });

  test('lies between the indices that can win', () => {
    expect(
      at([
        [0, 1],
        [2, 3],
        [4, 5],
      ]),
    ).toEqual([2, 2]);
    expect(
      at([
        [0, 1],
        [2, 5],
        [4, 5],
      ]),
    ).toEqual([1, 2]);
    expect(
      at([
        [5, 6],
        [5, 5],
        [0, 5],
      ]),
    ).toEqual([0, 0]);
    expect(
      at([
        [0, 9],
        [5, 5],
        [9, 9],
      ]),
    ).toEqual([0, 2]);
  });
});

test('irrational values are refused in exact numbers, rational ones are not', () => {
  const b = new Builder();
  const x = b.input('x', { n: 1 });
  const value = (make: (b: Builder) => ReturnType<Builder['add']>, input: Rational) =>
    compile(b.network({ y: make(b) }), exact)({ x: new Tensor([1], [input]) }).y.data[0].toString();
  expect(value((b) => b.apply('sqrt', x), Rational.of(9, 4))).toBe('3/2');
  expect(value((b) => b.apply('exp', x), Rational.zero)).toBe('1');
  expect(value((b) => b.power(x, 3), Rational.of(-2, 3))).toBe('-8/27');
  for (const fn of ['exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'erf', 'sin', 'cos'] as const) {
    expect(() => value((b) => b.apply(fn, x), Rational.of(2))).toThrow(UnsupportedOperation);
  }
  expect(() => value((b) => b.div(b.scalar(Rational.one), x), Rational.zero)).toThrow(UnsupportedOperation);
});

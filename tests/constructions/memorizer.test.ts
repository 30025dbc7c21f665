import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorizerParameters, PROJECTION, separatingDirection } from '../../constructions/memorizer.js';
import { memorizationFromData, sequenceInput, smallestGap } from '../../constructions/single-head.js';
import { CLASS_TOKEN, uniformHeadParameters } from '../../constructions/uniform-head.js';
import type { LabelledSequence } from '../../src/data/sequences.js';
import { InputError } from '../../src/errors.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { sha256 } from '../../src/network/canonical.js';
import { isOp, Network } from '../../src/network/network.js';
import { summarise } from '../../src/network/summary.js';
import { Rational } from '../../src/numbers/rational.js';
import { rational, smallRational } from '../generators/numbers.js';

interface Shape {
  readonly T: number;
  readonly d: number;
}

const dataSet = (entry: fc.Arbitrary<Rational>, label: fc.Arbitrary<Rational>, most: number) =>
  fc
    .record({ T: fc.integer({ min: 1, max: 4 }), d: fc.integer({ min: 1, max: 3 }) })
    .chain((shape) =>
      fc.tuple(
        fc.constant(shape),
        fc.array(fc.tuple(fc.array(entry, { minLength: shape.T * shape.d, maxLength: shape.T * shape.d }), label), {
          minLength: 1,
          maxLength: most,
          size: 'max',
        }),
      ),
    )
    .map(([shape, rows]) => ({
      shape,
      sequences: rows.map(([values, y], k) => ({ values, label: y, origin: `line ${k + 2}` })),
    }));

/** One label per sequence: later rows of the same sequence take the label of the first. */
function consistent(rows: readonly LabelledSequence[]): LabelledSequence[] {
  const labels = new Map<string, Rational>();
  return rows.map((row) => {
    const key = row.values.join();
    if (!labels.has(key)) labels.set(key, row.label);
    return { ...row, label: labels.get(key)! };
  });
}

const distinct = (rows: readonly LabelledSequence[]) => new Set(rows.map(({ values }) => values.join())).size;

/** Checks everything that the theorem says of the network of a data set, in exact arithmetic. */
function expectMemorised(rows: readonly LabelledSequence[], shape: Shape) {
  const { network, design, notes } = memorizationFromData(rows, shape);
  const N = distinct(rows);
  const tensors = ['y', CLASS_TOKEN, PROJECTION].map((name) => ({
    name,
    node: network.outputs.find((output) => output.name === name)?.node ?? network.find(name)!,
  }));
  const evaluate = compile(new Network(tensors), exact);
  const projections: Rational[] = [];
  for (const { values, label } of rows) {
    const result = evaluate(sequenceInput(values, shape));
    expect(result.y.data.map(String)).toEqual([label.toString()]);
    expect(result[CLASS_TOKEN].dense(Rational.zero).map(String)).toEqual(values.map(String));
    projections.push(result[PROJECTION].data[0]);
  }
  expect(new Set(projections.map(String)).size).toBe(N);
  expect(design.sequences.length).toBe(N);
  const sorted = [...new Map(projections.map((u) => [u.toString(), u])).values()].sort((a, b) => a.compare(b));
  expect(String(design.separation)).toBe(String(smallestGap(sorted)));
  const { T, d } = shape;
  expect(summarise(network).parameters).toBe(3 * N + 4 * T * d + 1);
  expect(uniformHeadParameters(T, d) + memorizerParameters(N, T * d)).toBe(3 * N + 4 * T * d + 1);
  expect(notes).toEqual(
    N === rows.length ? [] : [`${rows.length - N} duplicate sequences with equal labels were merged`],
  );
  return network;
}

const integers = fc.integer({ min: -50, max: 50 }).map((n) => Rational.of(n));
const bits = fc.integer({ min: 0, max: 1 }).map((n) => Rational.of(n));

const row = (values: number[], label: number, line: number): LabelledSequence => ({
  values: values.map((value) => Rational.of(value)),
  label: Rational.of(label),
  origin: `line ${line}`,
});

describe('memorizationFromData', () => {
  it('reproduces random integer data with zero error', () => {
    fc.assert(
      fc.property(dataSet(integers, integers, 60), ({ shape, sequences }) => {
        const network = expectMemorised(consistent(sequences), shape);
        const odd = network.nodes
          .filter((node) => isOp(node, 'constant'))
          .flatMap((node) => node.attributes.value.data);
        const isPowerOfTwo = ({ den }: Rational) => (den & (den - 1n)) === 0n;
        expect(odd.every(isPowerOfTwo), 'dyadic data give dyadic weights').toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('reproduces crowded binary data, which repeat sequences', () => {
    fc.assert(
      fc.property(dataSet(bits, smallRational, 40), ({ shape, sequences }) => {
        expectMemorised(consistent(sequences), shape);
      }),
      { numRuns: 40 },
    );
  });

  it('reproduces rationals of every size', () => {
    fc.assert(
      fc.property(dataSet(rational, rational, 8), ({ shape, sequences }) => {
        expectMemorised(consistent(sequences), shape);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on the run', () => {
    fc.assert(
      fc.property(dataSet(integers, integers, 12), ({ shape, sequences }) => {
        const rows = consistent(sequences);
        expect(sha256(memorizationFromData(rows, shape).network)).toBe(
          sha256(memorizationFromData(rows, shape).network),
        );
      }),
      { numRuns: 10 },
    );
  });

  it('takes a single sequence, equal labels and neighbours far steeper than the rest', () => {
    expectMemorised([row([3, 4], 5, 2)], { T: 1, d: 2 });
    expectMemorised([row([0, 0], 0, 2)], { T: 2, d: 1 });
    expect(memorizationFromData([row([3, 4], 5, 2)], { T: 1, d: 2 }).design.separation).toBeNull();
    expectMemorised([row([1], 7, 2), row([2], 7, 3), row([5], 7, 4)], { T: 1, d: 1 });
    expectMemorised([row([0], 0, 2), row([1], 1e15, 3), row([1e15], 0, 4), row([-7], -3, 5)], { T: 1, d: 1 });
  });

  it('merges duplicates with equal labels and says so', () => {
    const { notes, design } = memorizationFromData([row([1], 2, 2), row([1], 2, 3), row([1], 2, 4), row([0], 1, 5)], {
      T: 1,
      d: 1,
    });
    expect(notes).toEqual(['2 duplicate sequences with equal labels were merged']);
    expect(design.sequences.map(({ origin }) => origin)).toEqual(['line 2', 'line 5']);
  });

  it('refuses one sequence with two labels and names both rows', () => {
    const contradicting = [row([1, 2], 3, 2), row([5, 6], 7, 3), row([1, 2], 4, 4)];
    const build = () => memorizationFromData(contradicting, { T: 2, d: 1 });
    expect(build).toThrow(InputError);
    expect(build).toThrow('contradicting data: line 2 and line 4 hold the same sequence with the labels 3 and 4');
    const sameValue = [
      { ...row([1], 3, 2), values: [Rational.of(1, 2)] },
      { ...row([1], 4, 3), values: [Rational.of(2, 4)] },
    ];
    expect(() => memorizationFromData(sameValue, { T: 1, d: 1 })).toThrow('line 2 and line 3');
  });
});

describe('separatingDirection', () => {
  const project = (values: readonly Rational[], direction: readonly Rational[]) =>
    values.reduce((u, value, k) => u.add(value.mul(direction[k])), Rational.zero).toString();

  it('separates whatever is distinct, with small integers', () => {
    const corners = Array.from({ length: 64 }, (_, n) => ({
      values: Array.from({ length: 6 }, (_, k) => Rational.of((n >> k) & 1)),
      label: Rational.zero,
      origin: '',
    }));
    const direction = separatingDirection(corners);
    expect(new Set(corners.map(({ values }) => project(values, direction))).size).toBe(64);
    expect(direction.every((entry) => entry.isInteger() && entry.abs().le(Rational.of(2 ** 20)))).toBe(true);
  });

  it('separates numbers beyond the range of doubles', () => {
    const huge = Rational.of(10n ** 400n);
    const pairs = [0, 1, 2, 3].flatMap((a) =>
      [0, 1, 2, 3].map((c) => [huge.mul(Rational.of(a)), huge.add(Rational.of(c))]),
    );
    const sequences = pairs.map((values) => ({ values, label: Rational.zero, origin: '' }));
    const direction = separatingDirection(sequences);
    expect(new Set(pairs.map((values) => project(values, direction))).size).toBe(16);
    expect(direction.every((entry) => entry.abs().le(Rational.of(4)))).toBe(true);
  });

  it('falls back on powers when the data defeat its search', () => {
    // For each direction (v, w) that the search tries, a sequence (w, -v), which projects to 0 as (0, 0) does.
    let state = 1;
    const random = () => (state = (state * 48271) % (2 ** 31 - 1)) / (2 ** 31 - 1);
    const adverse = [[0, 0]];
    for (let size = 1; size <= 2 ** 20; size *= 2) {
      for (let k = 0; k < 16; k++) {
        const [v, w] = [0, 0].map(() => Math.floor(random() * (2 * size + 1)) - size);
        adverse.push([w, -v]);
      }
    }
    const sequences = adverse.map(([a, c]) => row([a, c], 0, 0));
    const largest = BigInt(Math.max(...adverse.flat().map(Math.abs)));
    const direction = separatingDirection(sequences);
    expect(direction.map(String)).toEqual(['1', String(2n * largest + 1n)]);
    expectMemorised(sequences, { T: 2, d: 1 });
  });
});

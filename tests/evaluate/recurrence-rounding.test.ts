import { describe, expect, test } from 'vitest';
import { stateSpaceNetwork } from '../../constructions/state-space.js';
import type { Accuracy } from '../../src/evaluate/accuracy.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { recurrenceRounding } from '../../src/evaluate/recurrence-rounding.js';
import { statesAt } from '../../src/evaluate/recurrence-sizes.js';
import { OverflowPossible, rounded, unlessOverflow } from '../../src/evaluate/rounded.js';
import { quantisedNetwork } from '../../src/network/quantised.js';
import { readRecurrences, readStateSpace, type StateSpace } from '../../src/network/state-space.js';
import { Tensor } from '../../src/network/tensor.js';
import { fromFloat, toFloat } from '../../src/numbers/convert.js';
import { type FloatFormat, FORMATS } from '../../src/numbers/format.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';
import { cases, stream } from '../numbers/samples.js';

/** Rounds to either neighbour. */
const ACCURACY: Accuracy = {
  basic: 1,
  quotient: 1,
  exactReciprocals: false,
  functions: null,
  exp: { ulps: 2, perUnit: 0, exactAtZero: true },
  flushes: false,
  source: 'simulated',
  assumed: {},
};

/** A chain of layers with real or complex poles, weights of the format. */
function drawn(random: () => number, format: FloatFormat, length: number, isComplex: boolean) {
  const number = (size: number) => Rational.of(Math.round((2 * random() - 1) * 64 * size), 64);
  const entry = (size: number) => new Gaussian(number(size), isComplex ? number(size) : Rational.zero);
  const [depth, width] = [1 + Math.floor(3 * random()), 1 + Math.floor(3 * random())];
  const model: StateSpace = {
    layers: Array.from({ length: depth }, (_, k) => ({
      poles: Array.from({ length: width }, () => entry(isComplex ? 0.7 : 0.98)),
      B: Array.from({ length: width }, () =>
        Array.from({ length: k === 0 ? 1 : width }, (_, j) => [j, entry(2)] as const),
      ),
    })),
    C: Array.from({ length: width }, (_, j) => [j, entry(2)] as const),
  };
  return quantisedNetwork(stateSpaceNetwork(model, length, false), format)!;
}

/** The chain in complex numbers. */
function modelOf(network: ReturnType<typeof drawn>): StateSpace | null {
  const model = readStateSpace(network);
  return typeof model === 'string' ? null : model;
}

/** Executes the chain with each rounding up or down as it falls, and each inner product in a random order. */
function executed(
  network: ReturnType<typeof drawn>,
  input: readonly Rational[],
  format: FloatFormat,
  random: () => number,
) {
  const { chain } = readRecurrences(network) as Exclude<ReturnType<typeof readRecurrences>, string>;
  const held = (x: Rational) => fromFloat(toFloat(x, format, random() < 0.5 ? 'up' : 'down'));
  const dot = (row: readonly (readonly [number, Rational])[], v: readonly Rational[]) => {
    const terms = row.map(([j, w]) => held(w.mul(v[j]))).sort(() => random() - 0.5);
    return terms.slice(1).reduce((sum, term) => held(sum.add(term)), terms[0] ?? Rational.zero);
  };
  const states = chain.layers.map(({ A }) => A.map(() => Rational.zero));
  return input.map((x) => {
    let below: readonly Rational[] = [x];
    chain.layers.forEach(({ A, B }, k) => {
      const before = states[k];
      below = states[k] = A.map((row, i) => held(dot(row, before).add(dot(B[i], below))));
    });
    return dot(chain.C, below);
  });
}

describe.each([FORMATS.float32, FORMATS.float16])('roundings of recurrences in $name', (format) => {
  test.each([false, true])('stay within the bound (complex poles: %s)', (isComplex) => {
    const random = stream(isComplex ? 5 : 6);
    const length = 12;
    let compared = 0;
    for (let run = 0; run < cases(30, 1000); run++) {
      const network = drawn(random, format, length, isComplex);
      const read = readRecurrences(network);
      if (typeof read === 'string') continue;
      const input = Array.from({ length }, () => Rational.of(Math.round((2 * random() - 1) * 256), 256));
      const bounds = unlessOverflow(() =>
        recurrenceRounding(
          read.chain,
          modelOf(network),
          length,
          format,
          ACCURACY,
        )([input], statesAt(read.chain, [input])),
      );
      if (!bounds) continue;
      const truth = compile(network, exact)({ x: new Tensor([length], input) }).y.dense(Rational.zero);
      for (let device = 0; device < 3; device++) {
        executed(network, input, format, random).forEach((y, t) => {
          compared += 1;
          expect(y.sub(truth[t]).abs().le(fromFloat(bounds[0][t])), `${y} for ${truth[t]}, ${bounds[0][t]}`).toBe(true);
        });
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
});

describe('the bound', () => {
  const pole = new Gaussian(Rational.of(34, 64), Rational.of(53, 64));
  const length = 200;
  const one = [[0, Gaussian.one] as const];
  const network = stateSpaceNetwork({ layers: [{ poles: [pole], B: [one] }], C: one }, length, false);
  const input = Array.from({ length }, (_, t) => Rational.of(t % 3 === 0 ? 1 : -1));
  const chain = (readRecurrences(network) as Exclude<ReturnType<typeof readRecurrences>, string>).chain;

  test('of a rotation does not grow with every turn, as that by intervals does', () => {
    const own = recurrenceRounding(
      chain,
      modelOf(network),
      length,
      FORMATS.float32,
      ACCURACY,
    )([input], statesAt(chain, [input]))[0].at(-1)!;
    const algebra = rounded(FORMATS.float32, ACCURACY);
    const y = compile(network, algebra)({ x: new Tensor([length], input.map(algebra.of)) }).y.data.at(-1)!;
    expect(own).toBeLessThan(1e-4);
    expect(y.hi - y.lo).toBeGreaterThan(1e6 * own);
  });

  test('of a shift by ones is 0', () => {
    const shift = {
      layers: [{ A: [[], [[0, Rational.one] as const]], B: [[[0, Rational.one] as const], []] }],
      C: [[1, Rational.one] as const],
    };
    expect([
      ...recurrenceRounding(shift, null, length, FORMATS.float16, ACCURACY)([input], statesAt(shift, [input]))[0],
    ]).toEqual(new Array(length).fill(0));
  });

  test('is none where the states may overflow', () => {
    const large = input.map((x) => x.mul(Rational.of(60000)));
    expect(() =>
      recurrenceRounding(chain, modelOf(network), length, FORMATS.float16, ACCURACY)([large], statesAt(chain, [large])),
    ).toThrow(OverflowPossible);
  });
});

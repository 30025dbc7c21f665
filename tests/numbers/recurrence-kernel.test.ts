import { afterAll, expect, test, vi } from 'vitest';
import { sparseRows } from '../../src/numbers/double-double-sums.js';
import { FORMATS } from '../../src/numbers/format.js';
import { type ChainStates, follow, followPlainly } from '../../src/numbers/kernels/recurrence.js';
import { Rational } from '../../src/numbers/rational.js';
import { cases, nastyDouble, stream } from './samples.js';

afterAll(() => {
  vi.unstubAllEnvs();
});

const random = stream(83);
const upTo = (most: number) => 1 + Math.floor(most * random());

/** Entries of one size, of many, and such as no formula expects; a row has at most so many. */
const KINDS = [
  () => 2 * random() - 1,
  () => (2 * random() - 1) * 2 ** Math.round(80 * random() - 40),
  () => Math.round(8 * (random() - 0.5)) / 4,
  () => (random() < 0.1 ? nastyDouble(random) : 2 * random() - 1),
  () => (2 * random() - 1) * 2 ** -(400 + Math.round(200 * random())),
];

type Row = (readonly [number, number])[];

function drawnRows(height: number, width: number, longest: number, entry: () => number): Row[] {
  return Array.from({ length: height }, () => {
    const columns = Array.from({ length: width }, (_, j) => j).filter(() => random() < 0.6);
    return columns.slice(0, longest).flatMap((j) => {
      const weight = entry();
      return weight === 0 || !Number.isFinite(weight) ? [] : [[j, weight] as const];
    });
  });
}

function drawn(longest: number, kind: () => number) {
  let width = 1;
  const layers = Array.from({ length: upTo(4) }, () => {
    const [below, own] = [width, upTo(5)];
    width = own;
    return { A: drawnRows(own, own, longest, kind), B: drawnRows(own, below, longest, kind) };
  });
  const [length, count] = [upTo(12), upTo(3)];
  const inputs = Array.from({ length: count }, () => Float64Array.from({ length }, kind));
  return { layers, C: drawnRows(1, width, longest, kind)[0], inputs };
}

const bits = (found: ChainStates | null) =>
  found &&
  [found.output, ...found.layers].map((each) =>
    JSON.stringify(Object.values(each), (_, x) => (Object.is(x, -0) ? '-0' : x)),
  );

test('states in WebAssembly are those of the loops in JavaScript, bit by bit', () => {
  let unbounded = 0;
  for (let n = 0; n < cases(300, 30_000); n++) {
    const { layers, C, inputs } = drawn(5, KINDS[n % KINDS.length]);
    const chain = { layers: layers.map(({ A, B }) => ({ A: sparseRows(A), B: sparseRows(B) })), C: sparseRows([C]) };
    for (const keeps of [true, false]) {
      const [quick, plain] = [follow, followPlainly].map((way) => way(chain, inputs, keeps));
      expect(quick.map(bits)).toEqual(plain.map(bits));
      unbounded += plain.filter((found) => !found).length;
    }
  }
  expect(unbounded).toBeGreaterThan(5);
});

test('a weight whose splitting overflows makes nothing of a state that is 0', () => {
  const [A, B] = [sparseRows([[[0, 2 ** 1000]]]), sparseRows([[[0, 1]]])];
  const inputs = [Float64Array.of(0, 0, 1), Float64Array.of(0, 0, 0)];
  const [quick, plain] = [follow, followPlainly].map((way) => way({ layers: [{ A, B }], C: B }, inputs, true));
  expect(quick.map(bits)).toEqual(plain.map(bits));
  expect(plain.every((found) => found !== null)).toBe(true);
});

test('so are the bounds of their roundings', async () => {
  const load = async () => ({
    ...(await import('../../src/evaluate/recurrence-rounding.js')),
    ...(await import('../../src/evaluate/recurrence-sizes.js')),
    ...(await import('../../src/numbers/convert.js')),
    ...(await import('../../src/evaluate/accuracy.js')),
  });
  const quick = await load();
  vi.resetModules();
  vi.stubEnv('EXHIBIT_WASM', '0');
  const plain = await load();
  let [finite, infinite] = [0, 0];
  for (let n = 0; n < cases(300, 30_000); n++) {
    const format = [FORMATS.float64, FORMATS.float32, FORMATS.float16][n % 3];
    const { layers, C, inputs } = drawn(random() < 0.8 ? 2 : 3, KINDS[Math.floor(n / 3) % KINDS.length]);
    const found = [quick, plain].map(({ recurrenceRounding, statesAt, fromFloat, ACCURACY }) => {
      const exact = (row: Row) => row.map(([j, weight]) => [j, fromFloat(weight)] as const);
      const chain = { layers: layers.map(({ A, B }) => ({ A: A.map(exact), B: B.map(exact) })), C: exact(C) };
      const sequences = inputs.map((input) =>
        Array.from(input, (x) => (Number.isFinite(x) ? fromFloat(x) : Rational.one)),
      );
      try {
        const errorsAt = recurrenceRounding(chain, null, sequences[0].length, format, ACCURACY.cpu);
        return errorsAt(sequences, statesAt(chain, sequences)).map((errors) => [...errors]);
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(found[0]).toEqual(found[1]);
    if (typeof found[0] === 'string') infinite++;
    else finite++;
  }
  expect(Math.min(finite, infinite)).toBeGreaterThan(10);
});

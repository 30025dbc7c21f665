import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/evaluate/evaluate.js';
import { exact } from '../../../src/evaluate/exact.js';
import type { Network } from '../../../src/network/network.js';
import { quantisedNetwork } from '../../../src/network/quantised.js';
import { tensor } from '../../../src/network/tensor.js';
import { FORMATS } from '../../../src/numbers/format.js';
import { lehmer } from '../../../src/numbers/random.js';
import { Rational } from '../../../src/numbers/rational.js';
import { decode } from '../../../src/onnx/decode.js';
import { prove } from '../../../src/proof/prove/prove.js';
import { parseStatement } from '../../../src/statement/index.js';
import { densely, withConstants } from '../../generators/rebuild.js';

/** Trained on sin(3 x1) exp(-x2): 2-16-16-1, ReLU. */
const FILE = join(import.meta.dirname, '../../../proofs-check/trained/instances/decaying-wave-small.onnx');
const { network } = decode(readFileSync(FILE));
const [output] = network.outputs.map(({ name }) => name);

function compared(a: Network, b: Network, relation: string) {
  const models = [a, b].map((net, k) => ({ name: 'ab'[k], file: `${k}`, sha256: '', network: net }));
  const statement = parseStatement(`for all x in [0, 1]^2: ${relation}`);
  return prove(models, new Map([['claim', statement]]), {
    width: Rational.of(1, 1000),
    deadline: Date.now() + 8000,
    progress: () => {},
  });
}

/** The largest difference at some exact points. */
function sampled(a: Network, b: Network, count = 200): Rational {
  const random = lehmer(1);
  const [f, g] = [a, b].map((net) => compile(net, exact));
  let most = Rational.zero;
  for (let k = 0; k < count; k++) {
    const point = tensor([2], [Rational.of(Math.floor(random() * 65), 64), Rational.of(Math.floor(random() * 65), 64)]);
    const [u, v] = [f, g].map((evaluate) => Object.values(evaluate({ x: point }))[0].dense(Rational.zero)[0]);
    most = most.max(u.sub(v).abs());
  }
  return most;
}

/** Weights below the threshold are dropped. */
const pruned = (threshold: Rational) =>
  withConstants(network, (value) =>
    densely(value, Rational.zero).map((w) => (w.abs().lt(threshold) ? Rational.zero : w)),
  );

/** The same function: hidden unit k of each layer scaled by (k + 1)/4, and by the inverse where it is used. */
function rescaled(): Network {
  const scale = (k: number) => Rational.of(k + 1, 4);
  return withConstants(network, (value) => {
    const dense = densely(value, Rational.zero);
    const [rows, columns] = dense.shape.length === 2 ? dense.shape : [1, dense.shape[0]];
    const entries = dense.data.map((w, k) => {
      const [i, j] = [Math.floor(k / columns), k % columns];
      const own = columns === 16 ? w.mul(scale(j)) : w;
      return rows === 16 ? own.div(scale(i)) : own;
    });
    return tensor(dense.shape, entries);
  });
}

describe('two networks', () => {
  test.each<[string, Network]>([
    ['float16 rounding', quantisedNetwork(network, FORMATS.float16)!],
    ['pruned form', pruned(Rational.of(1, 100))],
  ])(
    'a trained network and its %s: the difference is enclosed',
    (_, other) => {
      const result = compared(network, other, `|a.${output} - b.${output}| <= ?`);
      const { lo, hi } = result.claims[0].enclosure!;
      expect(result.verdict).toBe('proved');
      expect(Rational.zero.lt(lo!)).toBe(true);
      expect(hi!.sub(lo!).le(hi!.mul(Rational.of(1, 100)))).toBe(true);
      expect(sampled(network, other).le(hi!)).toBe(true);
      expect(compared(network, other, `a.${output} = b.${output}`).verdict).toBe('refuted');
    },
    60_000,
  );

  test('a trained network equals itself, as written and with its units in another order', () => {
    const turned = withConstants(network, (value, name) => {
      const dense = densely(value, Rational.zero);
      const [rows, columns] = dense.shape.length === 2 ? dense.shape : [1, dense.shape[0]];
      const entry = (i: number, j: number) => dense.data[i * columns + j];
      const back = (k: number) => (k + 5) % 16;
      const isWide = columns === 16;
      const isTall = rows === 16;
      const entries = Array.from({ length: rows * columns }, (_, k) => {
        const [i, j] = [Math.floor(k / columns), k % columns];
        return entry(isTall && name !== '' ? back(i) : i, isWide ? back(j) : j);
      });
      return tensor(dense.shape, entries);
    });
    expect(sampled(network, turned, 20).isZero()).toBe(true);
    expect(compared(network, network, `a.${output} = b.${output}`).verdict).toBe('proved');
    expect(compared(network, turned, `a.${output} = b.${output}`).verdict).toBe('proved');
  }, 60_000);

  test('a trained network equals its refactored form, in which units are scaled', () => {
    const other = rescaled();
    expect(sampled(network, other, 20).isZero()).toBe(true);
    expect(compared(network, other, `a.${output} = b.${output}`).verdict).toBe('proved');
    expect(compared(network, other, `|a.${output} - b.${output}| <= 1/100000`).verdict).toBe('proved');
  });
});

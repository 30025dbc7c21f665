import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Accuracy } from '../../src/evaluate/accuracy.js';
import type { Algebra } from '../../src/evaluate/algebra.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { ridges } from '../../src/evaluate/ridges.js';
import { OverflowPossible, rounded, unlessOverflow } from '../../src/evaluate/rounded.js';
import { Builder } from '../../src/network/builder.js';
import { Network } from '../../src/network/network.js';
import { FUNCTIONS } from '../../src/network/operations.js';
import { Tensor, tensor } from '../../src/network/tensor.js';
import { fromFloat, toFloat } from '../../src/numbers/convert.js';
import { FORMATS } from '../../src/numbers/format.js';
import { Rational } from '../../src/numbers/rational.js';
import { ALL_STEPS, randomNetworks } from '../generators/networks.js';
import { inputsOf } from '../generators/rebuild.js';
import { cases, stream } from '../numbers/samples.js';

/** A device that rounds to nearest and whose exp is off by two units in the last place. */
const ACCURACY: Accuracy = {
  basic: 1 / 2,
  quotient: 1 / 2,
  exactReciprocals: true,
  functions: Object.fromEntries(FUNCTIONS.map((fn) => [fn, { ulps: 4, units: 4 }])) as unknown as Accuracy['functions'],
  exp: { ulps: 2, perUnit: 0, exactAtZero: true },
  flushes: true,
  source: 'simulated',
  assumed: {},
};

/** How a device rounds one operation, and how it may differ from others. */
interface Device {
  readonly name: keyof typeof FORMATS;
  round(x: number): number;
  /** Flushes subnormal results. */
  readonly flushes: boolean;
}

const toHalf = (x: number) => (Number.isFinite(x) ? toFloat(fromFloat(x), FORMATS.float16, 'nearest') : x);
const DEVICES: readonly (Device & { readonly title: string })[] = [
  { title: 'float64', name: 'float64', round: (x) => x, flushes: false },
  { title: 'float32', name: 'float32', round: Math.fround, flushes: false },
  { title: 'float32 that flushes subnormals', name: 'float32', round: Math.fround, flushes: true },
  { title: 'float16 through float32', name: 'float16', round: (x) => toHalf(Math.fround(x)), flushes: false },
  { title: 'float16 that flushes subnormals', name: 'float16', round: toHalf, flushes: true },
];

/**
 * A device that sums in a random order, pairwise or one by one, and fuses some of the products into the sum. In formats
 * below float64, operations are done in float64 and rounded: one rounding for + and *, as float64 has more than twice
 * their bits (Figueroa 1995).
 */
function execution({ round, flushes, name }: Device, random: () => number): Algebra<number> {
  const smallest = 2 ** FORMATS[name].minExponent;
  const held = (x: number) => {
    const result = round(x);
    return flushes && Math.abs(result) < smallest ? 0 : result;
  };
  const total = (terms: readonly number[]): number => {
    const left = [...terms];
    if (left.length === 0) return 0;
    while (left.length > 1) {
      const [a] = left.splice(Math.floor(random() * left.length), 1);
      const i = random() < 0.5 ? 0 : Math.floor(random() * left.length);
      left[i] = held(left[i] + a);
    }
    return left[0];
  };
  return {
    name,
    zero: 0,
    of: (value) => held(toFloat(value, FORMATS[name], 'nearest')),
    add: (a, b) => held(a + b),
    sub: (a, b) => held(a - b),
    mul: (a, b) => held(a * b),
    min: Math.min,
    max: Math.max,
    relu: (a) => (a > 0 ? a : 0),
    div: (a, b) => held(a / b),
    apply: (fn, a) => held(float64.apply(fn, a) * (1 + (random() * 2 - 1) * 2 * 2 ** -FORMATS[name].precision)),
    power: (a, exponent) => Array.from({ length: exponent }, () => a).reduce((x, y) => held(x * y)),
    normalise: (x, epsilon) => {
      const mean = held(total(x.map((entry) => held(entry * entry))) / x.length);
      const root = held(Math.sqrt(held(mean + held(toFloat(epsilon, FORMATS[name], 'nearest')))));
      return x.map((entry) => held(entry / root));
    },
    argmax: float64.argmax,
    sum: total,
    dot: (a, b) => {
      if (name === 'float64' || random() < 0.5) return total(a.map((x, k) => held(x * b[k])));
      return a.reduce((sum, x, k) => held(sum + x * b[k]), 0);
    },
    softmax: (z) => {
      const top = z.reduce((a, b) => Math.max(a, b));
      const unit = 2 ** -FORMATS[name].precision;
      const powers = z.map((logit) => {
        const shifted = held(logit - top);
        if (shifted === 0) return 1;
        return held(Math.exp(shifted) * (1 + (random() * 2 - 1) * 3 * unit));
      });
      const sum = total(powers);
      return powers.map((power) => held(power / sum));
    },
  };
}

const wholly = (network: Network) => new Network(network.nodes.map((node) => ({ name: node.name, node })));
const smallNumber = fc
  .tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: 1, max: 7 }), fc.constantFrom(1, 1, 10, 1000, 10 ** 6))
  .map(([p, q, scale]) => Rational.of(p, q * scale));

describe.each(DEVICES)('$title', (device) => {
  const algebra = rounded(FORMATS[device.name], ACCURACY);

  it('never leaves the enclosure, whatever the order of summation', () => {
    const networks = randomNetworks({ operations: ALL_STEPS, weights: smallNumber, steps: 6 });
    let compared = 0;
    fc.assert(
      fc.property(
        networks.chain((network) =>
          fc.tuple(fc.constant(wholly(network)), inputsOf(network, smallNumber), fc.integer({ min: 1 })),
        ),
        ([network, inputs, seed]) => {
          const given = <S>(of: (x: Rational) => S) =>
            Object.fromEntries(Object.entries(inputs).map(([name, x]) => [name, x.map(of)]));
          const enclosures = unlessOverflow(() => compile(network, algebra)(given(algebra.of)));
          if (!enclosures) return;
          compared += 1;
          for (let run = 0; run < 3; run++) {
            const floats = execution(device, stream(seed + run));
            const values = compile(network, floats)(given(floats.of));
            for (const { name } of network.outputs) {
              const bounds = enclosures[name].dense(algebra.zero);
              values[name].dense(0).forEach((value, k) => {
                const { lo, hi } = bounds[k];
                expect(lo <= value && value <= hi, `${name}[${k}]: ${value} in [${lo}, ${hi}]`).toBe(true);
              });
            }
          }
        },
      ),
      { numRuns: cases(60, 3000) },
    );
    expect(compared).toBeGreaterThan(30);
  });

  it('holds long sums of terms of all sizes', () => {
    const random = stream(5);
    for (let n = 0; n < cases(40, 2000); n++) {
      const floats = execution(device, random);
      const size = 2 ** (1 + Math.floor(random() * 7));
      const draw = () =>
        Array.from({ length: size }, () =>
          floats.of(fromFloat((random() - 0.5) * 2 ** Math.floor(random() * 16 - 14))),
        );
      const [a, b] = [draw(), draw()];
      const enclosed = (x: number) => algebra.of(fromFloat(x));
      const { lo, hi } = algebra.dot(a.map(enclosed), b.map(enclosed));
      for (let run = 0; run < 5; run++) {
        const value = floats.dot(a, b);
        expect(lo <= value && value <= hi).toBe(true);
      }
      const plain = algebra.sum(a.map(enclosed));
      for (let run = 0; run < 5; run++) {
        const value = floats.sum(a);
        expect(plain.lo <= value && value <= plain.hi).toBe(true);
      }
    }
  });

  it('holds means by the shares of a softmax, of close and of far values, and hugs them', () => {
    const random = stream(7);
    for (let n = 0; n < cases(60, 3000); n++) {
      const size = 2 + Math.floor(random() * 20);
      const beta = 10 ** (4 * random() + (device.name === 'float16' ? -0.5 : 1));
      const spread = 10 ** (-5 * random());
      const a = Array.from({ length: size }, () =>
        toFloat(fromFloat(1 - spread * random()), FORMATS[device.name], 'nearest'),
      );
      const enclosed = a.map((x) => algebra.of(fromFloat(x)));
      const scale = algebra.of(fromFloat(-beta));
      const shares = algebra.softmax(enclosed.map((x) => algebra.mul(scale, x)));
      const bounds = [algebra.sum(enclosed.map((x, t) => algebra.mul(shares[t], x))), algebra.dot(shares, enclosed)];
      for (let run = 0; run < 5; run++) {
        const floats = execution(device, random);
        const p = floats.softmax(a.map((x) => floats.mul(floats.of(fromFloat(-beta)), x)));
        const values = [floats.sum(a.map((x, t) => floats.mul(p[t], x))), floats.dot(p, a)];
        values.forEach((value, k) => {
          expect(bounds[k].lo <= value && value <= bounds[k].hi, `${value} in [${bounds[k].lo}, ${bounds[k].hi}]`).toBe(
            true,
          );
        });
      }
      const unit = 2 ** -FORMATS[device.name].precision;
      for (const { lo, hi } of bounds)
        expect(hi - lo).toBeLessThan((20 * size + 40) * unit + 1e-14 + (device.name === 'float16' ? 1e-3 * size : 0));
    }
  });

  it('holds wide layers of ReLUs of single numbers by their pieces', () => {
    const random = stream(11);
    const wide = { ...algebra, fewestUnits: 4 };
    let compared = 0;
    for (let n = 0; n < cases(30, 3000); n++) {
      const [units, scale] = [16, 2 ** Math.floor(random() * 8 - 6)];
      const isCoarse = random() < 0.4;
      const number = () => (isCoarse ? Math.round(8 * random() - 4) * scale : (random() - 0.5) * 4 * scale);
      const exactly = (length: number) => Array.from({ length }, () => fromFloat(number()));
      const b = new Builder();
      const x = b.input('x', { token: 2, coordinate: 2 });
      const seen = Array.from({ length: units }, () => Number(random() < 0.5));
      const weights = exactly(units);
      const fan = [0, 1].flatMap((i) => weights.map((weight, k) => (seen[k] === i ? weight : Rational.zero)));
      const constant = (shape: number[], entries: Rational[]) =>
        b.constant(tensor(shape, entries), undefined, 'weight');
      const hidden = b.relu(b.add(b.matmul(x, constant([2, units], fan)), constant([units], exactly(units))));
      const sum = b.matmul(hidden, constant([units, 2], exactly(2 * units)));
      const network = b.network({ y: random() < 0.5 ? sum : b.add(sum, constant([2], exactly(2))) });
      expect(ridges(network, 4).layers.size).toBe(1);
      const entries = exactly(4);
      const given = <S>(of: (x: Rational) => S) => ({ x: tensor([2, 2], entries).map(of) });
      const enclosures = unlessOverflow(() => compile(network, wide)(given(wide.of)).y.dense(wide.zero));
      if (!enclosures) continue;
      compared += 1;
      for (let run = 0; run < 4; run++) {
        const floats = execution(device, random);
        compile(
          network,
          floats,
        )(given(floats.of))
          .y.dense(0)
          .forEach((value, k) => {
            const { lo, hi } = enclosures[k];
            expect(lo <= value && value <= hi, `${value} in [${lo}, ${hi}]`).toBe(true);
          });
      }
      const plain = unlessOverflow(() =>
        compile(network, { ...algebra, ridge: undefined })(given(algebra.of)).y.dense(algebra.zero),
      );
      plain?.forEach(({ lo, hi }, k) => {
        const found = enclosures[k];
        expect(found.lo <= hi && lo <= found.hi).toBe(true);
        if (lo === hi) expect(found).toMatchObject({ lo, hi });
      });
    }
    expect(compared).toBeGreaterThan(15);
  });

  it('is not widened where the format is exact', () => {
    const eighth = (k: number) => algebra.of(Rational.of(k, 8));
    expect(algebra.add(eighth(3), eighth(5))).toMatchObject({ lo: 1, hi: 1 });
    expect(algebra.mul(eighth(6), eighth(4))).toMatchObject({ lo: 0.375, hi: 0.375 });
    const terms = Array.from({ length: 40 }, (_, k) => eighth(k % 2 === 0 ? k : -k));
    expect(algebra.sum(terms)).toMatchObject({ lo: -2.5, hi: -2.5 });
    expect(algebra.softmax([eighth(3), eighth(3)])).toMatchObject([
      { lo: 0.5, hi: 0.5 },
      { lo: 0.5, hi: 0.5 },
    ]);
  });

  it('holds selection by 0 and 1 exactly', () => {
    const b = new Builder();
    const x = b.input('x', { coordinate: 3 });
    const pick = b.constant(tensor([3, 1], [Rational.zero, Rational.one, Rational.zero]));
    const third = algebra.of(Rational.of(1, 3));
    const y = compile(b.network({ y: b.matmul(x, pick) }), algebra)({ x: new Tensor([3], [third, third, third]) }).y;
    expect(y.data[0]).toEqual(third);
  });
});

describe('numbers beyond the format', () => {
  const half = rounded(FORMATS.float16, ACCURACY);
  const of = (n: number) => half.of(Rational.of(n));

  it('throw OverflowPossible', () => {
    expect(() => half.of(Rational.of(70000))).toThrow(OverflowPossible);
    expect(() => half.mul(of(300), of(300))).toThrow(OverflowPossible);
    expect(() => half.add(of(60000), of(60000))).toThrow(/range of float16/);
    expect(() => half.sum([of(1), of(2), half.of(Rational.of(65504))])).toThrow(OverflowPossible);
  });

  it('throw where terms cancel, as a partial sum may overflow', () => {
    const terms = [60000, 60000.5, -60000, -60001].map((n) => half.of(fromFloat(n)));
    expect(() => half.sum(terms)).toThrow(OverflowPossible);
    expect(() => half.dot([of(250), of(-250)], [of(255), of(255)])).toThrow(OverflowPossible);
  });

  it('throw for sums of so many terms that no bound holds', () => {
    const third = half.of(Rational.of(1, 3));
    const terms = new Array(3000).fill(third);
    expect(() => half.sum(terms)).toThrow(OverflowPossible);
  });

  it('include 0 for a weight that may be flushed', () => {
    const tiny = rounded(FORMATS.float32, ACCURACY).of(Rational.pow2(-140));
    expect(tiny).toMatchObject({ lo: 0, hi: 2 ** -140 });
  });
});

import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { init } from 'gmp-wasm';
import { describe, expect, it } from 'vitest';
import type { Algebra } from '../../src/evaluate/algebra.js';
import { decimal } from '../../src/evaluate/decimal.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { float64 } from '../../src/evaluate/float64.js';
import { Builder } from '../../src/network/builder.js';
import { Network } from '../../src/network/network.js';
import { type ExactTensor, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { BASIC_STEPS, RATIONAL_STEPS, randomNetworks, type StepName } from '../generators/networks.js';
import { smallRational } from '../generators/numbers.js';
import { inputsOf } from '../generators/rebuild.js';

const gmp = await init();
const D = Decimal.clone({ precision: 80, minE: -9e15, maxE: 9e15 });
const fifty = decimal(50);
const STEPS = 4;

const toD = ({ num, den }: Rational) => new D(num.toString()).div(den.toString());

/** Every node of the network as an output. */
const wholly = (network: Network) => new Network(network.nodes.map((node) => ({ name: node.name, node })));

/** Entries of all nodes in an algebra, at exact inputs. */
function evaluateAll<S>(network: Network, algebra: Algebra<S>, inputs: Readonly<Record<string, ExactTensor>>): S[] {
  const given = Object.fromEntries(
    Object.entries(inputs).map(([name, x]) => [name, x.map((entry) => algebra.of(entry))]),
  );
  return Object.values(compile(wholly(network), algebra)(given)).flatMap((value) => value.dense(algebra.zero));
}

/**
 * A forward error bound of STEPS operations with relative error u each, on numbers up to M: an operation multiplies
 * inherited errors by at most 200 (1 + M) (weights are at most 6, fans at most 33) and adds as many u.
 */
function tolerance(values: readonly Decimal[], u: Decimal): Decimal {
  const M = values.reduce((most, value) => Decimal.max(most, value.abs()), new D(1));
  return new D(M)
    .add(1)
    .mul(200)
    .pow(STEPS + 1)
    .mul(u);
}

const cases = (operations: readonly StepName[]) =>
  randomNetworks({ operations, weights: smallRational, steps: STEPS }).chain((network) =>
    fc.tuple(fc.constant(network), inputsOf(network)),
  );

describe('the decimal algebra', () => {
  it('agrees with exact arithmetic to its digits on rational networks', () => {
    fc.assert(
      fc.property(cases(RATIONAL_STEPS), ([network, inputs]) => {
        const expected = evaluateAll(network, exact, inputs).map(toD);
        const bound = tolerance(expected, new D('1e-50'));
        evaluateAll(network, fifty, inputs).forEach((value, k) => {
          expect(expected[k].sub(value.toString()).abs().lte(bound), `${value} for ${expected[k]}`).toBe(true);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is exact where decimals are', () => {
    const b = new Builder();
    const x = b.input('x', { k: 3 });
    const y = b.matmul(x, b.constant(tensor([3, 1], [Rational.of(1, 8), Rational.of(-3, 5), Rational.of(7)])));
    const inputs = { x: tensor([3], [Rational.of(1, 1024), Rational.of(10 ** 9 + 7), Rational.of(-1, 10 ** 12)]) };
    const [value] = evaluateAll(b.network({ y }), fifty, inputs).slice(-1);
    const [expected] = evaluateAll(b.network({ y }), exact, inputs).slice(-1);
    expect(toD(expected).eq(value.toString())).toBe(true);
  });

  it('has the digits it was asked for', () => {
    expect(decimal(30).of(Rational.of(1, 3)).toString()).toBe(`0.${'3'.repeat(30)}`);
    expect(decimal(30).of(Rational.of(2, 3)).toString()).toBe(`0.${'6'.repeat(29)}7`);
    expect(fifty.name).toBe('decimal (50 digits)');
  });

  it('computes the softmax as MPFR does', () => {
    const logits = fc.array(
      fc.oneof(
        smallRational,
        fc
          .tuple(fc.integer({ min: -(10 ** 6), max: 10 ** 6 }), fc.integer({ min: 1, max: 999 }))
          .map(([p, q]) => Rational.of(p, q)),
      ),
      { minLength: 1, maxLength: 5 },
    );
    const ctx = gmp.getContext({ precisionBits: 320 });
    fc.assert(
      fc.property(logits, (z) => {
        const powers = z.map(({ num, den }) => {
          const power = ctx.Float(ctx.Rational(num.toString(), den.toString())).exp();
          return new D(power.toString().replace('@', 'e'));
        });
        const total = powers.reduce((x, y) => x.add(y));
        const p = fifty.softmax(z.map(fifty.of));
        p.forEach((value, k) => {
          const expected = powers[k].div(total);
          expect(expected.sub(value.toString()).abs().lte(expected.mul('1e-43')), `${z} [${k}]: ${value}`).toBe(true);
        });
        expect(
          p
            .reduce((a, b) => a.add(b))
            .sub(1)
            .abs()
            .lt('1e-48'),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
    ctx.destroy();
  });

  it('keeps a softmax of huge logits finite', () => {
    const [first, second] = fifty.softmax([fifty.of(Rational.of(10n ** 40n)), fifty.of(Rational.of(-(10n ** 40n)))]);
    expect(first.toString()).toBe('1');
    expect(second.toNumber()).toBe(0);
  });
});

describe('the float64 algebra', () => {
  it('agrees with decimals to rounding, softmax included', () => {
    fc.assert(
      fc.property(cases(BASIC_STEPS), ([network, inputs]) => {
        const expected = evaluateAll(network, fifty, inputs);
        const bound = tolerance(expected, new D(2).pow(-53));
        evaluateAll(network, float64, inputs).forEach((value, k) => {
          expect(new D(value).sub(expected[k].toString()).abs().lte(bound), `${value} for ${expected[k]}`).toBe(true);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is exact on dyadic networks', () => {
    const dyadic = fc.integer({ min: -64, max: 64 }).map((k) => Rational.of(k, 8));
    const affine = randomNetworks({
      operations: ['add', 'sub', 'min', 'max', 'relu', 'matmul', 'gather'],
      weights: dyadic,
      steps: 3,
    });
    fc.assert(
      fc.property(
        affine.chain((network) => fc.tuple(fc.constant(network), inputsOf(network, dyadic))),
        ([network, inputs]) => {
          const expected = evaluateAll(network, exact, inputs).map(float64.of);
          expect(evaluateAll(network, float64, inputs).map((x) => x + 0)).toEqual(expected);
        },
      ),
    );
  });

  it('does not overflow in the softmax', () => {
    expect(float64.softmax([1000, 1000])).toEqual([0.5, 0.5]);
    expect(float64.softmax([-1e308, 1e308])).toEqual([0, 1]);
  });
});

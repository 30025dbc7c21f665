import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deepModel,
  type Mode,
  polesOf as polesOfShape,
  prescribedTau,
  shallowModel,
} from '../../constructions/deep-ssm.js';
import { hasRealResponse, stateSpaceNetwork } from '../../constructions/state-space.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import type { Network } from '../../src/network/network.js';
import { readStateSpace } from '../../src/network/state-space.js';
import { Tensor } from '../../src/network/tensor.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';
import { modesOf } from '../generators/modes.js';

const shapes = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }));
const norms = fc.constantFrom(Rational.of(1, 10), Rational.one, Rational.of(7, 2), Rational.of(1000));
const cases = fc
  .tuple(shapes, norms)
  .chain(([[l, m], c1]) => modesOf(polesOfShape(l, m), c1).map((modes) => ({ l, m, c1, modes })));
const numRuns = process.env.EXHIBIT_NIGHTLY ? 500 : 40;

/** sum alpha lam^t by powers, with 0^0 = 1. */
function responseOf(modes: readonly Mode[], length: number): Gaussian[] {
  const terms = modes.map(({ residue }) => residue);
  return Array.from({ length }, () => {
    const value = terms.reduce((sum, term) => sum.add(term), Gaussian.zero);
    modes.forEach(({ pole }, i) => {
      terms[i] = terms[i].mul(pole);
    });
    return value;
  });
}

/** The network's answer to an impulse, by the interpreter of networks. */
function impulse(network: Network, length: number): Record<string, readonly Rational[]> {
  const x = new Tensor(
    [length],
    Array.from({ length }, (_, t) => (t === 0 ? Rational.one : Rational.zero)),
  );
  const outputs = compile(network, exact)({ x });
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.dense(Rational.zero)]));
}

describe('deepModel', () => {
  it('has the impulse response of the target, run as a network in exact arithmetic', () => {
    fc.assert(
      fc.property(cases, ({ l, m, c1, modes }) => {
        const length = 2 * modes.length + 1;
        const network = stateSpaceNetwork(deepModel(modes, l, m, prescribedTau(l, c1)), length, true);
        const found = impulse(network, length);
        const expected = responseOf(modes, length);
        expect(found.y.map(String)).toEqual(expected.map(({ re }) => re.toString()));
        if (found.y_imag) expect(found.y_imag.map(String)).toEqual(expected.map(({ im }) => im.toString()));
        else expect(expected.every(({ im }) => im.isZero())).toBe(true);
      }),
      { numRuns },
    );
  });

  it('has l layers of width m, entries of modulus at most tau, and the poles of the target beside zeros', () => {
    fc.assert(
      fc.property(cases, ({ l, m, c1, modes }) => {
        const tau = prescribedTau(l, c1);
        const { layers, C } = deepModel(modes, l, m, tau);
        expect(layers.map(({ poles, B }) => [poles.length, B.length])).toEqual(new Array(l).fill([m, m]));
        const entries = [...layers.flatMap(({ B }) => B.flat()), ...C].map(([, entry]) => entry.squaredModulus());
        for (const squared of entries) expect(squared.le(tau.mul(tau))).toBe(true);
        const sorted = (poles: readonly Gaussian[]) =>
          poles
            .filter((pole) => !pole.isZero())
            .map(String)
            .sort();
        expect(sorted(layers.flatMap(({ poles }) => poles))).toEqual(sorted(modes.map(({ pole }) => pole)));
      }),
      { numRuns },
    );
  });

  it('is exact for any tau, only larger or smaller', () => {
    const modes = [0.5, -0.25, 0.75].map((pole, k) => ({
      pole: new Gaussian(Rational.of(pole * 4, 4)),
      residue: new Gaussian(Rational.of(k + 1)),
    }));
    for (const tau of [Rational.of(1, 7), Rational.of(100)]) {
      const { y } = impulse(stateSpaceNetwork(deepModel(modes, 2, 2, tau), 9, false), 9);
      expect(y.map(String)).toEqual(responseOf(modes, 9).map(String));
    }
  });
});

describe('prescribedTau', () => {
  it.each([
    [1, '1000'],
    [2, '1/3'],
    [16, '1000'],
    [32, '1e-5'],
    [7, '123456789/1000'],
  ])('is the least number of 24 bits above the constant: l = %i, c1 = %s', (l, text) => {
    const [p, q = '1'] = text.split('/');
    const c1 = Rational.of(1).mul(Number(p) < 1 ? Rational.of(1, 1e5) : Rational.of(Number(p), Number(q)));
    const target = Rational.pow2(l - 1).mul(c1.mul(c1));
    const tau = prescribedTau(l, c1);
    expect(target.le(tau.pow(l + 1))).toBe(true);
    const below = tau.mul(Rational.one.sub(Rational.pow2(-22)));
    expect(below.pow(l + 1).lt(target)).toBe(true);
  });

  it('is exact where the constant is rational: l = 3, c1 = 2 gives 2, from 2^(2/4) 2^(2/4)', () => {
    expect(prescribedTau(3, Rational.of(2)).toString()).toBe('2');
  });
});

describe('shallowModel', () => {
  it('has entries of modulus at most c1', () => {
    fc.assert(
      fc.property(cases, ({ c1, modes }) => {
        const { layers, C } = shallowModel(modes, c1);
        for (const [, entry] of [...layers[0].B.flat(), ...C]) expect(entry.squaredModulus().le(c1.mul(c1))).toBe(true);
      }),
      { numRuns },
    );
  });
});

describe('stateSpaceNetwork', () => {
  it('is read back as the model it was made from', () => {
    fc.assert(
      fc.property(cases, ({ l, m, c1, modes }) => {
        const model = deepModel(modes, l, m, prescribedTau(l, c1));
        const read = readStateSpace(stateSpaceNetwork(model, 4, !hasRealResponse(modes)));
        const text = (value: unknown) => JSON.stringify(value, (_, x) => (x instanceof Gaussian ? x.toString() : x));
        expect(text(read)).toBe(text(model));
      }),
      { numRuns },
    );
  });
});

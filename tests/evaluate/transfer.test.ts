import fc from 'fast-check';
import { expect, it } from 'vitest';
import { impulseResponse, response } from '../../src/evaluate/impulse.js';
import { compileTransfer } from '../../src/evaluate/transfer.js';
import type { StateSpace } from '../../src/network/state-space.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { isZero, quotient } from '../../src/numbers/gaussian-integer.js';
import { Rational } from '../../src/numbers/rational.js';
import { stateSpaces as models } from '../generators/state-spaces.js';

/** Layer by layer in Gaussian rationals. */
function evaluate({ layers, C }: StateSpace, w: number): Gaussian {
  let state = [Gaussian.one];
  for (const { poles, B } of layers) {
    state = B.map((entries, i) => {
      const drive = entries.reduce((sum, [j, b]) => sum.add(b.mul(state[j])), Gaussian.zero);
      return drive.div(Gaussian.one.sub(poles[i].mul(new Gaussian(Rational.of(w)))));
    });
  }
  return C.reduce((sum, [j, c]) => sum.add(c.mul(state[j])), Gaussian.zero);
}

it('is the transfer function, at every integer that is no inverse of a pole', () => {
  fc.assert(
    fc.property(models, fc.integer({ min: -6, max: 6 }), (model, w) => {
      const { numerator, denominator } = compileTransfer(model).at(BigInt(w));
      const isPole = model.layers.some(({ poles }) =>
        poles.some((lam) => lam.mul(new Gaussian(Rational.of(w))).equals(Gaussian.one)),
      );
      expect(isZero(denominator)).toBe(isPole);
      if (!isPole) expect(quotient(numerator, denominator).toString()).toBe(evaluate(model, w).toString());
    }),
    { numRuns: 300 },
  );
});

it('has a numerator of at most the stated degree: finite differences of that order plus one vanish', () => {
  fc.assert(
    fc.property(models, (model) => {
      const { poles, degree } = compileTransfer(model);
      let values = Array.from({ length: degree + 2 }, (_, k) => {
        const w = new Gaussian(Rational.of(20 * (k + 1)));
        const product = poles.reduce((p, lam) => p.mul(Gaussian.one.sub(lam.mul(w))), Gaussian.one);
        return evaluate(model, 20 * (k + 1)).mul(product);
      });
      while (values.length > 1) values = values.slice(1).map((value, k) => value.sub(values[k]));
      expect(values[0].toString()).toBe('0');
    }),
    { numRuns: 200 },
  );
});

it('the impulse response and the response to an input follow the recurrence', () => {
  const inputs = fc.array(fc.bigInt({ min: -5n, max: 5n }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(models, inputs, (model, input) => {
      const rho = impulseResponse(model);
      const kernel = input.map(() => rho.next().value).map((v) => quotient(v.numerator, { re: v.denominator, im: 0n }));
      const y = response(model, (t) => input[t]);
      input.forEach((_, t) => {
        const { numerator, denominator } = y.next().value;
        const expected = kernel
          .slice(0, t + 1)
          .reduce((sum, value, s) => sum.add(value.mul(new Gaussian(Rational.of(input[t - s])))), Gaussian.zero);
        expect(quotient(numerator, { re: denominator, im: 0n }).toString()).toBe(expected.toString());
      });
      expect(kernel[0].toString()).toBe(evaluate(model, 0).toString());
    }),
  );
});

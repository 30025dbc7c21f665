import fc from 'fast-check';
import type { StateSpace } from '../../src/network/state-space.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';

const part = fc
  .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 1, max: 12 }))
  .map(([p, q]) => Rational.of(p, q));
export const complexNumbers = fc.oneof(
  fc.tuple(part, part).map(([re, im]) => new Gaussian(re, im)),
  part.map((re) => new Gaussian(re)),
  fc.constant(Gaussian.zero),
);
const pole = complexNumbers.map((z) => z.div(new Gaussian(Rational.of(13))));

const row = (width: number) =>
  fc
    .array(complexNumbers, { minLength: width, maxLength: width })
    .map((entries) => entries.flatMap((value, j) => (value.isZero() ? [] : [[j, value] as const])));

/** Models with dense and sparse weights, which need not be chains. */
export const stateSpaces: fc.Arbitrary<StateSpace> = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 })
  .chain((widths) => {
    const layers = widths.map((width, k) =>
      fc.record({
        poles: fc.array(pole, { minLength: width, maxLength: width }),
        B: fc.array(row(k === 0 ? 1 : widths[k - 1]), { minLength: width, maxLength: width }),
      }),
    );
    return fc.record({ layers: fc.tuple(...layers), C: row(widths.at(-1)!) }) as fc.Arbitrary<StateSpace>;
  });

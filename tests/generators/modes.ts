import fc from 'fast-check';
import type { Mode } from '../../constructions/deep-ssm.js';
import { Gaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';

const thousandth = (k: number) => Rational.of(k, 1000);

const real = fc.integer({ min: -999, max: 999 }).map((k) => new Gaussian(thousandth(k)));
const complex = fc
  .tuple(fc.integer({ min: -700, max: 700 }), fc.integer({ min: -700, max: 700 }))
  .map(([a, b]) => new Gaussian(thousandth(a), thousandth(b)));
const clustered = fc
  .tuple(fc.constantFrom(-1, 1), fc.integer({ min: -3, max: 3 }))
  .map(([sign, k]) => new Gaussian(Rational.of(sign, 2).add(Rational.of(k, 10 ** 6))));
const few = fc.constantFrom(
  Gaussian.zero,
  new Gaussian(Rational.of(1, 2)),
  new Gaussian(Rational.of(-1, 3), Rational.of(1, 4)),
);

/** Poles as theorems meet them: real, complex, in conjugate pairs, clustered, equal, zero, and all of these mixed. */
export function polesOf(count: number): fc.Arbitrary<Gaussian[]> {
  const list = (pole: fc.Arbitrary<Gaussian>) => fc.array(pole, { minLength: count, maxLength: count });
  const paired = list(complex).map((poles) => poles.map((pole, k) => (k % 2 === 1 ? poles[k - 1].conjugate() : pole)));
  return fc.oneof(
    list(real),
    list(complex),
    paired,
    list(clustered),
    list(few),
    list(fc.oneof(real, complex, clustered, few)),
  );
}

/** Modes with |residue| <= c1^2: real, complex, the largest, or zero. */
export function modesOf(count: number, c1: Rational): fc.Arbitrary<Mode[]> {
  const bound = c1.mul(c1);
  const unit = fc.oneof(
    real,
    complex,
    fc.constantFrom(Gaussian.one, Gaussian.one.neg(), new Gaussian(Rational.zero, Rational.one), Gaussian.zero),
  );
  const residues = fc.array(unit, { minLength: count, maxLength: count });
  return fc
    .tuple(polesOf(count), residues)
    .map(([poles, units]) => poles.map((pole, k) => ({ pole, residue: units[k].mul(new Gaussian(bound)) })));
}

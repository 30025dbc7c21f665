import { init } from 'gmp-wasm';
import { describe, expect, it } from 'vitest';
import * as elementary from '../../src/numbers/elementary.js';
import { halfPi, integerSqrt, ln2 } from '../../src/numbers/fixed-point.js';
import { lambertDown, lambertUp } from '../../src/numbers/lambert.js';
import { powDown, powUp } from '../../src/numbers/power.js';
import { nextUp } from '../../src/numbers/rounding.js';
import { reduce, sinOfReduced } from '../../src/numbers/trigonometric.js';
import { Oracle } from './oracle.js';
import { cases, nastyDouble, stream } from './samples.js';

const oracle = new Oracle();
const reducedSin = (turns: number, up: boolean) => (x: number) => {
  const k = reduce(x);
  return k === undefined ? undefined : sinOfReduced(k + turns, up);
};

type Bounding = (x: number) => number | undefined;

/** Per function: the pair of bounds, a sample of arguments, and the greatest distance of the two bounds in doubles. */
const FUNCTIONS: readonly [
  name: 'exp' | 'log' | 'tanh' | 'sin' | 'cos' | 'lambertW',
  down: Bounding,
  up: Bounding,
  sample: (random: () => number) => number,
  distance: number,
][] = [
  ['exp', elementary.expDown, elementary.expUp, (random) => (random() - 0.5) * 1500, 2],
  ['exp', elementary.expDown, elementary.expUp, (random) => (random() - 0.5) * 2 ** (-60 * random()), 2],
  ['log', elementary.logDown, elementary.logUp, (random) => Math.abs(nastyDouble(random)), 2],
  ['log', elementary.logDown, elementary.logUp, (random) => 1 + (random() - 0.5) * 2 ** (-52 * random()), 2],
  ['tanh', elementary.tanhDown, elementary.tanhUp, (random) => (random() - 0.5) * 45 * 2 ** (-40 * random()), 2],
  ['sin', reducedSin(0, false), reducedSin(0, true), (random) => (random() - 0.5) * 2 ** (21 * random()), 2],
  ['cos', reducedSin(1, false), reducedSin(1, true), (random) => (random() - 0.5) * 2 ** (21 * random()), 2],
  ['sin', reducedSin(0, false), reducedSin(0, true), (random) => Math.round(random() * 667543) * (Math.PI / 2), 2],
  ['lambertW', lambertDown, lambertUp, (random) => -0.25 + 2 ** (1020 * random() - 3), 2],
  ['lambertW', lambertDown, lambertUp, (random) => (random() - 0.5) / 2, 2],
];

describe.each(FUNCTIONS)('%s of a double', (name, down, up, sample, distance) => {
  it(`is within bounds at most ${distance} doubles apart`, () => {
    const random = stream(21);
    let worst = 0;
    for (let i = 0; i < cases(3_000, 200_000); i++) {
      const x = sample(random);
      const [lo, hi] = [down(x), up(x)];
      if (lo === undefined || hi === undefined || (name === 'log' && x === 0)) continue;
      if (oracle.unary(name, x, lo, hi) !== true) expect.fail(`${name}(${x}) is not in [${lo}, ${hi}]`);
      let steps = 0;
      for (let y = lo; y < hi && steps < 100; y = nextUp(y)) steps++;
      worst = Math.max(worst, steps);
    }
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThanOrEqual(distance);
  });
});

describe('exact values stay exact', () => {
  it.each([
    ['exp 0', elementary.expDown(0), elementary.expUp(0), 1],
    ['log 1', elementary.logDown(1), elementary.logUp(1), 0],
    ['tanh 0', elementary.tanhDown(0), elementary.tanhUp(0), 0],
    ['W0(0)', lambertDown(0), lambertUp(0), 0],
    ['3^20', powDown(3, 20), powUp(3, 20), 3486784401],
    ['2^-1074', powDown(0.5, 1074), powUp(0.5, 1074), 2 ** -1074],
  ])('%s', (_name, lo, hi, value) => {
    expect([lo, hi]).toEqual([value, value]);
  });
});

describe('limits', () => {
  const infinity = Number.POSITIVE_INFINITY;
  it('at infinity and beyond the range', () => {
    expect([elementary.expDown(-infinity), elementary.expUp(infinity)]).toEqual([0, infinity]);
    expect([elementary.expDown(1000), elementary.expUp(1000)]).toEqual([Number.MAX_VALUE, infinity]);
    expect([elementary.expDown(-1000), elementary.expUp(-1000)]).toEqual([0, 2 ** -1074]);
    expect([elementary.logDown(0), elementary.logUp(infinity)]).toEqual([-infinity, infinity]);
    expect([elementary.tanhDown(-infinity), elementary.tanhUp(infinity)]).toEqual([-1, 1]);
    expect(lambertUp(infinity)).toBe(infinity);
  });
});

describe('powers', () => {
  it('are within two doubles for exponents where chains of products are not', () => {
    const random = stream(22);
    for (let i = 0; i < 2000; i++) {
      const x = 0.5 + random();
      const n = 3 + Math.floor(random() * 300);
      const [lo, hi] = [powDown(x, n), powUp(x, n)];
      expect(oracle.power(x, n, 1, lo, hi), `${x}^${n}`).toBe(true);
      expect(hi <= nextUp(nextUp(lo)), `${x}^${n}`).toBe(true);
    }
  });
});

describe('constants', async () => {
  const { binding } = await init();
  it.each([
    ['ln 2', ln2, binding.mpfr_const_log2, 0],
    ['pi / 2', halfPi, binding.mpfr_const_pi, 1],
  ] as const)('%s is right to two units at any width', (_name, constant, reference, shift) => {
    const float = binding.mpfr_t();
    const integer = binding.mpz_t();
    binding.mpfr_init2(float, 5000);
    binding.mpz_init(integer);
    reference(float, 0);
    for (const width of [1, 64, 127, 128, 129, 1000, 4000]) {
      binding.mpfr_mul_2si(float, float, width - shift, 0);
      binding.mpfr_get_z(integer, float, 3);
      binding.mpfr_mul_2si(float, float, shift - width, 0);
      const difference = constant(width) - BigInt(binding.mpz_to_string(integer, 10));
      expect(difference <= 1n && difference >= -1n, `${width}`).toBe(true);
    }
  });
});

describe('integer square roots', () => {
  it('are the greatest integers below', () => {
    const random = stream(23);
    for (let i = 0; i < 2000; i++) {
      const size = BigInt(Math.floor(random() * 3000));
      const n = (BigInt(Math.floor(random() * 2 ** 50)) << size) + BigInt(Math.floor(random() * 100));
      const root = integerSqrt(n);
      expect(root * root <= n && n < (root + 1n) * (root + 1n), `${n}`).toBe(true);
    }
  });
});

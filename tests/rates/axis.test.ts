import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asMap } from '../../src/instance/raw.js';
import { readYaml } from '../../src/instance/yaml.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { geometric, readAxis } from '../../src/rates/axis.js';

function values(yaml: string): string[] {
  const raw = asMap(readYaml(`x: ${yaml}`, 'sweep.yaml'), 'a map').get('x')!;
  return readAxis('x', raw).values.map((value) => (value.kind === 'text' ? value.text : value.kind));
}

describe('axes', () => {
  test.each([
    ['[1, 1/2, 1e-3]', ['1', '1/2', '1e-3']],
    ['[0.5, 1/2, 5e-1, 2]', ['0.5', '2']],
    ['["x^2", "sin(x)"]', ['x^2', 'sin(x)']],
    ['[[1, 2], [1, 3]]', ['list', 'list']],
    ['{range: [1, 2, 1/3]}', ['1', '4/3', '5/3', '2']],
    ['{range: [0.1, 0.35, 0.1]}', ['1/10', '1/5', '3/10']],
    ['{range: [3, 3, 1]}', ['3']],
    ['{geometric: [1, 1024, 11]}', ['1', '2', '4', '8', '16', '32', '64', '128', '256', '512', '1024']],
    ['{geometric: [10, 100000, 9]}', ['10', '32', '100', '316', '1000', '3162', '10000', '31623', '100000']],
    ['{geometric: [1/2, 2, 3]}', ['1/2', '1', '2']],
    ['{geometric: [0.1, 10, 5]}', ['1/10', '316228/1000000', '1', '316228/100000', '10']],
    ['{geometric: [1, 4, 9]}', ['1', '2', '3', '4']],
  ] as const)('%s', (yaml, expected) => {
    const exact = (text: string) => (/^[\d./e-]+$/.test(text) ? parseRational(text).toString() : text);
    expect(values(yaml).map(exact)).toEqual(expected.map(exact));
  });

  test.each([
    ['[]', /an empty axis/],
    ['{range: [2, 1, 1]}', /an empty axis/],
    ['{range: [1, 2, 0]}', /step above 0/],
    ['{range: [1, 2]}', /2 numbers.*lo, hi, step/],
    ['{range: [0, 1, 1e-9]}', /at most 1000000/],
    ['{range: [0, 1, 1e-4000]}', /at most 1000000/],
    ['{geometric: [0, 1, 3]}', /ends above 0/],
    ['{geometric: [1, 2, 2.5]}', /an integer of at least 2/],
    ['{geometric: [1, 2, 1e9]}', /at most 10000$/],
    ['{linear: [1, 2, 3]}', /allowed: a list, \{range/],
    ['{constructor: [1, 2, 3]}', /allowed: a list, \{range/],
    ['7', /'7'; allowed: a list/],
    ['{range: [1, inf, 1]}', /not a number/],
  ])('%s is bad input', (yaml, message) => {
    expect(() => values(yaml)).toThrow(message);
    expect(() => values(yaml)).toThrow(/^sweep.yaml:1/);
  });

  test('the points of a geometric axis are within half a unit of the exact ones, and depend on nothing else', () => {
    const ends = fc.tuple(fc.integer({ min: 1, max: 10 ** 6 }), fc.integer({ min: 2, max: 10 ** 6 }));
    fc.assert(
      fc.property(ends, fc.integer({ min: 3, max: 12 }), ([lo, factor], n) => {
        const points = geometric(Rational.of(lo), Rational.of(lo * factor), Rational.of(n));
        expect(points).toHaveLength(n);
        points.forEach((point, k) => {
          expect(point.isInteger()).toBe(true);
          // |p - x| <= 1/2 for x^(n-1) = lo^(n-1-k) (lo factor)^k, by comparing powers exactly.
          const power = Rational.of(lo)
            .pow(n - 1)
            .mul(Rational.of(factor).pow(k));
          const half = Rational.of(1, 2);
          expect(
            point
              .sub(half)
              .pow(n - 1)
              .le(power),
          ).toBe(true);
          expect(power.le(point.add(half).pow(n - 1))).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });
});

import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { byHand, direct } from '../generators/certificates-by-hand.js';

/** A = [1 2; 3 4], x = (1, -1), r = A x = (-1, -1), c = 1/3 as outputs; u is an input, and z = u + x. */
const NODES = [
  '{"op":"constant","shape":[2,2],"dense":["1","2","3","4"]}',
  '{"op":"constant","shape":[2,1],"dense":["1","-1"]}',
  '{"op":"matmul","inputs":[0,1],"shape":[2,1]}',
  '{"op":"constant","shape":[],"dense":["1/3"]}',
  '{"op":"input","name":"u","shape":[2,1]}',
  '{"op":"add","inputs":[4,1],"shape":[2,1]}',
];
const OUTPUTS =
  '[{"name":"A","node":0},{"name":"x","node":1},{"name":"r","node":2},{"name":"c","node":3},{"name":"z","node":5}]';
const NETWORK = `{"format":"exhibit-network-1","nodes":[${NODES}],"outputs":${OUTPUTS}}`;

function check(relations: readonly (readonly string[])[], holds = true) {
  const { certificate, network } = byHand(NETWORK, [direct('claim', 'values', 'values', { relations, holds })]);
  const { claims } = checkCertificate(certificate, network);
  return `${claims[0].verdict}: ${claims[0].statement ?? claims[0].reason}`;
}

describe('relations between entries of an exact object', () => {
  test.each([
    [[['max(abs(r[1,1]), abs(r[2,1]))', '<=', '1']]],
    [[['A[1,2]*A[2,1] - A[1,1]*A[2,2]', '=', '2']]],
    [[['c', '=', '1/3']]],
    [
      [
        ['c + x[2,1]', '<', '0'],
        ['x[1,1]^2', '>=', '1'],
      ],
    ],
    [[['sqrt(A[1,2])', '>', '1.41421356']]],
    [[['2^(-282)*2^300', '=', '2^18']]],
  ])('hold: %j', (relations) => {
    expect(check(relations)).toMatch(/^verified/);
  });

  test('fail, when that is what is claimed', () => {
    expect(check([['r[1,1]', '>=', '0']], false)).toBe('verified: not: r[1,1] >= 0');
    expect(check([['r[1,1]', '<=', '0']], false)).toMatch(/^rejected/);
    const mixed = [
      ['r[1,1]', '<=', '0'],
      ['c', '=', '1'],
    ];
    expect(check(mixed, false)).toMatch(/^verified/);
    expect(check(mixed)).toMatch(/^rejected/);
  });

  test.each([
    [['r[1,1]', '<=', '-2']],
    [['r[1,1]', '<', '-1']],
    [['c', '=', '1/4']],
    [['sqrt(A[1,2])', '<=', '1.41421356']],
    [['1/(r[1,1] + 1)', '<=', '5']],
    [['for all u in [0, 1]: c', '<=', '5']],
  ])('are rejected: %j', (relation) => {
    expect(check([relation])).toMatch(/^rejected/);
  });

  test.each([
    [['z[1,1]', '<=', '5']],
    [['z[1,1] - z[1,1]', '<=', '5']],
    [['r[3,1]', '<=', '5']],
    [['q', '<=', '5']],
    [['u[1,1]', '<=', '5']],
    [['c', '!=', '5']],
  ])('are left open where they are about something else: %j', (relation) => {
    expect(check([relation])).toMatch(/^unfinished/);
    expect(check([relation], false)).toMatch(/^unfinished/);
  });

  test('that rounding hides are not decided', () => {
    expect(check([['sqrt(A[1,2])^2', '=', '2']])).toMatch(/^unfinished/);
  });

  test('need at least one and a word whether they hold', () => {
    expect(check([])).toMatch(/^rejected/);
    expect(check([['c', '=', '1/3']], null as never)).toMatch(/^rejected/);
  });
});

test('sums of exponentials and cosines are known to more than 200 binary places', () => {
  // exp(-1/128 pi^2) cos(pi/3), to 64 decimals by mpmath.
  const value = '0.4628957256018090364797241207154022014933324723318350658643989336';
  expect(check([[`abs(exp(-1/128*pi^2)*cos(1/3*pi) - ${value})`, '<=', `1/${10n ** 63n}`]])).toMatch(/^verified/);
  expect(check([[`abs(exp(-1/128*pi^2)*cos(1/3*pi) - ${value})`, '<=', `1/${10n ** 66n}`]])).toMatch(/^rejected/);
});

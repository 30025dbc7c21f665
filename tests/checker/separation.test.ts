import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { byHand, direct } from '../generators/certificates-by-hand.js';

/** The node 2 is 2 x_1 - x_2. */
const NETWORK =
  '{"format":"exhibit-network-1","nodes":[{"op":"input","name":"x","shape":[1,2]},{"op":"constant","shape":[2,1],"dense":["2","-1"]},' +
  '{"op":"matmul","inputs":[0,1],"shape":[1,1]}],"outputs":[{"name":"y","node":2}]}';

const POINTS = [{ x: ['0', '0'] }, { x: ['1/2', '0'] }, { x: ['0', '1/3'] }];

function check(least: string, given: { inputs?: unknown[]; node?: number; listed?: unknown[] } = {}): string {
  const { inputs = POINTS, node = 2 } = given;
  const { listed = inputs } = given;
  const sha256 = createHash('sha256').update(JSON.stringify(listed)).digest('hex');
  const conclusion = { node, count: inputs.length, sha256, least };
  const claim = direct('claim', 'separation', 'separation', conclusion);
  const steps = claim.steps.map((step) => ({ ...step, data: { node, inputs } }));
  const { certificate, network } = byHand(NETWORK, [{ ...claim, steps }]);
  const [{ verdict, statement, reason }] = checkCertificate(certificate, network).claims;
  return `${verdict}: ${statement ?? reason}`;
}

describe('the least distance between values of a node', () => {
  // The values are 0, 1, -1/3.
  test('is what it is', () => {
    expect(check('1/3')).toMatch(/^verified: .* are at least 1\/3 apart/);
    expect(check('1/4')).toMatch(/^rejected/);
    expect(check('1/2')).toMatch(/^rejected/);
    expect(check('0', { inputs: [...POINTS, { x: ['1', '2'] }] })).toMatch(/^verified/);
    expect(check('1/3', { inputs: [...POINTS, { x: ['1', '2'] }] })).toMatch(/^rejected/);
  });

  test('is none for one point', () => {
    expect(check('none', { inputs: POINTS.slice(1, 2) })).toMatch(/^verified: the certificate lists one input/);
    expect(check('none')).toMatch(/^rejected/);
  });

  test('is that of the same points by the search for pieces', () => {
    const many = Array.from({ length: 40 }, (_, k) => ({ x: [`${k * k}/2`, '0'] }));
    expect(check('1', { inputs: many })).toMatch(/^verified/);
    expect(check('3', { inputs: many })).toMatch(/^rejected/);
  });

  test.each([
    ['other points than those of the hash', { listed: POINTS.slice(1) }, /do not prove/],
    ['one point', { inputs: POINTS.slice(1, 2) }, /do not prove/],
    ['a node of two numbers', { node: 0 }, /not one number/],
    ['a node that is not there', { node: 3 }, /number of a node/],
    ['a point of three numbers', { inputs: [...POINTS, { x: ['0', '0', '0'] }] }, /3 numbers/],
    ['no list', { inputs: 7 as never }, /inputs/],
  ])('is not known of %s', (_, given, reason) => {
    expect(check('1/3', given)).toMatch(reason);
  });
});

import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { sha256 } from '../../src/checker/digest.js';
import { Rational } from '../../src/numbers/rational.js';
import { byHand, direct } from '../generators/certificates-by-hand.js';
import { stream } from '../numbers/samples.js';

const random = stream(9);
const draw = () => Rational.of(Math.floor(random() * 21) - 10, 1 + Math.floor(random() * 3));
const UNITS = 30;

/** y = 2 relu(layer) - 1/2 or y = layer - 1/2, the layer of x1 - 2 x2 + 1/3. */
function memory(isBent: boolean) {
  const [fan, bias, readout] = [0, 1, 2].map(() => Array.from({ length: UNITS }, draw));
  const quoted = (list: readonly Rational[]) => list.map((entry) => `"${entry}"`);
  const nodes = [
    '{"op":"input","name":"x","shape":[1,2]}',
    '{"op":"constant","shape":[2,1],"dense":["1","-2"]}',
    '{"op":"matmul","inputs":[0,1],"shape":[1,1]}',
    '{"op":"constant","shape":[],"dense":["1/3"]}',
    '{"op":"add","inputs":[2,3],"shape":[1,1]}',
    `{"op":"constant","shape":[1,${UNITS}],"dense":[${quoted(fan)}]}`,
    `{"op":"matmul","inputs":[4,5],"shape":[1,${UNITS}]}`,
    `{"op":"constant","shape":[${UNITS}],"dense":[${quoted(bias)}]}`,
    `{"op":"add","inputs":[6,7],"shape":[1,${UNITS}]}`,
    `{"op":"relu","inputs":[8],"shape":[1,${UNITS}]}`,
    `{"op":"constant","shape":[${UNITS},1],"dense":[${quoted(readout)}]}`,
    '{"op":"matmul","inputs":[9,10],"shape":[1,1]}',
    `{"op":"${isBent ? 'relu' : 'reshape'}","inputs":[11],"shape":[1,1]}`,
    '{"op":"constant","shape":[],"dense":["1/2"]}',
    '{"op":"sub","inputs":[12,13],"shape":[1,1]}',
  ];
  const network = `{"format":"exhibit-network-1","nodes":[${nodes}],"outputs":[{"name":"y","node":14}]}`;
  const value = ([x, z]: readonly Rational[]) => {
    const u = x.sub(z.mul(Rational.of(2))).add(Rational.of(1, 3));
    const hidden = fan.map((weight, k) => weight.mul(u).add(bias[k]).max(Rational.zero));
    const sum = hidden.reduce((total, h, k) => total.add(h.mul(readout[k])), Rational.zero);
    return (isBent ? sum.max(Rational.zero) : sum).sub(Rational.of(1, 2));
  };
  return { network, value };
}

function check(isBent: boolean, count: number, wrong: number | null) {
  const { network, value } = memory(isBent);
  const samples = Array.from({ length: count }, (_, k) => {
    const x = [draw(), draw()];
    const expected = value(x).add(k === wrong ? Rational.of(1, 1000) : Rational.zero);
    return { inputs: { x: x.map(String) }, expected: String(expected) };
  });
  const data = { output: 'y', samples, bound: '0' };
  const conclusion = { kind: 'samples', output: 'y', count, sha256: sha256(samples), bound: '0' };
  const { certificate, network: file } = byHand(network, [
    { ...direct('claim', 'samples', 'exact-evaluation', data), conclusion },
  ]);
  const [claim] = checkCertificate(certificate, file).claims;
  return `${claim.verdict}: ${claim.reason ?? ''}`;
}

describe('samples of a layer of ReLUs of one number, few one by one and many by its pieces', () => {
  test.each([
    [false, 5],
    [false, 60],
    [true, 60],
  ])('are right (bent: %s, %i samples)', (isBent, count) => {
    for (let n = 0; n < 5; n++) expect(check(isBent, count, null)).toMatch(/^verified/);
  });

  test.each([
    [false, 5, 3],
    [false, 60, 59],
    [false, 60, 0],
    [true, 60, 30],
  ])('with a wrong label are rejected (bent: %s, %i samples)', (isBent, count, wrong) => {
    expect(check(isBent, count, wrong)).toMatch(new RegExp(`^rejected.*at sample ${wrong} `));
  });
});

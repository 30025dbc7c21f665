import { expect, test } from 'vitest';
import { shallowModel } from '../../../constructions/deep-ssm.js';
import { CONES, DISTANCES, extension, mcshaneNet, OFFSETS } from '../../../constructions/mcshane-net.js';
import { stateSpaceNetwork } from '../../../constructions/state-space.js';
import { Gaussian } from '../../../src/numbers/gaussian.js';
import { Rational } from '../../../src/numbers/rational.js';
import { proveByLemma } from '../../../src/proof/rules/lemma.js';
import { proveMcShane } from '../../../src/proof/rules/mcshane.js';
import { proveSawtoothBarrier } from '../../../src/proof/rules/sawtooth-barrier.js';
import { proveDepthBarrier, proveLeastDepth, proveLeastNorm } from '../../../src/proof/rules/state-space/depth.js';
import { proveMemoryError } from '../../../src/proof/rules/state-space/memory-error.js';
import { proveResponse } from '../../../src/proof/rules/state-space/transfer-identity.js';
import { parseExpression } from '../../../src/symbolic/parse.js';
import { classicalNet } from '../../generators/networks.js';

test('cones are not bounded by a finer grid than they have', () => {
  const design = extension(parseExpression('z1/2', ['z1']), ['z1'], 4, Rational.one);
  const names = { offsets: OFFSETS, distances: DISTANCES, cones: CONES };
  const prove = (N: number) => proveMcShane(mcshaneNet(design), 'y', { ...design, N, names });
  expect(prove(4).every(({ kind }) => kind === 'fact')).toBe(true);
  for (const N of [2, 3, 5, 8]) expect(prove(N).some(({ kind }) => kind === 'open')).toBe(true);
});

test('a response is no premise for bounds about another target', () => {
  const modes = (...poles: number[]) =>
    poles.map((pole) => ({ pole: new Gaussian(Rational.of(pole, 10)), residue: new Gaussian(Rational.one) }));
  const [own, other] = [modes(1, 2), modes(1, 2, 3, 4)].map((list) => shallowModel(list, Rational.one));
  const network = stateSpaceNetwork(own, 8, false);
  const response = proveResponse(network, own);
  expect(proveDepthBarrier(network, response, own, 1, 1).kind).toBe('fact');
  expect(proveDepthBarrier(network, response, own, 2, 2).kind).toBe('open');
  expect(proveDepthBarrier(network, response, other, 2, 2).kind).toBe('open');
  expect(proveLeastNorm(network, response, own, 1, 2).kind).toBe('fact');
  expect(proveLeastNorm(network, response, other, 1, 4).kind).toBe('open');
});

test('what callers give is held to what the statements presuppose', () => {
  const pole = (re: number) => ({ pole: new Gaussian(Rational.of(re, 10)), residue: new Gaussian(Rational.one) });
  const one = shallowModel([pole(1)], Rational.one);
  const two = { layers: [...one.layers, ...one.layers], C: one.C };
  const network = stateSpaceNetwork(one, 8, false);
  const response = proveResponse(network, one);
  expect(() => proveResponse(stateSpaceNetwork(two, 8, false), two)).toThrow('one layer');
  expect(proveLeastNorm(network, response, one, 2, 1).kind).toBe('open');
  expect(() => proveLeastDepth(network, response, one, { m: 1, c: Rational.of(-1) })).toThrow('at most -1');
  const growing = { family: 'exponential', alpha: Rational.of(-1) } as const;
  expect(() => proveMemoryError(network, growing)).toThrow('does not decay');
  const at = (x: Rational, y: Rational) => ({ x, y });
  const [zero, half] = [Rational.zero, Rational.of(1, 2)];
  const jump = [at(zero, zero), at(half, zero), at(half, Rational.one), at(Rational.one, Rational.one)];
  const teeth = classicalNet('telgarsky-sawtooth', { k: 2, N: 3 });
  const barrier = (knots: typeof jump) =>
    proveSawtoothBarrier(teeth, 'y', { N: 3, norm: 'L1', competitor: { text: 'f', knots } });
  expect(() => barrier(jump)).toThrow('do not run from 0 to 1');
  const [head] = network.nodes;
  const foreign = { id: 'a', says: 'a', domain: null, inputs: {}, sets: {}, functions: {}, numbers: {} };
  const other = stateSpaceNetwork(one, 8, false);
  expect(() => proveByLemma(other, 'soft-minimum', { ...foreign, entries: { y: [head, 0] } })).toThrow(
    'another network',
  );
});

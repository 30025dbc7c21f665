import { expect, test } from 'vitest';
import { shallowModel } from '../../../constructions/deep-ssm.js';
import { CONES, DISTANCES, extension, mcshaneNet, OFFSETS } from '../../../constructions/mcshane-net.js';
import { stateSpaceNetwork } from '../../../constructions/state-space.js';
import { Gaussian } from '../../../src/numbers/gaussian.js';
import { Rational } from '../../../src/numbers/rational.js';
import { proveMcShane } from '../../../src/proof/rules/mcshane.js';
import { proveDepthBarrier, proveLeastNorm } from '../../../src/proof/rules/state-space/depth.js';
import { proveResponse } from '../../../src/proof/rules/state-space/transfer-identity.js';
import { parseExpression } from '../../../src/symbolic/parse.js';

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

import { describe, expect, test } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { byHand, direct } from '../generators/certificates-by-hand.js';

const NETWORK =
  '{"format":"exhibit-network-1","nodes":[{"op":"input","name":"x","shape":[2,1]}],"outputs":[{"name":"y","node":0}]}';

type Fields = Readonly<Record<string, unknown>>;

/** What the checker says of a conclusion that is drawn from other data, or from its own. */
function check(kind: string, conclusion: Fields, data: Fields = conclusion): string {
  const claim = direct('claim', kind, 'information-flow', conclusion);
  const steps = claim.steps.map((step) => ({ ...step, data }));
  const { certificate, network } = byHand(NETWORK, [{ ...claim, steps }]);
  const [{ verdict, statement, reason }] = checkCertificate(certificate, network).claims;
  return `${verdict}: ${statement ?? reason}`;
}

const SECOND = 'argmax(self, argmax(self))';

describe('what heads can bring', () => {
  test.each([
    ['a retrieval', ['argmax'], ['argmax(self)'], true],
    ['no head', ['average'], ['argmax(self)'], false],
    ['the second largest in two layers', ['argmax', 'argmax'], [SECOND], true],
    ['the second largest in one layer of many heads', ['9 x argmax'], [SECOND], false],
    ['an induction head', ['select -1', 'argmax'], ['argmax(self, offset -1)'], true],
    ['an induction head in one layer', ['argmax, select -1'], ['argmax(self, offset -1)'], false],
    ['another offset', ['select 1', 'argmax'], ['argmax(self, offset -1)'], false],
    ['an offset behind the argmax', ['argmax', 'select -1'], ['argmax(self, offset -1)'], false],
    ['two facts with one head', ['argmax'], ['argmax(self)', 'argmax(self)'], false],
    ['two facts with two heads', ['2 x argmax'], ['argmax(self)', 'argmax(self)'], true],
    // The first head has to serve the fact that others wait for, wherever it stands in the list.
    ['the needed one first', ['argmax', 'argmax', 'argmax'], ['argmax(self)', SECOND], true],
    ['one head too few for a chain', ['argmax', 'argmax'], ['argmax(self)', SECOND], false],
    ['itself', ['average'], ['self'], true],
    ['an offset', ['0 x argmax, select 3'], ['offset 3'], true],
  ])('%s', (_, layers, task, isReached) => {
    const reached = { layers, task };
    const missing = { ...reached, missing: true };
    expect(check('flow', isReached ? reached : missing, reached)).toMatch(/^verified/);
    expect(check('flow', isReached ? missing : reached, reached)).toMatch(/^rejected: .*do not prove/);
    const sizes = { T: 6, d: 2, E: 9 };
    const cost = (exponent: string) => check('flow-cost', { ...reached, sizes, exponent }, { ...reached, sizes });
    expect(cost(isReached ? '0' : '4/3')).toMatch(/^verified/);
    expect(cost(isReached ? '4/3' : '0')).toMatch(/^rejected/);
  });

  test('a plan is not believed', () => {
    const reached = { layers: ['argmax'], task: [SECOND] };
    expect(check('flow', reached, { ...reached, brought: [1, 1] })).toMatch(/^rejected: .*do not prove/);
  });

  test.each([
    ['no fact', { layers: ['argmax'], task: [] }, /no fact/],
    ['a head that is none', { layers: ['argmin'], task: ['self'] }, /is no layer/],
    ['a fact that is none', { layers: ['argmax'], task: ['argmax()'] }, /is no fact/],
    ['too many facts', { layers: ['argmax'], task: Array.from({ length: 25 }, () => 'argmax(self)') }, /more than 24/],
    ['no states', { layers: ['argmax'], task: ['self'], sizes: { T: 1, d: 1, E: 0 } }, /not positive/],
    ['a size left out', { layers: ['argmax'], task: ['self'], sizes: { T: 1, d: 1 } }, /E/],
  ])('%s is not read', (_, data, reason) => {
    expect(check('flow', data)).toMatch(reason);
  });
});

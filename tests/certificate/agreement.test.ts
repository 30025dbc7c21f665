import { expect, test } from 'vitest';
import { settlesClaim } from '../../src/certificate/agreement.js';
import { Builder } from '../../src/network/builder.js';

const b = new Builder();
const network = b.network({ y: b.input('x', { coordinate: 1 }) });
const shown = (domain: readonly [string, string] | null, hi: string) =>
  ({ kind: 'approximation', output: 'y', domain: { x: domain }, target: 'x', lo: '0', hi }) as const;

test.each([
  ['all real inputs', null, '1', true],
  ['all real inputs, but a larger bound', null, '2', false],
  ['the same box', ['0', '1'], '1', true],
  ['another box', ['0', '2'], '1', false],
] as const)('a claim about a box is settled by what holds of %s: %j, %s', (_, domain, hi, settled) => {
  expect(settlesClaim(network, shown(domain, hi), 'for all x in [0, 1]: y - x <= 1', 'proved')).toBe(settled);
});

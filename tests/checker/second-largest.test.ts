import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { type Certified, certify } from '../generators/certificates.js';

const T = 4;
const E = T + 2;

interface HandNode {
  readonly op: string;
  readonly shape: readonly number[];
  sparse?: [number, string][];
}

let correct: Certified;
beforeAll(async () => {
  correct = await certify('two-layer-second-largest', [`T=${T}`, 'eps=1/10']);
});

/** The first claim of the certificate, with other nodes or another step. */
function outcome(
  change: (nodes: HandNode[]) => void,
  changeStep: (data: Record<string, unknown>) => void = () => {},
): string {
  const network = JSON.parse(correct.network) as { nodes: HandNode[] };
  change(network.nodes);
  const text = JSON.stringify(network);
  const document = JSON.parse(correct.certificate) as {
    network: { sha256: string };
    claims: { id: string; steps: { rule: string; data: Record<string, unknown> }[] }[];
  };
  document.network.sha256 = createHash('sha256').update(text).digest('hex');
  const [claim] = document.claims.filter(({ id }) => id === 'error');
  document.claims = [claim];
  for (const { rule, data } of claim.steps) if (rule === 'second-largest') changeStep(data);
  const [{ verdict, reason }] = checkCertificate(JSON.stringify(document), text).claims;
  return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
}

/** Entries of the constant of that shape: W_Q and W_K have one, in this order. */
const constantOf = (nodes: HandNode[], shape: readonly number[], which = 0) =>
  nodes.filter((node) => node.op === 'constant' && `${node.shape}` === `${shape}`)[which].sparse!;
const put = (entries: [number, string][], at: number, value: string) => {
  const place = entries.findIndex(([k]) => k >= at);
  const isThere = entries[place]?.[0] === at;
  entries.splice(place < 0 ? entries.length : place, isThere ? 1 : 0, [at, value]);
};

it('two layers that find the second largest are verified', () => {
  expect(outcome(() => {})).toBe('verified');
});

it.each<[what: string, change: (nodes: HandNode[]) => void, reason: RegExp]>([
  ['the gate of one query', (nodes) => put(constantOf(nodes, [E, T + 1]), 3 * (T + 1) + 2, '-1'), /not alike/],
  ['an entry for another token', (nodes) => put(constantOf(nodes, [E, T + 1]), 3 * (T + 1) + 3, '-1'), /of its own/],
  [
    'a key that holds its input there',
    (nodes) => put(constantOf(nodes, [E, T + 1], 1), T + 2, '1'),
    /of its own|multiples/,
  ],
  [
    'a constant that is added to one key',
    (nodes) => put(constantOf(nodes, [E, T + 1], 1), 2 * (T + 1), '1'),
    /multiples/,
  ],
  ['a code that two tokens share', (nodes) => put(constantOf(nodes, [T, E]), E + 2, '1'), /of its own/],
  ['a code of another size', (nodes) => put(constantOf(nodes, [T, E]), 2, '2'), /not alike/],
  ['a token that is added to a value', (nodes) => put(constantOf(nodes, [E, 1]), 2, '1'), /not the tokens/],
])('%s is seen', (_, change, reason) => {
  expect(outcome(change)).toMatch(reason);
});

it.each<[what: string, change: (data: Record<string, unknown>) => void]>([
  ['a smaller lambda', (data) => Object.assign(data, { lambda: '1/1000' })],
  ['a smaller lambda of the last layer', (data) => Object.assign(data, { last: '1/1000' })],
  ['a smaller bound', (data) => Object.assign(data, { hi: '0' })],
  ['a larger domain', (data) => Object.assign(data, { domain: { x: ['0', '2'] } })],
  ['no domain', (data) => Object.assign(data, { domain: { x: null } })],
  ['the layers exchanged', (data) => Object.assign(data, { others: data.smaller, smaller: data.others })],
  ['one layer twice', (data) => Object.assign(data, { others: data.smaller })],
])('%s is not verified', (_, change) => {
  expect(outcome(() => {}, change)).not.toBe('verified');
});

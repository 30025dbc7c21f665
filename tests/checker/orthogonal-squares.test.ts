import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { resolveInstance } from '../../src/library/instance.js';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { isOp, Network, type Node } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { prove } from '../../src/proof/prove/prove.js';
import { parseStatement } from '../../src/statement/index.js';
import { audited } from '../generators/audits.js';
import { byHand } from '../generators/certificates-by-hand.js';
import { rebuilt } from '../generators/rebuild.js';

const FOR_ALL = 'for all z in [-1, 1]^(3 x 3), v in [-1, 1]^3 with min_{k in 1..3}(s[k]) > 0: ';
const ROWS = `${FOR_ALL}max_{i in 1..3}(|sum_{j in 1..3}(P[i, j]) - 1|) <= 0`;
const COLUMNS = `${FOR_ALL}max_{j in 1..3}(|sum_{i in 1..3}(P[i, j]) - 1|) <= 0`;
const DATA = { of: 'z', output: 'P' };
const { theorem } = await resolveInstance('qr-attention', {});
const params = { n: 3 } as never;
const { network: BUILT } = await theorem.construct(params, { directory: '.', seed: 0 });

function outcome(text: string, data: object = DATA, network = BUILT) {
  const steps = [{ rule: 'orthogonal-squares', data: { text, ...data } }];
  const { certificate, network: file } = byHand([...canonicalForm(network)].join(''), [
    { id: 's', conclusion: { kind: 'statement', text }, steps },
  ]);
  const { verdict, reason } = checkCertificate(certificate, file).claims[0];
  return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
}

/** The network with the first node of an operation changed. */
function changed(op: string, change: (node: Node) => Node) {
  let isDone = false;
  return rebuilt(BUILT, (node) => {
    if (isDone || node.op !== op) return node;
    isDone = true;
    return change(node);
  });
}

/** Wrong networks: what they make of z is not orthogonal, or its squares are not the output. */
const WRONG: Readonly<Record<string, ReturnType<typeof changed>>> = {
  'a sum in place of a difference': changed('sub', (node) => ({ ...node, op: 'add' }) as Node),
  'a length in place of its inverse': changed('div', (node) => ({ ...node, op: 'mul' }) as Node),
  'no root': rebuilt(BUILT, (node) => (isOp(node, 'sqrt' as never) ? node.inputs[0] : node)),
  'a column twice': changed(
    'gather',
    (node) => ({ ...node, attributes: { ...node.attributes, indices: [1] } }) as Node,
  ),
  'another order of the squares': changed(
    'concat',
    (node) => ({ ...node, inputs: [...node.inputs].reverse() }) as Node,
  ),
};

describe('squares of what Gram and Schmidt make', () => {
  it('add up to 1 in rows and columns', () => {
    expect(outcome(ROWS)).toBe('verified');
    expect(outcome(COLUMNS)).toBe('verified');
    expect(outcome(ROWS.replace('<= 0', '<= 1/2'))).toBe('verified');
    expect(outcome(`${FOR_ALL}P[1, 2] + P[2, 2] + P[3, 2] = 1`)).toBe('verified');
    expect(
      outcome(ROWS.replace('min_{k in 1..3}(s[k]) > 0', 's[3] > 0 and s[1] > 0 and z[1, 1] > 0 and s[2] > 0')),
    ).toBe('verified');
  });

  it.each<[what: string, text: string, reason: RegExp, data?: object]>([
    ['no condition', ROWS.replace(/ with .*?: /, ': '), /no condition/],
    ['a length left out', ROWS.replace('1..3}(s', '1..2}(s'), /no condition/],
    ['lengths that may be 0', ROWS.replace('> 0', '>= 0'), /no condition/],
    ['lengths that may be negative', ROWS.replace('> 0', '> -1'), /no condition/],
    ['lengths from above', ROWS.replace('> 0', '< 1'), /no condition/],
    ['another sum', ROWS.replace('- 1|', '- 2|'), /or false/],
    ['a part of a row', ROWS.replace('sum_{j in 1..3}', 'sum_{j in 1..2}'), /or false/],
    ['a bound below 0', ROWS.replace('<= 0', '<= -1'), /or false/],
    ['a strict bound', ROWS.replace('<= 0', '< 0'), /or false/],
    ['a root that may have no value', ROWS.replace('- 1|', '- 1 + sqrt(z[1, 1]) - sqrt(z[1, 1])|'), /not defined/],
    ['ends of sets without a value', ROWS.replace(', 1]', ', 1 + 0*log(0 - 1)]'), /an end of a set is not defined/],
    ['another output', ROWS, /unfinished/, { of: 'z', output: 's' }],
    ['a variable that is no matrix', ROWS, /no square matrix/, { of: 'v', output: 'P' }],
    ['no variable', ROWS, /no square matrix/, { of: 'w', output: 'P' }],
  ])('not with %s', (_, text, reason, data) => {
    expect(outcome(text, data)).toMatch(reason);
  });

  it.each(Object.keys(WRONG))('not with %s, neither checked nor proved', async (what) => {
    expect(outcome(ROWS, DATA, WRONG[what])).toMatch(/not what|no condition/);
  });
});

it('a layer that is none is not proved', async () => {
  const change = (network: typeof BUILT) =>
    rebuilt(network, (node) => (node.op === 'sub' ? ({ ...node, op: 'add' } as Node) : node));
  const result = await audited('qr-attention', ['n=2'], { change });
  expect([result.claim('rows').verdict, result.claim('columns').verdict]).not.toContain('proved');
});

/** What is said of the network. */
function said(text: string, network: Network) {
  const options = { width: Rational.of(1, 1000), deadline: Date.now() + 500, progress: () => {} };
  const model = { name: null, file: 'net', sha256: '', network };
  return prove([model], new Map([['claim', parseStatement(text)]]), options).claims[0];
}

/** The network with sqrt(z - 5) added to the output of that name, and taken away again, or nothing of it. */
function undefinedIn(name: string, end: 'cancels' | 'times 0'): Network {
  const b = new Builder();
  const z = BUILT.inputs.find(({ attributes }) => attributes.name === 'z')!;
  const root = b.apply('sqrt', b.sub(z, b.scalar(Rational.of(5))));
  const lost = end === 'cancels' ? b.sub(root, root) : b.mul(root, b.scalar(Rational.zero));
  const outputs = BUILT.outputs.map(({ name: own, node }) => {
    const added = node.shape.length === 2 ? lost : b.reduceSum(lost, 1);
    return { name: own, node: own === name ? b.add(node, added) : node };
  });
  return new Network(outputs);
}

describe('what is undefined', () => {
  it.each([
    ['P', 'cancels'],
    ['P', 'times 0'],
    ['s', 'cancels'],
    ['s', 'times 0'],
  ] as const)('in %s is not lost where it %s', (name, end) => {
    const network = undefinedIn(name, end);
    expect(outcome(ROWS, DATA, network)).toMatch(/not defined everywhere|no value/);
    expect(said(ROWS, network).verdict).not.toBe('proved');
  });
});

it.each([
  ['[-1, 1]^(3 x 3)', '[2, 3]^(3 x 3)'],
  ['[-1, 1]^3', '[2, 3]^3'],
  ['[-1, 1]^(3 x 3)', 'R^(3 x 3)'],
  ['[-1, 1]^(3 x 3)', '{2..4}^(3 x 3)'],
])('is proved of other sets than %s, as %s', (set, other) => {
  expect(said(ROWS.replace(set, other), BUILT).verdict).toBe('proved');
});

import { expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { readCanonical } from '../../src/files/canonical.js';
import { Tensor } from '../../src/network/tensor.js';
import { lehmer } from '../../src/numbers/random.js';
import { byHand, type HandNode, networkOf } from '../generators/certificates-by-hand.js';

const T = 5;
const BETA = 4;

/**
 * Two columns psi = (x, x/2 + 1/4); the first is averaged with the logits -beta (psi + gates), gates at the last two tokens, the
 * second with those of the first, which no lemma here is about.
 */
const HEAD: HandNode[] = [
  { op: 'input', shape: [T, 1], name: 'x' },
  { op: 'constant', shape: [1, 2], dense: ['1', '1/2'] },
  { op: 'matmul', inputs: [0, 1], shape: [T, 2] },
  { op: 'constant', shape: [2], dense: ['0', '1/4'] },
  { op: 'add', inputs: [2, 3], shape: [T, 2] },
  { op: 'constant', shape: [T, 2], dense: ['0', '0', '0', '0', '0', '0', '2', '0', '2', '0'] },
  { op: 'add', inputs: [4, 5], shape: [T, 2] },
  { op: 'constant', shape: [2, 1], dense: [`-${BETA}`, '0'] },
  { op: 'matmul', inputs: [6, 7], shape: [T, 1] },
  { op: 'softmax', inputs: [8], shape: [T, 1], axis: 0 },
  { op: 'constant', shape: [T, 2], dense: Array(2 * T).fill('0') },
  { op: 'add', inputs: [4, 10], shape: [T, 2] },
  { op: 'mul', inputs: [9, 11], shape: [T, 2] },
  { op: 'reduceSum', inputs: [12], shape: [2], axis: 0 },
  { op: 'gather', inputs: [13], shape: [1], axis: 0, indices: [0] },
];
const DATA = {
  lemma: 'gated-minimum',
  with: {
    ...{
      I: '1..3',
      O: '4..5',
      rho: [
        ['0', 'I'],
        ['2', 'O'],
      ],
    },
    ...{ beta: `${BETA}`, a: '0', w: '1', g: '2', lambda: '1/2' },
  },
  ...{ domain: { x: ['0', '1'] }, of: 0, values: 4, weights: 9, sum: 13, node: 14, column: 0, entry: 0 },
  ...{ range: ['0', '1'], target: 'x[t,1]', error: ['0', '0'] },
};
const TARGET = 'min_{t in 1..3}(x[t,1])';

function outcome(change: object = {}, nodes = HEAD, { target = TARGET, hi = '14/100' } = {}): string {
  const conclusion = { kind: 'approximation', output: 'y', domain: DATA.domain, target, lo: '-1/50', hi };
  const steps = [{ rule: 'row-means', data: { ...DATA, ...change } }];
  const { certificate, network } = byHand(nodes, [{ id: 'c', conclusion, steps }]);
  const { verdict, reason } = checkCertificate(certificate, network).claims[0];
  return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
}

const changed = (k: number, change: object) => HEAD.map((node, i) => (i === k ? { ...node, ...change } : node));
const withOf = (change: object) => ({ with: { ...DATA.with, ...change } });

it('a head over tokens of two kinds is bounded by the lemma', () => {
  expect(outcome()).toBe('verified');
  expect(outcome({}, HEAD, { hi: '1/8' })).toMatch(/do not prove/);
});

it.each<[what: string, change: object, nodes?: HandNode[], stated?: object]>([
  ['a gate of another token', {}, changed(5, { dense: ['0', '0', '0', '0', '1', '0', '2', '0', '2', '0'] })],
  ['a gate below the one stated', {}, changed(5, { dense: ['0', '0', '0', '0', '0', '0', '2', '0', '1', '0'] })],
  ['a value that one token has for itself', {}, changed(10, { dense: [...Array(6).fill('0'), '1', '0', '0', '0'] })],
  ['a steeper head', {}, changed(7, { dense: ['-3', '0'] })],
  ['logits by the other column, too', {}, changed(7, { dense: [`-${BETA}`, '1'] })],
  ['the other entry', {}, changed(14, { indices: [1] })],
  ['another column', { column: 1 }],
  ['psi as numbers', withOf({ psi: [['1/2', '1..5']] })],
  ['a set without a token', withOf({ O: '4' })],
  ['a token in two sets', withOf({ O: '3..5' })],
  ['a token that is not there', withOf({ O: '4..6' })],
  ['sets of other tokens', withOf({ I: '1..2', O: '3..5' }), HEAD, { target: 'min_{t in 1..2}(x[t,1])' }],
  ['a smaller range', { range: ['0', '9/10'] }],
  ['no range', { range: undefined }],
  ['crossed ends', { error: ['1/100', '-1/100'] }],
  [
    'an error that is not allowed for',
    { target: 'x[t,1] + 1/100' },
    HEAD,
    { target: 'min_{t in 1..3}(x[t,1] + 1/100)' },
  ],
  [
    'a target with the number of the token',
    { target: 'x[t,1] + t - 1' },
    HEAD,
    { target: 'min_{t in 1..3}(x[t,1]+t-1)' },
  ],
  ['a target of one token', { target: 'x[1,1]' }, HEAD, { target: 'x[1,1]' }],
  ['a target that closes a bracket', { target: 'x[t,1]) + (0' }],
  ['weights in the place of values', { values: 9 }],
  ['values in the place of weights', { weights: 4 }],
  ['another sum', { sum: 12 }],
  ['no sum over tokens', {}, changed(13, { op: 'reduceMax' })],
  ['the other axis', {}, changed(9, { axis: 1 })],
  ['a lemma about something else', { lemma: 'attention-contraction' }],
  ['a lemma that is not there', { lemma: 'no-such-lemma' }],
  ['a smaller domain', { domain: { x: ['0', '1/2'] } }],
  ['a conclusion that is not there', { conclusion: 2 }],
  ['the other conclusion', { conclusion: 1 }],
])('%s is rejected', (_, change, nodes = HEAD, stated = {}) => {
  expect(outcome(change, nodes, stated)).not.toBe('verified');
});

it('what is verified of random heads with gates of their own holds in doubles', () => {
  const random = lehmer(7);
  const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)];
  let [verified, rejected] = [0, 0];
  for (let k = 0; k < 400; k++) {
    const gates = Array.from({ length: T }, (_, t) => [
      t < 3 ? pick(['0', '0', '0', '0', '0', '1']) : pick(['2', '2', '2', '3', '1']),
      pick(['0', '1']),
    ]);
    const own = Array.from({ length: 2 * T }, () => pick([...Array(60).fill('0'), '1']));
    const nodes = HEAD.map((node, i) =>
      i === 5 ? { ...node, dense: gates.flat() } : i === 10 ? { ...node, dense: own } : node,
    );
    const places = (value: string) => gates.flatMap(([gate], t) => (t >= 3 && gate === value ? [t + 1] : []));
    const rho = [
      ['0', 'I'],
      ...['1', '2', '3'].flatMap((value) => (places(value).length > 0 ? [[value, `${places(value)}`]] : [])),
    ];
    const found = outcome(withOf({ rho, g: pick(['1', '2', '2', '2']) }), nodes);
    if (found !== 'verified') {
      rejected += 1;
      continue;
    }
    verified += 1;
    const evaluate = compile(readCanonical(networkOf(nodes)), float64);
    for (let trial = 0; trial < 20; trial++) {
      const x = Array.from({ length: T }, () => (trial % 2 === 0 ? random() : Math.round(random())));
      const y = evaluate({ x: new Tensor([T, 1], x) }).y.data[0];
      const error = y - Math.min(...x.slice(0, 3));
      expect(error).toBeGreaterThanOrEqual(-0.02);
      expect(error).toBeLessThanOrEqual(0.14);
    }
  }
  expect(Math.min(verified, rejected)).toBeGreaterThan(20);
});

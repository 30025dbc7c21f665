import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { byHand, type HandNode } from '../generators/certificates-by-hand.js';

/** y = softmax(z) @ (2 x) for tokens x and logits z. */
const ATTENTION: HandNode[] = [
  { op: 'input', shape: [2, 1], name: 'x' },
  { op: 'input', shape: [2, 2], name: 'z' },
  { op: 'softmax', inputs: [1], shape: [2, 2], axis: 1 },
  { op: 'constant', shape: [1, 1], dense: ['2'] },
  { op: 'matmul', inputs: [0, 3], shape: [2, 1] },
  { op: 'matmul', inputs: [2, 4], shape: [2, 1] },
];
const DOMAIN = { x: ['0', '1'], z: ['-1', '1'] };
const PREFIX = 'for all x in [0, 1]^(2 x 1), z in [-1, 1]^(2 x 2): ';
/** 2 tanh(1) = 1.523188... */
const RANGE = `${PREFIX}max_{i in 1..2}(|y[i, 1] - y[1, 1]|) <= 15232/10000`;

function outcome(text: string, spread: object = {}, nodes = ATTENTION, follows: object = {}) {
  const data = { node: nodes.length - 1, domain: DOMAIN, row: 0, column: 0, ...spread };
  const steps = [
    { rule: 'row-spread', data },
    { rule: 'follows', data: { text, ...follows }, premises: ['s0'] },
  ];
  const { certificate, network } = byHand(nodes, [{ id: 's', conclusion: { kind: 'statement', text }, steps }]);
  const { verdict, reason } = checkCertificate(certificate, network).claims[0];
  return verdict === 'verified' ? verdict : `${verdict}: ${reason}`;
}

const changed = (k: number, change: Partial<HandNode>) =>
  ATTENTION.map((node, i) => (i === k ? ({ ...node, ...change } as HandNode) : node));

describe('rows of a matrix', () => {
  it('are as far apart as the values, times tanh of half the distance of logits', () => {
    expect(outcome(RANGE)).toBe('verified');
    expect(outcome(RANGE.replace('15232', '15231'))).toMatch(/may fail/);
    expect(outcome(RANGE, { row: 1 })).toBe('verified');
  });

  it('give a maximum from below, by two of its arguments', () => {
    const equal = { z: ['-1', '1'], x: ['1', '1'] };
    const text = 'for all x in [1, 1]^(2 x 1), z in [-1, 1]^(2 x 2): max_{i in 1..2}(|y[i, 1] - i/2|) >= 1/4';
    expect(outcome(text, { domain: equal }, ATTENTION, { pair: [0, 3] })).toBe('verified');
    for (const pair of [
      [0, 1],
      [1, 2],
      [0, 2],
      [2, 3],
    ]) {
      expect(outcome(text, { domain: equal }, ATTENTION, { pair })).not.toBe('verified');
    }
    for (const pair of [[0, 4], [0], [0, 1, 2], 'all', [-1, 0], null]) {
      expect(outcome(text, { domain: equal }, ATTENTION, { pair })).toMatch(/rejected/);
    }
    expect(outcome(text.replace('1/4', '2501/10000'), { domain: equal }, ATTENTION, { pair: [0, 3] })).toMatch(/fail/);
  });

  it.each<[what: string, spread: object, nodes?: HandNode[], reason?: RegExp]>([
    ['a smaller domain of logits', { domain: { ...DOMAIN, z: ['-1/2', '1'] } }, ATTENTION, /leaves the domain/],
    ['a smaller domain of values', { domain: { ...DOMAIN, x: ['0', '1/2'] } }, ATTENTION, /leaves the domain/],
    ['no bound of the logits', { domain: { ...DOMAIN, z: null } }, ATTENTION, /may fail/],
    ['no bound of the values', { domain: { ...DOMAIN, x: null } }, ATTENTION, /not bounded/],
    ['columns that sum to 1', {}, changed(2, { axis: 0 }), /may fail/],
    ['a larger value map', {}, changed(3, { dense: ['201/100'] }), /may fail/],
    ['a row that is not there', { row: 2 }, ATTENTION, /the row/],
    ['a column that is not there', { column: 1 }, ATTENTION, /the column/],
    ['another node', { node: 4 }, ATTENTION, /no premise/],
    ['logits by their logarithm', {}, changed(2, { op: 'log', axis: undefined }), /undefined somewhere/],
    [
      'logits by their quotients',
      {},
      changed(2, { op: 'div', inputs: [1, 1], axis: undefined }),
      /undefined somewhere/,
    ],
  ])('are not with %s', (_, spread, nodes = ATTENTION, reason = /./) => {
    expect(outcome(RANGE, spread, nodes)).toMatch(reason);
  });

  /** y = M/(M 1) @ x for M = exp(z) times a mask. */
  const masked = (mask: string[], total = { axis: 1 }, shape = [2, 1]): HandNode[] => [
    { op: 'input', shape: [2, 1], name: 'x' },
    { op: 'input', shape: [2, 2], name: 'z' },
    { op: 'exp', inputs: [1], shape: [2, 2] },
    { op: 'constant', shape: [2, 2], dense: mask },
    { op: 'mul', inputs: [2, 3], shape: [2, 2] },
    { op: 'reduceSum', inputs: [4], shape: [2], ...total },
    { op: 'reshape', inputs: [5], shape },
    { op: 'div', inputs: [4, 6], shape: [2, 2] },
    { op: 'matmul', inputs: [7, 0], shape: [2, 1] },
  ];
  const unit = `${PREFIX}max_{i in 1..2}(|y[i, 1] - y[1, 1]|) <= 1`;

  it('are no farther apart than the values under a mask that leaves something of each row', () => {
    expect(outcome(unit, {}, masked(['1', '0', '1', '1']))).toBe('verified');
    expect(outcome(unit.replace('<= 1', '<= 99/100'), {}, masked(['1', '0', '1', '1']))).toMatch(/may fail/);
    for (const mask of [
      ['0', '0', '1', '1'],
      ['1', '-1/2', '1', '1'],
    ])
      expect(outcome(unit, {}, masked(mask))).toMatch(/undefined somewhere/);
    expect(outcome(unit, {}, masked(['1', '0', '1', '1'], { axis: 0 }))).toMatch(/undefined somewhere/);
    expect(outcome(unit, {}, masked(['1', '0', '1', '1'], { axis: 1 }, [1, 2]))).toMatch(/undefined somewhere/);
  });
});

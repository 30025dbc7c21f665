import { describe, expect, it } from 'vitest';
import { Builder } from '../../../src/network/builder.js';
import type { Network, Node } from '../../../src/network/network.js';
import { tensor } from '../../../src/network/tensor.js';
import { parseRational } from '../../../src/numbers/parse.js';
import { Rational } from '../../../src/numbers/rational.js';
import { type MinimumHead, seemingMinima } from '../../../src/proof/rules/minimum-heads.js';
import { problemOf } from '../../generators/minimum-head.js';

const q = parseRational;
const T = 3;

interface Parts {
  readonly b: Builder;
  /** [T, 1] */
  readonly psi: Node;
}

/** sum_t softmax(-beta (psi + rho))_t psi_t, with parts that a test may replace. */
function head(
  change: {
    logits?(parts: Parts): Node;
    value?(parts: Parts): Node;
    result?(parts: Parts, p: Node, value: Node): Node;
  } = {},
): Network {
  const b = new Builder();
  const psi = b.input('psi', { token: T, coordinate: 1 });
  const parts = { b, psi };
  const logits = change.logits?.(parts) ?? standardLogits(parts);
  const p = b.softmax(logits, 0, 'p');
  const value = change.value?.(parts) ?? psi;
  const y = change.result?.(parts, p, value) ?? b.reduceSum(b.mul(p, value), 0);
  return b.network({ y: b.reshape(y, { feature: 1 }, 'retrieved') });
}

const column = (b: Builder, ...entries: string[]) => b.constant(tensor([T, 1], entries.map(q)));
const gated = ({ b, psi }: Parts, ...gates: string[]) => b.add(psi, column(b, ...gates));
const standardLogits = (parts: Parts) => parts.b.mul(gated(parts, '0', '3/2', '0'), parts.b.scalar(q('-40')));

function headsOf(network: Network): readonly MinimumHead[] {
  return seemingMinima(network, 'psi', 'retrieved');
}

describe('a retrieval head', () => {
  it('is read off the weights: beta, and gates relative to the open tokens', () => {
    const heads = headsOf(head());
    expect(heads).toHaveLength(1);
    expect(heads[0].beta.toString()).toBe('40');
    expect(heads[0].gates.map(String)).toEqual(['0', '3/2', '0']);
  });

  it('does not see a constant that all logits share, but sees which token has the least gate', () => {
    const logits = (parts: Parts) => parts.b.mul(gated(parts, '-7', '-5', '-7/2'), parts.b.scalar(q('-2')));
    const heads = headsOf(head({ logits }));
    expect(heads[0].gates.map(String)).toEqual(['0', '2', '7/2']);
  });

  it('is found for factors in the other order and products with 1', () => {
    const result = ({ b }: Parts, p: Node, value: Node) => b.reduceSum(b.mul(value, b.mul(p, b.scalar(q('1')))), 0);
    expect(headsOf(head({ result }))).toHaveLength(1);
  });

  it('of one token is the value itself', () => {
    const b = new Builder();
    const psi = b.input('psi', { token: 1, coordinate: 1 });
    const y = b.reduceSum(b.mul(b.softmax(psi, 0), psi), 0, 'retrieved');
    const heads = headsOf(b.network({ y }));
    expect(heads[0].gates.map(String)).toEqual(['0']);
  });

  it.each<[string, Parameters<typeof head>[0], RegExp]>([
    [
      'a positive inverse temperature',
      { logits: (parts) => parts.b.mul(gated(parts, '0', '0', '0'), parts.b.scalar(q('40'))) },
      /do not fall/,
    ],
    [
      'an inverse temperature of 0',
      { logits: (parts) => parts.b.mul(gated(parts, '0', '0', '0'), parts.b.scalar(q('0'))) },
      /do not fall/,
    ],
    [
      'an inverse temperature per token',
      { logits: ({ b, psi }) => b.mul(psi, column(b, '-40', '-40', '-39')) },
      /entry 0/,
    ],
    [
      'logits that mix tokens',
      { logits: ({ b, psi }) => b.sub(b.mul(psi, b.scalar(q('-40'))), b.gather(psi, 0, [0, 0, 1])) },
      /entry 0/,
    ],
    [
      'logits in another order',
      { logits: (parts) => parts.b.gather(standardLogits(parts), 0, [1, 0, 2]) },
      /do not fall/,
    ],
    [
      'a logit that bends',
      { logits: ({ b, psi }) => b.mul(b.max(psi, b.scalar(q('1/2'))), b.scalar(q('-40'))) },
      /do not fall/,
    ],
    ['values that are scaled', { value: ({ b, psi }) => b.mul(psi, b.scalar(q('1.0000000001'))) }, /entry 0/],
    ['values of other tokens', { value: ({ b, psi }) => b.gather(psi, 0, [0, 2, 1]) }, /entry 0/],
    ['values with an offset', { value: ({ b, psi }) => b.add(psi, b.scalar(q('1e-30'))) }, /entry 0/],
    ['a value that is left out', { value: ({ b, psi }) => b.mul(psi, column(b, '1', '1', '0')) }, /entry 0/],
    [
      'a constant on top',
      { result: ({ b }, p, value) => b.add(b.reduceSum(b.mul(p, value), 0), b.constant(tensor([1], [q('1e-9')]))) },
      /entry 0/,
    ],
    ['a largest entry', { result: ({ b }, p, value) => b.reduceMax(b.mul(p, value), 0) }, /entry 0/],
  ])('is not found with %s', (_, change, reason) => {
    expect(problemOf(head(change))).toMatch(reason);
  });

  it('is not found where tensors are missing, or depend on something else', () => {
    const network = head();
    expect(problemOf(network, 'features')).toMatch(/no tensor named 'features'/);
    expect(problemOf(network, 'psi', 'heads')).toMatch(/no tensor named 'heads'/);
    const bypass = head({
      logits: ({ b }) => b.mul(b.input('w', { token: T, coordinate: 1 }), b.scalar(Rational.of(-1))),
    });
    expect(problemOf(bypass)).toMatch(/depends on 'w'/);
  });
});

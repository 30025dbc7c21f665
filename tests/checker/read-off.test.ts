import { describe, expect, test } from 'vitest';
import { automatonNet } from '../../constructions/automaton.js';
import { hopNet } from '../../constructions/k-hop.js';
import { checkCertificate } from '../../src/checker/check.js';
import { canonicalForm } from '../../src/network/canonical.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { byHand, direct } from '../generators/certificates-by-hand.js';
import { changesOfNumbers, changesOfStructure } from '../generators/mutants-network.js';
import { runsAutomaton } from '../generators/one-hot.js';

const TABLE = [
  [0, 1],
  [1, 0],
  [0, 0],
];
const BETA = Rational.of(7, 2);
const AUTOMATON = automatonNet({ T: 5, table: TABLE, start: 0, beta: BETA, depth: 3 });
const HOPS = hopNet({ n: 4, k: 5, beta: BETA });

function check(network: Network | string, rule: string, data: Readonly<Record<string, unknown>>): string {
  const text = typeof network === 'string' ? network : [...canonicalForm(network)].join('');
  const { certificate } = byHand(text, [direct('claim', rule, rule, data)]);
  const { claims, verdict } = checkCertificate(certificate, text);
  return claims[0]?.verdict ?? verdict;
}

function* changed(network: Network): Generator<Network> {
  for (const { network: made } of [...changesOfNumbers(network), ...changesOfStructure(network)]) {
    const mutant = made();
    if (mutant) yield mutant;
  }
}

describe('an automaton', () => {
  const data = { output: 'y', table: TABLE, start: 0 };
  const verdict = (network: Network, change = {}) => check(network, 'map-composition', { ...data, ...change });

  test('is verified', () => expect(verdict(AUTOMATON)).toBe('verified'));

  test.each([
    ['another start', { start: 1 }],
    ['another table', { table: [...TABLE.slice(0, 2), [1, 1]] }],
    ['a start token that does something', { table: [[1, 0], ...TABLE.slice(1)] }],
    ['no table', { table: [] }],
    ['a state that is none', { table: [...TABLE.slice(0, 2), [0, 2]] }],
  ])('is not verified with %s', (_, change) => expect(verdict(AUTOMATON, change)).not.toBe('verified'));

  test.each([
    ['too few layers', { depth: 2 }],
    ['too weak an attention', { beta: Rational.of(3) }],
  ])('is rejected with %s', (_, change) => {
    const network = automatonNet({ T: 5, table: TABLE, start: 0, beta: BETA, depth: 3, ...change });
    expect(verdict(network)).toBe('rejected');
  });

  test('is verified of networks with one change only where they run it', () => {
    const isNight = process.env.EXHIBIT_NIGHTLY === '1';
    const all = [...changed(AUTOMATON)].filter((_, k) => isNight || k % 4 === 0);
    const verified = all.filter((mutant) => verdict(mutant) === 'verified');
    expect(verified.length).toBeLessThan(all.length / 2);
    for (const mutant of verified) expect(runsAutomaton(mutant, 5, TABLE)).toBe(true);
  });
});

describe('pointers', () => {
  test('are verified, and no other power', () => {
    expect(check(HOPS, 'pointer-composition', { output: 'y', power: 5 })).toBe('verified');
    for (const power of [0, 4, 6]) expect(check(HOPS, 'pointer-composition', { output: 'y', power })).toBe('rejected');
    const weak = hopNet({ n: 4, k: 5, beta: Rational.of(2) });
    expect(check(weak, 'pointer-composition', { output: 'y', power: 5 })).toBe('rejected');
  });
});

describe('the star discrepancy', () => {
  const points = (entries: readonly string[]) => {
    const node = { op: 'constant', shape: [entries.length / 2, 2], dense: entries };
    return JSON.stringify({ format: 'exhibit-network-1', nodes: [node], outputs: [{ name: 'P', node: 0 }] });
  };
  const verdict = (entries: readonly string[], value: string) =>
    check(points(entries), 'box-counting', { output: 'P', value });

  test.each([
    [['1/2', '1/2'], '3/4'],
    [['1', '1'], '1'],
    [['1/4', '1/4', '3/4', '3/4'], '7/16'],
    [['1/2', '1/2', '1/2', '1/2'], '3/4'],
  ])('of %j is %s', (entries, value) => {
    expect(verdict(entries, value)).toBe('verified');
    expect(verdict(entries, '1/3')).toBe('rejected');
  });

  test('is that of points in the unit square alone', () => {
    expect(verdict(['3/2', '1/2'], '3/4')).toBe('rejected');
    expect(verdict(['-1/2', '1/2'], '3/4')).toBe('rejected');
  });
});

test('the matrix of a power of a map is not verified of tensors of three axes', () => {
  const matrix = [...canonicalForm(hopNet({ n: 3, k: 2, beta: BETA }))].join('');
  const data = { output: 'y', power: 2 };
  expect(check(matrix, 'pointer-composition', data)).toBe('verified');
  const nodes = JSON.parse(matrix) as { nodes: { op: string; shape: number[]; inputs?: number[]; dense?: string[] }[] };
  const scores = nodes.nodes.find(({ op }) => op === 'softmax')!.inputs![0];
  const strength = nodes.nodes[nodes.nodes[scores].inputs![0]];
  Object.assign(strength, { shape: [3, 1, 1], dense: new Array(3).fill(strength.dense![0]) });
  const bent = new Set<number>();
  for (const [k, node] of nodes.nodes.entries())
    if (k === scores || node.inputs?.some((input) => bent.has(input))) {
      bent.add(k);
      node.shape = [3, 3, 3];
    }
  const { nodes: list, ...rest } = nodes;
  const text = `{"format":"exhibit-network-1","nodes":[\n${list.map((node) => JSON.stringify(node)).join(',\n')}\n],"outputs":${JSON.stringify((rest as never as { outputs: unknown }).outputs)}}`;
  expect(check(text, 'pointer-composition', data)).toBe('rejected');
});

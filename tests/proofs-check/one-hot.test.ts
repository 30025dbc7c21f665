import { describe, expect, test } from 'vitest';
import { automatonNet } from '../../constructions/automaton.js';
import { hopNet } from '../../constructions/k-hop.js';
import { checkCertificate } from '../../src/checker/check.js';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm, sha256 } from '../../src/network/canonical.js';
import type { Network } from '../../src/network/network.js';
import { filled, tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { hopSentence, proveHops, provePointers, proveScan, refuteHops } from '../../src/proof/rules/one-hot/index.js';
import { pointerSentence } from '../../src/proof/rules/one-hot/pointers.js';
import { refuteScan, scanSentence } from '../../src/proof/rules/one-hot/scan.js';
import { proveStarDiscrepancy } from '../../src/proof/rules/star-discrepancy.js';
import { changesOfNumbers, changesOfStructure } from '../generators/mutants-network.js';
import { followsPointers, followsText, runsAutomaton } from '../generators/one-hot.js';

const T = 5;
const TABLE = [
  [0, 1],
  [1, 0],
  [0, 0],
];
const BETA = Rational.of(7, 2);
const MOST = process.env.EXHIBIT_NIGHTLY === '1' ? 1000 : 60;

function some<X>(all: readonly X[]): X[] {
  const stride = Math.max(1, all.length / MOST);
  return Array.from({ length: Math.min(MOST, all.length) }, (_, k) => all[Math.floor(k * stride)]);
}

describe('an automaton read off the weights', () => {
  const network = automatonNet({ T, table: TABLE, start: 0, beta: BETA, depth: 3 });
  const says = scanSentence('y', T, TABLE, 0).text;

  test('is what the network runs', () => {
    const found = proveScan(network, 'y');
    expect(found.kind === 'fact' && found.text).toBe(says);
    expect(runsAutomaton(network, T, TABLE)).toBe(true);
  });

  test('is not read off a network with one change that runs another', () => {
    let proved = 0;
    for (const { network: changed, what } of some([...changesOfNumbers(network), ...changesOfStructure(network)])) {
      const mutant = changed();
      if (!mutant) continue;
      const found = proveScan(mutant, 'y');
      if (found.kind !== 'fact' || found.text !== says) continue;
      proved += 1;
      expect(runsAutomaton(mutant, T, TABLE), what).toBe(true);
    }
    expect(proved).toBeLessThan(MOST / 2);
  });

  test.each([
    ['too few layers', { depth: 2 }],
    ['too weak an attention', { beta: Rational.of(2) }],
  ])('is refuted with %s', (_, change) => {
    const flips = [
      [0, 1],
      [1, 0],
      [0, 1],
    ];
    const other = automatonNet({ T: 9, table: flips, start: 0, beta: Rational.of(5), depth: 4, ...change });
    expect(proveScan(other, 'y').kind).toBe('open');
    expect(refuteScan(other, 'y', { T: 9, table: flips, start: 0 })).not.toBe(null);
  });
});

describe('pointers read off the weights', () => {
  const [n, k] = [3, 5];
  const network = hopNet({ n, k, beta: BETA });

  test('are followed k times', () => {
    const found = provePointers(network, 'y');
    expect(found.kind === 'fact' && found.text).toBe(pointerSentence('y', n, k).text);
    expect(followsPointers(network, n, k)).toBe(true);
  });

  test('are not read off a network with one change that follows them otherwise', () => {
    for (const { network: changed, what } of some([...changesOfNumbers(network), ...changesOfStructure(network)])) {
      const mutant = changed();
      const found = mutant && provePointers(mutant, 'y');
      if (found?.kind === 'fact') expect(followsPointers(mutant!, n, Number(found.found)), what).toBe(true);
    }
  });
});

test('maps that two inputs hold are not powers of one', () => {
  const b = new Builder();
  const place = { name: 'place', size: 3 };
  const [p, q] = ['x', 'z'].map((name) => b.node('input', { name }, [], name, [place, place]));
  const number = (num: number, den = 1) => b.constant(filled([1, 1], Rational.of(num, den)));
  const doubled = b.mul(number(2), b.matmul(b.softmax(b.mul(number(5), p), 1), q));
  const y = b.sub(b.relu(b.sub(doubled, number(1, 2))), b.relu(b.sub(doubled, number(3, 2))));
  const network = b.network({ y });
  expect(provePointers(network, 'y').kind).toBe('open');
  const data = { output: 'y', power: 2 };
  const step = { id: 's', rule: 'pointer-composition', statement: '', premises: [], data };
  const claim = { id: 'c', statement: '', conclusion: { kind: 'pointer-composition', ...data }, steps: [step] };
  const file = { file: 'n.json', sha256: sha256(network) };
  const header = { format: 'exhibit-certificate-2', tool: '', theorem: '', params: {}, seed: 0, unchecked: [] };
  const certificate = JSON.stringify({ ...header, network: file, claims: [claim] });
  const { verdict, reason } = checkCertificate(certificate, [...canonicalForm(network)].join(''));
  expect(verdict).toBe('rejected');
  expect(reason).toContain('other inputs');
});

describe('hops through a text', () => {
  const design = { n: 4, k: 3, letters: 2, beta: Rational.of(3) };
  const network = hopNet(design);
  const says = hopSentence('y', 4, 2, 3).text;
  const verdictOf = (one: Network, power: number) => {
    const data = { output: 'y', power };
    const step = { id: 's', rule: 'token-hops', statement: '', premises: [], data };
    const claim = { id: 'c', statement: '', conclusion: { kind: 'token-hops', ...data }, steps: [step] };
    const file = { file: 'n.json', sha256: sha256(one) };
    const header = { format: 'exhibit-certificate-2', tool: '', theorem: '', params: {}, seed: 0, unchecked: [] };
    const certificate = JSON.stringify({ ...header, network: file, claims: [claim] });
    return checkCertificate(certificate, [...canonicalForm(one)].join('')).verdict;
  };

  test('are read off the weights', () => {
    const found = proveHops(network, 'y');
    expect(found.kind === 'fact' && found.text).toBe(says);
    expect(followsText(network, 4, 3)).toBe(true);
    expect(followsText(network, 4, 2)).toBe(false);
    expect(verdictOf(network, 3)).toBe('verified');
    for (const power of [0, 2, 4]) expect(verdictOf(network, power)).toBe('rejected');
  });

  test.each([
    ['too weak an attention', { beta: Rational.of(2) }, 3],
    ['another number of hops', { k: 2 }, 3],
  ])('are refuted with %s', (_, change, k) => {
    const other = hopNet({ ...design, ...change });
    const found = proveHops(other, 'y');
    expect(found.kind === 'fact' && found.text === says).toBe(false);
    expect(refuteHops(other, 'y', k)?.at).toMatchObject({ text: expect.any(Array) });
    expect(verdictOf(other, 3)).toBe('rejected');
  });

  test('are not read off a network with one change that makes others', () => {
    let proved = 0;
    for (const { network: changed, what } of some([...changesOfNumbers(network), ...changesOfStructure(network)])) {
      const mutant = changed();
      if (!mutant) continue;
      const found = proveHops(mutant, 'y');
      const isProved = found.kind === 'fact' && found.text === says;
      const isVerified = verdictOf(mutant, 3) === 'verified';
      if (!isProved && !isVerified) continue;
      proved += 1;
      expect(followsText(mutant, 4, 3), what).toBe(true);
    }
    expect(proved).toBeLessThan(MOST / 2);
  });
});

test('tables of three axes are not read as those of one automaton', () => {
  const b = new Builder();
  const x = b.input('x', { row: 1, t: 2, letter: 2 });
  const tables = b.matmul(
    x,
    b.constant(
      tensor(
        [2, 4],
        [1, 0, 0, 1, 1, 0, 0, 1].map((w) => Rational.of(w)),
      ),
    ),
  );
  const choice = b.constant(
    tensor(
      [4, 2],
      [1, 0, 0, 1, 0, 0, 0, 0].map((w) => Rational.of(w)),
    ),
  );
  expect(proveScan(b.network({ y: b.matmul(tables, choice) }), 'y').kind).toBe('open');
});

test('the star discrepancy is the largest over all boxes of a fine grid', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const n = 1 + (seed % 6);
    const entries = Array.from({ length: 2 * n }, (_, k) => Rational.of((seed * 7919 + k * k * 104_729) % 12, 12));
    const b = new Builder();
    const network = b.network({ P: b.constant(tensor([n, 2], entries), 'P') });
    const found = proveStarDiscrepancy(network, 'P');
    const points = Array.from({ length: n }, (_, i) => [approximate(entries[2 * i]), approximate(entries[2 * i + 1])]);
    let largest = 0;
    for (let i = 0; i <= 12; i++) {
      for (let j = 0; j <= 12; j++) {
        const volume = (i * j) / 144;
        const closed = points.filter(([x, y]) => x <= i / 12 + 1e-9 && y <= j / 12 + 1e-9).length;
        const open = points.filter(([x, y]) => x < i / 12 - 1e-9 && y < j / 12 - 1e-9).length;
        largest = Math.max(largest, closed / n - volume, volume - open / n);
      }
    }
    expect(approximate(found.enclosure!.hi!)).toBeCloseTo(largest, 12);
  }
});

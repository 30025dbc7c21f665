import { describe, expect, it } from 'vitest';
import { adderNet } from '../../constructions/adder.js';
import { checkCertificate } from '../../src/checker/check.js';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm, sha256 } from '../../src/network/canonical.js';
import type { Network } from '../../src/network/network.js';
import { tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { type Generation, proveGeneration } from '../../src/proof/rules/sequences/generation.js';
import { changesOfNumbers } from '../generators/mutants-network.js';

const ADD: Generation = {
  variable: 's',
  prompts: '{12} x {0..9} x {10} x {0..9} x {11}',
  output: 'logits',
  text: [
    { places: '1', token: 'mod(s[2] + s[4], 10)' },
    { places: '2', token: 'carry(s[2..2], s[4..4])' },
  ],
};

/** Two tokens; the larger has the larger logit and is what the second row scores highest. */
function larger(strength: number): Network {
  const b = new Builder();
  const column = (...entries: number[]) =>
    tensor(
      [3, 1],
      entries.map((entry) => Rational.of(entry)),
    );
  const x = b.matmul(b.input('s', { T: 2, V: 3 }), b.constant(column(0, 1, 2)));
  const keys = b.transpose(x, [1, 0]);
  const queries = b.constant(tensor([2, 1], [Rational.of(strength), Rational.of(strength)]));
  const h = b.matmul(b.softmax(b.matmul(queries, keys), 1), x);
  const slopes = b.constant(
    tensor(
      [1, 3],
      [0, 2, 4].map((entry) => Rational.of(entry)),
    ),
  );
  const offsets = b.constant(
    tensor(
      [3],
      [0, -1, -4].map((entry) => Rational.of(entry)),
    ),
  );
  return b.network({ logits: b.affine(h, slopes, offsets) });
}

const LARGER: Generation = {
  variable: 's',
  prompts: '{0..2}^2',
  output: 'logits',
  text: [{ places: '1', token: 'max(s[1], s[2])' }],
};

function evidenceOf(network: Network, task: Generation) {
  const whole = proveGeneration(network, task).find(({ id }) => id === 'text');
  if (whole?.kind !== 'fact') throw new Error('the text is not proved');
  return {
    data: whole.evidence!(network, { lo: null, hi: null })!,
    conclusion: whole.conclusion!({ lo: null, hi: null }),
  };
}

function check(network: Network, { data, conclusion }: { data: object; conclusion: object }) {
  const steps = [{ id: 'text', rule: 'generation', statement: '', premises: [], data }];
  const text = JSON.stringify({
    format: 'exhibit-certificate-1',
    tool: { name: 'exhibit', version: '0' },
    theorem: 'adder',
    params: {},
    seed: 0,
    network: { file: 'network.json', sha256: sha256(network) },
    claims: [{ id: 'sum', statement: '', conclusion, steps }],
    unchecked: [],
  });
  return checkCertificate(text, [...canonicalForm(network)].join(''));
}

describe('a text that a network writes', () => {
  const { network } = adderNet({ n: 1 });
  const evidence = evidenceOf(network, ADD);

  it('is verified, and the statement is the whole one', () => {
    const { claims, reason } = check(network, evidence);
    expect(reason).toBeNull();
    expect(claims[0].statement).toContain('for all s in {12} x {0..9} x {10} x {0..9} x {11}');
    expect(claims[0].statement).toContain(
      's is continued by mod(s[2] + s[4], 10) for t in 1, then carry(s[2..2], s[4..4]) for t in 2',
    );
  });

  it('is verified where logits depend on tokens', () => {
    expect(check(larger(20), evidenceOf(larger(20), LARGER)).reason).toBeNull();
    expect(check(larger(-1), evidenceOf(larger(20), LARGER)).verdict).toBe('unfinished');
  });

  it.each([
    [
      'another digit',
      {
        text: [
          ['1', 'mod(s[2] + s[4] + 1, 10)'],
          ['2', 'carry(s[2..2], s[4..4])'],
        ],
      },
    ],
    [
      'no carry',
      {
        text: [
          ['1', 'mod(s[2] + s[4], 10)'],
          ['2', '0'],
        ],
      },
    ],
    ['other prompts', { prompts: '{12} x {0..10} x {10} x {0..9} x {11}' }],
    [
      'digits that determine each other',
      {
        text: [
          ['1', 's[6]'],
          ['2', '0'],
        ],
      },
    ],
    [
      'a text that is not read',
      {
        text: [
          ['1', 'abs(s[2])'],
          ['2', '0'],
        ],
      },
    ],
    ['another first token', { first: 1 }],
    ['tokens that are not read', { orders: [[1], [1, 3]] }],
    [
      'tokens that are read twice',
      {
        orders: [
          [1, 3, 5, 5],
          [1, 3],
        ],
      },
    ],
  ])('is not verified with %s', (_, change) => {
    const data = { ...evidence.data, ...change };
    const {
      pins: _pins,
      orders: _orders,
      fine: _fine,
      ...conclusion
    } = { ...evidence.conclusion, ...change } as Record<string, unknown>;
    expect(check(network, { data, conclusion }).verdict).not.toBe('verified');
  });

  it('is not verified of networks with one number changed, where that is shown to matter', () => {
    let refuted = 0;
    for (const { network: make } of [...changesOfNumbers(network)].filter((_, k) => k % 9 === 0).slice(0, 30)) {
      const mutant = make();
      if (!mutant) continue;
      const outcome = check(mutant, evidence);
      const found = proveGeneration(mutant, ADD);
      const isWrong = found.some((one) => one.kind === 'fact' && one.id === 'deviation');
      if (isWrong) expect(outcome.verdict).not.toBe('verified');
      refuted += Number(isWrong);
    }
    expect(refuted).toBeGreaterThan(5);
  });
});

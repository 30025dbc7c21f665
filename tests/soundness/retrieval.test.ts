import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTask } from '../../constructions/retrieval-task.js';
import { type ClaimResult, verify } from '../../src/audit/verify.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { rebuilt, withConstants, withEntry } from '../generators/rebuild.js';
import { errorAt } from '../generators/retrieval-error.js';
import { NIGHTLY } from '../generators/thinned.js';
import { cases, stream } from '../numbers/samples.js';

const [T, D] = [6, 2];
const TEXTS = {
  features: ['((x1-0.3)^2 + (x2-0.7)^2)/2', '1/4 + x1/2 - x2/8'],
  positions: ['1..4', '2, 5..6'],
  readout: 'z1 + z2/2',
};
const YAML = `theorem: multi-head-retrieval
params: {T: ${T}, d: 2, eps: 1/20, features: ${JSON.stringify(TEXTS.features)}, positions: ${JSON.stringify(TEXTS.positions)}, readout: ${TEXTS.readout}}
`;
const located = (text: string) => ({ kind: 'text' as const, text, place: {} });
const TASK = readTask(
  { T, d: 2 },
  {
    features: TEXTS.features.map(located),
    positions: TEXTS.positions.map(located),
    readout: located(TEXTS.readout),
  },
);

async function audited(change: (network: Network) => Network): Promise<{ error: ClaimResult; network: Network }> {
  const options = { seed: 1, digits: 20, execution: [], progress: () => {}, network: change };
  const result = await verify(await loadTheorem('multi-head-retrieval'), readInstance(YAML), options);
  return { error: result.claims.find(({ id }) => id === 'error')!, network: result.network };
}

/** Inputs that drive heads apart: extreme tokens at single places, levels around 1/beta, equal tokens, random ones. */
function adversaries(): Rational[][] {
  const random = stream(23);
  const q = (x: number) => Rational.of(Math.round(x * 1000), 1000);
  const fixed = [
    [0.3, 0.7],
    [0, 1],
    [1, 0],
    [0, 0],
    [1, 1],
    [0.5, 0.5],
  ];
  const inputs: Rational[][] = [];
  for (const first of fixed) {
    for (let t = 0; t < T; t += 2) {
      const others = fixed[Math.floor(random() * fixed.length)];
      inputs.push(Array.from({ length: T }, (_, s) => (s === t ? first : others)).flatMap((token) => token.map(q)));
    }
    inputs.push(Array.from({ length: T }, () => first).flatMap((token) => token.map(q)));
  }
  for (let n = 0; n < 15; n++) {
    const spread = 10 ** (-3 * random());
    const base = [random(), random()];
    const token = () => base.map((z) => q(Math.min(1, Math.max(0, z + spread * (random() - 0.5)))));
    inputs.push(Array.from({ length: T }, token).flat());
  }
  return inputs;
}

const INPUTS = adversaries();

function largestError(network: Network): Rational {
  return INPUTS.reduce((most, x) => most.max(errorAt(network, TASK, x)), Rational.zero);
}

/** Whatever the verdict says is true of this network at every adversarial input. */
function expectTrue(error: ClaimResult, network: Network, what: string): void {
  const attained = largestError(network);
  const hi = error.enclosure?.hi;
  if (error.verdict === 'proved') expect(attained.le(Rational.of(1, 20)), `${what}: proved`).toBe(true);
  if (hi) expect(attained.le(hi), `${what}: ${attained} above the bound ${hi}`).toBe(true);
  if (error.verdict === 'undecided' && !hi) {
    expect(
      error.steps.some((step) => step.verdict !== 'proved'),
      `${what}: undecided without a reason`,
    ).toBe(true);
  }
}

const CHANGES = {
  sign: (w: Rational) => w.neg(),
  zero: () => Rational.zero,
  half: (w: Rational) => w.div(Rational.of(2)),
  tenfold: (w: Rational) => w.mul(Rational.of(10)),
  shift: (w: Rational) => w.add(Rational.of(1, 7)),
  little: (w: Rational) => w.add(Rational.pow2(-60)),
} satisfies Record<string, (w: Rational) => Rational>;

describe('mutants of a retrieval network', () => {
  it('the network itself is proved, and within its bound', async () => {
    const { error, network } = await audited((built) => built);
    expect(error.verdict).toBe('proved');
    expectTrue(error, network, 'unchanged');
    expect(largestError(network).sign()).toBe(1);
  });

  it.each(['gates', 'beta', 'W_Q', 'W_K', 'W_V', 'W_O', 'c0', 'readout.c0', 'channels'])(
    'with one entry of %s changed are never proved falsely',
    async (name) => {
      let failed = 0;
      for (const [how, change] of Object.entries(CHANGES)) {
        for (const at of NIGHTLY ? [0, 3, 4 * D + 3] : [0, 4 * D + 3]) {
          let isChanged = false;
          const mutate = (built: Network) =>
            withConstants(built, (value, label) => {
              if (label !== name) return value;
              const index = at % value.size;
              const old = value.at(index, Rational.zero);
              isChanged = !change(old).equals(old);
              return isChanged ? withEntry(value, index, change(old)) : value;
            });
          const { error, network } = await audited(mutate);
          if (!isChanged) continue;
          expectTrue(error, network, `${name}[${at}] ${how}`);
          if (error.verdict !== 'proved') failed += 1;
        }
      }
      expect(failed).toBeGreaterThan(0);
    },
  );

  it('with any weight changed are never proved falsely', async () => {
    const { network: built } = await audited((network) => network);
    const names = built.nodes.filter(({ op }) => op === 'constant').map(({ name }) => name);
    const how = fc.constantFrom(...Object.keys(CHANGES)) as fc.Arbitrary<keyof typeof CHANGES>;
    let notProved = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat({ max: 10_000 }), how, async (name, at, kind) => {
        const { error, network } = await audited((original) =>
          withConstants(original, (value, label) => {
            if (label !== name) return value;
            const index = value.support ? value.support[at % value.support.length] : at % value.size;
            return withEntry(value, index, CHANGES[kind](value.at(index, Rational.zero)));
          }),
        );
        expectTrue(error, network, `${name}[${at}] ${kind}`);
        if (error.verdict !== 'proved') notProved += 1;
      }),
      { numRuns: cases(40, 400) },
    );
    expect(notProved).toBeGreaterThan(10);
  });

  it.each<[string, (network: Network) => Network]>([
    [
      'a maximum for the sum of the heads',
      (network) => rebuilt(network, (node) => (node.name === 'heads' ? { ...node, op: 'reduceMax' } : node)),
    ],
    [
      'a softmax over heads',
      (network) =>
        rebuilt(network, (node) => (node.name === 'attention' ? { ...node, attributes: { axis: 1 } } : node)),
    ],
    ['a relu that is left out', (network) => rebuilt(network, (node) => (node.op === 'relu' ? node.inputs[0] : node))],
    [
      'features in the other order',
      (network) =>
        rebuilt(network, (node) => (node.name === 'features' ? { ...node, inputs: [...node.inputs].reverse() } : node)),
    ],
    [
      'the retrieved values in the other order',
      (network) =>
        rebuilt(network, (node) =>
          node.name === 'retrieved' ? { ...node, attributes: { ...node.attributes, indices: [2, 0] } } : node,
        ),
    ],
    [
      'a relu for a minus',
      (network) => rebuilt(network, (node) => (node.name === 'embedding' ? { ...node, op: 'max' } : node)),
    ],
  ])('with %s are never proved falsely', async (what, change) => {
    const { error, network } = await audited(change);
    expect(error.verdict, what).not.toBe('proved');
    expectTrue(error, network, what);
  });
});

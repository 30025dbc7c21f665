import { beforeAll, describe, expect, it } from 'vitest';
import { readTask } from '../../constructions/retrieval-task.js';
import type { Network } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { type Audited, audited } from '../generators/audits.js';
import { withConstants, withEntry } from '../generators/rebuild.js';
import { errorAt } from '../generators/retrieval-error.js';
import { cases, stream } from '../numbers/samples.js';

const located = (text: string) => ({ kind: 'text' as const, text, place: {} });

/** One task for each kind of net: features that multiply, ridges with kinks, grids, and readouts that are no lines. */
const TASKS = {
  product: { features: ['x1*x2', '(1 + sin(3*x1)*(x2 - 1/2))/2'], readout: 'z1 - z2/2', more: [] },
  ridge: { features: ['1 - exp(-(x1 - x2)^2)', 'abs(x1*x2 - 1/4)'], readout: 'max(z1, z2)', more: [] },
  grid: { features: ['x1*x2', '(x1 - x2)^2'], readout: 'z1 + z2', more: ['featureNet=grid'] },
  'readout of a product': { features: ['x1*x2', 'x1/2 + x2/4'], readout: 'z1*z2', more: [] },
  'readout of a composition': {
    features: ['x1', '1 - x2^2'],
    readout: 'exp(-z1)*z2 + abs(sin(3*z2) - z1)/4',
    more: [],
  },
  'readout on a grid': { features: ['x1', '1 - x2^2'], readout: 'exp(-z1)*z2', more: ['readoutNet=grid'] },
};
const [T, EPS] = [6, Rational.of(1, 5)];
const POSITIONS = ['1..4', '2, 5..6'];

function taskOf({ features, readout }: { readonly features: readonly string[]; readonly readout: string }) {
  const texts = { features: features.map(located), positions: POSITIONS.map(located), readout: located(readout) };
  return readTask({ T, d: 2 }, texts);
}

function inputs(): Rational[][] {
  const random = stream(31);
  const q = (x: number) => Rational.of(Math.round(x * 1000), 1000);
  return Array.from({ length: 16 }, (_, n) => {
    const spread = n % 4 === 0 ? 1 : 10 ** (-2 * random());
    const base = n % 3 === 0 ? [Math.round(random()), Math.round(random())] : [random(), random()];
    const token = () => base.map((z) => q(Math.min(1, Math.max(0, z + spread * (random() - 0.5)))));
    return Array.from({ length: T }, token).flat();
  });
}

const INPUTS = inputs();

describe.each(Object.entries(TASKS))('a retrieval network with nets of the kind: %s', (_, texts) => {
  const task = taskOf(texts);
  const params = [
    `T=${T}`,
    'd=2',
    `eps=${EPS}`,
    `features=${JSON.stringify(texts.features)}`,
    `positions=${JSON.stringify(POSITIONS)}`,
    `readout=${texts.readout}`,
    ...texts.more,
  ];
  const auditOf = (change?: (network: Network) => Network) => audited('multi-head-retrieval', params, { change });
  const largestError = (network: Network) =>
    INPUTS.reduce((most, x) => most.max(errorAt(network, task, x)), Rational.zero);
  let original: Audited;

  beforeAll(async () => {
    original = await auditOf();
  });

  it('is proved, with a bound that no input exceeds and a witness within a few times of it', () => {
    const { verdict, enclosure, steps } = original.claim('error');
    expect(verdict).toBe('proved');
    expect(steps.every((step) => step.verdict === 'proved')).toBe(true);
    expect(largestError(original.network).le(enclosure!.hi!)).toBe(true);
    expect(enclosure!.hi!.le(enclosure!.lo!.mul(Rational.of(5)))).toBe(true);
  });

  it('is never proved falsely with a weight changed', async () => {
    const names = original.built.nodes
      .filter(({ op, name }) => op === 'constant' && /^(Psi|readout)/.test(name) && name !== 'readout.c0')
      .map(({ name }) => name);
    const random = stream(texts.readout.length);
    const changes = [
      (w: Rational) => w.neg(),
      (w: Rational) => w.add(Rational.of(1, 3)),
      (w: Rational) => w.mul(Rational.of(2)),
      (w: Rational) => w.add(Rational.pow2(-30)),
    ];
    let different = 0;
    for (let n = 0; n < cases(6, 200); n++) {
      const name = names[Math.floor(random() * names.length)];
      const change = changes[n % changes.length];
      const { network, claim } = await auditOf((network) =>
        withConstants(network, (value, label) => {
          if (label !== name) return value;
          const index = Math.floor(random() * value.size);
          return withEntry(value, index, change(value.at(index, Rational.zero)));
        }),
      );
      const { verdict, enclosure, steps } = claim('error');
      const attained = largestError(network);
      const [{ lo, hi }, before] = [enclosure ?? { lo: null, hi: null }, original.claim('error').enclosure!];
      if (verdict === 'proved') expect(attained.le(EPS), `${name}, change ${n}: proved`).toBe(true);
      if (hi) expect(attained.le(hi), `${name}, change ${n}: ${attained} above ${hi}`).toBe(true);
      if (verdict === 'refuted') expect(EPS.lt(lo!)).toBe(true);
      if (verdict === 'undecided') expect(hi !== null || steps.some((step) => step.verdict !== 'proved')).toBe(true);
      if (!hi?.equals(before.hi!)) different += 1;
    }
    expect(different).toBeGreaterThan(0);
  });
});

describe('a head too few', () => {
  const few = (features: readonly string[], readout: string) =>
    audited('multi-head-retrieval', [
      'T=12',
      'd=1',
      'eps=1/20',
      `features=${JSON.stringify(features)}`,
      `positions=${JSON.stringify(features.map(() => '1..12'))}`,
      `readout=${readout}`,
      `h=${features.length - 1}`,
    ]);

  it.each([
    [['x1', '1 - x1'], 'z1 + z2'],
    [['x1^2', '1 - x1/2', '(x1 - 1/2)^2'], 'z1 + z2/2 - z3'],
    [['x1', '1 - x1'], 'z1*z2'],
  ])('is refuted for %j, %s', async (features, readout) => {
    const { verdict, enclosure } = (await few(features, readout)).claim('error');
    expect(verdict).toBe('refuted');
    expect(Rational.of(1, 20).lt(enclosure!.lo!)).toBe(true);
  });

  it('is undecided where it does no harm', async () => {
    expect((await few(['x1', 'x1'], 'z1 + z2')).claim('error').verdict).toBe('undecided');
  });
});

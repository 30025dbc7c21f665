import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deepModel, prescribedTau } from '../../constructions/deep-ssm.js';
import { stateSpaceNetwork } from '../../constructions/state-space.js';
import { type Result, verify } from '../../src/audit/verify.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import { readInstance } from '../../src/instance/instance.js';
import { loadTheorem } from '../../src/library/package.js';
import { Builder } from '../../src/network/builder.js';
import type { Network } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseGaussian } from '../../src/numbers/gaussian.js';
import { Rational } from '../../src/numbers/rational.js';
import { withConstants, withEntry } from '../generators/rebuild.js';

const INSTANCES = {
  real: `theorem: norm-factorization
params: {l: 3, m: 3, c1: 5, length: 40, poles: [0.9, 0.5, 0.5, -0.3, 0.25, 0, 0.1], residues: [25, -25, 3, 4, 7, 1, -2]}`,
  complex: `theorem: norm-factorization
params: {l: 2, m: 2, c1: 5, length: 40, poles: [0.8+0.1i, 0.8-0.1i, 0.5], residues: [7-3i, 7+3i, 25]}`,
  inclusion: `theorem: depth-width-inclusion
params: {l: 3, m: 2, length: 40, poles: [0.9, 0.5, 0.5i, -0.3], residues: [1, 2, 3, 4+i]}`,
  delay: `theorem: delay-memory
params: {alpha: 3, m: 5, eta: 1/100, horizon: 40}`,
};

const OPTIONS = { seed: 1, digits: 20, execution: [], progress: () => {} };

async function audited(yaml: string, change: (network: Network) => Network): Promise<Result & { built: Network }> {
  const instance = readInstance(yaml);
  const theorem = await loadTheorem(instance.theorem);
  let built: Network | undefined;
  const result = await verify(theorem, instance, {
    ...OPTIONS,
    network: (network) => {
      built = network;
      return change(network);
    },
  });
  return { ...result, built: built! };
}

function impulse(network: Network): string {
  const length = network.inputs[0].shape[0].size;
  const x = new Tensor(
    [length],
    Array.from({ length }, (_, t) => (t === 0 ? Rational.one : Rational.zero)),
  );
  const outputs = compile(network, exact)({ x });
  return Object.keys(outputs)
    .sort()
    .map((name) => outputs[name].dense(Rational.zero).join(' '))
    .join(' ; ');
}

const verdict = (result: Result, id: string) => result.claims.find((claim) => claim.id === id)?.verdict;

describe.each(Object.entries(INSTANCES))('mutants of the %s network', (_, yaml) => {
  it('is proved without a mutation', async () => {
    expect((await audited(yaml, (network) => network)).verdict).toBe('proved');
  });

  it('is never proved when one weight makes the impulse response another', async () => {
    const { built } = await audited(yaml, (network) => network);
    const names = built.nodes.filter(({ op }) => op === 'constant').map(({ name }) => name);
    const mutants = fc.record({
      name: fc.constantFrom(...names),
      at: fc.nat({ max: 1000 }),
      how: fc.constantFrom('sign', 'zero', 'shift', 'bit'),
    });
    const original = impulse(built);
    let differing = 0;
    await fc.assert(
      fc.asyncProperty(mutants, async ({ name, at, how }) => {
        let mutant = built;
        const result = await audited(yaml, (network) => {
          mutant = withConstants(network, (value, label) => {
            if (label !== name) return value;
            const index = at % value.size;
            const old = value.at(index, Rational.zero);
            const changed = {
              sign: old.neg(),
              zero: Rational.zero,
              shift: old.add(Rational.of(1, 3)),
              bit: old.add(Rational.pow2(-200)),
            }[how];
            return withEntry(value, index, changed);
          });
          return mutant;
        });
        const differs = impulse(mutant) !== original;
        if (differs) differing += 1;
        if (yaml.includes('delay')) {
          if (verdict(result, 'error') === 'proved')
            expect(delayDistance(impulse(mutant), 3)).toBeLessThan(1 / 99 + 1e-9);
        } else if (differs) {
          expect(verdict(result, 'error')).not.toBe('proved');
          expect(verdict(result, 'least-norm')).not.toBe('proved');
        }
      }),
      { numRuns: process.env.EXHIBIT_NIGHTLY ? 1000 : 60 },
    );
    expect(differing).toBeGreaterThan(20);
  });
});

/** sum_t |rho(t) - 1[t = alpha]| over the values given. */
function delayDistance(values: string, alpha: number): number {
  return values.split(' ').reduce((sum, text, t) => {
    const [p, q = 1n] = text.split('/').map(BigInt);
    return sum + Math.abs(approximate(Rational.of(p, q).sub(Rational.of(t === alpha ? 1 : 0))));
  }, 0);
}

describe('the bound of the entries', () => {
  it('is refuted when one entry is above it by the smallest amount, and the response is the same', async () => {
    const instance = INSTANCES.real;
    const tau = prescribedTau(3, Rational.of(5));
    const result = await audited(instance, (network) => {
      const factor = Rational.one.add(Rational.pow2(-60));
      const scaled = withConstants(network, (value, name) => {
        if (name === 'C') return value.map((entry) => entry.mul(factor));
        return name === 'B_3' ? value.map((entry) => entry.div(factor)) : value;
      });
      return scaled;
    });
    expect(verdict(result, 'error')).toBe('proved');
    expect(verdict(result, 'norm')).toBe('refuted');
    expect(result.claims.find(({ id }) => id === 'norm')!.enclosure!.lo!.lt(tau)).toBe(false);
  });
});

describe('networks of another form', () => {
  it('are undecided: a relu between the layers', async () => {
    const result = await audited(INSTANCES.real, () => {
      const b = new Builder();
      const x = b.input('x', { time: 40 });
      const one = (name: string) => b.constant(new Tensor([1, 1], [Rational.of(1, 2)]), name);
      const h = b.relu(b.recurrence(b.reshape(x, { time: 40, channel: 1 }), one('A'), one('B')));
      return b.network({ y: b.reshape(b.matmul(h, one('C')), { time: 40 }) });
    });
    expect(result.verdict).toBe('undecided');
    expect(result.claims.every((claim) => claim.verdict === 'undecided')).toBe(true);
  });

  it('are refuted when they have more layers than claimed, with the same response', async () => {
    const result = await audited(INSTANCES.real.replace('l: 3, m: 3', 'l: 1, m: 7'), () => {
      const modes = ['0.9', '0.5', '0.5', '-0.3', '0.25', '0', '0.1'].map((pole, k) => ({
        pole: parseGaussian(pole),
        residue: parseGaussian(['25', '-25', '3', '4', '7', '1', '-2'][k]),
      }));
      return stateSpaceNetwork(deepModel(modes, 3, 3, prescribedTau(3, Rational.of(5))), 40, false);
    });
    expect(verdict(result, 'error')).toBe('proved');
    expect(verdict(result, 'shape')).toBe('refuted');
  });
});

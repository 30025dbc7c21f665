import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { readInstanceFile } from '../../src/library/instance.js';
import type { Builder } from '../../src/network/builder.js';
import { Rational } from '../../src/numbers/rational.js';
import { INSTANCES } from '../cli/exhibit.js';

/** The height of the hats in the construction. */
let height = Rational.one;

/** A construction that is wrong in one number: what a proof rests on is the built weights, not the file that built them. */
vi.mock('../../constructions/tensor-hat.js', async (original) => {
  const real = await original<typeof import('../../constructions/tensor-hat.js')>();
  const wrong = (b: Builder) =>
    new Proxy(b, {
      get: (target, key) => {
        if (key === 'scalar')
          return (value: Rational, name: string, role: 'structure') =>
            target.scalar(name.endsWith('.one') ? height : value, name, role);
        const member = Reflect.get(target, key, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  return {
    ...real,
    tensorHatRows: (b: Builder, ...rest: [never, never, string]) => real.tensorHatRows(wrong(b), ...rest),
  };
});

afterEach(() => {
  height = Rational.one;
});

describe('an error in the construction of the net on a grid', () => {
  const audit = async () => {
    const { default: theorem } = await import('../../proofs-check/head-count/multi-head-retrieval.js');
    const instance = readInstanceFile(join(INSTANCES, 'retrieval-grid.yaml'));
    const result = await verify(theorem, instance, { seed: 0, digits: 17, execution: [], progress: () => {} });
    const one = result.network.find('Psi1.one')!.attributes as unknown as {
      value: { at(k: number, z: Rational): Rational };
    };
    return { claim: result.claims.find(({ id }) => id === 'error')!, one: one.value.at(0, Rational.zero) };
  };

  it('is seen by the proof: hats of height 99/100 are not proved, those of height 1 are', async () => {
    const right = await audit();
    expect([right.one.toString(), right.claim.verdict]).toEqual(['1', 'proved']);
    height = Rational.of(99, 100);
    const planted = await audit();
    expect(planted.one.toString()).toBe('99/100');
    expect(planted.claim.verdict).not.toBe('proved');
    expect(planted.claim.steps.filter(({ verdict }) => verdict !== 'proved').map(({ id }) => id)).toEqual(['feature1']);
  });
});

import { describe, expect, it } from 'vitest';
import { verify } from '../../src/audit/verify.js';
import { resolveInstance } from '../../src/library/instance.js';
import { isOp } from '../../src/network/network.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { audited, encloses } from '../generators/audits.js';
import { rebuilt } from '../generators/rebuild.js';

const OPTIONS = { seed: 1, digits: 20, execution: [], progress: () => {} };

async function instance(path: string) {
  const { theorem, instance: found } = await resolveInstance(`proofs-check/${path}.yaml`, {});
  const result = await verify(theorem, found, OPTIONS);
  return { ...result, claim: (id: string) => result.claims.find((claim) => claim.id === id)! };
}

describe('doubly stochastic matrices', () => {
  it('converge as Sinkhorn iterates of numpy do', async () => {
    // numpy, 400 iterations: the diagonal of the limit; and the errors after 5 and 4 steps.
    const two = await instance('doubly-stochastic/instances/sinkhorn-2');
    expect(encloses(two.claim('entry1'), 2 / 3, 1e-12)).toBe(true);
    expect(encloses(two.claim('error'), 7.527e-6, 1e-3)).toBe(true);
    const three = await instance('doubly-stochastic/instances/sinkhorn-3');
    expect(encloses(three.claim('entry1'), 0.525461, 2e-6)).toBe(true);
    expect(encloses(three.claim('entry2'), 0.479606, 2e-6)).toBe(true);
    expect(encloses(three.claim('error'), 1.2423e-5, 1e-3)).toBe(true);
  });

  it('leaves matrices undecided whose entries are too far apart for the certificate', async () => {
    const rows = (n: string) => [`matrix=["${n}, 1", "1, ${n}"]`, 'K=1', 'p=2'];
    expect((await audited('sinkhorn-certificate', rows('1000000000000'))).claim('error').verdict).toBe('undecided');
    // The scaling is sqrt(a)/(1 + sqrt(a)) for a = n^2 on the diagonal; here p = 500,001.
    const far = await audited('sinkhorn-certificate', rows('1000000'));
    expect(encloses(far.claim('entry1'), 1e6 / (1e6 + 1), 1e-12)).toBe(true);
  });

  it('are no squares of unitary matrices, as far as the root says', async () => {
    // mpmath: polyroots of r^4 + 2 r^3 + r^2 - 2 r - 1 give (1 - r^2)/2 = 0.10997578357.
    const near = await instance('doubly-stochastic/instances/not-all-near');
    expect(near.claim('distance')).toMatchObject({ verdict: 'proved' });
    expect(encloses(near.claim('attained'), 0.10997578357, 1e-8)).toBe(true);
    const farther = await instance('doubly-stochastic/instances/not-all-ninth');
    const { witness, verdict } = farther.claim('distance');
    expect(verdict).toBe('refuted');
    const [p, q, w, u] = [witness!.e, witness!.u].flat().map((entry) => parseRational(String(entry)));
    // The lengths sqrt(B_1j B_2j) of the witness close a triangle.
    const v = Rational.one.sub(w).sub(u);
    const lengths = [
      [p, Rational.one.sub(q).sub(v)],
      [q, Rational.one.sub(p).sub(u)],
      [u, v],
    ].map(([a, b]) => Math.sqrt(approximate(a.mul(b))));
    expect(2 * Math.max(...lengths)).toBeLessThanOrEqual(lengths.reduce((a, b) => a + b));
  });

  it('are combinations of permutations, and a changed weight is noticed', async () => {
    expect((await audited('birkhoff', ['size=4'])).verdict).toBe('proved');
    const changed = await audited('birkhoff', ['size=4'], {
      change: (network) =>
        rebuilt(network, (node) =>
          isOp(node, 'constant') && node.name === 'w'
            ? {
                ...node,
                attributes: { ...node.attributes, value: node.attributes.value.map((x) => x.mul(Rational.of(2))) },
              }
            : node,
        ),
    });
    expect(changed.verdict).toBe('refuted');
  });
});

describe('singular values', () => {
  it('of a symmetric matrix of order 2', async () => {
    const found = await instance('allocation/instances/truncation-given');
    expect(encloses(found.claim('sigma'), 1, 1e-8)).toBe(true);
    expect(encloses(found.claim('error'), 1, 1e-6)).toBe(true);
    expect(found.claim('rank').verdict).toBe('proved');
    expect(encloses(found.claim('barrier'), 3, 1e-8)).toBe(true);
  });
});

describe('equal tokens', () => {
  it('stay equal for every bias and mask, and not behind a start token', async () => {
    const result = await audited('rpe-collapse', ['n=3', 'depth=3', 'mask=1', 'H=2']);
    expect(result.verdict).toBe('proved');
    expect(result.claim('error').enclosure!.lo!.toString()).toBe('1/3');
    expect((await audited('rpe-collapse', ['n=3', 'start=1'])).verdict).toBe('refuted');
  });
});

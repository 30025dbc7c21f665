import { describe, expect, it } from 'vitest';
import { certificate } from '../../src/certificate/certificate.js';
import { checkCertificate } from '../../src/checker/check.js';
import { canonicalForm } from '../../src/network/canonical.js';
import { audited } from '../generators/audits.js';

/** What the checker prints of a claim with a bound that the network does not keep to. */
async function printed(theorem: string, params: readonly string[], claim: string, bound: string) {
  const result = await audited(theorem, params, { bounds: { [claim]: bound } });
  const network = [...canonicalForm(result.network)].join('');
  const { claims } = checkCertificate(certificate(result, 'network.json'), network);
  return [result.claim(claim).verdict, claims.find(({ id }) => id === claim)?.statement];
}

describe('a size that is not as claimed is checked, as the bound that it does keep to', () => {
  it('more parameters', async () => {
    const [verdict, statement] = await printed('yarotsky-square', ['m=3'], 'parameters', '21');
    expect(verdict).toBe('refuted');
    expect(statement).toMatch(/hold 22 numbers/);
  });
  it('a larger weight', async () => {
    const [verdict, statement] = await printed('yarotsky-square', ['m=3'], 'weight', '7/2');
    expect(verdict).toBe('refuted');
    expect(statement).toMatch(/is at least 4$/);
  });
  it('more units', async () => {
    const [verdict, statement] = await printed('relu-min-tree', ['S=5'], 'units', '3');
    expect(verdict).toBe('refuted');
    expect(statement).toMatch(/is at least 4$/);
  });
  it('an exponent that is 0', async () => {
    const params = ['T=32', 'n=2', 's=1', 'D=4'];
    const [verdict, statement] = await printed('head-lower-bound', params, 'exponent', '1/2');
    expect(verdict).toBe('refuted');
    expect(statement).toMatch(/= 0 \(arithmetic, not about the network\)/);
  });
});

describe('a bound that fails at an input is checked there', () => {
  it('on its own side', async () => {
    const [verdict, statement] = await printed('threshold-min', ['S=3', 'M=2'], 'error', '1/4');
    expect(verdict).toBe('refuted');
    expect(statement).toMatch(/^not for all x in \[0, 1\]\^3: \|y - \(min_.*\)\| <= 1\/4: it fails at x = /);
  });
  it('and so is a supremum that is attained', async () => {
    const result = await audited('threshold-min', ['S=3', 'M=2'], {});
    const network = [...canonicalForm(result.network)].join('');
    const { claims } = checkCertificate(certificate(result, 'network.json'), network);
    expect(claims.find(({ id }) => id === 'rate')?.statement).toMatch(/^at x = .*\| >= 1\/3 and for all x in /);
  });
});

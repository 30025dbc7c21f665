import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { RULES } from '../../src/checker/rules/index.js';
import { type Certified, certify, certifyMixed, MIXED, SMALL } from '../generators/certificates.js';
import { certifyStated, certifyText, STATED } from '../generators/certificates-stated.js';
import { certificateMutants, foundationMutants, type Mutant, networkMutants } from '../generators/mutants.js';
import { structuralMutants } from '../generators/mutants-structure.js';
import { IS_WHOLE, NIGHTLY, sliced } from '../generators/thinned.js';
import { counterexample } from '../generators/truth.js';

/** Mutants tried for each certificate and each kind of change; all of them in the longer form. */
const MOST = NIGHTLY ? Number.POSITIVE_INFINITY : 5;

const LONG = NIGHTLY ? 3_600_000 : 120_000;

/** A mutant that is verified must still be true: then its certificate proves a true statement about that network. */
function score(mutants: readonly Mutant[]) {
  const stride = Math.max(1, Math.ceil(mutants.length / MOST));
  const result = { rejected: 0, stillTrue: [] as string[], falselyAccepted: [] as string[] };
  for (const { what, certificate, network } of sliced(mutants.filter((_, k) => k % stride === 0))) {
    const { verdict } = checkCertificate(certificate, network);
    if (verdict !== 'verified') result.rejected += 1;
    else {
      const fault = counterexample(certificate, network);
      if (fault) result.falselyAccepted.push(`${what}: ${fault}`);
      else result.stillTrue.push(what);
    }
  }
  return result;
}

describe('mutants of certificates and of their networks', () => {
  const total = { rejected: 0, stillTrue: 0 };
  const rules = new Set<string>();
  const judge = (certified: Certified, isAboutNetwork = true) => {
    expect(counterexample(certified.certificate, certified.network)).toBeNull();
    const { claims } = JSON.parse(certified.certificate) as { claims: { steps: { rule: string }[] }[] };
    for (const { rule } of claims.flatMap(({ steps }) => steps)) rules.add(rule);
    const ofCertificate = [certificateMutants(certified), [...foundationMutants(certified)]];
    const ofNetwork = isAboutNetwork ? [networkMutants(certified), [...structuralMutants(certified)]] : [];
    for (const mutants of [...ofCertificate, ...ofNetwork]) {
      if (mutants.length === 0) continue;
      const { rejected, stillTrue, falselyAccepted } = score(mutants);
      expect(falselyAccepted).toEqual([]);
      if (IS_WHOLE) expect(rejected + stillTrue.length).toBeGreaterThan(0);
      total.rejected += rejected;
      total.stillTrue += stillTrue.length;
      if (process.env.EXHIBIT_SHOW) console.log(stillTrue.join('\n'));
    }
  };
  it.each(SMALL)('of %s %s are rejected or still true', { timeout: LONG }, async (theorem, params) => {
    judge(await certify(theorem, params), theorem !== 'infoflow-calculus');
  });
  it.each(MIXED.filter(([target]) => !target.startsWith('sqrt')))(
    'of a net against %s in [%s, %s] are rejected or still true',
    { timeout: LONG },
    (...mixed) => {
      judge(certifyMixed(mixed));
    },
  );
  it.each(STATED)('of a proof that %s, %s, are rejected or still true', { timeout: LONG }, (...stated) => {
    judge(certifyStated(stated));
  });
  it('of a text that is written are rejected or still true', { timeout: LONG }, () => judge(certifyText()));
  it('of a file written by hand are rejected or still true', { timeout: LONG }, () => {
    const [certificate, network] = ['row-means.json', 'row-means.network.json'].map((name) =>
      readFileSync(join(import.meta.dirname, '../checker/correct', name), 'utf8'),
    );
    judge({ certificate, network });
  });

  it('are of every rule of the checker', () => {
    expect(Object.keys(RULES).filter((rule) => !rules.has(rule))).toEqual([]);
  });

  it('prints the score', () => {
    console.log(`mutants: ${total.rejected} rejected, ${total.stillTrue} verified and still true, 0 falsely accepted`);
    expect(total.rejected).toBeGreaterThan(Math.max(500, 4 * total.stillTrue));
  });
});

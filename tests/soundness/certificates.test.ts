import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCertificate } from '../../src/checker/check.js';
import { InputError } from '../../src/errors.js';
import { readCanonical } from '../../src/network/read-canonical.js';
import { type Certified, certify, certifyMixed, MIXED, SMALL } from '../generators/certificates.js';
import { certificateMutants, type Mutant, networkMutants } from '../generators/mutants.js';
import { counterexample } from '../generators/truth.js';

/** Mutants tried for each certificate and each kind of change; all of them in the longer form. */
const MOST = process.env.EXHIBIT_NIGHTLY ? Number.POSITIVE_INFINITY : 40;

/** A mutant that is verified must still be true: then its certificate proves a true statement about that network. */
function score(mutants: readonly Mutant[]) {
  const stride = Math.max(1, Math.ceil(mutants.length / MOST));
  const result = { rejected: 0, unread: 0, stillTrue: [] as string[], falselyAccepted: [] as string[] };
  for (const [k, { what, certificate, network }] of mutants.entries()) {
    if (k % stride !== 0) continue;
    const { verdict } = checkCertificate(certificate, network);
    if (verdict !== 'verified') result.rejected += 1;
    else if (!isReadable(network)) result.unread += 1;
    else {
      const fault = counterexample(certificate, network);
      if (fault) result.falselyAccepted.push(`${what}: ${fault}`);
      else result.stillTrue.push(what);
    }
  }
  return result;
}

/** Whether the network keeps to the rules of execution in batches, which the checker does not need. */
function isReadable(network: string): boolean {
  try {
    readCanonical(network);
    return true;
  } catch (error) {
    if (error instanceof InputError && /batch axis|cannot be concatenated/.test(error.message)) return false;
    throw error;
  }
}

describe('mutants of certificates and of their networks', () => {
  const total = { rejected: 0, stillTrue: 0, unread: 0 };
  const judge = (certified: Certified, isAboutNetwork = true) => {
    expect(counterexample(certified.certificate, certified.network)).toBeNull();
    for (const mutants of [certificateMutants(certified), isAboutNetwork ? networkMutants(certified) : []]) {
      if (mutants.length === 0) continue;
      const { rejected, stillTrue, falselyAccepted, unread } = score(mutants);
      expect(falselyAccepted).toEqual([]);
      expect(rejected).toBeGreaterThan(0);
      total.rejected += rejected;
      total.stillTrue += stillTrue.length;
      total.unread += unread;
      if (process.env.EXHIBIT_SHOW) console.log(stillTrue.join('\n'));
    }
  };
  it.each(SMALL)('of %s %s are rejected or still true', async (theorem, params) => {
    judge(await certify(theorem, params), theorem !== 'infoflow-calculus');
  });
  it.each(MIXED.filter(([target]) => !target.startsWith('sqrt')))(
    'of a net against %s in [%s, %s] are rejected or still true',
    (...mixed) => {
      judge(certifyMixed(mixed));
    },
  );
  it('of a file written by hand are rejected or still true', () => {
    const [certificate, network] = ['alike-tokens.json', 'alike-tokens.network.json'].map((name) =>
      readFileSync(join(import.meta.dirname, '../checker/correct', name), 'utf8'),
    );
    judge({ certificate, network });
  });

  it('prints the score', () => {
    console.log(
      `mutants: ${total.rejected} rejected, ${total.stillTrue} verified and still true, 0 falsely accepted, ${total.unread} not executable in batches`,
    );
    expect(total.rejected).toBeGreaterThan(Math.max(500, 5 * total.stillTrue));
  });
});

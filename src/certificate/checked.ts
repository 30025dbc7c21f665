import { checkCertificate } from '../checker/check.js';
import { canonicalForm } from '../network/canonical.js';
import type { ClaimResult, Result } from '../proof/verify.js';
import { certificate, reasonNotCovered } from './certificate.js';

/** The name that a network has in a certificate that is not written to a file. */
const UNWRITTEN = 'network.json';

/**
 * The result with what the checker, which shares no code with the prover, said of each claim: true, or why it said
 * nothing. Throws an Error when it disagrees: one of the two has a defect, and there is no verdict.
 */
export function checked(result: Result): Result {
  const start = performance.now();
  const covered = result.claims.some((found) => reasonNotCovered(found) === null);
  const outcome = covered
    ? checkCertificate(certificate(result, UNWRITTEN), [...canonicalForm(result.network)].join(''))
    : null;
  const found = new Map(outcome?.claims.map((claim) => [claim.id, claim]));
  const claims = result.claims.map((claim): ClaimResult => {
    const reason = reasonNotCovered(claim);
    if (reason !== null) return { ...claim, checked: reason };
    const own = found.get(claim.id);
    if (own?.verdict === 'rejected') {
      throw new Error(`the checker rejects the claim ${claim.id}, which is ${claim.verdict}: ${own.reason}`);
    }
    return {
      ...claim,
      checked: own?.verdict === 'verified' ? true : (own?.reason ?? outcome?.reason ?? 'the checker ran out of time'),
    };
  });
  return { ...result, claims, checkSeconds: (performance.now() - start) / 1000 };
}

/** The result of a run that did not ask for a check. */
export function unasked(result: Result): Result {
  return { ...result, claims: result.claims.map((claim) => ({ ...claim, checked: 'not asked' })) };
}

import { checkCertificate } from '../checker/check.js';
import { canonicalForm } from '../network/canonical.js';
import type { ProveResult } from '../proof/prove/prove.js';
import type { Result } from '../proof/verify.js';
import { certificate, reasonNotCovered } from './certificate.js';

/** What the checker says of a claim that it found to be false, not of one that it could not show. */
const CONTRADICTS = /misses its target/;

/**
 * The result of `prove` with what the checker said of each claim: true, or why it did not verify it. Its searches are
 * simpler than the prover's and may end without a decision. Throws an Error when it finds the contrary: one of the two
 * has a defect, and there is no verdict.
 */
export function checkedStatements(result: ProveResult): ProveResult {
  if (result.models.length !== 1) return withReason(result, 'the checker knows one network at a time');
  const view = viewOf(result);
  const covered = view.claims.some((claim) => reasonNotCovered(claim) === null);
  const outcome = covered
    ? checkCertificate(certificate(view, 'network.json'), [...canonicalForm(view.network)].join(''))
    : null;
  const found = new Map(outcome?.claims.map((claim) => [claim.id, claim]));
  const claims = result.claims.map((claim, k) => {
    const missing = reasonNotCovered(view.claims[k]);
    if (missing !== null) return { ...claim, checked: missing };
    const own = found.get(claim.id);
    if (own?.verdict === 'verified') return { ...claim, checked: true as const };
    const reason = own?.reason ?? outcome?.reason ?? 'no answer';
    if (CONTRADICTS.test(reason)) throw new Error(`the checker contradicts ${claim.id}, ${claim.verdict}: ${reason}`);
    return { ...claim, checked: `the checker did not get that far: ${reason}` };
  });
  return { ...result, claims };
}

/** The result of a run that did not ask for a check. */
export function uncheckedStatements(result: ProveResult): ProveResult {
  return withReason(result, 'not asked');
}

/** A certificate of the claims that the checker has rules for. */
export function statementCertificate(result: ProveResult, networkFile: string): Generator<string> {
  return certificate(viewOf(result), networkFile);
}

function withReason(result: ProveResult, reason: string): ProveResult {
  return { ...result, claims: result.claims.map((claim) => ({ ...claim, checked: reason })) };
}

/** As much of the result of an audit as certificates are made of. */
function viewOf({ models, claims, verdict, seconds }: ProveResult): Result {
  const view = {
    theorem: { id: 'statement' },
    params: {},
    seed: 0,
    verdict,
    network: models[0].network,
    claims: claims.map((claim) => ({ ...claim, claim: { id: claim.id, kind: 'bound', statement: claim.statement } })),
    seconds,
  };
  return view as unknown as Result;
}

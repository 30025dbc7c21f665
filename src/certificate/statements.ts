import { checkCertificate } from '../checker/check.js';
import { canonicalForm } from '../network/canonical.js';
import type { ProveResult } from '../proof/prove/prove.js';
import type { Result } from '../proof/verify.js';
import { certificate, reasonNotCovered } from './certificate.js';
import { answer, budgetUntil } from './checked.js';

/**
 * The result of `prove` with what the checker said of each claim: true, or why it did not verify it. Its searches are
 * simpler than the prover's and may end without a decision. Throws an Error when it disagrees: one of the two has a
 * defect, and there is no verdict.
 */
export function checkedStatements(result: ProveResult, deadline?: number): ProveResult {
  if (result.models.length !== 1) return withReason(result, 'the checker knows one network at a time');
  const view = viewOf(result);
  const covered = view.claims.some((claim) => reasonNotCovered(claim) === null);
  const outcome = covered
    ? checkCertificate(
        certificate(view, 'network.json'),
        [...canonicalForm(view.network)].join(''),
        budgetUntil(deadline),
      )
    : null;
  const claims = result.claims.map((claim, k) => {
    return { ...claim, checked: reasonNotCovered(view.claims[k]) ?? answer(outcome, claim) };
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

import type { Result } from '../audit/verify.js';
import { BUDGET, checkCertificate, type Outcome } from '../checker/check.js';
import { canonicalForm } from '../network/canonical.js';
import { settlesClaim } from './agreement.js';
import { type CertifiedResult, certificate, reasonNotCovered } from './certificate.js';

/** The name that a network has in a certificate that is not written to a file. */
const UNWRITTEN = 'network.json';

/** Two wordings of one statement may not be recognised as such: then the check is of another statement than the claim. */
const OTHERWISE = 'the checker verified a statement in other words, which is not seen to settle the claim';

/**
 * The result with what the checker, which shares no code with the prover, said of each claim: true, or why it said
 * nothing. After the deadline, milliseconds since the epoch, it is not asked for more. Throws an Error when it disagrees:
 * one of the two has a defect, and there is no verdict.
 */
export function checked(result: Result, deadline?: number): Result {
  const start = performance.now();
  const answers = answersTo(result, deadline);
  return { ...answered(result, (k) => answers[k]), checkSeconds: (performance.now() - start) / 1000 };
}

/** What the checker said of each claim of a result. Throws an Error when it disagrees. */
export function answersTo(result: CertifiedResult, deadline?: number): readonly (true | string)[] {
  const covered = result.claims.some((found) => reasonNotCovered(found) === null);
  const outcome =
    covered && hasTime(deadline)
      ? checkCertificate(
          certificate(result, UNWRITTEN),
          [...canonicalForm(result.network)].join(''),
          budgetUntil(deadline),
        )
      : null;
  return result.claims.map((claim) => {
    const said = reasonNotCovered(claim) ?? answer(outcome, claim);
    const { verdict, conclusion, statement = '', decided = statement } = claim;
    const isSettled = !conclusion || settlesClaim(result.network, conclusion(), decided, verdict);
    return said === true && !isSettled ? OTHERWISE : said;
  });
}

/** What a check said of one claim: true, or why it came to no end. Throws an Error where it says the contrary. */
function answer(outcome: Outcome | null, { id, verdict }: { id: string; verdict: string }): true | string {
  const own = outcome?.claims.find((claim) => claim.id === id);
  const reason = own?.reason ?? outcome?.reason ?? 'the checker ran out of time';
  const found = own?.verdict ?? outcome?.verdict;
  if (found === 'verified') return true;
  if (found === 'rejected') throw new Error(`the checker rejects the claim ${id}, which is ${verdict}: ${reason}`);
  return reason;
}

/** Writing a certificate with a large network takes seconds by itself. */
function hasTime(deadline = Number.POSITIVE_INFINITY): boolean {
  return Date.now() < deadline;
}

/** Steps of work that a second has, as the checker counts them. */
const STEPS = 1e8;

/** As much work as there is time for. */
function budgetUntil(deadline = Number.POSITIVE_INFINITY): typeof BUDGET {
  return { ...BUDGET, work: Math.min(BUDGET.work, Math.max(0, (deadline - Date.now()) / 1000) * STEPS) };
}

/** The result of a run that did not ask for a check. */
export function unasked<C extends object, R extends { readonly claims: readonly C[] }>(result: R): R {
  return answered(result, () => 'not asked');
}

/** The result with what was said of each claim. */
export function answered<C extends object, R extends { readonly claims: readonly C[] }>(
  result: R,
  said: (k: number) => true | string,
): R {
  return { ...result, claims: result.claims.map((claim, k) => ({ ...claim, checked: said(k) })) };
}

import { InputError, quote } from '../errors.js';
import type { Instance } from '../instance/instance.js';
import { didYouMean } from '../nearest.js';
import { CLAIM_ID, CLAIM_IDS, type Claim, type Finding, type ProvedClaim, type Theorem } from '../proof/theorem.js';
import type { Verdict } from '../proof/verdict.js';

export type AnyClaim = Claim<never, never> | ProvedClaim<never, never>;

/** Observation proves nothing but an execution claim, and an execution claim is never more than observed. */
export function admissible(claim: AnyClaim, verdict: Verdict): Verdict {
  const isExecution = claim.kind === 'execution';
  if (verdict === 'observed' && !isExecution)
    throw new Error(`claim ${claim.id} of kind ${claim.kind} cannot be observed`);
  if (verdict === 'proved' && isExecution) throw new Error(`execution claim ${claim.id} cannot be proved`);
  return verdict;
}

/** Claims are known by their ids, in instances, certificates and reports. */
export function checkIds({ id }: Theorem, claims: readonly AnyClaim[]): void {
  const ids = claims.map((claim) => claim.id);
  const odd = ids.find((own, k) => !CLAIM_ID.test(own) || ids.indexOf(own) < k);
  if (odd === undefined) return;
  throw new InputError({
    field: id,
    found: `a claim called ${quote(odd)}${CLAIM_ID.test(odd) ? ' twice' : ''}`,
    allowed: `${CLAIM_IDS}, each once`,
  });
}

/** Ends that have crossed are bounds of two different quantities: a defect, whatever the verdict on them would be. */
export function checkEnds({ id }: AnyClaim, { enclosure }: Finding): void {
  if (enclosure?.lo && enclosure.hi?.lt(enclosure.lo)) {
    throw new Error(`claim ${id}: the enclosure [${enclosure.lo}, ${enclosure.hi}] is empty`);
  }
}

/** A claim without a quantity would pass by an instance's bound unread. */
export function checkBoundUsed({ bounds, file }: Instance, { id }: AnyClaim, { verdict, predicted }: Finding): void {
  const stated = bounds.get(id);
  if (!stated || verdict === 'undecided' || predicted?.equals(stated)) return;
  const found = `the bound ${stated} of a claim that is held against no bound of an instance`;
  throw new InputError({ file, field: `claims.${id}.bound`, found, mend: 'leave it out' });
}

/** An instance states bounds of claims that the theorem has, and makes for these parameters: `claims` of `all`. */
export function checkBounds(instance: Instance, claims: readonly AnyClaim[], all: readonly AnyClaim[]): void {
  const known = claims.map((claim) => claim.id);
  for (const id of instance.bounds.keys()) {
    if (known.includes(id)) continue;
    const place = { file: instance.file, field: `claims.${id}`, allowed: known.join(', ') };
    if (all.some((claim) => claim.id === id))
      throw new InputError({ ...place, found: `a bound of ${quote(id)}, which is not claimed for these parameters` });
    throw new InputError({ ...place, found: `unknown claim ${quote(id)}`, ...didYouMean(id, known) });
  }
}

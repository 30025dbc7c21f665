import type { ClaimResult, Result } from '../audit/verify.js';
import { sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import { refutes, settles } from '../proof/proposition.js';
import { certificateText, type WrittenStep } from './document.js';

/** As much of a claim's result, and of the result of an audit, as certificates are made of. */
export interface CertifiedClaim
  extends Pick<ClaimResult, 'id' | 'verdict' | 'steps' | 'conclusion' | 'withheld' | 'statement' | 'decided'> {
  readonly claim: Pick<ClaimResult['claim'], 'kind' | 'statement'>;
}
export interface CertifiedResult extends Pick<Result, 'params' | 'seed' | 'network'> {
  readonly theorem: { readonly id: string };
  readonly claims: readonly CertifiedClaim[];
}

/**
 * The proof of a result as JSON text, one line per step: for each proved claim its closed statement, for each refuted one
 * the statement of its counterexample, and the steps that lead to it, with all that is needed to redo them on the network
 * in `networkFile` (its name, beside the certificate). Claims that no rule of the checker covers are listed with the
 * reason. Depends on the result's exact numbers alone.
 */
export function* certificate(result: CertifiedResult, networkFile: string): Generator<string> {
  const covered = result.claims.filter((found) => reasonNotCovered(found) === null);
  const claims = covered.map((found) => ({
    id: found.id,
    statement: found.statement ?? found.claim.statement,
    conclusion: found.conclusion!(),
    steps: stepsOf(found, result.network),
  }));
  const others = result.claims.flatMap((found) => {
    const reason = reasonNotCovered(found);
    return reason === null ? [] : [{ id: found.id, reason }];
  });
  const origin = { theorem: result.theorem.id, params: result.params, seed: result.seed };
  yield* certificateText(origin, { file: networkFile, sha256: sha256(result.network) }, claims, others);
}

function stepsOf({ steps, verdict, conclusion }: CertifiedClaim, network: Network): WrittenStep[] {
  const counter = verdict === 'refuted' && refutes(conclusion!()) ? conclusion!().kind : null;
  const own = steps.filter(({ rule }) => rule === counter);
  const used = own.length > 0 ? own : steps;
  const shown = used.flatMap(({ data, ...step }) => {
    const evidence = data?.(network);
    return evidence ? [{ ...step, data: evidence }] : [];
  });
  // What a checker sees for itself (the shape of a part of the network) is a premise for the reader alone.
  const ids = new Set(shown.map(({ id }) => id));
  return shown.map(({ id, rule, statement, premises = [], data }) => ({
    ...{ id, rule, statement: statement.replace(LONG_NUMBER, outline) },
    ...{ premises: premises.filter((premise) => ids.has(premise)), data },
  }));
}

/** Numbers in what a step says to a reader, who does not read thousands of digits; the checker takes none from there. */
const LONG_NUMBER = /\d{100,}/g;

function outline(digits: string): string {
  return `${digits.slice(0, 12)}...${digits.slice(-4)} (${digits.length} digits)`;
}

/** Why a claim is not part of a certificate; null when it is. */
export function reasonNotCovered({ verdict, conclusion, withheld, claim }: CertifiedClaim): string | null {
  if (claim.kind === 'execution') return 'measured, not proved';
  if (verdict === 'undecided' || verdict === 'observed') return verdict;
  return conclusion && settles(conclusion(), verdict) ? null : (withheld ?? 'the checker has no rule for it');
}

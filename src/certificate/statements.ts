import { basename, dirname, join } from 'node:path';
import { InputError } from '../errors.js';
import { utf8, writeFile } from '../files/write.js';
import { canonicalForm } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import type { ProveResult } from '../proof/prove/prove.js';
import { type CertifiedResult, certificate, reasonNotCovered } from './certificate.js';
import { answered, answersTo } from './checked.js';
import { joined } from './joined-network.js';

/**
 * The result of `prove` with what the checker said of each claim: true, or why it did not verify it. Its searches are
 * simpler than the prover's and may end without a decision. Throws an Error when it disagrees: one of the two has a
 * defect, and there is no verdict.
 */
export function checkedStatements(result: ProveResult, deadline?: number): ProveResult {
  const view = viewOf(result);
  if (typeof view === 'string') return answered(result, () => view);
  const answers = answersTo(view, deadline);
  return answered(result, (k) => answers[k]);
}

/** A certificate of the claims that the checker has rules for, and the network that it is about; or why there is none. */
export function statementCertificate(
  result: ProveResult,
  networkFile: string,
): { readonly text: Generator<string>; readonly network: Network; readonly covered: number } | string {
  const view = viewOf(result);
  if (typeof view === 'string') return view;
  const covered = view.claims.filter((claim) => reasonNotCovered(claim) === null).length;
  return { text: certificate(view, networkFile), network: view.network, covered };
}

/**
 * Writes a certificate and, before it, the network that it is about: there is never one without the other. Says how many claims
 * it holds. Throws InputError where there can be none.
 */
export function writeStatementCertificate(result: ProveResult, file: string): number {
  const network = join(dirname(file), `${basename(file, '.json')}.network.json`);
  const found = statementCertificate(result, basename(network));
  if (typeof found === 'string') throw new InputError({ field: '--certificate', found });
  writeFile(network, utf8(canonicalForm(found.network)));
  writeFile(file, utf8(found.text));
  return found.covered;
}

/** As much of the result of an audit as certificates are made of. */
function viewOf({ models, claims }: ProveResult): CertifiedResult | string {
  const network = joined(models);
  if (typeof network === 'string') return network;
  return {
    theorem: { id: 'statement' },
    params: Object.fromEntries(models.map((model) => [model.name ?? 'model', model.sha256])),
    seed: 0,
    network,
    claims: claims.map((claim) => ({ ...claim, claim: { kind: 'bound', statement: claim.statement } })),
  };
}

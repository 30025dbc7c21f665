import type { ClaimResult, Result } from '../audit/verify.js';
import { sha256 } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import { refutes, settles } from '../proof/proposition.js';
import { lemmaRule, statedLemma } from '../proof/rules/lemma.js';
import { tool } from '../version.js';

/** First field of every certificate; the second one where a lemma of the book is applied. */
const FORMATS = { plain: 'exhibit-certificate-1', withBook: 'exhibit-certificate-2' } as const;

/** Rules that apply lemmas of the book. */
const BOOK: ReadonlySet<string> = new Set([lemmaRule.id, statedLemma.id]);

/**
 * The proof of a result as JSON text, one line per step: for each proved claim its closed statement, for each refuted one
 * the statement of its counterexample, and the steps that lead to it, with all that is needed to redo them on the network in `networkFile` (its name, beside the certificate).
 * Claims that no rule of the checker covers are listed with the reason. Depends on the result's exact numbers alone.
 */
export function* certificate(result: Result, networkFile: string): Generator<string> {
  const covered = result.claims.filter((found) => reasonNotCovered(found) === null);
  const usesBook = covered.some(({ steps }) => steps.some(({ rule }) => BOOK.has(rule)));
  const head = {
    format: usesBook ? FORMATS.withBook : FORMATS.plain,
    tool: tool(),
    theorem: result.theorem.id,
    params: result.params,
    seed: result.seed,
    network: { file: networkFile, sha256: sha256(result.network) },
  };
  yield `${JSON.stringify(head).slice(0, -1)},"claims":[`;
  for (const [k, found] of covered.entries()) {
    const statement = found.statement ?? found.claim.statement;
    const claim = JSON.stringify({ id: found.id, statement, conclusion: found.conclusion!() });
    yield `${k === 0 ? '' : ','}\n${claim.slice(0, -1)},"steps":[`;
    for (const [n, line] of stepsOf(found, result.network).entries()) yield `${n === 0 ? '' : ','}\n${line}`;
    yield '\n]}';
  }
  const others = result.claims.flatMap((found) => {
    const reason = reasonNotCovered(found);
    return reason === null ? [] : [{ id: found.id, reason }];
  });
  yield `\n],"unchecked":${JSON.stringify(others)}}\n`;
}

function stepsOf({ steps, verdict, conclusion }: ClaimResult, network: Network): string[] {
  const counter = verdict === 'refuted' && refutes(conclusion!()) ? conclusion!().kind : null;
  const own = steps.filter(({ rule }) => rule === counter);
  const used = own.length > 0 ? own : steps;
  const shown = used.flatMap(({ data, ...step }) => {
    const evidence = data?.(network);
    return evidence ? [{ ...step, data: evidence }] : [];
  });
  // What a checker sees for itself (the shape of a part of the network) is a premise for the reader alone.
  const ids = new Set(shown.map(({ id }) => id));
  return shown.map(({ id, rule, statement, premises = [], data }) =>
    JSON.stringify({ id, rule, statement, premises: premises.filter((premise) => ids.has(premise)), data }),
  );
}

/** Why a claim is not part of a certificate; null when it is. */
export function reasonNotCovered({ verdict, conclusion, claim }: ClaimResult): string | null {
  if (claim.kind === 'execution') return 'measured, not proved';
  if (verdict === 'undecided' || verdict === 'observed') return verdict;
  return conclusion && settles(conclusion(), verdict) ? null : 'the checker has no rule for it';
}

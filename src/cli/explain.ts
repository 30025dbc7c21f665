import type { VerifyOptions } from '../audit/verify.js';
import { InputError, quote } from '../errors.js';
import { isInstanceFile } from '../library/instance.js';
import { readStatementInstance } from '../proof/prove/instance.js';
import { type ClaimDocument, type ResultDocument, readDocument } from '../report/document.js';
import { explainJson, explainText } from '../report/explain.js';
import { resultJson } from '../report/json.js';
import { painter } from '../report/style.js';
import { jsonText } from '../report/visible.js';
import { EXIT } from './exit.js';
import { type CommonFlags, common } from './flags.js';
import { columns, emit, progressLine } from './output.js';
import { statementResult } from './prove.js';
import { readResult } from './report.js';
import { verified } from './verify.js';

/**
 * `exhibit explain INSTANCE|RESULT [CLAIM]`: why a claim has its verdict, fact by fact, and what is trusted. Nothing is
 * executed. Exit code by the verdict of the claims shown.
 */
export async function explain(argument: string, id: string | undefined, flags: CommonFlags): Promise<number> {
  const result = await resultOf(argument, flags);
  const shown = id === undefined ? result.claims : [claimOf(result, id)];
  emit(
    flags,
    () => explainJson(result, shown),
    () => explainText(result, shown, painter(1), columns()),
  );
  return EXIT[result.verdict as 'proved' | 'refuted' | 'undecided'] ?? EXIT.undecided;
}

async function resultOf(argument: string, flags: CommonFlags): Promise<ResultDocument> {
  if (/\.(?:json|html?)$/i.test(argument)) {
    const read = await readResult(argument);
    if (read.kind === 'claims') return read.document;
    throw new InputError({
      file: argument,
      found: read.kind === 'points' ? 'a result of sweep' : 'a result of audit',
      allowed: 'a result of verify or prove',
    });
  }
  const settings = { ...common(flags), execution: [], progress: progressLine(flags) };
  const statements = isInstanceFile(argument) ? readStatementInstance(argument) : null;
  const document = statements
    ? await statementResult(statements, flags)
    : await verifiedDocument(argument, flags, settings);
  const read = readDocument(jsonText(document));
  return read.document as ResultDocument;
}

async function verifiedDocument(argument: string, flags: CommonFlags, settings: VerifyOptions): Promise<object> {
  const { result, circumstances } = await verified(argument, flags, settings);
  return resultJson(result, circumstances);
}

function claimOf({ claims }: ResultDocument, id: string): ClaimDocument {
  const found = claims.find((claim) => claim.id === id);
  if (found) return found;
  throw new InputError({ found: `no claim ${quote(id)}`, allowed: claims.map((claim) => claim.id).join(', ') });
}

import { InputError } from '../errors.js';
import { utf8, writeFile } from '../files/write.js';
import type { ProveResult } from '../proof/prove/prove.js';
import type { Model } from '../proof/question/model.js';

import type { Statement } from '../statement/index.js';
import { tool } from '../version.js';
import { scalarFacts } from './facts.js';
import { proverOf } from './provers.js';

/** Writes what was proved as files for other provers. Throws InputError as `exported`. */
export function writeExports(
  files: readonly string[],
  statements: ReadonlyMap<string, Statement>,
  result: ProveResult,
): void {
  for (const file of files) writeFile(file, utf8([exported(file, result.models, statements, result)]));
}

/**
 * The proved bounds as a file for another prover, chosen by the file's extension; what cannot be said there is a comment with
 * the reason. Throws InputError when nothing can.
 */
export function exported(
  file: string,
  models: readonly Model[],
  statements: ReadonlyMap<string, Statement>,
  result: ProveResult,
): string {
  const { comment, head, write } = proverOf(file);
  const { facts, left } = scalarFacts(models, statements, result);
  const { name, version } = tool();
  const parts: string[] = [];
  const reasons = left.map(({ id, why }) => `${id}: ${why}`);
  for (const fact of facts) {
    try {
      parts.push(`${comment(`${fact.id}: ${fact.statement.replaceAll('\n', ' ')}`)}${write(fact)}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      reasons.push(`${fact.id}: ${error.message}`);
    }
  }
  if (parts.length === 0)
    throw new InputError({ field: '--export', file, found: `nothing that can be written: ${reasons.join('; ')}` });
  const sources = models.map(({ file: path, sha256 }) => comment(`${path}, SHA-256 ${sha256}`)).join('');
  const rest = reasons.map((why) => comment(`not here: ${why}`)).join('');
  return `${comment(`proved by ${name} ${version}`)}${sources}${head}\n${parts.join('\n')}${rest}`;
}

import { unasked } from '../../certificate/checked.js';
import { checkedStatements, writeStatementCertificate } from '../../certificate/statements.js';
import { writeExports } from '../../export/export.js';
import { checkWritable } from '../../files/write.js';
import { sha256 } from '../../network/canonical.js';
import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { prove as proveStatements } from '../../proof/prove/prove.js';
import { readModels } from '../../proof/prove/read-models.js';
import type { Model } from '../../proof/question/model.js';
import { proveJson } from '../../report/prove.js';
import { parseStatement } from '../../statement/index.js';
import type { ResultDocument } from './document.js';
import type { Limits } from './verify.js';

export interface ProveOptions extends Limits {
  /** For `?`: how close the two ends have to come, relative to the larger; 1e-6 unless given. */
  readonly width?: Rational;
  /** Files for other provers that are written with what was proved: .fpcore, .sollya, .g (Gappa), .v (Coq). */
  readonly exports?: readonly string[];
  /** A file for `exhibit check`; the network that it is about is written beside it. */
  readonly certificate?: string;
}

/** Networks, or the paths of .onnx and .json files; several by the names that the statement has for them. */
export type Models = string | Network | Readonly<Record<string, string | Network>>;

const WIDTH = Rational.of(1, 10 ** 6);

/**
 * Proves or refutes statements about networks of one's own: one, or several by the ids that their claims get. Rejects with
 * InputError for a statement that does not parse, a name that is none of the network's, a file that is no network or cannot be
 * written, and where nothing that was proved can be written in the language of a file.
 */
export async function prove(
  models: Models,
  statement: string | Readonly<Record<string, string>>,
  options: ProveOptions = {},
): Promise<ResultDocument> {
  const { width = WIDTH, digits = 17, check = true, timeLimit, exports = [], certificate } = options;
  for (const path of certificate === undefined ? exports : [...exports, certificate]) checkWritable(path);
  const statements = typeof statement === 'string' ? { claim: statement } : statement;
  const parsed = new Map(Object.entries(statements).map(([id, text]) => [id, parseStatement(text)]));
  const deadline = timeLimit === undefined ? undefined : Date.now() + timeLimit * 1000;
  const found = proveStatements(await modelsOf(models), parsed, { width, deadline, check, progress: () => {} });
  const result = check ? checkedStatements(found, deadline) : unasked(found);
  if (exports.length > 0) writeExports(exports, parsed, result);
  if (certificate !== undefined) writeStatementCertificate(result, certificate);
  return proveJson(result, { call: 'prove', seed: 0, digits }) as ResultDocument;
}

async function modelsOf(models: Models): Promise<readonly Model[]> {
  if (isOne(models)) return [await modelOf(null, models)];
  return Promise.all(Object.entries(models).map(([name, model]) => modelOf(name, model)));
}

function isOne(models: Models): models is string | Network {
  return typeof models === 'string' || Array.isArray((models as Network).nodes);
}

async function modelOf(name: string | null, model: string | Network): Promise<Model> {
  if (typeof model !== 'string') return { name, file: 'a network in memory', sha256: sha256(model), network: model };
  const [read] = await readModels([model]);
  return { ...read, name };
}

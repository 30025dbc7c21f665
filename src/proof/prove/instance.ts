import { dirname, resolve } from 'node:path';
import { InputError, placed, quote } from '../../errors.js';
import { readText } from '../../files/read.js';
import { quoteExpressions } from '../../instance/quoting.js';
import { asMap, asText, checkFields, type Raw } from '../../instance/raw.js';
import { LARGEST_YAML, readYaml } from '../../instance/yaml.js';
import { parseStatement, type Statement } from '../../statement/index.js';
import { sequenceLength } from '../../statement/sequences/reading.js';
import type { Model } from '../question/model.js';
import { readModels } from './read-models.js';
import { lengthOf, readStatedText, type StatedText } from './texts.js';

/** An instance without a theorem: networks from files, and statements about them. */
export interface StatementInstance {
  readonly file: string;
  /** Paths of networks, by their names in statements; one without a name. */
  readonly networks: readonly { readonly name: string | null; readonly file: string }[];
  readonly claims: ReadonlyMap<string, Statement>;
  /** Texts that the network is to write behind prompts. */
  readonly texts: ReadonlyMap<string, StatedText>;
}

const FIELDS = ['network', 'networks', 'claims', 'expect'];
const SHAPE =
  "a map with network (a path) or networks ({a: path, b: path}), claims ({id: 'statement'}) and, if wished, expect";
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ID = /^[A-Za-z][\w.-]*$/;

/**
 * Reads a file with `network:` or `networks:` in the place of `theorem:`; null for any other. Paths are relative to the
 * file. Throws InputError with file, line and field, and the column for a statement.
 */
export function readStatementInstance(file: string): StatementInstance | null {
  const raw = readYaml(quoteExpressions(readText(file, LARGEST_YAML)), file);
  if (raw.kind !== 'map' || raw.entries.has('theorem')) return null;
  const { entries } = raw;
  if (!entries.has('network') && !entries.has('networks')) return null;
  checkFields(entries, FIELDS);
  const claims = entries.get('claims');
  if (!claims) throw new InputError({ file, field: 'claims', found: 'no claims', allowed: SHAPE });
  return { file, networks: networksOf(entries, dirname(file)), ...claimsOf(claims) };
}

export function modelsOf({ networks, claims, texts }: StatementInstance): Promise<Model[]> {
  const names = networks[0].name === null ? undefined : networks.map(({ name }) => name!);
  return readModels(
    networks.map(({ file }) => file),
    names,
    lengthOf([...texts.values()]) ?? sequenceLength([...claims.values()]),
  );
}

function networksOf(entries: ReadonlyMap<string, Raw>, directory: string): StatementInstance['networks'] {
  const [one, several] = [entries.get('network'), entries.get('networks')];
  if (one && several) throw new InputError({ ...several.place, found: 'network and networks', allowed: 'one of them' });
  if (one) return [{ name: null, file: resolve(directory, asText(one, 'the path of a network, .onnx or .json')) }];
  const named = [...asMap(several!, 'paths by name, such as {a: teacher.onnx, b: student.onnx}')];
  if (named.length === 0) throw new InputError({ ...several!.place, found: 'no network', allowed: SHAPE });
  return named.map(([name, path]) => {
    if (!NAME.test(name))
      throw new InputError({ ...path.place, found: quote(name), allowed: 'a name such as a or teacher' });
    return { name, file: resolve(directory, asText(path, 'the path of a network, .onnx or .json')) };
  });
}

function claimsOf(raw: Raw): Pick<StatementInstance, 'claims' | 'texts'> {
  const claims = [...asMap(raw, "statements by id, such as {error: 'for all x in [0,1]: |y| <= 1'}")];
  if (claims.length === 0)
    throw new InputError({ ...raw.place, found: 'no claims', allowed: "claims: {error: '...'}" });
  const statements = new Map<string, Statement>();
  const texts = new Map<string, StatedText>();
  for (const [id, value] of claims) {
    if (!ID.test(id)) throw new InputError({ ...value.place, found: quote(id), allowed: 'an id such as error' });
    if (value.kind === 'map') texts.set(id, readStatedText(value));
    else
      statements.set(
        id,
        placed(value.place, () => parseStatement(asText(value, 'a statement'))),
      );
  }
  return { claims: statements, texts };
}

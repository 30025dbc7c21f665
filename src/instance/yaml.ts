import type { Node as YamlNode } from 'yaml';
import { brief, InputError, type Place, quote } from '../errors.js';
import { vendored } from '../vendored.js';
import type { Raw } from './raw.js';

const yaml = vendored<typeof import('yaml')>('yaml');

/** Largest instance or sweep file that is read: the largest sensible ones have a few kilobytes, and errors add up. */
export const LARGEST_YAML = 1 << 16;
const DEEPEST = 32;
/** A number or name is its own text in YAML: most of what `-p` gives needs no parser. */
const PLAIN_WORD = /^[-+]?\w[\w./+-]*$/;

/**
 * Reads one YAML document without interpreting its scalars: every scalar is its text, as it stands in the file.
 * `field` is the name that the document goes by in messages.
 * Throws InputError with the line for malformed YAML, aliases (they can blow up), duplicate keys, more than 64 KiB and
 * nesting beyond 32 levels.
 */
export function readYaml(text: string, file?: string, field?: string): Raw {
  if (text.length > LARGEST_YAML) {
    throw new InputError({ file, found: `${text.length} characters`, allowed: `at most ${LARGEST_YAML}` });
  }
  if (PLAIN_WORD.test(text)) return { kind: 'text', text, place: { file, line: file ? 1 : undefined, field } };
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = yaml();
  checkNesting(text, file);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
  });
  const [error] = document.errors;
  if (error) {
    const { line } = lines.linePos(error.pos[0]);
    throw new InputError({
      file,
      line,
      field,
      found: `malformed YAML: ${brief(error.message)}`,
      mend: HINTS[error.code],
    });
  }
  const place = (node: YamlNode, field?: string): Place => ({
    file,
    line: node.range && file ? lines.linePos(node.range[0]).line : undefined,
    field,
  });
  const convert = (node: unknown, depth: number, field?: string): Raw => {
    if (depth > DEEPEST) throw new InputError({ file, found: `more than ${DEEPEST} levels of nesting` });
    if (node === null || node === undefined) return { kind: 'text', text: '', place: { file, field } };
    if (isScalar(node)) return { kind: 'text', text: String(node.value), place: place(node, field) };
    if (isSeq(node)) {
      const items = node.items.map((item, k) => convert(item, depth + 1, `${field ?? ''}[${k}]`));
      return { kind: 'list', items, place: place(node, field) };
    }
    if (isMap(node)) {
      const entries = new Map<string, Raw>();
      for (const { key, value } of node.items) {
        if (!isScalar(key)) throw new InputError({ ...place(node, field), found: 'a key that is not a plain scalar' });
        const name = String(key.value);
        const path = field ? `${field}.${name}` : name;
        if (entries.has(name)) throw new InputError({ ...place(key, path), found: `the key ${quote(name)} twice` });
        const child = convert(value, depth + 1, path);
        entries.set(name, child.place.line === undefined ? at(child, place(key, child.place.field)) : child);
      }
      return { kind: 'map', entries, place: place(node, field) };
    }
    const found = `the alias or tag ${String(node).slice(0, 40)}`;
    throw new InputError({ ...place(node as YamlNode, field), found, allowed: 'plain scalars, lists and maps' });
  };
  return convert(document.contents, 0, field);
}

/** How to mend what people write who do not know YAML's signs. */
const HINTS: Readonly<Record<string, string>> = {
  UNEXPECTED_TOKEN: 'a text with signs of YAML stands in quotes: "|x| is computed"',
  BAD_SCALAR_START: 'a text with signs of YAML stands in quotes: "@ and ` begin no plain text"',
  TAG_RESOLVE_FAILED: 'a text that begins with ! stands in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a text with a colon and a blank stands in quotes: "for all x in [0, 1]: y <= 1"',
  MULTILINE_IMPLICIT_KEY: 'an entry is NAME: VALUE, and a text with a colon and a blank stands in quotes',
  MISSING_CHAR: 'an entry is NAME: VALUE, and a text ends with the quote with which it begins',
  TAB_AS_INDENT: 'indent by blanks',
  BAD_INDENT: 'entries of one map begin in the same column',
};

function at(raw: Raw, place: Place): Raw {
  return { ...raw, place };
}

/** Brackets and indentation bound the depth of the document before the parser recurses into it. */
function checkNesting(text: string, file?: string): void {
  const { Lexer } = yaml();
  let open = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') open += 1;
    else if (lexeme === ']' || lexeme === '}') open = Math.max(0, open - 1);
    if (open > DEEPEST) throw new InputError({ file, found: `more than ${DEEPEST} levels of nesting` });
  }
  const dashes = /^[ \t]*((?:[-?] +){32})/m.exec(text);
  const indent = /^ {400}/m.exec(text);
  if (dashes || indent) throw new InputError({ file, found: `more than ${DEEPEST} levels of nesting` });
}

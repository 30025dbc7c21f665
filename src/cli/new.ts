import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, quote } from '../errors.js';
import { makeFolder, utf8, writeFile } from '../files/write.js';
import { readInstance } from '../instance/instance.js';
import type { Parameter } from '../instance/parameters.js';
import type { Raw } from '../instance/raw.js';
import { libraryFor } from '../library/instance.js';
import { isPath, originOf } from '../library/library.js';
import type { Theorem } from '../proof/theorem.js';
import { PACKAGE } from '../root.js';
import { EXIT } from './exit.js';
import type { CommonFlags } from './flags.js';
import { emit } from './output.js';
import { newTheorem } from './templates.js';

const KINDS = ['theorem', 'instance'] as const;

/** `exhibit new theorem NAME` and `exhibit new instance THEOREM`: files that work at once. */
export async function create(kind: string, name: string, flags: CommonFlags): Promise<number> {
  const known = KINDS.find((word) => word === kind);
  if (!known) throw new InputError({ found: quote(kind), allowed: 'new theorem NAME, new instance THEOREM' });
  const files = known === 'theorem' ? newTheorem(checkedName(name)) : await newInstance(name, flags);
  const there = files.find(({ path }) => existsSync(path));
  if (there)
    throw new InputError({ file: there.path, found: 'a file that is there already', mend: 'choose another name' });
  for (const { path, text } of files) {
    makeFolder(join(path, '..'));
    writeFile(path, utf8([text]));
  }
  const paths = files.map(({ path }) => path);
  const next = known === 'theorem' ? `exhibit audit ${name}` : `exhibit verify ${paths[0]}`;
  emit(
    flags,
    () => ({ files: paths, next }),
    () => `${paths.join('\n')}\nnext: ${next}\n`,
  );
  return EXIT.proved;
}

function checkedName(name: string): string {
  if (/^[a-z][a-z0-9-]{0,79}$/.test(name)) return name;
  throw new InputError({ found: quote(name), allowed: 'small letters, digits and dashes, such as my-theorem' });
}

/** An instance with every parameter: required ones with values that work, the others as comments with their defaults. */
async function newInstance(reference: string, flags: CommonFlags) {
  const theorem = await libraryFor(flags).load(reference);
  const known = exampleOf(theorem);
  const rows = Object.entries(theorem.parameters).flatMap(([name, parameter]) => {
    const { meaning, allowed, fallback } = parameter;
    const about = `  # ${meaning}; ${allowed}`;
    const value = known.get(name) ?? (fallback === undefined ? valueFor(parameter) : null);
    if (value !== null) return [about, `  ${name}: ${value}`];
    return [about, `  # ${name}: ${/^[\w./+*-]+$/.test(fallback!) ? fallback : `(default: ${fallback})`}`];
  });
  const text = [
    `# ${theorem.summary}`,
    `theorem: ${isPath(reference) && !/^[./]/.test(reference) ? `./${reference}` : reference}`,
    rows.length > 0 ? 'params:' : 'params: {}',
    ...rows,
    'expect: proved',
    '',
  ].join('\n');
  return [{ path: `${theorem.id}-instance.yaml`, text }];
}

/** The parameters of the first instance that ships with the theorem; one that names files counts less. */
function exampleOf(theorem: Theorem): ReadonlyMap<string, string> {
  if (originOf(theorem) !== null) return new Map();
  const root = fileURLToPath(new URL('proofs-check', PACKAGE));
  const instances = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /instances.[^/\\]*\.yaml$/.test(file))
    .sort()
    .map((file) => ({ file: join(root, file), text: readFileSync(join(root, file), 'utf8') }))
    .filter(({ text }) => new RegExp(`^theorem: ${theorem.id}$`, 'm').test(text) && /^expect: proved$/m.test(text))
    .map(({ file, text }) => ({ file, params: readInstance(text, file).params }));
  const namesFile = (raw: Raw) => raw.kind === 'text' && /\.(csv|json|npy)$/.test(raw.text);
  const chosen = instances.find(({ params }) => ![...params.values()].some(namesFile)) ?? instances[0];
  if (!chosen) return new Map();
  const folder = join(chosen.file, '..');
  return new Map(
    [...chosen.params].map(([name, raw]) => [
      name,
      namesFile(raw) ? relative('.', join(folder, (raw as { text: string }).text)) : flow(raw),
    ]),
  );
}

/** A value as YAML on one line. */
function flow(raw: Raw): string {
  if (raw.kind === 'text') return /^[\w./+-]+$/.test(raw.text) ? raw.text : JSON.stringify(raw.text);
  if (raw.kind === 'list') return `[${raw.items.map(flow).join(', ')}]`;
  return `{${[...raw.entries].map(([name, entry]) => `${name}: ${flow(entry)}`).join(', ')}}`;
}

const CANDIDATES = ['4', '1', '1/2', '16', '2', '1/4', '100', '-1', 'x', 'x1', '0'];

/** A value that the parameter accepts. */
function valueFor(parameter: Parameter<unknown>): string {
  const words = parameter.allowed.split(', ');
  return [...CANDIDATES, ...words].find((text) => accepts(parameter, text)) ?? '# a value';
}

function accepts(parameter: Parameter<unknown>, text: string): boolean {
  try {
    parameter.read({ kind: 'text', text, place: {} });
    return true;
  } catch {
    return false;
  }
}

// The checker's files that a certificate rests on, with their lines of code: those of every certificate, and those of its rules.
//   node scripts/what-to-read.mjs [CERTIFICATE.json]     without a certificate: of every rule

import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHECKER = fileURLToPath(new URL('../src/checker/', import.meta.url));
const INDEX = join(CHECKER, 'rules/index.ts');

/** Lines that hold code: no blank ones, no comments. */
export function codeLines(file) {
  const bare = readFileSync(file, 'utf8')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
  return bare.split('\n').filter((line) => line.trim() !== '').length;
}

/** What is imported from each file, types alone aside. */
function importsOf(file) {
  const found = readFileSync(file, 'utf8').matchAll(/^import (?!type)([^;]+?) from '(\.[^']+)\.js';$/gm);
  return [...found].map(([, names, path]) => ({ names, file: join(dirname(file), `${path}.ts`) }));
}

/** A file and all that it runs, less what is known already. */
function reached(start, known) {
  const found = new Set();
  const stack = [start];
  for (let file = stack.pop(); file; file = stack.pop()) {
    if (found.has(file) || known.has(file)) continue;
    found.add(file);
    stack.push(...importsOf(file).map((one) => one.file));
  }
  return found;
}

/** The files that every check runs. */
export const CORE = reached(join(CHECKER, 'check.ts'), new Set([INDEX]));

/** The files that a rule runs beside these, by its id. */
export function filesOfRules() {
  const files = importsOf(INDEX).flatMap(({ names, file }) => names.match(/\w+/g).map((name) => [name, file]));
  const rows = readFileSync(INDEX, 'utf8').matchAll(/^ {2}(?:'?([\w-]+)'?: )?(\w+),$/gm);
  return new Map([...rows].map(([, id, name]) => [id ?? name, reached(new Map(files).get(name), CORE)]));
}

function print(title, files) {
  const lines = [...files].reduce((sum, file) => sum + codeLines(file), 0);
  const names = [...files].map((file) => `${relative(CHECKER, file)} ${codeLines(file)}`);
  console.log(`${title}, ${lines} lines: ${names.join(', ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [certificate] = process.argv.slice(2);
  const rules = filesOfRules();
  const named = certificate && readFileSync(certificate, 'utf8').matchAll(/"rule":\s*"([\w-]+)"/g);
  const used = named ? new Set([...named].map(([, rule]) => rule)) : new Set(rules.keys());
  const known = [...used].filter((rule) => rules.has(rule));
  print('every certificate', CORE);
  for (const rule of known) print(rule, rules.get(rule));
  const all = new Set([...CORE, ...known.flatMap((rule) => [...rules.get(rule)])]);
  console.log(`together ${[...all].reduce((sum, file) => sum + codeLines(file), 0)} lines in ${all.size} files`);
}

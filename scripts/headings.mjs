// Writes dist/headings.json, what `exhibit list` shows of the package's own theorems: reading them all takes most of the
// time of that command. src/library/built.ts says when it holds.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const files = readdirSync('proofs-check', { withFileTypes: true })
  .filter((source) => source.isDirectory())
  .flatMap(({ name }) => readdirSync(join('proofs-check', name)).map((file) => join('proofs-check', name, file)))
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => [basename(file, '.yaml'), createHash('sha256').update(readFileSync(file)).digest('hex')]);
const list = execFileSync(process.execPath, ['dist/src/cli/main.cjs', 'list', '--json'], { encoding: 'utf8' });
writeFileSync(
  'dist/headings.json',
  `${JSON.stringify({ files: Object.fromEntries(files), headings: JSON.parse(list) })}\n`,
);

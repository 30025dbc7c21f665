import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

/** The lemmas that the book rests on, as the library `Exhibit`. */
export const LIBRARY = join(import.meta.dirname, '../../proofs-check/coq');

/** Continuous integration and the nightly form ask about every text. */
const asksAll = process.env.EXHIBIT_NIGHTLY !== undefined || process.env.EXHIBIT_COQ === 'all';

/** Whether coqc is here with what exported files and lemmas require; tests that ask it are skipped, visibly, without. */
export const hasCoq = ((): boolean => {
  try {
    const library = execFileSync('coqc', ['-where'], { encoding: 'utf8' }).trim();
    return ['Coquelicot', 'Interval'].every((name) => existsSync(join(library, 'user-contrib', name)));
  } catch {
    return false;
  }
})();

/** What coqc says of a text: what it printed, or why it refused it. */
type Answer = { readonly stdout: string } | { readonly refused: string };

/**
 * Asks coqc about texts, which takes seconds each. What it said stands in a file beside this one, by the hash of the text
 * and of all that it requires of the library: a text of which nothing has changed is compiled again only with
 * EXHIBIT_COQ=all, as continuous integration has it, and in the nightly form. New answers are written down. Returns a
 * function that gives the standard output, and rejects with what coqc complains about.
 */
export function coqc(name: string): (text: string) => Promise<string> {
  const file = join(import.meta.dirname, `coq-answers/${name}.json`);
  const known: Record<string, Answer> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const asked: Record<string, Answer> = asksAll ? {} : { ...known };
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-coq-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    const answers = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
    const text = `${JSON.stringify(Object.fromEntries(answers), null, 2)}\n`;
    if (answers.length > 0 && text !== `${JSON.stringify(known, null, 2)}\n`) writeFileSync(file, text);
  });

  const run = async (source: string, text: string): Promise<string> => {
    writeFileSync(join(folder, source), text);
    const { stdout, stderr } = await promisify(execFile)('coqc', ['-Q', '.', 'Exhibit', source], { cwd: folder });
    if (stderr !== '') throw Object.assign(new Error(stderr), { stderr });
    return stdout;
  };
  const library = new Map<string, Promise<string>>();
  const compiled = (needs: readonly string[]): Promise<unknown> =>
    Promise.all(
      needs.map((need) => {
        const text = sourceOf(need);
        if (!library.has(need))
          library.set(
            need,
            compiled(needsOf(text)).then(() => run(`${need}.v`, text)),
          );
        return library.get(need);
      }),
    );

  let count = 0;
  return async (text) => {
    const parts = [text, ...allNeeds(text).map(sourceOf)];
    const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
    asked[key] ??= await compiled(needsOf(text))
      .then(() => run(`asked_${count++}.v`, text))
      .then(
        (stdout) => ({ stdout }),
        ({ stderr }) => ({ refused: String(stderr).trim() }),
      );
    const answer = asked[key];
    if ('refused' in answer) throw new Error(answer.refused);
    return answer.stdout;
  };
}

const sourceOf = (name: string) => readFileSync(join(LIBRARY, `${name}.v`), 'utf8');

/** The files of the library that a text names. */
function needsOf(text: string): string[] {
  const lines = text.matchAll(/^From Exhibit Require (?:Import )?(.*)\.$/gm);
  return [...lines].flatMap(([, names]) => names.split(' '));
}

/** Those that it rests on, each once. */
function allNeeds(text: string, found = new Set<string>()): string[] {
  for (const need of needsOf(text)) {
    if (found.has(need)) continue;
    found.add(need);
    allNeeds(sourceOf(need), found);
  }
  return [...found].sort();
}

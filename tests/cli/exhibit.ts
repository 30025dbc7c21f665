import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

export const ROOT = resolve(import.meta.dirname, '../..');
export const MAIN = join(ROOT, 'dist/src/cli/main.cjs');
export const INSTANCES = join(ROOT, 'proofs-check/head-count/instances');

if (!existsSync(MAIN)) throw new Error('the command is not built: npm run build');

/** What a command did. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Surroundings {
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that takes longer than this has hung; its exit code is then null. */
export const LONGEST_SECONDS = 60;

/** Runs the built command as a user would. */
export function exhibit(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  return launch(process.execPath, [MAIN, ...args], surroundings);
}

/** Runs a program with its streams captured. */
export function launch(
  program: string,
  args: readonly string[],
  surroundings: Surroundings,
  limit = LONGEST_SECONDS,
): Promise<Outcome> {
  const start = performance.now();
  const child = spawn(program, args, {
    cwd: surroundings.cwd ?? ROOT,
    env: { ...process.env, ...surroundings.env },
    timeout: limit * 1000,
  });
  const [stdout, stderr]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(surroundings.stdin ?? '');
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
      done({ code, stdout: text(stdout), stderr: text(stderr), seconds: (performance.now() - start) / 1000 });
    });
  });
}

/** A folder for the files of one test file, removed at its end. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'exhibit-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);
  return folder;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll } from 'vitest';
import { exhibit, LONGEST_SECONDS, type Outcome, ROOT } from './exhibit.js';

/**
 * What the built command does with these words, asked of one process that answers all calls of a test file, one after
 * another: most of a short command is the start of Node and the reading of the program. The nightly form starts a
 * process for each, as a user does. For what a test says about signals, streams, time or memory, take `exhibit`.
 */
export function answer(args: readonly string[], { cwd = ROOT }: { readonly cwd?: string } = {}): Promise<Outcome> {
  if (process.env.EXHIBIT_NIGHTLY !== undefined) return exhibit(args, { cwd });
  const asked = previous.then(() => ask(args, cwd));
  previous = asked.catch(() => {});
  return asked;
}

let previous: Promise<unknown> = Promise.resolve();
let answering: ChildProcess | undefined;

/** Ends what either stream of an answer says, before the exit code; nothing else holds it. */
const MARK = randomUUID();
const END = new RegExp(`${MARK} (\\d+)\\n$`);

async function ask(words: readonly string[], cwd: string): Promise<Outcome> {
  answering ??= begin();
  const child = answering;
  const start = performance.now();
  child.stdin!.write(`${JSON.stringify({ cwd, words })}\n`);
  const hung = setTimeout(() => child.kill('SIGKILL'), LONGEST_SECONDS * 1000);
  const [stdout, stderr] = await Promise.all([child.stdout!, child.stderr!].map(answerOn));
  clearTimeout(hung);
  const code = END.exec(stdout);
  if (code === null) throw new Error(`the process that answers ended at ${words.join(' ')}: ${stdout}${stderr}`);
  const text = (whole: string) => whole.replace(END, '');
  const seconds = (performance.now() - start) / 1000;
  return { code: Number(code[1]), stdout: text(stdout), stderr: text(stderr), seconds };
}

function begin(): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'answering.mjs'), MARK]);
  child.stdin.on('error', () => {});
  child.on('exit', () => {
    answering = undefined;
  });
  return child;
}

/** What a stream says up to the mark, or up to its end where the process ends. */
function answerOn(stream: Readable): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  return new Promise((done) => {
    const hear = (chunk: string) => {
      text += chunk;
      if (END.test(text.slice(-MARK.length - 8))) finish();
    };
    const finish = () => {
      stream.off('data', hear).off('close', finish);
      done(text);
    };
    stream.on('data', hear).on('close', finish);
  });
}

afterAll(async () => {
  if (answering === undefined) return;
  const ended = once(answering, 'exit');
  answering.stdin!.end();
  await ended;
});

import { runInThread } from './listen.js';
import { SEARCHING } from './searching.js';

/** Runs a command and returns its exit code; the thread that only listens loads nothing of what commands need. */
export async function begin(words: readonly string[]): Promise<number> {
  if (SEARCHING.includes(words[0])) return runInThread(words);
  const { runCommand } = await import('./program.js');
  return runCommand(words);
}

import { InputError } from '../../src/errors.js';
import type { Answers, Part, Reply, Task } from './protocol.js';

/** The worker's own scope, as far as it is used here. */
interface Scope {
  postMessage(reply: Reply): void;
  addEventListener(type: 'message', listener: (event: { data: Task | Part }) => void): void;
}

const scope = self as unknown as Scope;
const waiting = new Map<string, (content: string | null) => void>();

/** Answers tasks one after the other; what goes wrong is told in one message. */
export function serve(
  answer: (task: Task, progress: (message: string, done?: number, total?: number) => void) => unknown,
): void {
  scope.addEventListener('message', async ({ data }) => {
    if (data.kind === 'part') {
      waiting.get(data.part)?.(data.content);
      waiting.delete(data.part);
      return;
    }
    try {
      const found = await answer(data, (message, done, total) =>
        scope.postMessage({ kind: 'progress', message, done, total }),
      );
      scope.postMessage({ kind: 'done', answer: found as Answers[keyof Answers] });
    } catch (error) {
      const { message } = error as Error;
      scope.postMessage({
        kind: 'failed',
        message: error instanceof InputError ? message : `a defect of exhibit: ${message}`,
      });
    }
  });
}

const loaded = new Map<string, Promise<void>>();

/**
 * Runs a script that the page holds beside its own and that is needed here for the first time. A worker of a page that was
 * opened as a file can load nothing by itself.
 */
export function loadPart(part: string): Promise<void> {
  const begun = loaded.get(part) ?? textOf(part).then(run);
  loaded.set(part, begun);
  return begun;
}

/** The text of such a part. */
export function textOf(part: string): Promise<string> {
  return new Promise((resolve, reject) => {
    waiting.set(part, (content) =>
      content === null ? reject(new InputError({ found: `${part} could not be loaded` })) : resolve(content),
    );
    scope.postMessage({ kind: 'need', part });
  });
}

function run(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  (self as unknown as { importScripts(url: string): void }).importScripts(url);
  URL.revokeObjectURL(url);
}

import type { Answers, Part, Reply, Task } from './protocol.js';

type Progress = (message: string, share: number | null) => void;

/** The build puts each script of a worker into the page as a text, since a page opened as a file starts no other. */
const SCRIPTS = globalThis as unknown as { exhibitScripts: Record<string, string> };

/** A worker with one task at a time. */
export class Client {
  private worker: Worker | null = null;
  private cancelling: ((error: Error) => void) | null = null;

  constructor(private readonly script: 'engine' | 'checker') {}

  /** Starts the worker, so that a first task need not wait for it. */
  warm(): void {
    this.worker ??= start(this.script);
  }

  /** Throws an Error with the message for the user when the task fails, Cancelled after `cancel`. */
  ask<K extends Task['kind']>(task: Extract<Task, { kind: K }>, progress: Progress = () => {}): Promise<Answers[K]> {
    this.cancel();
    this.warm();
    const worker = this.worker!;
    return new Promise<Answers[K]>((resolve, reject) => {
      this.cancelling = reject;
      const end = () => {
        this.cancelling = null;
      };
      worker.onerror = ({ message }) => {
        end();
        reject(new Error(message));
      };
      worker.onmessage = async ({ data }: MessageEvent<Reply>) => {
        switch (data.kind) {
          case 'progress':
            progress(data.message, data.total ? (data.done ?? 0) / data.total : null);
            break;
          case 'need':
            worker.postMessage({ kind: 'part', part: data.part, content: await contentOf(data.part) } satisfies Part);
            break;
          case 'done':
            end();
            resolve(data.answer as Answers[K]);
            break;
          case 'failed':
            end();
            reject(new Error(data.message));
        }
      };
      worker.postMessage(task);
    });
  }

  /** Ends the task at work, whatever it does, and its worker with all of its memory. */
  cancel(): void {
    if (!this.cancelling) return;
    this.worker?.terminate();
    this.worker = null;
    const reject = this.cancelling;
    this.cancelling = null;
    reject(new Cancelled());
  }
}

export class Cancelled extends Error {
  constructor() {
    super('cancelled');
  }
}

function start(script: string): Worker {
  const url = URL.createObjectURL(new Blob([SCRIPTS.exhibitScripts[script]], { type: 'text/javascript' }));
  const worker = new Worker(url);
  URL.revokeObjectURL(url);
  return worker;
}

/** The text of a part of the site, by a script element that defines it; null when there is none. */
async function contentOf(part: string): Promise<string | null> {
  const parts = SCRIPTS.exhibitScripts;
  if (parts[part] === undefined && /^[\w-]+$/.test(part)) {
    await new Promise<void>((resolve) => {
      const element = Object.assign(document.createElement('script'), {
        src: `${part}.js`,
        onload: resolve,
        onerror: resolve,
      });
      document.head.append(element);
    });
  }
  return parts[part] ?? null;
}

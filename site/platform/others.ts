/** The web's side of the small corners of Node that the library touches. */

/** `node:async_hooks`: one computation runs at a time in a worker, so what surrounds it is what was last entered. */
export class AsyncLocalStorage<T> {
  private store: T | undefined;

  getStore(): T | undefined {
    return this.store;
  }

  run<R>(value: T, work: () => R): R {
    const before = this.store;
    this.store = value;
    const leave = () => {
      this.store = before;
    };
    let result: R;
    try {
      result = work();
    } catch (error) {
      leave();
      throw error;
    }
    if (result instanceof Promise) return result.finally(leave) as R;
    leave();
    return result;
  }
}

/** `node:url`. */
export function fileURLToPath(url: string | URL): string {
  return new URL(url, 'file:///').pathname;
}

export function pathToFileURL(path: string): URL {
  return new URL(path, 'file:///');
}

/** `node:os`. */
export const tmpdir = () => '/tmp';
export const homedir = () => '/';
export const availableParallelism = () => 1;

/** `node:tty`. */
export const isatty = () => false;
export class WriteStream {
  hasColors(): boolean {
    return false;
  }
}

/** `node:util`. */
export function inspect(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? String(value);
}
inspect.colors = {} as Record<string, [number, number]>;
export const stripVTControlCharacters = (text: string) => text;
export const isDeepStrictEqual = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** `node:worker_threads`. */
export const workerData = undefined;
export const isMainThread = true;
export const parentPort = null;

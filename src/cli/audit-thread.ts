import { parentPort } from 'node:worker_threads';
import { keepCode } from '../kept-code.js';
import type { Row } from './audit-one.js';
import type { CommonFlags } from './flags.js';
import { progressText } from './output.js';

/** An instance to audit, the cell that Ctrl-C sets, and whether somebody looks at what is said meanwhile. */
export interface AuditTask {
  readonly file: string;
  readonly flags: CommonFlags;
  readonly cell: Int32Array | undefined;
  readonly isHeard: boolean;
}

/** Milliseconds between two messages: searches say more than anybody can read. */
const PAUSE = 100;

keepCode();
const loaded = Promise.all([import('./audit-one.js'), import('../deadline.js')]);

/** What a thread of `auditors` does with a task. */
export default async function task({ file, flags, cell, isHeard }: AuditTask): Promise<Row> {
  const [{ auditOne }, { listenTo }] = await loaded;
  if (cell) listenTo(cell);
  let last = 0;
  const say = (...args: Parameters<typeof progressText>) => {
    if (Date.now() < last + PAUSE) return;
    last = Date.now();
    parentPort?.postMessage(progressText(...args));
  };
  return auditOne(file, flags, isHeard ? say : undefined);
}

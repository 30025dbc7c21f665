import { availableParallelism, totalmem } from 'node:os';
import { Piscina } from 'piscina';
import { interruptionCell } from '../deadline.js';
import { CODE, EXTENSION } from '../root.js';
import { auditOne, lostRow, type Row } from './audit-one.js';
import type { AuditTask } from './audit-thread.js';
import type { CommonFlags } from './flags.js';
import { youngGeneration } from './listen.js';
import { progressText } from './output.js';

/** Where the instances of an audit are verified. */
export interface Auditors {
  /** Instances at the same time. */
  readonly width: number;
  run(file: string): Promise<Row>;
  close(): Promise<void>;
}

/** Memory that one instance may well take. */
const PER_INSTANCE = 2 ** 31;

/** As many threads as there are processors, instances and room in memory for; `heard` is told what they are at. */
export function auditors(instances: number, flags: CommonFlags, heard: ((message: string) => void) | null): Auditors {
  const width = Math.min(instances, availableParallelism(), Math.max(1, Math.floor(totalmem() / PER_INSTANCE)));
  return width === 1 ? here(flags, heard) : threads(width, flags, heard);
}

/** One instance after the other in this thread. */
export function here(flags: CommonFlags, heard: ((message: string) => void) | null): Auditors {
  const progress =
    heard === null ? undefined : (...args: Parameters<typeof progressText>) => heard(progressText(...args));
  return { width: 1, run: (file) => auditOne(file, flags, progress), close: async () => {} };
}

function threads(width: number, flags: CommonFlags, heard: ((message: string) => void) | null): Auditors {
  const pool = new Piscina<AuditTask, Row>({
    filename: new URL(`src/cli/audit-thread${EXTENSION}`, CODE).href,
    minThreads: width,
    maxThreads: width,
    resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    idleTimeout: Number.POSITIVE_INFINITY,
  });
  if (heard) pool.on('message', heard);
  const task = { flags, cell: interruptionCell(), isHeard: heard !== null };
  return {
    width,
    run: async (file) => {
      const start = performance.now();
      return pool
        .run({ file, ...task })
        .catch((error: unknown) => lostRow(file, (performance.now() - start) / 1000, error));
    },
    close: () => pool.destroy(),
  };
}

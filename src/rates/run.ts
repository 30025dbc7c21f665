import { type Fault, InputError } from '../errors.js';
import type { Engine } from './engine.js';
import { type Point, pointAt, type Settings } from './point.js';
import { type Outcome, recordedValue, type Value } from './quantity.js';
import type { Store } from './store.js';
import type { Sweep } from './sweep.js';

/** What is kept of a point while the others run. */
export interface PointResult {
  readonly params: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, Value>>;
  /** Recorded claims that were not proved at this point. */
  readonly open: readonly string[];
}

export interface RunOptions extends Settings {
  readonly store: Store;
  /** Called for each finished point; `stored` when it was there before. */
  progress(done: number, stored: number): void;
  /** Ends the run early; points in work are then lost, finished ones are kept. */
  readonly signal?: AbortSignal;
}

/**
 * Computes the points of a sweep that the store lacks. The results come in the order of the grid, undefined where the
 * run ended before. No more than the engine's width of points are in memory beside the recorded values. Throws
 * InputError for a fault of a point, with the point.
 */
export async function runSweep(
  sweep: Sweep,
  count: number,
  start: () => Promise<Engine> | Engine,
  { store, progress, signal, ...settings }: RunOptions,
): Promise<readonly (PointResult | undefined)[]> {
  const results = new Array<PointResult | undefined>(count).fill(undefined);
  let [done, stored, next] = [0, 0, 0];
  const finish = (point: Point, outcome: Outcome) => {
    results[point.index] = recorded(sweep, point, outcome);
    done += 1;
    progress(done, stored);
  };
  /** The next point that must be computed. */
  const take = (): Point | undefined => {
    while (next < count && !signal?.aborted) {
      const point = pointAt(sweep, next++, settings);
      const outcome = store.read(point.job);
      if (!outcome) return point;
      stored += 1;
      finish(point, outcome);
    }
    return undefined;
  };
  const first = take();
  if (!first) return results;
  const engine = await start();
  let failed = false;
  const lane = async (begin: Point | undefined) => {
    for (let point = begin; point && !failed; point = take()) {
      const answer = await engine.compute(point.job).catch((error) => {
        if (!signal?.aborted) throw error;
      });
      if (!answer) return;
      if ('fault' in answer) throw faultAt(sweep, point, answer.fault);
      if (!answer.isKept) store.write(point.job, answer.outcome);
      finish(point, answer.outcome);
    }
  };
  const stop = () => void engine.close();
  signal?.addEventListener('abort', stop);
  const lanes: Promise<void>[] = [];
  try {
    for (let k = 0; k < Math.min(engine.width, count); k++) lanes.push(lane(k === 0 ? first : take()));
    await Promise.all(lanes).catch((error) => {
      failed = true;
      throw error;
    });
    return results;
  } finally {
    signal?.removeEventListener('abort', stop);
    await engine.close();
    await Promise.allSettled(lanes);
  }
}

function recorded({ record }: Sweep, { shown }: Point, outcome: Outcome): PointResult {
  const open = record.filter((id) => Object.hasOwn(outcome.claims, id) && outcome.claims[id].verdict !== 'proved');
  return { params: shown, values: Object.fromEntries(record.map((id) => [id, recordedValue(outcome, id)])), open };
}

function faultAt({ file }: Sweep, { shown, job }: Point, fault: Fault): InputError {
  const at = Object.entries(shown)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
  const own = fault.file === undefined || fault.file === job.file;
  return new InputError({ ...fault, file: own ? file : fault.file, found: `at ${at}: ${fault.found}` });
}

import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../errors.js';
import type { Answer } from './compute.js';
import type { Engine } from './engine.js';

/**
 * An engine whose answers are computed again by another one, `local`, for a share of the points that nobody can foresee.
 * A result does not depend on the machine, so that an answer which differs came from elsewhere than this program.
 * `local` is started when it is first needed. Throws InputError for an answer that differs.
 */
export function rechecked(engine: Engine, local: () => Engine | Promise<Engine>, share: number): Engine {
  let started: Promise<Engine> | undefined;
  return {
    width: engine.width,
    compute: async (job) => {
      const answer = await engine.compute(job);
      if (Math.random() >= share) return answer;
      started ??= Promise.resolve(local());
      const own = await (await started).compute(job);
      if (isSame(answer, own)) return answer;
      const found = `a worker's answer differs from what this machine computes for ${JSON.stringify(job.params)}`;
      throw new InputError({
        field: '--queue',
        found,
        allowed: 'workers and clients of the Redis server that can be trusted',
        mend: 'remove the results folder, whose other points came the same way, or run without --queue',
      });
    },
    close: async () => {
      await Promise.all([engine.close(), started?.then((own) => own.close())]);
    },
  };
}

/** Faults are texts for people, of which only the fact counts. */
function isSame(answer: Answer, own: Answer): boolean {
  if ('fault' in answer || 'fault' in own) return 'fault' in answer && 'fault' in own;
  return isDeepStrictEqual(answer.outcome, own.outcome);
}

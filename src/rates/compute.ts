import { verify } from '../audit/verify.js';
import { type Fault, InputError } from '../errors.js';
import { type Library, libraryOf } from '../library/library.js';
import { type Job, keyOfJob } from './point.js';
import { type Outcome, outcomeOf } from './quantity.js';
import { deserialise } from './serialised.js';

/**
 * What an engine answers: the outcome, which it may have kept in the store itself, or the user's fault that only building
 * the network brought to light.
 */
export type Answer = { readonly outcome: Outcome; readonly isKept?: true } | { readonly fault: Fault };

/** Looked for once, and not at every point. */
let library: Library | undefined;

/**
 * Computes a point. Execution claims are left out, since what hardware does is no function of the parameters, and so are
 * time limits. A job whose key differs here was made by another version or with other files, and is a fault.
 */
export async function computePoint(job: Job, version: string): Promise<Answer> {
  try {
    library ??= libraryOf();
    const theorem = await library.load(job.theorem);
    if (keyOfJob(job, theorem, version) !== job.key) {
      const found = 'a point whose version or data files are not those of this worker';
      throw new InputError({ found, allowed: 'workers with the same version and the same files' });
    }
    const entries = Object.entries(job.params).map(([name, value]) => [name, deserialise(value, {})] as const);
    const instance = { theorem: theorem.id, params: new Map(entries), bounds: new Map(), file: job.file };
    const result = await verify(theorem, instance, {
      seed: job.seed,
      digits: job.digits,
      execution: [],
      progress: () => {},
    });
    return { outcome: outcomeOf(result) };
  } catch (error) {
    if (error instanceof InputError) return { fault: error.fault };
    throw error;
  }
}

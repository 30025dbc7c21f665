import { Unfinished } from './failure.js';

/** What a check may cost: steps of about ten nanoseconds, and bytes that it keeps until it ends. */
export interface Budget {
  readonly work: number;
  readonly memory: number;
}

/** The budget does not do. */
export class Exhausted extends Unfinished {
  constructor(what: string) {
    super(`the certificate asks for more ${what} than the checker allows itself`);
  }
}

const UNLIMITED: Budget = { work: Number.POSITIVE_INFINITY, memory: Number.POSITIVE_INFINITY };
let given = UNLIMITED;
let [worked, held] = [0, 0];

/** Starts a check with this budget. */
export function allow(budget: Budget): void {
  given = budget;
  [worked, held] = [0, 0];
}

/** What was spent since the check was started. */
export function spent(): Budget {
  return { work: worked, memory: held };
}

/** Counts work before it is done, so that a hostile file costs bounded time. A charge is never negative. */
export function spend(work: number): void {
  if (!(work >= 0)) throw new RangeError(`a charge of ${work}`);
  worked += work;
  if (worked > given.work) throw new Exhausted('work');
}

/** Demands that there is room for bytes that are given back at once. */
export function borrow(bytes: number): void {
  hold(bytes);
  release(bytes);
}

/** Gives back bytes that were held. */
export function release(bytes: number): void {
  if (!(bytes >= 0 && bytes <= held)) throw new RangeError(`a release of ${bytes}`);
  held -= bytes;
}

/** Counts bytes that stay in memory, before they are taken. */
export function hold(bytes: number): void {
  if (!(bytes >= 0)) throw new RangeError(`a charge of ${bytes}`);
  held += bytes;
  if (held > given.memory) throw new Exhausted('memory');
}

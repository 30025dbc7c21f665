import { hold, spend } from './budget.js';
import { demand } from './failure.js';

/** Bytes of a list or an object that is written again. */
const CONTAINER = 100;

/**
 * Claims with the values of the list `shared` in the places that name them, `{"shared": k}`. There is no such place within these
 * values, and each use is charged by their length: what is checked is then not larger than a file of that length may be.
 */
export function withShared(claims: unknown, shared: readonly unknown[]): unknown {
  const lengths = shared.map((value) => JSON.stringify(value).length);
  const put = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    spend(5);
    hold(CONTAINER);
    if (Array.isArray(value)) return value.map(put);
    const [[name, k] = [], ...others] = Object.entries(value);
    if (name !== 'shared' || typeof k !== 'number' || others.length > 0)
      return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, put(part)]));
    demand(Object.hasOwn(shared, k), `the certificate shares no value ${k}`);
    spend(10 * lengths[k]);
    return shared[k];
  };
  return shared.length === 0 ? claims : put(claims);
}

/** Whether everything is tried, however long it takes. */
export const NIGHTLY = process.env.EXHIBIT_NIGHTLY !== undefined;

/** At most so many of the items, spread over all of them; all in the nightly form. */
export function thinned<T>(items: Iterable<T>, most: number): T[] {
  const all = [...items];
  const stride = NIGHTLY ? 1 : Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, k) => k % stride === 0);
}

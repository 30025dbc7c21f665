/** Whether everything is tried, however long it takes. */
export const NIGHTLY = process.env.EXHIBIT_NIGHTLY !== undefined;

/** At most so many of the items, spread over all of them; all in the nightly form. */
export function thinned<T>(items: Iterable<T>, most: number): T[] {
  const all = [...items];
  const stride = NIGHTLY ? 1 : Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, k) => k % stride === 0);
}

/** EXHIBIT_SLICE=2/8 runs the second eighth of a long form; all of it without. */
const [part, parts] = (process.env.EXHIBIT_SLICE ?? '1/1').split('/').map(Number);
if (!(part >= 1 && part <= parts)) throw new Error(`EXHIBIT_SLICE=${process.env.EXHIBIT_SLICE}; allowed: 1/8 to 8/8`);
export const IS_WHOLE = parts === 1;

/** The items of this slice. */
export function sliced<T>(items: Iterable<T>): T[] {
  return [...items].filter((_, k) => k % parts === part - 1);
}

/** This slice's share of so many random cases. */
export function share(count: number): number {
  return Math.ceil(count / parts);
}

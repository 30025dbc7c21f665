/** The certificate does not prove what it says: the one message names the step. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
}

/** The check came to no end: what the certificate says may be true, but was not shown. */
export class Unfinished extends Rejected {}

/** The file is no certificate at all. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Throws Rejected unless `condition` holds. */
export function demand(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new Rejected(typeof message === 'string' ? message : message());
}

/** Throws Rejected unless each of the items passes. */
export function demandEach<T>(items: Iterable<T>, passes: (item: T) => boolean, message: string): void {
  for (const item of items) demand(passes(item), message);
}

/** Throws Unfinished unless `shown`: for what may be true although this checker's means do not show it. */
export function demandShown(shown: boolean, message: string | (() => string)): asserts shown {
  if (!shown) throw new Unfinished(typeof message === 'string' ? message : message());
}

/** Throws Unfinished unless each of the items is `shown` to pass. */
export function demandEachShown<T>(items: Iterable<T>, shown: (item: T) => boolean, message: string): void {
  for (const item of items) demandShown(shown(item), message);
}

const LONGEST = 60;
const MOST_PARTS = 4;
const DEEPEST = 3;

/** A value from a file as it may stand in a message: one line, at most 60 characters, whatever its size and depth. */
export function brief(value: unknown): string {
  const text = outline(value, 0);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

/** JSON of the value, the first parts of it alone. */
function outline(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST));
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  const keys = isList ? [...value.slice(0, MOST_PARTS).keys()] : firstKeys(value);
  const parts = depth === DEEPEST ? ['...'] : keys.map((key) => outline((value as never)[key], depth + 1));
  const stated = isList || depth === DEEPEST ? parts : parts.map((part, k) => `${outline(keys[k], depth)}:${part}`);
  return isList ? `[${stated}]` : `{${stated}}`;
}

function firstKeys(value: object): string[] {
  const keys: string[] = [];
  for (const key in value) if (keys.push(key) === MOST_PARTS) break;
  return keys;
}

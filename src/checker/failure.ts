/** The certificate does not prove what it says: the one message names the step. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
}

/** The file is no certificate at all. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Throws Rejected unless `condition` holds. */
export function demand(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new Rejected(typeof message === 'string' ? message : message());
}

/** Text from a file as it may stand in a message: one line, at most 60 characters. */
export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

let left = Number.POSITIVE_INFINITY;

/** Starts a check that may do so many operations on numbers of ordinary size. */
export function allow(operations: number): void {
  left = operations;
}

/** Counts work, so that a hostile file costs bounded time and memory. */
export function spend(operations: number): void {
  left -= operations;
  if (left < 0) throw new Rejected('the certificate asks for more work than the checker does');
}

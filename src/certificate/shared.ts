/** Characters from which on a value that stands there twice is stated once: a reference takes about 15. */
const LEAST = 40;

/** What several places of a document state in the same words, each once, and the document with references to it. */
export interface Shared {
  readonly values: readonly string[];
  /** A part of the document as JSON; what is shared stands in it as `{"shared": k}`. */
  text(part: unknown): string;
}

/** Looks for values that parts of a document have in common. */
export function sharing(parts: readonly unknown[]): Shared {
  const counts = new Map<string, number>();
  const count = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const text = JSON.stringify(value);
    if (text.length < LEAST) return;
    const known = counts.get(text) ?? 0;
    counts.set(text, known + 1);
    if (known === 0) for (const part of Object.values(value)) count(part);
  };
  for (const part of parts) count(part);
  const shared = [...counts].filter(([, uses]) => uses > 1).map(([text]) => text);
  const isTaken = shared.length === 0 || parts.some((part) => JSON.stringify(part).includes('"shared":'));
  if (isTaken) return { values: [], text: (part) => JSON.stringify(part) };
  const places = new Map(shared.map((text, k) => [text, k]));
  const write = (value: unknown): string => {
    const text = JSON.stringify(value);
    if (typeof value !== 'object' || value === null || text.length < LEAST) return text;
    const place = places.get(text);
    if (place !== undefined) return `{"shared":${place}}`;
    if (Array.isArray(value)) return `[${value.map((part) => write(part ?? null))}]`;
    const fields = Object.entries(value).filter(([, part]) => part !== undefined);
    return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${write(part)}`)}}`;
  };
  return { values: shared, text: write };
}

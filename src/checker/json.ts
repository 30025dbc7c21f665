import { hold, spend } from './budget.js';
import { Malformed } from './failure.js';

const DEEPEST = 32;
/** Bytes of a list or an object, of a field of an object, and of a text beside its signs. */
const CONTAINER = 100;
const FIELD = 60;
const TEXT = 40;

/**
 * Reads JSON (RFC 8259) that nests at most 32 deep and in which no object has a field twice: two readers of such a text
 * agree on what it says. What it will take is counted, with the fields, before it is read: of two alike, one is left. Throws Malformed.
 */
export function readJson(text: string, what: string): unknown {
  const fault = (how: string) => new Malformed(`${what} ${how}`);
  let [depth, fields] = [0, 0];
  spend(text.length);
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') {
      const start = at;
      for (at += 1; at < text.length && text[at] !== '"'; at++) if (text[at] === '\\') at += 1;
      hold(TEXT + 2 * (at - start));
    } else if (sign === '{' || sign === '[') {
      depth += 1;
      if (depth > DEEPEST) throw fault(`nests deeper than ${DEEPEST}`);
      hold(CONTAINER);
    } else if (sign === '}' || sign === ']') depth -= 1;
    else if (sign === ':') {
      fields += 1;
      hold(FIELD);
    }
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw fault('is no JSON');
  }
  if (fieldsIn(value) < fields) throw fault('has a field twice');
  return value;
}

/** How many fields the objects in a value have. */
function fieldsIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts: unknown[] = Object.values(value);
  return parts.reduce<number>((sum, part) => sum + fieldsIn(part), Array.isArray(value) ? 0 : parts.length);
}

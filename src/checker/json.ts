import { hold, spend } from './budget.js';
import { Malformed } from './failure.js';

const DEEPEST = 32;
/** Bytes of a list or an object, with its place in the one around it, and of a field of an object. */
const CONTAINER = 100;
const FIELD = 60;

/**
 * Reads JSON (RFC 8259) that nests at most 32 deep and in which no object has a field twice: two readers of such a text
 * agree on what it says. Throws Malformed.
 */
export function readJson(text: string, what: string): unknown {
  return new Reader(text, what).whole();
}

class Reader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly what: string,
  ) {}

  whole(): unknown {
    const value = this.value(0);
    if (this.next() !== undefined) throw this.fault('goes on behind its end');
    return value;
  }

  private value(depth: number): unknown {
    spend(20);
    const sign = this.next();
    if (sign === '"') return this.string();
    if (sign !== '{' && sign !== '[') return this.word();
    if (depth === DEEPEST) throw this.fault(`nests deeper than ${DEEPEST}`);
    spend(10);
    hold(CONTAINER);
    this.at += 1;
    return sign === '[' ? this.list(depth) : this.object(depth);
  }

  private list(depth: number): unknown[] {
    const values: unknown[] = [];
    if (this.accepts(']')) return values;
    do values.push(this.value(depth + 1));
    while (this.accepts(','));
    if (!this.accepts(']')) throw this.fault('is no JSON');
    return values;
  }

  private object(depth: number): object {
    const fields: Record<string, unknown> = {};
    if (this.accepts('}')) return fields;
    do {
      if (this.next() !== '"') throw this.fault('is no JSON');
      const key = this.string();
      if (Object.hasOwn(fields, key) || key === '__proto__')
        throw this.fault(`has the field '${key.slice(0, 60)}' twice`);
      if (!this.accepts(':')) throw this.fault('is no JSON');
      hold(FIELD);
      fields[key] = this.value(depth + 1);
    } while (this.accepts(','));
    if (!this.accepts('}')) throw this.fault('is no JSON');
    return fields;
  }

  private string(): string {
    const start = this.at;
    for (let end = this.text.indexOf('"', start + 1); end > 0; end = this.text.indexOf('"', end + 1)) {
      let escapes = 0;
      while (this.text[end - 1 - escapes] === '\\') escapes += 1;
      if (escapes % 2 === 1) continue;
      this.at = end + 1;
      spend((end - start) / 4);
      hold(40 + 2 * (end - start));
      return this.parsed(this.text.slice(start, end + 1)) as string;
    }
    throw this.fault('is no JSON');
  }

  /** A number, true, false or null. */
  private word(): unknown {
    WORD.lastIndex = this.at;
    const [word] = WORD.exec(this.text) ?? [''];
    this.at += word.length;
    return this.parsed(word);
  }

  private parsed(part: string): unknown {
    try {
      return JSON.parse(part);
    } catch {
      throw this.fault('is no JSON');
    }
  }

  /** The sign that comes next after blanks; undefined at the end. */
  private next(): string | undefined {
    while (this.at < this.text.length && BLANKS.includes(this.text[this.at])) this.at += 1;
    return this.text[this.at];
  }

  private accepts(sign: string): boolean {
    if (this.next() !== sign) return false;
    this.at += 1;
    return true;
  }

  private fault(how: string): Malformed {
    return new Malformed(`${this.what} ${how}, at character ${this.at + 1}`);
  }
}

const BLANKS = ' \t\r\n';
const WORD = /[-+.\w]{0,40}/y;

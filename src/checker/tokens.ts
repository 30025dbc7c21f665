import { borrow, spend } from './budget.js';
import { brief, demand, type Rejected } from './failure.js';

const LONGEST_TEXT = 1 << 20;
const DEEPEST = 100;
/** Names are of letters that no reader takes for others: there are other alphabets with an x. */
const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*'*)|(<=|>=|\.\.|[-+*/^()[\]{}|,:<>=])|$)/y;

/** A text cut into numbers, names and signs, which are read one after the other; `fault` makes the error where that fails. */
export class Tokens {
  protected readonly tokens: string[] = [];
  protected position = 0;
  private depth = 0;

  constructor(
    protected readonly text: unknown,
    private readonly fault: (text: string, found: string) => Rejected,
  ) {
    demand(typeof text === 'string' && text.length <= LONGEST_TEXT, () => `${brief(text)} is no expression`);
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
      const token = match[1] ?? match[2] ?? match[3];
      if (token === undefined) return;
      spend(20);
      borrow(50 * this.tokens.length);
      this.tokens.push(token);
    }
    throw this.unread();
  }

  /** The whole text as what `read` reads. */
  whole<T>(read: (reader: this) => T): T {
    const found = read(this);
    if (this.position < this.tokens.length) throw this.unread();
    return found;
  }

  protected get next(): string {
    return this.tokens[this.position] ?? '';
  }

  /** What `read` reads, once or more, with commas, or another sign, between. */
  protected list<T>(read: () => T, end?: string, sign = ','): T[] {
    const parts = [read()];
    while (this.accept(sign)) parts.push(read());
    if (end !== undefined) this.expect(end);
    return parts;
  }

  protected nested<T>(read: () => T): T {
    demand(++this.depth <= DEEPEST, () => `${brief(this.text)} nests too deep`);
    const found = read();
    this.depth -= 1;
    return found;
  }

  protected before<T>(token: string, read: T): T {
    this.expect(token);
    return read;
  }

  protected expect(token: string): void {
    if (!this.accept(token)) throw this.unread();
  }

  protected accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }

  protected unread(): Rejected {
    return this.fault(brief(this.text), brief(this.tokens[this.position] ?? 'its end'));
  }
}

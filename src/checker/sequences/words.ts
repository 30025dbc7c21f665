import { brief, demandShown, Unfinished } from '../failure.js';
import { Arithmetic } from '../term.js';
import { operation, type Residual } from './residual.js';

const MOST_TOKENS = 4096;
const MOST_SYMBOLS = 4096;

/** Reads sets of sequences and functions of them, as statements write them. Throws Unfinished for other texts. */
export class Words extends Arithmetic<Residual> {
  constructor(
    text: string,
    /** The variable of the sequence, and how many tokens it has. */
    private readonly name: string,
    private readonly length: number,
    /** What `t` stands for. */
    private readonly t: bigint,
  ) {
    super(text, (whole, found) => new Unfinished(`${whole} is no text about sequences, by ${found}`));
  }

  /** `{12} x {0..9}^10`: the values of each token. */
  alphabets(): bigint[][] {
    const found: bigint[][] = [];
    do {
      this.expect('{');
      const values = this.list(() => this.valuesOf(this.ends()), '}').flat();
      const copies = this.accept('^') ? this.number() : 1n;
      demandShown(
        copies > 0n && found.length + Number(copies) <= MOST_TOKENS,
        `${brief(this.text)} has too many tokens`,
      );
      for (let k = 0n; k < copies; k++) found.push([...new Set(values)]);
    } while (this.accept('x'));
    return found;
  }

  /** `1..10`, `11`: the first and the last. */
  ends(): readonly [bigint, bigint] {
    const from = this.number();
    return [from, this.accept('..') ? this.number() : from];
  }

  private valuesOf([from, to]: readonly [bigint, bigint]): bigint[] {
    demandShown(from <= to && to - from < BigInt(MOST_SYMBOLS), `${brief(this.text)} has too many symbols`);
    return Array.from({ length: Number(to - from) + 1 }, (_, k) => from + BigInt(k));
  }

  protected call(name: string, ...args: readonly Residual[]): Residual {
    if (name === '+') return operation('sum', args);
    demandShown(name === '*' || name === '-', `${name} is no operation on tokens`);
    return operation('product', args, name === '*' ? 1n : -1n);
  }

  protected atom(): Residual {
    if (/^\d/.test(this.next)) return this.number();
    if (this.accept('(')) return this.before(')', this.sum());
    const part = this.next;
    this.position += 1;
    if (part === 't') return this.t;
    if (part === this.name) {
      this.expect('[');
      return this.before(']', { token: this.place(this.sum()) });
    }
    return this.applied(part);
  }

  private applied(fn: string): Residual {
    this.expect('(');
    const lists = this.list(() => this.items(), ')');
    const one = (k: number): Residual => {
      demandShown(lists[k]?.length === 1, `${fn} needs a number as argument ${k + 1}`);
      return lists[k][0];
    };
    const closed = (k: number): bigint => {
      const value = one(k);
      demandShown(typeof value === 'bigint', `${fn} needs a known number as argument ${k + 1}`);
      return value;
    };
    switch (fn) {
      case 'mod':
      case 'quotient':
        demandShown(lists.length === 2 && closed(1) > 0n, `${fn} needs a divisor above 0`);
        return operation(fn, [one(0)], closed(1));
      case 'min':
      case 'max':
        return operation(
          fn,
          lists.map((_, k) => one(k)),
        );
      case 'count':
        demandShown(lists.length === 2, 'count needs a list and a value');
        return operation(
          'sum',
          lists[0].map((part) => operation('is', [part], closed(1))),
        );
      case 'carry': {
        const [a, b] = lists;
        demandShown(lists.length <= 3 && a.length === b?.length, 'carry needs two lists of one length');
        return operation(
          fn,
          a.flatMap((digit, k) => [digit, b[k]]),
          0n,
          [lists.length === 3 ? closed(2) : 10n],
        );
      }
      case 'balanced':
        demandShown(lists.length === 3, 'balanced needs a list and two brackets');
        return operation(fn, lists[0], 0n, [closed(1), closed(2)]);
      case 'automaton':
        return this.automaton(lists, closed(1));
      default:
        demandShown(false, `${brief(fn)} is no function of tokens`);
    }
  }

  private automaton(lists: readonly Residual[][], start: bigint): Residual {
    const [word, , ...rows] = lists;
    const table = rows.flat();
    const states = BigInt(rows[0]?.length ?? 0);
    const isState = (q: Residual): q is bigint => typeof q === 'bigint' && q >= 0n && q < states;
    demandShown(
      rows.every((row) => BigInt(row.length) === states) && table.every(isState) && isState(start),
      'the rows of an automaton do not fit',
    );
    return operation('automaton', word, start, [states, ...(table as bigint[])]);
  }

  /** `s[2..9]`, `[1, 0]`, or one number. */
  private items(): Residual[] {
    if (this.accept('[')) return this.list(() => this.sum(), ']');
    const start = this.position;
    if (this.accept(this.name) && this.accept('[')) {
      const items: Residual[] = [];
      const from = this.sum();
      if (this.accept('..')) {
        const to = this.sum();
        this.expect(']');
        demandShown(typeof from === 'bigint' && typeof to === 'bigint' && to >= from - 1n, 'a slice runs backwards');
        for (let index = from; index <= to; index++) items.push({ token: this.place(index) });
        return items;
      }
      this.position = start;
    }
    return [this.sum()];
  }

  private place(index: Residual): number {
    const fits = typeof index === 'bigint' && index >= 1n && index <= BigInt(this.length);
    demandShown(fits, `there is no such token in ${brief(this.text)}`);
    return Number(index) - 1;
  }

  private number(): bigint {
    if (!/^\d{1,18}$/.test(this.next)) throw this.unread();
    return BigInt(this.tokens[this.position++]);
  }
}

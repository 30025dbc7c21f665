import { spend } from '../budget.js';
import { brief, demandShown } from '../failure.js';
import { operation, type Rest } from './rest.js';

const TOKEN = /\s*(?:(\d{1,18})|([a-z_]+)|(\.\.|[-+*()[\]{},^]))/y;
const MOST_TOKENS = 4096;
const MOST_SYMBOLS = 4096;
const DEEPEST = 50;

/** Reads sets of sequences and functions of them, as statements write them. Throws Unfinished for other texts. */
export class Words {
  private readonly parts: string[] = [];
  private at = 0;
  private depth = 0;

  constructor(
    private readonly text: string,
    /** The variable of the sequence, and how many tokens it has. */
    private readonly name: string,
    private readonly length: number,
    /** What `t` stands for. */
    private readonly t: bigint,
  ) {
    spend(10 * text.length);
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.trimEnd().length) {
      const match = TOKEN.exec(text);
      demandShown(match !== null, `${brief(text)} is no text about sequences`);
      this.parts.push(match[0].trim());
    }
  }

  /** `{12} x {0..9}^10`: the values of each token. */
  alphabets(): bigint[][] {
    const found: bigint[][] = [];
    do {
      const values = new Set<bigint>();
      this.pass('{');
      do {
        const from = this.number();
        const to = this.skip('..') ? this.number() : from;
        demandShown(from <= to && to - from < BigInt(MOST_SYMBOLS), `${brief(this.text)} has too many symbols`);
        for (let value = from; value <= to; value++) values.add(value);
      } while (this.skip(','));
      this.pass('}');
      const copies = this.skip('^') ? this.number() : 1n;
      demandShown(
        copies > 0n && found.length + Number(copies) <= MOST_TOKENS,
        `${brief(this.text)} has too many tokens`,
      );
      for (let k = 0n; k < copies; k++) found.push([...values]);
    } while (this.skip('x'));
    this.end();
    return found;
  }

  /** `1..10`, `11`: the first and the last. */
  range(): readonly [bigint, bigint] {
    const from = this.number();
    const to = this.skip('..') ? this.number() : from;
    this.end();
    return [from, to];
  }

  whole(): Rest {
    const rest = this.sum();
    this.end();
    return rest;
  }

  private sum(): Rest {
    this.depth += 1;
    demandShown(this.depth < DEEPEST, 'a function of tokens nests too deep');
    const terms: Rest[] = [];
    let negative = this.skip('-');
    for (;;) {
      const term = this.product();
      terms.push(negative ? operation('product', [term], -1n) : term);
      negative = this.skip('-');
      if (!negative && !this.skip('+')) break;
    }
    this.depth -= 1;
    return terms.length === 1 ? terms[0] : operation('sum', terms);
  }

  private product(): Rest {
    const factors = [this.atom()];
    while (this.skip('*')) factors.push(this.atom());
    return factors.length === 1 ? factors[0] : operation('product', factors, 1n);
  }

  private atom(): Rest {
    const part = this.parts[this.at] ?? '';
    if (/^\d/.test(part)) return this.number();
    if (this.skip('(')) {
      const inner = this.sum();
      this.pass(')');
      return inner;
    }
    this.at += 1;
    if (part === 't') return this.t;
    if (part === this.name) {
      this.pass('[');
      const index = this.place(this.sum());
      this.pass(']');
      return { token: index };
    }
    return this.call(part);
  }

  private call(fn: string): Rest {
    this.pass('(');
    const lists: Rest[][] = [];
    do lists.push(this.list());
    while (this.skip(','));
    this.pass(')');
    const one = (k: number): Rest => {
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

  private automaton(lists: readonly Rest[][], start: bigint): Rest {
    const [word, , ...rows] = lists;
    const table = rows.flat();
    const states = BigInt(rows[0]?.length ?? 0);
    const isState = (q: Rest): q is bigint => typeof q === 'bigint' && q >= 0n && q < states;
    demandShown(
      rows.every((row) => BigInt(row.length) === states) && table.every(isState) && isState(start),
      'the rows of an automaton do not fit',
    );
    return operation('automaton', word, start, [states, ...(table as bigint[])]);
  }

  /** `s[2..9]`, `[1, 0]`, or one number. */
  private list(): Rest[] {
    const items: Rest[] = [];
    if (this.skip('[')) {
      do items.push(this.sum());
      while (this.skip(','));
      this.pass(']');
      return items;
    }
    const start = this.at;
    if (this.parts[this.at] === this.name && this.parts[this.at + 1] === '[') {
      this.at += 2;
      const from = this.sum();
      if (this.skip('..')) {
        const to = this.sum();
        this.pass(']');
        demandShown(typeof from === 'bigint' && typeof to === 'bigint' && to >= from - 1n, 'a slice runs backwards');
        for (let index = from; index <= to; index++) items.push({ token: this.place(index) });
        return items;
      }
      this.at = start;
    }
    return [this.sum()];
  }

  private place(index: Rest): number {
    const fits = typeof index === 'bigint' && index >= 1n && index <= BigInt(this.length);
    demandShown(fits, `there is no such token in ${brief(this.text)}`);
    return Number(index) - 1;
  }

  private number(): bigint {
    const part = this.parts[this.at] ?? '';
    demandShown(/^\d+$/.test(part), `${brief(this.text)} lacks a number`);
    this.at += 1;
    return BigInt(part);
  }

  private skip(part: string): boolean {
    if (this.parts[this.at] !== part) return false;
    this.at += 1;
    return true;
  }

  private pass(part: string): void {
    demandShown(this.skip(part), `${brief(this.text)} lacks a ${part}`);
  }

  private end(): void {
    demandShown(this.at === this.parts.length, `${brief(this.text)} goes on where it should end`);
  }
}

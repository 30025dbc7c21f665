import { createHash } from 'node:crypto';
import type { Domain, Factor, Group, Range, Relation, Side, Statement, Term } from './ast.js';
import { ARITIES } from './functions.js';
import { LETTER } from './lookalikes.js';

export interface PrintOptions {
  /**
   * Lists of more parts are cut to their first and last, with their number and the SHA-256 of their full text: for
   * readers, not for `parseStatement`. Nothing is cut when absent.
   */
  readonly longest?: number;
}

/** The text of a statement; `parseStatement` reads it back to the same tree. */
export function printStatement({ prefix, relations }: Statement, options: PrintOptions = {}): string {
  const print = new Printer(options.longest ?? Number.POSITIVE_INFINITY);
  const head = prefix ? `${print.prefix(prefix)}: ` : '';
  return head + print.conjunction(relations);
}

export function printPrefix(prefix: NonNullable<Statement['prefix']>): string {
  return WHOLE.prefix(prefix);
}

export function printRelation(relation: Relation): string {
  return WHOLE.relation(relation);
}

export function printDomain(domain: Domain): string {
  return WHOLE.domain(domain);
}

export function printTerm(term: Term, options: PrintOptions = {}): string {
  return new Printer(options.longest ?? Number.POSITIVE_INFINITY).term(term);
}

/** A name that may stand without quotes; what ends in |w| is a size. */
const PART = `[${LETTER}][${LETTER}0-9]*`;
const PLAIN = new RegExp(String.raw`^(?:${PART}(?:\.${PART})*'*|(?:${PART}\.)*max\|w\|)$`, 'u');
const WORDS = new Set(['for', 'all', 'forall', 'in', 'with', 'and', 'softmax', 'argmax']);

class Printer {
  constructor(private readonly longest: number) {}

  prefix({ groups, conditions }: NonNullable<Statement['prefix']>): string {
    const ranges = this.list(groups.map((group) => this.group(group)));
    return `for all ${ranges}${conditions.length > 0 ? ` with ${this.conjunction(conditions)}` : ''}`;
  }

  conjunction(relations: readonly Relation[]): string {
    return this.list(
      relations.map((relation) => this.relation(relation)),
      ' and ',
    );
  }

  relation({ sides, comparisons }: Relation): string {
    const side = (part: Side) => (part.kind === 'unknown' ? '?' : this.term(part));
    return sides.map((part, i) => (i === 0 ? side(part) : `${comparisons[i - 1]} ${side(part)}`)).join(' ');
  }

  domain(domain: Domain): string {
    switch (domain.kind) {
      case 'interval':
        return `[${this.term(domain.lo)}, ${this.term(domain.hi)}]`;
      case 'reals':
        return 'R';
      case 'finite':
        return `{${this.ranges(domain.ranges)}}`;
      case 'power': {
        const base = domain.of.kind === 'product' ? `(${this.domain(domain.of)})` : this.domain(domain.of);
        const [first, ...rest] = domain.dims;
        const isPlain = rest.length === 0 && isAtom(first);
        return `${base}^${isPlain ? this.term(first) : `(${domain.dims.map((dim) => this.term(dim)).join(' x ')})`}`;
      }
      case 'product':
        return this.list(
          domain.factors.map((factor) =>
            factor.kind === 'product' ? `(${this.domain(factor)})` : this.domain(factor),
          ),
          ' x ',
        );
    }
  }

  ranges(ranges: readonly Range[]): string {
    return this.list(
      ranges.map(({ from, to }) => (to ? `${this.term(from)}..${this.term(to)}` : this.term(from))),
      ', ',
    );
  }

  term(term: Term): string {
    switch (term.kind) {
      case 'number':
        return term.value.toString();
      case 'entry': {
        const at = term.at ? `(${term.at.map(nameText).join(', ')})` : '';
        return `${nameText(term.name)}${at}${this.indices(term.indices)}`;
      }
      case 'sum': {
        const parts = term.terms.map(({ negative, term: part }, i) => {
          const text = this.summand(part);
          return i === 0 ? `${negative ? '-' : ''}${text}` : `${negative ? '- ' : '+ '}${text}`;
        });
        return this.list(parts, ' ');
      }
      case 'product':
        return this.list(
          term.factors.map((factor, i) => this.factor(factor, i)),
          '',
        );
      case 'power': {
        const exponent = isAtom(term.exponent) ? this.term(term.exponent) : `(${this.term(term.exponent)})`;
        return `${this.atom(term.base)}^${exponent}`;
      }
      case 'call':
        if (term.fn === 'abs') return `|${this.term(term.args[0])}|`;
        return term.args.length === 0 ? term.fn : `${term.fn}(${this.arguments(term.args)})`;
      case 'reduction':
        return `${term.op}_{${term.index} in ${this.ranges(term.over)}}(${this.term(term.body)})`;
      case 'softmax':
        return `softmax(${this.arguments(term.args)})[${this.term(term.index)}]`;
      case 'argmax':
        return `argmax(${this.arguments(term.args)})`;
      case 'slice':
        return `${nameText(term.name)}[${this.term(term.from)}..${this.term(term.to)}]`;
      case 'list':
        return `[${this.arguments(term.items)}]`;
    }
  }

  private group({ names, domain }: Group): string {
    return `${names.map(nameText).join(', ')} in ${this.domain(domain)}`;
  }

  private arguments(args: readonly Term[]): string {
    return this.list(args.map((arg) => this.term(arg)));
  }

  private indices(indices: readonly Term[]): string {
    return indices.length === 0 ? '' : `[${indices.map((index) => this.term(index)).join(', ')}]`;
  }

  private summand(term: Term): string {
    const isLone = term.kind !== 'sum' && !(term.kind === 'number' && term.value.sign() < 0);
    return isLone ? this.term(term) : `(${this.term(term)})`;
  }

  /** A fraction needs no parentheses at the beginning of a product, where it is one number again. */
  private factor({ inverted, term }: Factor, i: number): string {
    const isLeading = i === 0 && term.kind === 'number' && term.value.sign() >= 0;
    const text = isLeading || term.kind === 'power' ? this.term(term) : this.atom(term);
    return i === 0 ? text : `${inverted ? '/' : '*'}${text}`;
  }

  private atom(term: Term): string {
    return isAtom(term) ? this.term(term) : `(${this.term(term)})`;
  }

  private list(parts: readonly string[], separator = ', '): string {
    if (parts.length <= this.longest) return parts.join(separator);
    const hash = createHash('sha256').update(parts.join(separator)).digest('hex');
    return [...parts.slice(0, 2), `... ${parts.length} parts, SHA-256 ${hash} ...`, parts.at(-1)].join(
      separator || ' ',
    );
  }
}

const WHOLE = new Printer(Number.POSITIVE_INFINITY);

function nameText(name: string): string {
  return PLAIN.test(name) && !WORDS.has(name) && !ARITIES.has(name) ? name : `"${name}"`;
}

function isAtom(term: Term): boolean {
  if (term.kind === 'number') return term.value.isInteger() && term.value.sign() >= 0;
  return term.kind !== 'sum' && term.kind !== 'product' && term.kind !== 'power';
}

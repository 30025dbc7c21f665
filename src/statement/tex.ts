import { Rational } from '../numbers/rational.js';
import { FUNCTIONS } from '../symbolic/functions.js';
import { nameTex, numberTex } from '../symbolic/tex.js';
import {
  type Domain,
  endsOf,
  type Factor,
  type Family,
  type Range,
  type Relation,
  type Statement,
  type Term,
} from './ast.js';
import { SEQUENCE_ARITIES } from './functions.js';

/** A statement in TeX for math mode. */
export function statementTex({ prefix, relations }: Statement): string {
  const claim = relations.map(relationTex).join(' \\;\\wedge\\; ');
  if (!prefix) return claim;
  const groups = prefix.groups.map(
    ({ names, domain }) => `${names.map(entryName).join(', ')} \\in ${domainTex(domain)}`,
  );
  const conditions = prefix.conditions.map(relationTex);
  return `\\forall\\, ${groups.join(',\\, ')}${conditions.length > 0 ? `,\\, ${conditions.join(',\\, ')}` : ''} :\\; ${claim}`;
}

const COMPARISON = { '<=': '\\le', '>=': '\\ge', '<': '<', '>': '>', '=': '=' } as const;

export function relationTex({ sides, comparisons }: Relation): string {
  return sides
    .map((side) => (side.kind === 'unknown' ? '{?}' : termTex(side)))
    .map((text, i) => (i === 0 ? text : `${COMPARISON[comparisons[i - 1]]} ${text}`))
    .join(' ');
}

function domainTex(domain: Domain): string {
  switch (domain.kind) {
    case 'interval':
      return `[${termTex(domain.lo)}, ${termTex(domain.hi)}]`;
    case 'reals':
      return '\\mathbb{R}';
    case 'finite':
      return `\\{${rangesTex(domain.ranges)}\\}`;
    case 'power': {
      const base = domain.of.kind === 'product' ? parenthesised(domainTex(domain.of)) : domainTex(domain.of);
      return `${base}^{${domain.dims.map(termTex).join(' \\times ')}}`;
    }
    case 'product':
      return domain.factors.map(domainTex).join(' \\times ');
  }
}

function rangesTex(ranges: readonly Range[]): string {
  return ranges.map((range) => endsOf(range).map(termTex).join(', \\ldots, ')).join(', ');
}

/** Of a family, all of which are names: the union of the sets that these are. */
function familyTex({ index, over }: Family): string {
  const areSets = over.every(({ from, to }) => from.kind === 'entry' && to === null);
  const set = areSets ? over.map(({ from }) => termTex(from)).join(' \\cup ') : `\\{${rangesTex(over)}\\}`;
  return `_{${entryName(index)} \\in ${set}}`;
}

export function termTex(term: Term): string {
  switch (term.kind) {
    case 'number':
      return numberTex(term.value);
    case 'entry': {
      const at = term.at ? parenthesised(term.at.map(entryName).join(', ')) : '';
      const indices = term.indices.length > 0 ? `_{${term.indices.map(termTex).join(', ')}}` : '';
      return term.name.endsWith('max|w|') ? '\\max |w|' : `${indexed(term.name, indices)}${at}`;
    }
    case 'sum':
      return term.terms
        .map(({ negative, term: part }, i) => {
          const sign = negative ? (i === 0 ? '-' : ' - ') : i === 0 ? '' : ' + ';
          const isBare = part.kind !== 'sum' && !(part.kind === 'number' && part.value.sign() < 0);
          return `${sign}${isBare ? termTex(part) : parenthesised(termTex(part))}`;
        })
        .join('');
    case 'product':
      return productTex(term.factors);
    case 'power':
      return `${atomTex(term.base)}^{${termTex(term.exponent)}}`;
    case 'call':
      return callTex(term.fn, term.args.map(termTex));
    case 'reduction': {
      const name = { min: '\\min', max: '\\max', sum: '\\sum' }[term.op];
      return `${name}${familyTex(term)} ${atomTex(term.body)}`;
    }
    case 'softmax':
      return `\\mathrm{softmax}${term.family ? familyTex(term.family) : ''}${parenthesised(term.args.map(termTex).join(', '))}_{${termTex(term.index)}}`;
    case 'argmax':
      return `\\mathrm{argmax}${parenthesised(term.args.map(termTex).join(', '))}`;
    case 'slice':
      return indexed(term.name, `_{${termTex(term.from)}, \\ldots, ${termTex(term.to)}}`);
    case 'list':
      return `\\left[${term.items.map(termTex).join(', ')}\\right]`;
  }
}

function productTex(factors: readonly Factor[]): string {
  const above = factors.filter(({ inverted }) => !inverted).map(({ term }) => term);
  const below = factors.filter(({ inverted }) => inverted).map(({ term }) => term);
  const [first, ...rest] = above;
  const isOne = first?.kind === 'number' && first.value.equals(Rational.one) && (rest.length > 0 || below.length > 0);
  const shown = isOne && rest.length > 0 ? rest : above;
  const chain = (terms: readonly Term[]) =>
    terms.length === 1
      ? termTex(terms[0])
      : terms.map((part) => (part.kind === 'power' ? termTex(part) : atomTex(part))).join(' \\cdot ');
  return below.length === 0 ? chain(shown) : `\\frac{${chain(shown)}}{${chain(below)}}`;
}

function callTex(fn: string, args: readonly string[]): string {
  if (fn === 'sqrt') return `\\sqrt{${args[0]}}`;
  if (fn === 'relu' || SEQUENCE_ARITIES.has(fn)) return `\\mathrm{${fn}}${parenthesised(args.join(', '))}`;
  return Object.values(FUNCTIONS)
    .find(({ name }) => name === fn)!
    .tex(args);
}

function atomTex(term: Term): string {
  const isAtom =
    term.kind === 'number'
      ? term.value.isInteger() && term.value.sign() >= 0
      : term.kind !== 'sum' && term.kind !== 'product' && term.kind !== 'power' && term.kind !== 'reduction';
  return isAtom ? termTex(term) : parenthesised(termTex(term));
}

/** x' and its indices: primes above, indices below. */
function indexed(name: string, indices: string): string {
  const [, stem, primes] = /^(.*?)('*)$/su.exec(name)!;
  return `${escaped(stem)}${indices}${primes && `^{${'\\prime'.repeat(primes.length)}}`}`;
}

function entryName(name: string): string {
  return indexed(name, '');
}

/** Names of one word as in formulas; others, such as a file's names of nodes, upright. */
function escaped(name: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return nameTex(name);
  return `\\mathrm{${name.replaceAll(/[\\{}$&#^_%~]/g, (sign) => (sign === '\\' ? '\\backslash ' : `\\${sign}`))}}`;
}

function parenthesised(text: string): string {
  return `\\left(${text}\\right)`;
}

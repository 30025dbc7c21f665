import { childrenOf, rebuilt, type Term } from './ast.js';
import { isTotalFunction } from './functions.js';

/** The body of a reduction with another name for its index. Reductions inside whose index has that name get a third one. */
export function reindexed(term: Term, from: string, to: string): Term {
  if (term.kind === 'entry' && term.name === from && term.indices.length === 0 && !term.at)
    return { ...term, name: to };
  const visit = (part: Term) => reindexed(part, from, to);
  if (term.kind !== 'reduction') return rebuilt(term, visit);
  const over = term.over.map((range) => ({ from: visit(range.from), to: range.to && visit(range.to) }));
  if (term.index === from) return { ...term, over };
  if (term.index !== to) return { ...term, over, body: visit(term.body) };
  let index = `${to}_`;
  while (index === from || mentions(term.body, (name) => name === index)) index += '_';
  return { ...term, over, index, body: visit(reindexed(term.body, to, index)) };
}

/**
 * The term with entries without indices replaced by what `replace` has for their names, numbers or terms without indices of
 * reductions; inner indices win.
 */
export function substitute(term: Term, replace: (name: string) => Term | null): Term {
  if (term.kind === 'entry' && term.indices.length === 0 && !term.at) return replace(term.name) ?? term;
  if (term.kind !== 'reduction') return rebuilt(term, (part) => substitute(part, replace));
  const inner = (name: string) => (name === term.index ? null : replace(name));
  const over = term.over.map(({ from, to }) => ({
    from: substitute(from, replace),
    to: to && substitute(to, replace),
  }));
  return { ...term, over, body: substitute(term.body, inner) };
}

/** Whether a name for which the test holds occurs that is no index of a reduction. */
export function mentions(term: Term, test: (name: string) => boolean): boolean {
  if ((term.kind === 'entry' || term.kind === 'slice') && test(term.name)) return true;
  if (term.kind !== 'reduction') return childrenOf(term).some((part) => mentions(part, test));
  const inner = (name: string) => name !== term.index && test(name);
  return (
    term.over.some(({ from, to }) => mentions(from, test) || (to !== null && mentions(to, test))) ||
    mentions(term.body, inner)
  );
}

/** Whether the term is defined at every point where its entries are. */
export function isTotal(term: Term): boolean {
  switch (term.kind) {
    case 'number':
    case 'entry':
      return true;
    case 'sum':
      return term.terms.every((part) => isTotal(part.term));
    case 'product':
      return term.factors.every((part) => !part.inverted && isTotal(part.term));
    case 'power': {
      const { base, exponent } = term;
      return exponent.kind === 'number' && exponent.value.isInteger() && exponent.value.sign() > 0 && isTotal(base);
    }
    case 'call':
      return isTotalFunction(term.fn) && term.args.every(isTotal);
    case 'reduction':
      return isTotal(term.body);
    case 'softmax':
      return term.args.every(isTotal);
    case 'argmax':
    case 'slice':
    case 'list':
      return false;
  }
}

/** A name that the body does not use, the same whatever the author's was. */
export function indexName(body: Term, index: string, depth: number): string {
  let name = `i${depth + 1}`;
  while (name !== index && mentions(body, (used) => used === name)) name += '_';
  return name;
}

import type { Rational } from '../../numbers/rational.js';
import { rational as exactly, type Family, type Term } from '../../statement/index.js';
import type { Lemma, Relation } from './read.js';
import { type Fn, indexOf, nameOf, setsOf, sizedSet } from './term.js';

/** Numbers and sizes of sets that stand in place of names. */
interface Values {
  readonly numbers: ReadonlyMap<string, Rational>;
  readonly sizes: ReadonlyMap<string, number>;
}

const NONE: Values = { numbers: new Map(), sizes: new Map() };

/** A lemma with given numbers, for sets of given sizes: what is left to be shown of its functions, and what follows. */
export function coqInstance(lemma: Lemma, { numbers, sizes }: Values): string {
  const values = { numbers, sizes: NONE.sizes };
  const { sets, functions, abbreviations, hypotheses, conclusions } = lemma;
  const binders = `forall (${sets.join(' ')} : list nat) (${functions.join(' ')} : nat -> R),`;
  const lengths = [...sizes].map(([set, size]) => `INR (length ${set}) = ${size} ->`);
  const lets = [...abbreviations].map(([name, term]) => `let ${name} := ${coqOf(term, values)} in`);
  const premises = hypotheses.filter(({ index }) => index !== null).map((one) => `${relationOf(one, values)} ->`);
  return [binders, ...lengths, ...lets, ...premises, conclusionOf(conclusions, values)].join('\n  ');
}

/** The theorem of a lemma, applied to what an instance speaks of. */
export function coqApplied({ coq, sets, functions, numbers: names }: Lemma, { numbers }: Values): string {
  return `(${[coq, ...sets, ...functions, ...names.map((name) => rational(numbers.get(name)!))].join(' ')})`;
}

/** What a lemma concludes. */
export function conclusionOf(conclusions: readonly Relation[], values = NONE): string {
  const parts = conclusions.map((one) => relationOf(one, values));
  return parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join(' /\\ ');
}

/** A relation, for all elements of its sets where it has an index. */
export function relationOf({ sides, signs, index, over }: Relation, values: Values = NONE): string {
  const terms = sides.map((side) => coqOf(side, values));
  const isChain = signs.every((sign) => sign === '<=');
  const chain = isChain
    ? terms.join(' <= ')
    : signs.map((sign, k) => `${terms[k]} ${sign} ${terms[k + 1]}`).join(' /\\ ');
  return index === null ? chain : `(forall ${index}, In ${index} ${listOf(over)} -> ${chain})`;
}

function listOf(over: readonly string[]): string {
  return over.length === 1 ? over[0] : `(${over.join(' ++ ')})`;
}

const FUNCTIONS: Readonly<Record<Fn, (args: readonly string[]) => string>> = {
  exp: ([u]) => `exp ${u}`,
  log: ([u]) => `ln ${u}`,
  tanh: ([u]) => `tanh ${u}`,
  sqrt: ([u]) => `sqrt ${u}`,
  abs: ([u]) => `Rabs ${u}`,
  min: (args) => args.reduce((a, b) => `(Rmin ${a} ${b})`),
  max: (args) => args.reduce((a, b) => `(Rmax ${a} ${b})`),
};

const REDUCTIONS = { min: 'Book.minimum', max: 'Book.maximum', sum: 'Sums.sum' } as const;

/** A term in the scope of Coq's reals; in parentheses where it is not a lone word. */
export function coqOf(term: Term, values: Values = NONE): string {
  const of = (part: Term) => coqOf(part, values);
  const family = (over: Family, body: Term) => `${listOf(setsOf(over))} (fun ${over.index} => ${of(body)})`;
  switch (term.kind) {
    case 'number':
      return rational(term.value);
    case 'entry': {
      const [value, index] = [values.numbers.get(term.name), indexOf(term)];
      if (value) return rational(value);
      return index === null ? term.name : `(${term.name} ${index})`;
    }
    case 'sum':
      return `(${term.terms.map((part, k) => summand(part, k, values)).join(' ')})`;
    case 'product':
      return `(${productOf(term.factors, values)})`;
    case 'power':
      return `(${of(term.base)} ^ ${exactly(term.exponent)})`;
    case 'call': {
      const set = sizedSet(term);
      if (set === null) return `(${FUNCTIONS[term.fn as Fn](term.args.map(of))})`;
      return `${values.sizes.get(set) ?? `(INR (length ${set}))`}`;
    }
    case 'reduction':
      return `(${REDUCTIONS[term.op]} ${family(term, term.body)})`;
    case 'softmax':
      return `(Book.softmax ${family(term.family!, term.args[0])} ${nameOf(term.index)})`;
    default:
      throw new Error(`the book has no ${term.kind}`);
  }
}

/** A sign in front of a product is that of its first factor, as in Coq: (- a) * b and - (a * b) are the same number. */
function summand(
  { negative, term }: { readonly negative: boolean; readonly term: Term },
  k: number,
  values: Values,
): string {
  const sign = negative ? '- ' : k > 0 ? '+ ' : '';
  return `${sign}${term.kind === 'product' ? productOf(term.factors, values) : coqOf(term, values)}`;
}

function productOf(factors: Extract<Term, { kind: 'product' }>['factors'], values: Values): string {
  return factors
    .map(({ inverted, term }, k) => `${inverted ? '/ ' : k > 0 ? '* ' : ''}${coqOf(term, values)}`)
    .join(' ');
}

function rational({ num, den }: Rational): string {
  const top = num < 0n ? `(- ${-num})` : `${num}`;
  return den === 1n ? top : `(${top} / ${den})`;
}

import { type AffineForm, formsEqual } from '../../evaluate/affine.js';
import { formsByClass, type TokenClasses } from '../../evaluate/by-class.js';
import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { childrenOf, type Term } from '../../statement/index.js';
import type { Lemma } from '../book/read.js';
import { indexOf, nameOf } from '../book/term.js';
import { evaluate, type Meaning } from '../book/value.js';
import { type Application, namesOf } from './lemma-application.js';

/**
 * Whether an entry of a node is the abbreviation of that name, both as forms by classes of tokens: those that the network and
 * the sets and functions of the application treat alike. False also where this way of looking does not apply: where a
 * function is not a column of one matrix of tokens or a few numbers, or tokens are in several sets.
 */
export function isAbbreviation(lemma: Lemma, application: Application, name: string, at: number): boolean {
  const meaning = lemma.abbreviations.get(name)!;
  if (!isOfRowAtHand(meaning, null)) return false;
  const [node] = application.entries[name];
  const source = sourceOf(application);
  const labels = source && labelsOf(application, sizes(source.shape)[0]);
  const found = labels && formsByClass(source, node, labels);
  if (!source || !found?.forms[at]) return false;
  const { atoms, members, of } = found.classes;
  const width = sizeOf(sizes(source.shape)) / of.length;
  const reading = {
    meaning: meaningOf(found.classes),
    entry: (_: Node, place: number) => atoms.input(source.name, place % width),
    // One token of each class.
    kept: (elements: readonly number[]) => [...new Set(elements.map((t) => of[t - 1]))].map((c) => members[c][0] + 1),
  };
  try {
    return formsEqual(evaluate(meaning, reading.meaning, namesOf(lemma, application, 1, reading)), found.forms[at]);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether functions stand under the index of the innermost family alone: any other token would be taken for the one at hand. */
export function isOfRowAtHand(term: Term, index: string | null): boolean {
  const own = term.kind === 'softmax' ? nameOf(term.index) : term.kind === 'entry' ? indexOf(term) : null;
  const family = term.kind === 'softmax' ? term.family : term.kind === 'reduction' ? term : null;
  return (own ?? index) === index && childrenOf(term).every((part) => isOfRowAtHand(part, family?.index ?? index));
}

/** The matrix of tokens of which all functions are columns or that are a few numbers; null where there is none. */
function sourceOf({ functions, each }: Application): Node | null {
  const columns = Object.values(functions).flatMap((value) => ('node' in value ? [value] : []));
  const [first] = columns;
  if (!first || each || columns.some(({ node }) => node !== first.node)) return null;
  const [T, ...rest] = sizes(first.node.shape);
  const width = sizeOf(rest);
  const isColumn = ({ first: start, stride, each: step = 0 }: (typeof columns)[number]) =>
    stride === width && start >= 0 && start < width && step === 0;
  return T > 1 && columns.every(isColumn) ? first.node : null;
}

/** What tells tokens apart for the application; null where a token is in two sets, or no token at all. */
function labelsOf({ sets, functions }: Application, T: number): Uint32Array[] | null {
  const pieces = Object.values(functions).flatMap((value) =>
    'node' in value ? [] : [value.map(([, tokens]) => tokens)],
  );
  const labels: Uint32Array[] = [];
  for (const parts of [Object.values(sets), ...pieces]) {
    const label = new Uint32Array(T);
    for (const [k, tokens] of parts.entries()) {
      if (tokens === 'k' || 'except' in tokens) return null;
      for (const t of tokens) {
        if (!(t >= 1 && t <= T) || label[t - 1] !== 0) return null;
        label[t - 1] = k + 1;
      }
    }
    labels.push(label);
  }
  return labels;
}

function meaningOf(classes: TokenClasses): Meaning<AffineForm> {
  const { algebra, of } = classes;
  const none = (): never => {
    throw new RangeError('not taken by classes');
  };
  const classesOf = (elements: readonly number[]) => elements.map((t) => of[t - 1]);
  return {
    of: (value) => algebra.of(value),
    sum: (terms) => algebra.sum(terms),
    product: (a, b) => algebra.mul(a, b),
    inverse: none,
    call: none,
    softmax: (row, elements) => classes.shares(row, classesOf(elements)),
    total: (terms, elements) => classes.total(terms, classesOf(elements)),
  };
}

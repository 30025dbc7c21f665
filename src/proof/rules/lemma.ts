import { type AffineForm, type Atoms, affineForms, formsEqual } from '../../evaluate/affine.js';
import { formsBetween, type NodeForms } from '../../evaluate/node-forms.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { bitLength } from '../../numbers/bits.js';
import { Rational } from '../../numbers/rational.js';
import { roundedTo } from '../../numbers/significant-bits.js';
import { mentions, type Term } from '../../statement/index.js';
import { ENDS, HOLDS } from '../book/ends.js';
import { type Lemma, lemmaOf } from '../book/read.js';
import { indexOf } from '../book/term.js';
import { conclusionTex } from '../book/tex.js';
import { evaluate, type Meaning, type Names } from '../book/value.js';
import { type Fact, mint, type Outcome, open } from '../fact.js';
import type { Rule } from '../step.js';
import type { Ends } from '../verdict.js';
import { type AlikeQueries, alikeForms, readAlikeQueries } from './alike-queries.js';
import { type Application, type EntryRange, evidenceOf, namesOf, sourcesOf, type Tokens } from './lemma-application.js';
import { isAbbreviation } from './lemma-by-class.js';

/**
 * A lemma of the book (`lemmas/`), applied: with what its sets, functions and numbers are, each hypothesis is checked, and
 * each entry that is said to be an abbreviation is compared with it, as forms over the entries that the functions name.
 */
export const lemmaRule: Rule = { id: 'lemma', tex: 'H \\Rightarrow C' };

/** A lemma whose conclusion is a sentence about entries of variables, by a checker that reads both. */
export const statedLemma: Rule = { id: 'stated-lemma', tex: 'H \\Rightarrow C' };

/** lo <= entry - rest <= hi, the rest being what the lemma subtracts from its entry; for each k, where there are several. */
export interface Concluded extends Ends {
  readonly node: Node;
  readonly entry: number;
}

/** Applies a lemma. What is not shown stays open, with the hypothesis that failed. */
export function proveByLemma(network: Network, name: string, application: Application): Outcome<Concluded> {
  const lemma = lemmaOf(name);
  const { id, says, domain, ranges = [], premises = [], conclusion = 0, each = [1], isInside = false } = application;
  const [low, quantity, high] = lemma.conclusions[conclusion].sides;
  const [node, entry] = application.entries[subjectOf(quantity)];
  const named = [...Object.values(application.entries).map(([one]) => one), ...sourcesOf(application)];
  if (named.some((one) => !network.nodes.includes(one))) throw new Error(`lemma ${name}: a node of another network`);
  const ends: Ends[] = [];
  const alike = alikeIn(application);
  for (const k of alike ? each.slice(0, 1) : each) {
    const instance = { lemma, application, k, forms: alike && alikeForms(...alike, k - 1) };
    const bounds = identityProblem(instance) ?? hypothesisProblem(instance) ?? boundsOf(instance, low, high);
    if (typeof bounds === 'string') return open(lemmaRule, id, says, `lemma ${name}: ${bounds}`);
    ends.push(bounds);
  }
  const lo = upward(ends.map((one) => one.lo.neg()).reduce((a, b) => a.max(b))).neg();
  const hi = upward(ends.map((one) => one.hi).reduce((a, b) => a.max(b)));
  return mint({
    ...{
      rule: { id: lemmaRule.id, tex: conclusionTex(lemma), book: { name, coq: lemma.coq } },
      id,
      network,
      domain,
      says,
      found: { node, entry, lo, hi },
      enclosure: { lo, hi },
    },
    premises: [...ranges, ...premises],
    evidence: (audited) => (audited === network && !isInside ? evidenceOf(network, name, application) : null),
  });
}

const LONGEST = 512;
const SHORT = 64;

/** At least the number, and short: an enclosure of e^(-beta R) has thousands of digits before its first. */
function upward(x: Rational): Rational {
  return x.isZero() || bitLength(x.den) <= LONGEST ? x : roundedTo(x, SHORT, 'up');
}

/** A lemma with what its names stand for; `k` is one of the numbers for which it is applied. */
interface Instance {
  readonly lemma: Lemma;
  readonly application: Application;
  readonly k: number;
  /** The entry of k, where it need not be looked for. */
  readonly forms: NodeForms | null;
}

/**
 * The head of which the lemma is applied to every query, where queries are alike and so is what the lemma is applied with: an
 * exchange of two tokens k and l makes the application for k that for l, and if it holds for one k, it does for all.
 */
function alikeIn({ each, sets, functions, entries, ranges = [] }: Application): readonly [Node, AlikeQueries] | null {
  const [[node, first, step = 1], ...others] = Object.values(entries);
  const columns = Object.values(functions).flatMap((value) => ('node' in value ? [value] : []));
  const source = columns[0]?.node;
  if (!each || each.length < 2 || !source || others.length > 0 || first !== 0 || step !== 1) return null;
  const T = sizes(source.shape)[0];
  const isAll = (tokens: readonly number[]) => tokens.length === T && tokens.every((t, k) => t === k + 1);
  const areKept = (tokens: Tokens) => tokens === 'k' || isAll('except' in tokens ? tokens.of : tokens);
  const pieces = Object.values(functions).flatMap((value) =>
    'node' in value ? [] : value.map(([, tokens]) => tokens),
  );
  const isKept =
    [...Object.values(sets), ...pieces].every(areKept) &&
    columns.every((one) => one.node === source && one.first === 0 && one.stride === 1 && !one.each) &&
    ranges.every(({ found }) => found.entries === null) &&
    each.every((k) => k >= 1 && k <= T);
  const alike = isKept ? readAlikeQueries(source, node) : null;
  return alike && [source, alike];
}

/** The name that a conclusion starts with: y of `y` or of `y - rest`. */
function subjectOf(quantity: Term): string {
  const first = quantity.kind === 'sum' ? quantity.terms[0].term : quantity;
  if (first.kind !== 'entry') throw new Error('a conclusion of the book is about no abbreviation');
  return first.name;
}

/** Why an entry is not the abbreviation that it should be; null when all are. */
function identityProblem(instance: Instance): string | null {
  const { lemma, application, k } = instance;
  for (const [name, [node, first, step = 1]] of Object.entries(application.entries)) {
    if (isAbbreviation(lemma, application, name, first)) continue;
    const found = instance.forms ?? formsBetween(sourcesOf(application), node);
    if (typeof found === 'string') return found;
    const { atoms, forms } = found;
    const meaning = formsOf(atoms);
    const entry = (source: Node, at: number) => atoms.input(source.name, at);
    const names = namesOf(lemma, application, k, { meaning, entry });
    const meant = evaluate(lemma.abbreviations.get(name)!, meaning, names);
    const at = first + step * (k - 1);
    if (!forms[at] || !formsEqual(meant, forms[at])) return `entry ${at} of '${node.name}' is not its ${name}`;
  }
  return null;
}

function formsOf(atoms: Atoms): Meaning<AffineForm> {
  const algebra = affineForms(atoms);
  return {
    of: (value) => algebra.of(value),
    sum: (terms) => algebra.sum(terms),
    product: (a, b) => algebra.mul(a, b),
    inverse: (a) => algebra.div(algebra.of(Rational.one), a),
    softmax: (row) => algebra.softmax(row),
    call: (fn, args) => {
      if (fn === 'min' || fn === 'max') return args.reduce((a, b) => algebra[fn](a, b));
      if (fn === 'abs') return algebra.max(args[0], algebra.mul(algebra.of(Rational.of(-1)), args[0]));
      return algebra.apply(fn, args[0]);
    },
  };
}

/** The first hypothesis that is not shown; null when all hold. */
function hypothesisProblem({ lemma, application, k }: Instance): string | null {
  const entry = (node: Node, at: number) => rangeOf(application.ranges ?? [], node, at);
  const names = namesOf(lemma, application, k, { meaning: ENDS, entry });
  for (const { sides, signs, index, over, text } of lemma.hypotheses) {
    const elements = index === null ? [0] : over.flatMap((set) => names.sets.get(set)!);
    const at = sides.map((side) => valuesOver(side, index, names));
    let shown: readonly Ends[] | undefined;
    for (const t of elements) {
      try {
        const ends = at.map((value) => value(t));
        if (shown?.every((end, k) => end === ends[k])) continue;
        shown = ends;
        if (!signs.every((sign, k) => HOLDS[sign](ends[k], ends[k + 1]))) return `${text} is not shown`;
      } catch (error) {
        if (error instanceof RangeError) return `${text}: ${error.message}`;
        throw error;
      }
    }
  }
  return null;
}

/** The value of a term for each value of the index, computed once where it does not depend on it. */
function valuesOver(term: Term, index: string | null, names: Names<Ends>): (t: number) => Ends {
  if (index !== null && term.kind === 'entry' && indexOf(term) === index) return (t) => names.at(term.name, t);
  if (index !== null && mentions(term, (name) => name === index))
    return (t) => evaluate(term, ENDS, names, new Map([[index, t]]));
  let value: Ends | undefined;
  return () => {
    value ??= evaluate(term, ENDS, names);
    return value;
  };
}

function rangeOf(ranges: readonly Fact<EntryRange>[], node: Node, at: number): Ends {
  const isIn = (entries: ReadonlySet<number> | null) => entries?.has(at) ?? at < sizeOf(sizes(node.shape));
  const fact = ranges.find(({ found }) => found.node === node && isIn(found.entries));
  if (!fact) throw new RangeError(`no premise says where entry ${at} of '${node.name}' lies`);
  return fact.found;
}

/** The bounds of a conclusion, or why they have no value. */
function boundsOf({ lemma, application, k }: Instance, low: Term, high: Term): Ends | string {
  const entry = (): never => {
    throw new Error(`a bound of the lemma ${lemma.name} is no number`);
  };
  const names = namesOf(lemma, application, k, { meaning: ENDS, entry });
  try {
    return { lo: evaluate(low, ENDS, names).lo, hi: evaluate(high, ENDS, names).hi };
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/**
 * What a lemma says of an entry and entries of other nodes, with these replaced by what they stand for: errors of sums add
 * up, and min and max are off by no more than the worst of what they are taken of.
 */
export const congruence: Rule = { id: 'congruence', tex: '|min_t a_t - min_t b_t| le max_t |a_t - b_t|' };

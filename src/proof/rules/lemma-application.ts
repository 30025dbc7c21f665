import type { Network, Node } from '../../network/network.js';
import type { Rational } from '../../numbers/rational.js';
import { rangesText } from '../../statement/index.js';
import type { Lemma } from '../book/read.js';
import { evaluate, type Meaning, type Names } from '../book/value.js';
import type { Fact } from '../fact.js';
import type { InputDomain } from '../propositions/approximation.js';

/** A set of tokens; where a lemma is applied for each of several numbers k, it may be that of k, or one without k. */
export type Tokens = readonly number[] | 'k' | { readonly except: 'k'; readonly of: readonly number[] };

/** The entries `first + stride (t - 1)` of a node, for k `each` (k - 1) further; or numbers, each with the t that have it. */
export type FunctionOfTokens =
  | { readonly node: Node; readonly first: number; readonly stride: number; readonly each?: number }
  | readonly (readonly [value: Rational, tokens: Tokens])[];

/** Entries of a node that all lie between two numbers, for all inputs that the fact is about. */
export interface EntryRange {
  readonly node: Node;
  /** By flat index; null for all. */
  readonly entries: ReadonlySet<number> | null;
  readonly lo: Rational;
  readonly hi: Rational;
}

/** How a lemma is applied. Elements of sets count from 1. */
export interface Application {
  readonly id: string;
  readonly says: string;
  /** The inputs that the premises hold for, as facts and as certificates name them. */
  readonly domain: string | null;
  readonly inputs: InputDomain;
  readonly sets: Readonly<Record<string, Tokens>>;
  readonly functions: Readonly<Record<string, FunctionOfTokens>>;
  readonly numbers: Readonly<Record<string, Rational>>;
  /** The lemma is applied for each of these numbers k, to the entries that stand `step` (k - 1) places behind those named. */
  readonly each?: readonly number[];
  /** Which entries of nodes abbreviations of the lemma are. */
  readonly entries: Readonly<Record<string, readonly [node: Node, entry: number, step?: number]>>;
  /** Which conclusion is meant, from 0. */
  readonly conclusion?: number;
  readonly ranges?: readonly Fact<EntryRange>[];
  /** Further facts that the reader should see below this one. */
  readonly premises?: readonly Fact[];
  /** Whether a fact that rests on this one says to a checker what it needs. */
  readonly isInside?: boolean;
}

/** What a lemma is applied with, as certificates write it: a set stands for its tokens where it has them. */
export function givenOf(
  network: Network,
  { sets, functions, numbers }: Pick<Application, 'sets' | 'functions' | 'numbers'>,
) {
  const names = new Map(Object.entries(sets).map(([set, tokens]) => [tokensText(tokens), set]));
  const named = (text: string) => names.get(text) ?? text;
  return {
    ...mapped(sets, tokensText),
    ...mapped(functions, (value) =>
      'node' in value
        ? { ...value, node: network.nodes.indexOf(value.node) }
        : value.map(([constant, set]) => [constant.toString(), named(tokensText(set))]),
    ),
    ...mapped(numbers, String),
  };
}

/** What an application says to a checker. */
export function evidenceOf(network: Network, name: string, application: Application) {
  const { entries, conclusion, each, ranges = [], inputs } = application;
  const number = (node: Node) => network.nodes.indexOf(node);
  return {
    lemma: name,
    with: givenOf(network, application),
    where: mapped(entries, ([node, entry, step = 1]) =>
      step === 1 ? [number(node), entry] : [number(node), entry, step],
    ),
    ...(conclusion && { conclusion }),
    ...(each && { each: { k: rangesText(each) } }),
    ...(ranges.length === 0 && { domain: inputs }),
  };
}

/** The nodes whose entries the functions are. */
export function sourcesOf({ functions }: Application): readonly Node[] {
  return [...new Set(Object.values(functions).flatMap((value) => ('node' in value ? [value.node] : [])))];
}

/** The elements of a set where k is that number. */
function elementsOf(tokens: Tokens, k: number): readonly number[] {
  if (tokens === 'k') return [k];
  return 'except' in tokens ? tokens.of.filter((t) => t !== k) : tokens;
}

/** How the names of a lemma are read: the value of an entry of a node and, where some elements stand for others, which do. */
interface Reading<S> {
  readonly meaning: Meaning<S>;
  entry(node: Node, at: number): S;
  kept?(elements: readonly number[]): readonly number[];
}

/** What the names of a lemma stand for, applied for the number k. */
export function namesOf<S>(
  lemma: Lemma,
  { sets, functions, numbers }: Application,
  k: number,
  { meaning, entry, kept = (elements) => elements }: Reading<S>,
): Names<S> {
  const elements = new Map(Object.entries(sets).map(([name, tokens]) => [name, elementsOf(tokens, k)]));
  const values = new Map(Object.entries(functions).map(([name, value]) => [name, valuesOf(value, k, meaning, entry)]));
  const known = new Map<string, S>();
  const meant = (name: string) => {
    const found = known.get(name) ?? evaluate(lemma.abbreviations.get(name)!, meaning, names);
    known.set(name, found);
    return found;
  };
  const names: Names<S> = {
    sets: new Map([...elements].map(([name, all]) => [name, kept(all)])),
    size: (set) => elements.get(set)!.length,
    value: (name) => (Object.hasOwn(numbers, name) ? meaning.of(numbers[name]) : meant(name)),
    at: (name, t) => values.get(name)!(t),
  };
  return names;
}

function valuesOf<S>(
  values: FunctionOfTokens,
  k: number,
  meaning: Meaning<S>,
  entry: (node: Node, at: number) => S,
): (t: number) => S {
  if ('node' in values) {
    const { node, first, stride, each = 0 } = values;
    return (t) => entry(node, first + stride * (t - 1) + each * (k - 1));
  }
  const known = new Map<number, S>();
  for (const [value, tokens] of values) {
    const found = meaning.of(value);
    for (const t of elementsOf(tokens, k)) known.set(t, found);
  }
  return (t) => {
    const found = known.get(t);
    if (found === undefined) throw new RangeError(`no value at ${t}`);
    return found;
  };
}

function mapped<T>(values: Readonly<Record<string, T>>, by: (value: T) => unknown) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, by(value)]));
}

function tokensText(tokens: Tokens): string {
  if (tokens === 'k') return 'k';
  return 'except' in tokens ? `${rangesText(tokens.of)} except k` : rangesText(tokens);
}

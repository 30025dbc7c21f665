import { approximate } from '../../src/numbers/convert.js';
import {
  type Entry,
  type EntrySet,
  integersOf,
  parseStatement,
  type Relation,
  setsOf,
  type Term,
} from '../../src/statement/index.js';

/** Room for the rounding of doubles. */
const ROUNDING = 1e-9;

/** An input or an output of a network: its shape, and its entries in row-major order. */
interface Value {
  readonly shape: readonly number[];
  readonly entries: readonly number[];
}

type Values = Readonly<Record<string, Value>>;

/**
 * A point where a sentence `for all x in [0, 1]^2: ...` fails, in doubles, among those that `points` gives in the unit cube; null
 * where it holds at all of them that satisfy its conditions. Of finite sets they are the nearest values. Of two points x and x'
 * of one input, some are close to each other. `run` gives the values of the variables and outputs.
 */
export function violation(text: string, points: (n: number) => Iterable<number[]>, run: Run) {
  const { prefix, relations } = parseStatement(text);
  const variables = prefix!.groups.flatMap(({ names, domain }) =>
    names.map((name) => ({ name, sets: setsOf(domain) })),
  );
  const count = variables.reduce((sum, { sets }) => sum + sets.length, 0);
  const isPair = arePair(variables.map(({ name }) => name));
  for (const point of isPair ? withNeighbours(points(count), count / 2) : points(count)) {
    let next = 0;
    const given = variables.map(({ name, sets }) => {
      return [name, sets.map((set) => placeIn(set, point[next++]))] as const;
    });
    const values = valuesOf(Object.fromEntries(given), run);
    if (prefix!.conditions.some((condition) => faultOf(condition, values, roomOf(condition)) !== null)) continue;
    const fault = relations.map((relation) => faultOf(relation, values, ROUNDING)).find((one) => one !== null);
    if (fault) return `fails at ${JSON.stringify(given)}: ${fault}`;
  }
  return null;
}

/** What is only more than 0 by rounding does not satisfy a strict condition. */
function roomOf({ comparisons }: Relation): number {
  return comparisons.every((one) => one === '<' || one === '>') ? -ROUNDING : 0;
}

function placeIn(set: EntrySet, share: number): number {
  if (set.kind === 'finite')
    return approximate(set.values[Math.min(set.values.length - 1, Math.floor(share * set.values.length))]);
  const [lo, hi] = set.kind === 'interval' ? [approximate(set.lo), approximate(set.hi)] : [-3, 3];
  return lo + (hi - lo) * share;
}

const CLOSE = 2 ** -12;

/** The pairs, and those of each first point with one nearby in all directions of the diagonals. */
function* withNeighbours(pairs: Iterable<number[]>, n: number): Generator<number[]> {
  let turn = 0;
  for (const pair of pairs) {
    yield pair;
    const first = pair.slice(0, n);
    const signs = turn++;
    yield [...first, ...first.map((x, i) => Math.min(1, Math.max(0, x + ((signs >> i) & 1 ? CLOSE : -CLOSE))))];
  }
}

const arePair = (names: readonly string[]) => names.length === 2 && names[1] === `${names[0]}'`;

type Run = (x: Record<string, number[]>) => Values;

/** Values of variables and outputs; with two points x and x' of one input, of outputs at each of them. */
function valuesOf(given: Record<string, number[]>, run: Run): Values {
  const [name] = Object.keys(given);
  if (!arePair(Object.keys(given))) return run(given);
  const all = Object.entries(given).map(([variable, x]) => {
    const { [name]: own, ...outputs } = run({ [name]: x });
    return [[variable, own], ...Object.entries(outputs).map(([output, value]) => [`${output}(${variable})`, value])];
  });
  return Object.fromEntries(all.flat());
}

/**
 * Whether the relations of a sentence are not, at one point, what is stated of them: that all hold, or that one fails; null
 * where they are, and where doubles cannot tell.
 */
export function misstated(text: string, given: Record<string, number[]>, run: Run, holds: boolean): string | null {
  const values = valuesOf(given, run);
  const { relations } = parseStatement(text);
  const faults = relations.map((relation) => faultOf(relation, values, holds ? ROUNDING : -ROUNDING));
  const found = faults.find((fault) => fault !== null) ?? null;
  if (holds) return found;
  return found === null ? 'all relations hold' : null;
}

function faultOf({ sides, comparisons }: Relation, values: Values, slack: number): string | null {
  const numbers = sides.map((side) => numberOf(side as Term, values, {}));
  const holds = comparisons.every((sign, k) => {
    const gap = sign.startsWith('<') ? numbers[k] - numbers[k + 1] : numbers[k + 1] - numbers[k];
    return (sign === '=' ? Math.abs(gap) : gap) <= slack;
  });
  return holds ? null : `${numbers}`;
}

function numberOf(term: Term, values: Values, indices: Readonly<Record<string, number>>): number {
  const of = (part: Term) => numberOf(part, values, indices);
  switch (term.kind) {
    case 'number':
      return approximate(term.value);
    case 'entry':
      return indices[term.name] ?? entryOf(term, values, of);
    case 'sum':
      return term.terms.reduce((sum, { negative, term: part }) => sum + (negative ? -of(part) : of(part)), 0);
    case 'product':
      return term.factors.reduce((all, { inverted, term: part }) => (inverted ? all / of(part) : all * of(part)), 1);
    case 'power':
      return of(term.base) ** of(term.exponent);
    case 'call':
      return term.fn === 'relu'
        ? Math.max(0, of(term.args[0]))
        : Math[term.fn as 'exp'](...(term.args.map(of) as [number]));
    case 'reduction': {
      const parts = [...integersOf(term.over)].map((t) => numberOf(term.body, values, { ...indices, [term.index]: t }));
      return term.op === 'sum' ? parts.reduce((a, b) => a + b, 0) : Math[term.op](...parts);
    }
    default:
      throw new Error(`no trial of a term of kind ${term.kind}`);
  }
}

function entryOf({ name, at, indices }: Entry, values: Values, of: (part: Term) => number): number {
  const { shape, entries } = values[at ? `${name}(${at})` : name];
  const axes = indices.length === shape.length ? shape : shape.filter((size) => size !== 1);
  return entries[indices.reduce((flat, index, k) => flat * axes[k] + of(index) - 1, 0)];
}

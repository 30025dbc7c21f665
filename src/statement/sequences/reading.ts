import { InputError } from '../../errors.js';
import type { Rational } from '../../numbers/rational.js';
import type { Comparison, Prefix, Relation, Statement, Term } from '../ast.js';
import { setsOf, shapeOf } from '../domain.js';
import { printPrefix, printRelation } from '../print.js';
import { compileTerm, type Sequence } from './compile.js';
import type { Left } from './left.js';

/** Token `token` has the value at place `value` of its alphabet. */
export interface Told {
  readonly token: number;
  readonly value: number;
}

const MOST_TOKENS = 4096;
const MOST_SYMBOLS = 4096;
const MOST_STATES = 200_000;

/** A finite domain of sequences: what its tokens range over, and what its conditions say of them. */
export interface SequenceDomain extends Sequence {
  readonly alphabets: readonly (readonly Rational[])[];
  readonly conditions: readonly Relation[];
}

/** The domain of a prefix with one variable over finite sets; null for all other prefixes. */
export function sequenceDomain(prefix: Prefix | null): SequenceDomain | null {
  const [group, ...others] = prefix?.groups ?? [];
  if (!prefix || !group || others.length > 0 || group.names.length !== 1) return null;
  const shape = shapeOf(group.domain);
  if (shape.length > 1 || (shape[0] ?? 1) > MOST_TOKENS) return null;
  const sets = setsOf(group.domain);
  const alphabets = sets.map((set) => (set.kind === 'finite' ? set.values : null));
  if (!alphabets.every((values) => values !== null)) return null;
  const large = alphabets.find((values) => values.length > MOST_SYMBOLS);
  if (large)
    throw new InputError({
      found: `${printPrefix(prefix)}: ${large.length} symbols`,
      allowed: `at most ${MOST_SYMBOLS}`,
    });
  return { name: group.names[0], length: alphabets.length, alphabets, conditions: prefix.conditions };
}

/** How many tokens the sequences have that statements speak of; null where none does. Throws InputError for several lengths. */
export function sequenceLength(statements: readonly Statement[]): number | null {
  const lengths = new Set(statements.flatMap(({ prefix }) => sequenceDomain(prefix)?.length ?? []));
  if (lengths.size > 1)
    throw new InputError({
      found: `sequences of ${[...lengths].join(' and ')} tokens`,
      allowed: 'one length for all statements about a network',
    });
  return [...lengths][0] ?? null;
}

/** Raised where a target needs more memory of what was read than is kept. */
export class TooManyStates extends Error {
  override readonly name = 'TooManyStates';
}

interface State {
  /** What is left of tokens that conditions determine. */
  readonly determined: ReadonlyMap<number, Left>;
  readonly filters: readonly Filter[];
  readonly target: Left;
}

interface Filter {
  readonly sides: readonly [Left, Left];
  readonly comparison: Comparison;
}

/**
 * The sequences of a domain token by token: `s[k] = f(s)` among the conditions determines a token, others filter; a state
 * is what is left of all of them and of the target.
 */
export class SequenceReading {
  readonly fixed: readonly Told[];
  readonly start: number;
  /** Which conditions determine a token, by their places, and whether the token stands on their right side. */
  readonly determining: ReadonlyMap<number, boolean>;
  private readonly order: readonly number[];
  private readonly states: State[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly steps = new Map<number, { readonly state: number; readonly told: readonly Told[] } | null>();
  private readonly places: readonly ReadonlyMap<string, number>[];

  constructor(
    readonly domain: SequenceDomain,
    target: Term,
  ) {
    const { alphabets } = domain;
    this.places = alphabets.map((values) => new Map(values.map((value, k) => [value.toString(), k])));
    const conditions = domain.conditions.map((relation) => this.condition(relation));
    const determined = new Map<number, Left>();
    const filters: Filter[] = [];
    const determining = new Map<number, boolean>();
    for (const [k, { filter, token, by, isMirrored }] of conditions.entries()) {
      if (token !== null && !determined.has(token) && !dependsOn(by!, token, determined)) {
        determined.set(token, by!);
        determining.set(k, isMirrored);
      } else filters.push(filter);
    }
    this.determining = determining;
    const left = compileTerm(target, domain);
    const single = alphabets.flatMap((values, token) => (values.length === 1 && !determined.has(token) ? [token] : []));
    this.order = readingOrder(
      [...determined].map(([, by]) => by),
      filters,
      left,
      determined,
      alphabets.length,
    ).filter((token) => !determined.has(token) && !single.includes(token));
    const first = this.told(
      { determined, filters, target: left },
      single.map((token) => [token, alphabets[token][0]] as const),
    );
    this.fixed = first?.told ?? [];
    this.start = first ? this.numberOf(first.state) : NOWHERE;
  }

  get length(): number {
    return this.order.length;
  }

  sizeAt(i: number): number {
    return this.domain.alphabets[this.order[i]].length;
  }

  step(state: number, i: number, value: number): { readonly state: number; readonly told: readonly Told[] } | null {
    if (state === NOWHERE) return null;
    const key = (state * (this.length + 1) + i) * MOST_SYMBOLS + value;
    const known = this.steps.get(key);
    if (known !== undefined) return known;
    const token = this.order[i];
    const next = this.told(this.states[state], [[token, this.domain.alphabets[token][value]]]);
    const found = next && { state: this.numberOf(next.state), told: next.told };
    this.steps.set(key, found);
    return found;
  }

  /** The target's value in a state at the end. */
  targetOf(state: number): Rational {
    const { value } = this.states[state].target;
    if (!value) throw new Error('the target waits for a token that nobody reads');
    return value;
  }

  /** Whether the conditions leave no sequence, as the fixed tokens show. */
  get isEmpty(): boolean {
    return this.start === NOWHERE;
  }

  /** The states that were met. */
  get count(): number {
    return this.states.length;
  }

  /** The whole sequence for values of the free tokens, with its target; null where it is outside the domain. */
  sequence(placeOf: (token: number) => number): { readonly values: readonly number[]; readonly state: number } | null {
    const values = new Array<number>(this.domain.length);
    for (const { token, value } of this.fixed) values[token] = value;
    let state = this.start;
    for (const [i, token] of this.order.entries()) {
      const next = this.step(state, i, placeOf(token));
      if (!next) return null;
      for (const { token: at, value } of next.told) values[at] = value;
      state = next.state;
    }
    return state === NOWHERE ? null : { values, state };
  }

  /** The tokens that are free. */
  get free(): readonly number[] {
    return this.order;
  }

  private condition(relation: Relation) {
    const { sides, comparisons } = relation;
    if (comparisons.length !== 1 || sides.some((side) => side.kind === 'unknown'))
      throw new InputError({ found: printRelation(relation), allowed: 'conditions with one comparison' });
    const [left, right] = sides.map((side) => compileTerm(side as Term, this.domain)) as [Left, Left];
    const filter: Filter = { sides: [left, right], comparison: comparisons[0] };
    const lone = (part: Left) => (/^s\d+$/.test(part.key) ? part.waits[0] : null);
    if (comparisons[0] !== '=') return { filter, token: null, by: null, isMirrored: false };
    const token = lone(left);
    if (token !== null && !right.waits.includes(token)) return { filter, token, by: right, isMirrored: false };
    const other = lone(right);
    return other !== null && !left.waits.includes(other)
      ? { filter, token: other, by: left, isMirrored: true }
      : { filter, token: null, by: null, isMirrored: false };
  }

  /** What is left once tokens are known, and once those are that they determine. */
  private told(from: State, news: readonly (readonly [number, Rational])[]): { state: State; told: Told[] } | null {
    let { filters, target } = from;
    const determined = new Map(from.determined);
    const told: Told[] = [];
    const queue = [...news];
    const settle = (): void => {
      for (const [token, { value }] of determined) {
        if (!value) continue;
        determined.delete(token);
        queue.push([token, value]);
      }
    };
    settle();
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [token, value] = next;
      const place = this.places[token].get(value.toString());
      if (place === undefined) return null;
      told.push({ token, value: place });
      const tell = (left: Left): Left => (left.waits.includes(token) ? left.told(token, value) : left);
      target = tell(target);
      const kept: Filter[] = [];
      for (const { sides, comparison } of filters) {
        const [a, b] = [tell(sides[0]), tell(sides[1])];
        if (!a.value || !b.value) kept.push({ sides: [a, b], comparison });
        else if (!HOLDS[comparison](a.value.compare(b.value))) return null;
      }
      filters = kept;
      for (const [other, left] of determined) determined.set(other, tell(left));
      settle();
    }
    return { state: { determined, filters, target }, told };
  }

  private numberOf({ determined, filters, target }: State): number {
    const parts = [target.key, ...[...determined].map(([token, { key }]) => `${token}=${key}`)];
    for (const { sides, comparison } of filters) parts.push(`${sides[0].key}${comparison}${sides[1].key}`);
    const key = parts.join(';');
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    if (this.states.length >= MOST_STATES)
      throw new TooManyStates(`the target has to remember more than ${MOST_STATES} states of what was read`);
    this.states.push({ determined, filters, target });
    this.numbers.set(key, this.states.length - 1);
    return this.states.length - 1;
  }
}

const NOWHERE = -1;

const HOLDS: Readonly<Record<Comparison, (sign: number) => boolean>> = {
  '=': (sign) => sign === 0,
  '<=': (sign) => sign <= 0,
  '>=': (sign) => sign >= 0,
  '<': (sign) => sign < 0,
  '>': (sign) => sign > 0,
};

function dependsOn(left: Left, token: number, determined: ReadonlyMap<number, Left>): boolean {
  return left.waits.some(
    (at) => at === token || (determined.has(at) && dependsOn(determined.get(at)!, token, determined)),
  );
}

/** The order in which what depends on tokens would best be told them; tokens that nothing waits for come last. */
function readingOrder(
  conditions: readonly Left[],
  filters: readonly Filter[],
  target: Left,
  determined: ReadonlyMap<number, Left>,
  length: number,
): number[] {
  const order = new Set<number>();
  const visit = (left: Left): void => {
    for (const at of left.waits) {
      const by = determined.get(at);
      if (by) visit(by);
      order.add(at);
    }
  };
  conditions.forEach(visit);
  visit(target);
  for (const { sides } of filters) sides.forEach(visit);
  for (let token = 0; token < length; token++) order.add(token);
  return [...order];
}

import { placeOf } from './atoms.js';
import { borrow, spend } from './budget.js';
import { inputJet, jetOfSum } from './calculus.js';
import type { Expression } from './expression.js';
import { demand, demandEach } from './failure.js';
import { Fraction } from './fraction.js';
import * as I from './interval.js';
import type { Session } from './session.js';
import { type Domain, hullOf, type Side } from './side.js';

/** lo <= entry - target <= hi, for all inputs in the domain. */
export interface Within {
  readonly target: Expression;
  readonly lo: Fraction;
  readonly hi: Fraction;
}

/** Bounds of entries of a node against targets, for all inputs in the domain. */
export interface Bounds {
  readonly kind: 'within';
  readonly domain: Domain;
  readonly node: number;
  readonly entries: ReadonlyMap<number, Within>;
}

/** A conclusion as certificates state it, and the whole of it in words. */
export interface Closed {
  readonly kind: 'closed';
  readonly conclusion: object;
  readonly statement: string;
}

export function closed(conclusion: object, statement: string): Closed {
  return { kind: 'closed', conclusion, statement };
}

/** What follows from a step's data and the facts that it rests on. Throws Rejected. */
export type Rule = (session: Session, data: unknown, premises: Premises) => Bounds | Closed;

/** What was derived last from data alone, which claims of one certificate share. */
const DERIVED = new WeakMap<object, { readonly rule: Rule; readonly fact: Fact }>();

/**
 * Something that is true of the network of a session. `derive` alone makes one, by a rule, so that nothing else can pass
 * for a fact.
 */
export class Fact {
  readonly #session: Session;
  readonly #content: Bounds | Closed;

  private constructor(session: Session, content: Bounds | Closed) {
    this.#session = session;
    this.#content = content;
  }

  /** Applies a rule to facts about the same network, whose inputs range over one domain; bounds then hold on that domain. */
  static derive(session: Session, rule: Rule, data: unknown, facts: readonly Fact[]): Fact {
    demandEach(facts, (fact) => fact.#session === session, 'a premise is about another network');
    const known = facts.length === 0 ? DERIVED.get(data as object) : undefined;
    if (known?.rule === rule && known.fact.#session === session) return known.fact;
    const premises = new Premises(facts.map((fact) => fact.#content));
    const content = rule(session, data, premises);
    if (content.kind === 'within') {
      const { domain, entries } = content;
      demand(entries.size > 0, 'it bounds no entry');
      demand(
        premises.bounds.length === 0 || sameDomain(domain, premises.domain),
        'it leaves the domain of its premises',
      );
      demandEach(entries.values(), ({ lo, hi }) => lo.le(hi), 'the ends of a bound are crossed');
    }
    const fact = new Fact(session, content);
    if (facts.length === 0 && typeof data === 'object' && data) DERIVED.set(data, { rule, fact });
    return fact;
  }

  get content(): Bounds | Closed {
    return this.#content;
  }
}

/** What a step rests on. Bounds among them are all on one domain, whatever the rule makes of them. */
export class Premises {
  readonly bounds: readonly Bounds[];
  readonly closed: readonly Closed[];

  constructor(private readonly contents: readonly (Bounds | Closed)[]) {
    spend(50 * contents.length);
    borrow(50 * contents.length);
    this.bounds = contents.filter((content) => content.kind === 'within');
    this.closed = contents.filter((content) => content.kind === 'closed');
    const fits = this.bounds.every(({ domain }) => sameDomain(domain, this.bounds[0].domain));
    demand(fits, 'the premises are about different domains');
  }

  get domain(): Domain {
    demand(this.bounds.length > 0, 'there is no premise that bounds entries');
    return this.bounds[0].domain;
  }

  /** The first premise by itself. */
  get first(): Premises {
    return new Premises(this.contents.slice(0, 1));
  }

  /** All premises but the first. */
  get others(): Premises {
    return new Premises(this.contents.slice(1));
  }

  /** The bounds of an entry of a node; the first ones, where there are several. */
  at(node: number, entry: number): Within {
    const found = this.find(node, entry);
    demand(found !== undefined, `no premise bounds entry ${entry} of node ${node}`);
    return found;
  }

  /** The first bounds of an entry of a node that fit, if there are any. */
  find(node: number, entry: number, fits: (bound: Within) => boolean = () => true): Within | undefined {
    spend(5 * this.bounds.length);
    for (const fact of this.bounds) {
      const found = fact.node === node ? fact.entries.get(entry) : undefined;
      if (found && fits(found)) return found;
    }
    return undefined;
  }
}

/**
 * Where an expression in entries of nodes lies, by bounds of these against numbers: exactly for sums and multiples, by
 * enclosures otherwise. A difference of two entries may be bounded by a premise of its own.
 */
export function extentOf(e: Expression, premises: Premises): Side {
  spend(30);
  if (e.kind === 'number') return { lo: e.value, hi: e.value };
  const own = (first: Expression, target: Expression) => {
    const place = first.kind === 'variable' ? placeOf(first.name) : null;
    return place && premises.find(...place, (bound) => bound.target === target);
  };
  if (e.kind === 'variable') {
    const place = placeOf(e.name);
    const bound = place && premises.find(...place, ({ target }) => target.kind === 'number');
    demand(bound !== null && bound !== undefined, `no premise says where ${e.name} lies`);
    return rangeOf([bound]);
  }
  if (e.kind === 'sum') {
    const [first, second, ...more] = e.args;
    const negated = second.kind === 'product' && second.args.length === 2 ? second.args : null;
    const isDifference = more.length === 0 && negated?.[0].kind === 'number' && negated[0].value.equals(MINUS_ONE);
    const bound = isDifference ? own(first, negated![1]) : null;
    if (bound) return { lo: bound.lo, hi: bound.hi };
    const sides = e.args.map((arg) => extentOf(arg, premises));
    return sides.reduce((a, b) => ({ lo: a.lo.add(b.lo), hi: a.hi.add(b.hi) }));
  }
  const [factor, other, ...more] = e.args;
  if (e.kind === 'product' && factor.kind === 'number' && more.length === 0) {
    const { lo, hi } = extentOf(other, premises);
    const ends = [lo.mul(factor.value), hi.mul(factor.value)];
    return { lo: ends[0].min(ends[1]), hi: ends[0].max(ends[1]) };
  }
  const { value } = jetOfSum([[Fraction.one, e]], (name) => {
    const { lo, hi } = extentOf({ kind: 'variable', name }, premises);
    return inputJet(I.between(lo, hi));
  });
  demand(value !== null, 'a hypothesis has no value');
  return I.sideOf(value);
}

const MINUS_ONE = Fraction.of(-1);

/** The interval that entries whose targets are one number range over. */
export function rangeOf(bounds: readonly Within[]): Side {
  const [{ target }] = bounds;
  demand(
    target.kind === 'number' && bounds.every((bound) => bound.target === target),
    'a range needs a number as target',
  );
  const { lo, hi } = hullOf(bounds);
  return { lo: lo.add(target.value), hi: hi.add(target.value) };
}

export function sameDomain(a: Domain, b: Domain): boolean {
  return (
    a.size === b.size &&
    [...a].every(([name, side]) => {
      const other = b.get(name);
      return side && other ? side.lo.equals(other.lo) && side.hi.equals(other.hi) : side === other;
    })
  );
}

import { type Atoms, placeOf } from './atoms.js';
import { borrow, spend } from './budget.js';
import type { Expression } from './expression.js';
import { demand, demandEach } from './failure.js';
import type { Form } from './forms.js';
import type { Fraction } from './fraction.js';
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

/** An upper bound of a linear form in entries of nodes: of a multiple of a difference by a premise about it, else entry by entry. */
export function mostOf({ constant, terms }: Form, atoms: Atoms, premises: Premises): Fraction {
  const parts = [...terms].map(([number, coefficient]) => {
    const atom = atoms.get(number);
    const place = atom.kind === 'input' ? placeOf(atom.name) : null;
    demand(atom.kind === 'input' && place !== null, 'something is not linear in entries of nodes');
    return { name: atom.name, place, coefficient };
  });
  const top = ({ lo, hi }: Side, factor: Fraction) => factor.mul(factor.n > 0n ? hi : lo);
  const [a, b, ...others] = parts;
  if (b && others.length === 0 && a.coefficient.add(b.coefficient).isZero) {
    for (const [first, second] of [
      [a, b],
      [b, a],
    ]) {
      const bound = premises.find(
        ...first.place,
        ({ target }) => target.kind === 'variable' && target.name === second.name,
      );
      if (bound) return constant.add(top(bound, first.coefficient));
    }
  }
  return parts.reduce((sum, { name, place, coefficient }) => {
    const bound = premises.find(...place, ({ target }) => target.kind === 'number');
    demand(bound !== undefined, `no premise says where ${name} lies`);
    return sum.add(top(rangeOf([bound]), coefficient));
  }, constant);
}

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

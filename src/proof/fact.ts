import type { Network } from '../network/network.js';
import type { Proposition } from './proposition.js';
import type { Bounds, Sentence } from './sentence.js';
import type { Rule } from './step.js';
import type { Subject } from './subject.js';
import type { Enclosure } from './verdict.js';

/** The bounds that a claim states, as it writes them, and of what: every value where there is no measure. */
export type Claimed = Enclosure & Pick<Bounds, 'measure'>;

/** What a rule says when it has shown something. */
export interface Shown<F> {
  readonly rule: Rule;
  /** A label within the claim, such as `feature1`. */
  readonly id: string;
  /**
   * The audited network that the fact is about, or several; null for arithmetic and for statements about all networks of a
   * kind.
   */
  readonly network: Subject | null;
  /**
   * The inputs that the fact holds for, as text; null where it holds for all real inputs or speaks of none. Premises of
   * other domains do not combine with it.
   */
  readonly domain: string | null;
  /** A closed statement of the language, or words for the reader where the fact only serves other rules. */
  readonly says: Sentence | string;
  /** An input at which alone the fact holds: the statement's quantity lies between the sentence's bounds there. */
  readonly at?: Readonly<Record<string, unknown>>;
  /** Where a quantity that the fact bounds takes its extreme value, for the reader. */
  readonly where?: Readonly<Record<string, unknown>>;
  /** Bounds of the quantity that the fact is about, where it has one. */
  readonly enclosure?: Enclosure | null;
  /** What was read off the weights, for rules that build on this fact. */
  readonly found: F;
  readonly premises?: readonly Fact[];
  /**
   * All that a checker needs to redo the step on the audited network: plain JSON, exact numbers as `p/q`, nodes by their
   * number in the canonical form; null for a step about a part of that network. The bounds are those that are claimed.
   */
  readonly evidence?: (audited: Network, claimed: Claimed) => Readonly<Record<string, unknown>> | null;
  /** The closed statement for a certificate, with the claimed bounds in the place of those found. */
  readonly conclusion?: (claimed: Claimed) => Proposition;
  /** Without a conclusion, though the checker has the rule: why this fact is not put before it. */
  readonly withheld?: string;
}

/** A rule that could not show what it was asked: the hypothesis that failed, and the difference that was found. */
export interface Open {
  readonly kind: 'open';
  readonly id: string;
  readonly rule: string;
  readonly statement: string;
  readonly difference: string;
  readonly enclosure: Enclosure | null;
}

/** What an application of a rule comes to. */
export type Outcome<F = unknown> = Fact<F> | Open;

let make: <F>(shown: Shown<F>) => Fact<F>;
/** Known to this file alone: a fact's own constructor, which plain JavaScript reaches, makes nothing without it. */
const KEY = Symbol('mint');

/**
 * A statement with how it came about. Only rules make facts, by `mint`: theorem files, constructions and users' files pass
 * them on and combine them. A verdict is derived from facts and from nothing else.
 */
export class Fact<F = unknown> {
  readonly kind = 'fact';
  readonly #genuine = true;
  declare readonly id: string;
  declare readonly rule: Rule;
  declare readonly network: Subject | null;
  declare readonly domain: string | null;
  declare readonly at: Readonly<Record<string, unknown>> | null;
  declare readonly where: Readonly<Record<string, unknown>> | null;
  /** The statement, when it is one of the language. */
  declare readonly sentence: Sentence | null;
  declare readonly text: string;
  declare readonly enclosure: Enclosure | null;
  declare readonly found: F;
  declare readonly premises: readonly Fact[];
  declare readonly evidence: Shown<F>['evidence'];
  declare readonly conclusion: Shown<F>['conclusion'];
  declare readonly withheld: string | null;

  private constructor(key: symbol, { says, premises = [], ...shown }: Shown<F>) {
    if (key !== KEY) throw new TypeError('facts are made by rules alone');
    const said = typeof says === 'string' ? { sentence: null, text: says } : { sentence: says, text: says.text };
    const absent = { at: null, where: null, enclosure: null, withheld: null };
    Object.assign(this, absent, shown, said, { premises: Object.freeze([...premises]) });
    Object.freeze(this);
  }

  static {
    make = (shown) => new Fact(KEY, shown);
  }

  /** Whether a value is a fact that a rule made, and no look-alike. */
  static isGenuine(value: unknown): value is Fact {
    return typeof value === 'object' && value !== null && #genuine in value;
  }
}

// What a fact says is asked of it again and again: the answers are not to be replaced by another module.
Object.freeze(Fact.prototype);
Object.freeze(Fact);

/**
 * Makes a fact. For files of `rules/` alone, which check their hypotheses on the weights before they call it.
 *
 * Throws when an enclosure is empty, when a premise is no fact, and when facts of other networks or domains are to be
 * combined: these are defects of a rule, found before anything is concluded from them.
 */
export function mint<F>(shown: Shown<F>): Fact<F> {
  const { rule, id, network, domain, enclosure, premises = [] } = shown;
  const where = `rule ${rule.id}, step ${id}`;
  if (enclosure?.lo && enclosure.hi?.lt(enclosure.lo)) {
    throw new Error(`${where}: the enclosure [${enclosure.lo}, ${enclosure.hi}] is empty`);
  }
  for (const premise of premises) {
    if (!Fact.isGenuine(premise)) throw new Error(`${where}: a premise is no fact`);
    if (premise.network !== null && premise.network !== network)
      throw new Error(`${where}: the premise ${premise.id} is about another network`);
    if (premise.domain !== null && premise.domain !== domain)
      throw new Error(
        `${where}: the premise ${premise.id} holds for ${premise.domain}, not for ${domain ?? 'all inputs'}`,
      );
    if (premise.at !== null) throw new Error(`${where}: the premise ${premise.id} holds at one input only`);
  }
  return make(shown);
}

/** What a certificate states, with what a checker needs to redo it: the statement's own fields, and hints. */
export function certified(
  conclusion: (claimed: Claimed) => Proposition,
  hints: (claimed: Claimed) => object = () => ({}),
): Pick<Shown<unknown>, 'evidence' | 'conclusion'> {
  return {
    conclusion,
    evidence: (_, claimed) => {
      const { kind: _kind, ...fields } = conclusion(claimed);
      return { ...fields, ...hints(claimed) };
    },
  };
}

/** What a rule returns when a hypothesis fails. */
export function open(
  rule: Rule,
  id: string,
  statement: string,
  difference: string,
  enclosure: Enclosure | null = null,
): Open {
  return { kind: 'open', id, rule: rule.id, statement, difference, enclosure };
}

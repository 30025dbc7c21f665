import type { Target } from '../evaluate/target.js';
import type { Parameters, ValuesOf } from '../instance/parameters.js';
import type { Network } from '../network/network.js';
import type { Rational } from '../numbers/rational.js';
import type { Outcome } from './fact.js';
import type { Proposition } from './proposition.js';
import type { Sentence } from './sentence.js';
import type { Step } from './step.js';
import type { Enclosure, Verdict } from './verdict.js';

/** How far a statement is to be trusted: proved here, as the paper reports it, or recalled from a textbook. */
export type Trust = 'proved' | 'paper' | 'recalled';

/** Ids of claims, as in certificates. */
export const CLAIM_ID = /^[A-Za-z0-9][\w.-]{0,63}$/;
export const CLAIM_IDS = 'ids of up to 64 letters, digits, _, . and -';

export type ClaimKind = 'identity' | 'bound' | 'quantity' | 'rate' | 'barrier' | 'execution';

/** A theorem of the library: what it says, what it is about, how its network is made, what is claimed of it. */
// biome-ignore lint/suspicious/noExplicitAny: what a theorem examines is between it and its claims.
export interface Theorem<P extends Parameters = Parameters, D = unknown, E = any> {
  readonly id: string;
  /** One line. */
  readonly summary: string;
  readonly statement: string;
  readonly source: { readonly paper: string; readonly theorem: string; readonly trust: Trust };
  readonly parameters: P;
  /** What its names stand for, as a theorem file defines them. */
  readonly written?: { readonly file?: string; readonly definitions: string };
  /** Absolute paths of files beside the theorem's own that its networks are made from. */
  readonly files?: readonly string[];
  /** Builds the network of an instance. Throws InputError for parameters that do not fit together. */
  construct(params: ValuesOf<P>, surroundings: Surroundings): Construction<D> | Promise<Construction<D>>;
  /** Whether it is about an exact object: a network without inputs, of named tensors. Nothing executes that. */
  readonly isObject?: boolean;
  readonly claims: readonly (Claim<ValuesOf<P>, D, E> | ProvedClaim<ValuesOf<P>, D, E>)[];
  /** Work whose outcome several claims need: done once, before them. */
  examine?(audit: Audit<ValuesOf<P>, D>): E | Promise<E>;
  /**
   * Data for training on what the theorem is about, as an exact object: a network without inputs whose constants are the named
   * tensors. Drawn from the seed. `exhibit build --data` writes it.
   */
  dataset?(params: ValuesOf<P>, surroundings: Surroundings): Network;
  /** Where the entries of an input lie, for executions on drawn inputs; [0, 1] when absent. */
  inputs?(params: ValuesOf<P>): { readonly lo: Rational; readonly hi: Rational };
  /** How the claimed quantities grow or fall with the parameters; a sweep tests it. The sharpest order comes first. */
  readonly rates?: readonly Rate<ValuesOf<P>>[];
  /** Hypotheses of the paper's theorem that the bound proved here does not need, judged for the instance. */
  hypotheses?(params: ValuesOf<P>, design: D): readonly Hypothesis[];
}

/**
 * A predicted order: quantity ~ against^exponent log(s)^log, where s = against toward infinity and 1/against toward 0.
 * Exponents are expressions in the parameters, such as `2/(l + 1)`.
 */
export interface Rate<V> {
  /** Id of the claim whose enclosure is meant, or a path in the result such as `network.parameters`. */
  readonly quantity: string;
  /** A parameter, a number to the power of one, such as `2^m`, or an exponential such as `exp(pi*sqrt(m/2))`. */
  readonly against: string;
  /** Where the order holds; toward infinity unless said otherwise. */
  readonly toward?: 'infinity' | 'zero';
  /** `negative` for decay whose constant in the exponent is not stated, e^(-c sqrt(m)) against exp(sqrt(m)). */
  readonly exponent: string;
  /** log(s)^log; against exp(g) this is g^log. */
  readonly log?: string;
  /**
   * The claim's bound in closed form, in the parameters, `constants` and, for an `against` that is a power, `x` in its
   * place. The order is then derived from it.
   */
  formula?(params: V): string;
  /** Positive numbers of the formula that depend on neither `against` nor anything that the formula names. */
  readonly constants?: readonly string[];
  /** Whether the rate is predicted for these parameters; always, when absent. */
  applies?(params: V): boolean;
}

/** A hypothesis and whether the instance satisfies it; never part of the verdict. */
export interface Hypothesis {
  readonly id: string;
  readonly statement: string;
  readonly verdict: 'holds' | 'fails' | 'open';
}

/** Where an instance stands and what was asked for beside its parameters. */
export interface Surroundings {
  /** Folder that relative paths of the instance start from. */
  readonly directory: string;
  readonly seed: number;
}

/** An exact network with the mathematics that led to it. */
export interface Construction<D> {
  readonly network: Network;
  /** Directions, knots, constants: what the claims' proofs refer to. */
  readonly design: D;
  /** Things the user should know about the input, such as merged duplicates. */
  readonly notes?: readonly string[];
}

/** Everything a proof may use. The network is the built one, or one read from a file: proofs trust nothing about it. */
export interface Audit<V, D> extends Surroundings {
  readonly theorem: string;
  readonly params: V;
  readonly design: D;
  readonly network: Network;
  /** Whether the network was given and computes its outputs otherwise than the built one: its inner tensors are others. */
  readonly hasForeignNames: boolean;
  /** The bound that the instance states for this claim, if any. */
  readonly stated: Rational | undefined;
  /** Significant digits of high-precision arithmetic. */
  readonly digits: number;
  /** Milliseconds since the epoch after which a search must return what it has; Infinity without a limit. */
  readonly deadline: number;
  /** Says on stderr what is going on. */
  progress(message: string, done?: number, total?: number): void;
  /** What was found for the claim `error`, when it was examined before this one. */
  readonly approximation: Enclosure | null;
  /** Where to run for execution claims. */
  readonly execution: readonly Target[];
}

export interface Claim<V, D, E = unknown> {
  readonly id: string;
  readonly kind: ClaimKind;
  readonly statement: string;
  readonly tex: string;
  /** `proved` where nothing is said. */
  readonly trust?: Trust;
  /** Whether the claim is made for these parameters; always, when absent. */
  applies?(params: V, design: D): boolean;
  /** What the audit found. One finding per claim; execution claims give one per target. */
  prove(
    audit: Audit<V, D> & { readonly examined: E },
  ): Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;
}

/** The number that a theorem holds a quantity against: exactly, or between two ends where it is irrational. */
export interface Limit {
  readonly lower: Rational;
  readonly upper: Rational;
}

/** What a proof may use beside the audit: the bound to be shown, and what the theorem examined for all its claims. */
export interface Proving<V, D, E> extends Audit<V, D> {
  /** The bound stated by the instance, or else the theorem's, rounded to the side that suffices; null where there is none. */
  readonly bound: Rational | null;
  readonly examined: E;
}

/**
 * A claim that is a statement. Its author says which one and which rules to apply; the verdict, the enclosure, the
 * witness and what is printed follow from the statement and from the facts that these rules return.
 */
export interface ProvedClaim<V, D, E = unknown> {
  readonly id: string;
  readonly kind: Exclude<ClaimKind, 'execution'>;
  /** What the theorem says, in its own words. */
  readonly statement: string;
  /** Follows from what the claim says: TypeScript tells the two kinds of claims apart by it. */
  readonly tex?: undefined;
  /** `proved` where nothing is said. */
  readonly trust?: Trust;
  /** Whether the claim is made for these parameters; always, when absent. */
  applies?(params: V, design: D): boolean;
  /**
   * The theorem's bound; null where it has none for these parameters. Absent, or undefined, where the statement has no bound
   * to state.
   */
  limit?(audit: Audit<V, D> & { readonly examined: E }): Limit | Rational | null | undefined;
  /** The statement, as a text of the language or made by the rule that proves it; with `?` where the bound is null. */
  says(audit: Audit<V, D> & { readonly examined: E }, bound: Rational | null): Sentence | string;
  prove(audit: Proving<V, D, E>): Proof | Promise<Proof>;
}

/** What rules made of a claim. */
export interface Proof {
  readonly outcomes: readonly Outcome[];
  readonly method: string;
  /** Remarks beside the verdict, in words; shown as they are. */
  readonly notes?: readonly string[];
  /** Remarks about what is known of the claim's quantity, once that is judged. */
  readonly follows?: (known: Enclosure) => readonly string[];
}

/** The outcome of a claim's proof. */
export interface Finding {
  readonly verdict: Verdict;
  /** Set apart from other findings of the same claim: `claim.suffix`. */
  readonly suffix?: string;
  /** Sharper than the claim's statement: with the instance's numbers. */
  readonly statement?: string;
  /** The statement in TeX. */
  readonly tex?: string;
  /** Whether its bound is the instance's, not the theorem's. */
  readonly isTightened?: boolean;
  /** What the theorem says of the quantity. */
  readonly predicted: Rational | null;
  readonly enclosure: Enclosure | null;
  readonly witness: Readonly<Record<string, unknown>> | null;
  readonly steps: readonly Step[];
  readonly method: string;
  /** What the steps with data prove, in closed form; a claim without it is not part of a certificate. */
  readonly conclusion?: () => Proposition;
  /** Why it has none, where the checker has the rule. */
  readonly withheld?: string;
  /** Facts beside the verdict, in words; shown as they are. */
  readonly facts?: readonly string[];
}

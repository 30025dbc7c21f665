import type { Rational } from '../numbers/rational.js';
import type { Enclosure } from './verdict.js';

/**
 * What a claim comes to in the end: a statement about a network, known by its hash, that needs no theorem's name to be
 * understood. It is what a certificate states and what its checker verifies and prints. Numbers are exact, as `p/q`.
 */
export type Proposition =
  | Approximation
  | EntryIdentity
  | SampleError
  | Separation
  | Counterexample
  | Sawtooth
  | EntryCount
  | EntryBound
  | NetworkSize
  | Response
  | ResponseSum
  | ResponseDistance
  | SingularValue
  | HankelValue
  | OrderBarrier
  | StateSpaceForm
  | ScalingLimit
  | Derivative
  | Collision
  | Relations
  | Values
  | BoxDiscrepancy
  | PointerPower
  | TokenHops
  | AutomatonStates
  | Sentence
  | Instance
  | Together
  | InformationFlow
  | FlowCost
  | Continuation
  | GeneratedText
  | SequenceMargin;

/** A sentence of the language, for all inputs that it speaks of. */
export interface Sentence {
  readonly kind: 'statement';
  readonly text: string;
}

/** Whether the relations of a sentence hold at one point of its domain: numbers in row-major order by variable. */
export interface Instance {
  readonly kind: 'instance';
  readonly text: string;
  readonly point: Readonly<Record<string, readonly string[]>>;
  readonly holds: boolean;
}

/** Several statements, each of which a step shows. */
export interface Together {
  readonly kind: 'all';
  readonly of: readonly Proposition[];
}

/** For every input: the interval that all of its entries range over; null for all real numbers. */
export type InputDomain = Readonly<Record<string, readonly [string, string] | null>>;

/**
 * For all inputs in the domain, lo <= output - target <= hi. The target is a text in the entries of the inputs, which
 * count from 1: `min_{t in 1..32}((x[t,1] - 3/10)^2)`; an input of a single entry goes by its name alone.
 */
export interface Approximation {
  readonly kind: 'approximation';
  readonly output: string;
  readonly domain: InputDomain;
  readonly target: string;
  readonly lo: string;
  readonly hi: string;
}

/** For all real inputs the entries of a node, known by its number in the canonical form, are these texts. */
export interface EntryIdentity {
  readonly kind: 'identity';
  readonly node: number;
  readonly entries: readonly string[];
}

/** |output - expected| <= bound at each of the listed samples, known by the SHA-256 of their JSON. */
export interface SampleError {
  readonly kind: 'samples';
  readonly output: string;
  readonly count: number;
  readonly sha256: string;
  readonly bound: string;
}

/** The least distance between the values of a node at two of the listed inputs, known by the SHA-256 of their JSON. */
export interface Separation {
  readonly kind: 'separation';
  readonly node: number;
  readonly count: number;
  readonly sha256: string;
  readonly least: string;
}

/** At inputs in the domain |output - target| >= least, which exceeds `bound`. */
export interface Counterexample {
  readonly kind: 'evaluation';
  readonly output: string;
  readonly domain: InputDomain;
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  readonly target: string;
  readonly least: string;
  readonly bound: string;
}

/**
 * The output is g applied `depth` times to the input in [0, 1], g(u) = 2 min(u, 1 - u); and so at least `distance` away
 * from every continuous piecewise linear function with so many breakpoints.
 */
export interface Sawtooth {
  readonly kind: 'sawtooth';
  readonly depth: number;
  readonly output: string;
  readonly norm?: 'L1' | 'sup';
  readonly breakpoints?: number;
  readonly distance?: string;
}

/** Constants of the network hold so many numbers: every entry of the dense ones, nonzero entries of the sparse ones. */
export interface EntryCount {
  readonly kind: 'parameters';
  readonly dense: readonly number[];
  readonly sparse: readonly number[];
  readonly count: string;
}

/** No entry of the named constants exceeds the bound in absolute value. */
export interface EntryBound {
  readonly kind: 'weight';
  readonly constants: readonly number[];
  readonly bound?: string;
  /** One of the entries is at least so large in absolute value. */
  readonly least?: string;
}

/** The results of nonlinear operations, or the longest chain of such operations, are at most so many. */
export interface NetworkSize {
  readonly kind: 'size';
  readonly quantity: 'units' | 'depth' | 'width';
  readonly bound?: string;
  /** They are at least so many. */
  readonly least?: string;
}

/**
 * For all inputs u of any length and all t, output(t) = sum_{s <= t} rho(t - s) u(s), where the network's recurrences are
 * run from the state 0 and rho(t) = Re (or Im) sum_i residue_i pole_i^t; or, by a cycle, g r^t at t = at mod period and 0 elsewhere.
 */
export type Response = {
  readonly kind: 'response';
  /** Only for inputs of up to so many entries. */
  readonly length?: number;
} & (
  | { readonly modes: readonly (readonly [residue: ComplexText, pole: ComplexText])[] }
  | { readonly cycle: readonly [period: number, at: number, r: string, g: string] }
);

/** Layers of at most so many states, diagonal and stable, with |b|^(2 power) <= value for all other entries b. */
export interface StateSpaceForm {
  readonly kind: 'state-space';
  readonly layers: number;
  readonly width: number;
  readonly power: number;
  readonly value: string;
  /** So many layers of so many states that have the same response have an entry that is at least so large in modulus. */
  readonly least?: string;
  /** The response that these layers have. */
  readonly response?: Response;
}

/** lo <= sum_t |rho(t) - target(t)| <= hi for the impulse response rho of a recurrence; the target is 0 elsewhere. */
export interface ResponseSum {
  readonly kind: 'response-sum';
  readonly target: readonly (readonly [t: number, value: string])[];
  readonly lo: string;
  readonly hi: string;
  /** A number below `lo`, which the sum therefore exceeds. */
  readonly bound?: string;
}

/** e^(-alpha t), (1 + t)^(-p), Ai(s0 (t - alpha)), or 1 at t = alpha and 0 elsewhere. */
export type MemoryFunction =
  | { readonly family: 'exponential'; readonly alpha: string }
  | { readonly family: 'polynomial'; readonly p: string }
  | { readonly family: 'airy'; readonly s0: string; readonly alpha: string }
  | { readonly family: 'delay'; readonly alpha: string };

/** lo <= sup_t |r(t) - target(t)| <= hi for the impulse response r of a recurrence of so many states, over all times. */
export interface ResponseDistance {
  readonly kind: 'response-distance';
  readonly target: MemoryFunction;
  /** A time where the difference is at least `lo`. */
  readonly at: string;
  readonly lo: string;
  readonly hi: string;
  readonly states: number;
}

/** Singular value k, counted from the largest, of an output that is a constant matrix. */
export interface SingularValue {
  readonly kind: 'singular-value';
  readonly output: string;
  readonly k: number;
  readonly lo: string;
  readonly hi: string;
}

/** Singular value k of the Hankel matrix of order n of a memory function. */
export interface HankelValue {
  readonly kind: 'hankel-value';
  readonly target: MemoryFunction;
  readonly n: number;
  readonly k: number;
  readonly lo: string;
  readonly hi: string;
}

/**
 * No response of a linear model of that order is closer to the target than `lo` up to the horizon, or no transfer function in the
 * norm H-infinity; the network's response is within `hi`.
 */
export type OrderBarrier = {
  readonly kind: 'order-barrier';
  readonly target: MemoryFunction;
  readonly order: number;
  readonly lo: string;
} & ({ readonly hi?: string; readonly horizon: string } | { readonly norm: 'H-infinity' });

/**
 * Between two numbers lies an entry of the doubly stochastic scaling of a constant output, or the largest factor or difference
 * between an entry of it and of another constant output.
 */
export type ScalingLimit = {
  readonly kind: 'scaling-limit';
  readonly matrix: string;
  readonly lo: string;
  readonly hi: string;
} & (
  | { readonly place: readonly [row: number, column: number] }
  | { readonly quantity: 'factor' | 'difference'; readonly of: string }
);

/** For all real inputs whose largest entry exceeds all others by at least `gap`: |d output/d x_(2)| <= bound. */
export interface Derivative {
  readonly kind: 'derivative';
  readonly output: string;
  readonly gap: string;
  readonly bound: string;
}

/** A function of the output that is within eps of the target at both inputs has a Lipschitz constant of at least `slope`. */
export interface Collision {
  readonly kind: 'collision';
  readonly output: string;
  readonly inputs: readonly Readonly<Record<string, readonly string[]>>[];
  readonly target: string;
  readonly eps: string;
  readonly slope: string;
}

/** Relations between rational numbers, written as formulas; not about the network. */
export interface Relations {
  readonly kind: 'arithmetic';
  readonly relations: readonly (readonly [left: string, relation: '=' | '<=' | '>=' | '>', right: string])[];
}

/**
 * Relations between formulas in entries of outputs that no input changes, `r[3]`: all of them hold, or (`holds: false`) at
 * least one of them fails.
 */
export interface Values {
  readonly kind: 'values';
  readonly relations: readonly (readonly [left: string, relation: '=' | '<=' | '>=' | '<' | '>', right: string])[];
  readonly holds: boolean;
}

/** The star discrepancy of the rows of an output, a constant of points in the plane, is this number. */
export interface BoxDiscrepancy {
  readonly kind: 'box-counting';
  readonly output: string;
  readonly value: string;
}

/** For all maps p, whose matrix is the input, the output is the matrix of p applied so often. */
export interface PointerPower {
  readonly kind: 'pointer-composition';
  readonly output: string;
  readonly power: number;
}

/** For all texts the rows of the output are the letters so many hops away, each behind the latest earlier occurrence. */
export interface TokenHops {
  readonly kind: 'token-hops';
  readonly output: string;
  readonly power: number;
}

/**
 * For all sequences behind the start token the rows of the output are the unit vectors of the states of an automaton; the
 * table has a row of next states, from 0, for each letter, the start token's first.
 */
export interface AutomatonStates {
  readonly kind: 'map-composition';
  readonly output: string;
  readonly table: readonly (readonly number[])[];
  readonly start: number;
}

/** The facts of the task can be brought to a token by the heads of the layers, or cannot (`missing`); about an architecture. */
export interface InformationFlow {
  readonly kind: 'flow';
  readonly layers: readonly string[];
  readonly task: readonly string[];
  readonly missing?: true;
}

/** The exponent that the calculus predicts: 0 where the facts can be brought, T d/E otherwise. */
export interface FlowCost {
  readonly kind: 'flow-cost';
  readonly layers: readonly string[];
  readonly task: readonly string[];
  readonly sizes: { readonly T: number; readonly d: number; readonly E: number };
  readonly exponent: string;
}

/**
 * For all sequences whose last symbol occurs before, given as a row of zeros and their unit vectors: the output at the symbol
 * that follows the latest earlier occurrence of the last one exceeds the others by at least `margin`. Or: for all whose last
 * symbol does not occur before, no score exceeds `absent` in absolute value.
 */
export type Continuation = { readonly kind: 'continuation'; readonly output: string } & (
  | { readonly margin: string }
  | { readonly absent: string }
);

/**
 * For all prompts: taking the token with the largest entry of the output each time, whatever stands behind, the prompt is continued
 * by the text. Entry 1 of a row scores the token `first`.
 */
export interface GeneratedText {
  readonly kind: 'generation';
  readonly variable: string;
  readonly prompts: string;
  readonly text: readonly (readonly [places: string, token: string])[];
  readonly output: string;
  readonly first: number;
}

/**
 * For all sequences that satisfy the conditions, the entry `place` of a row of the output, a function of the sequence that counts from 1,
 * exceeds all others by at least `least`, or by more (`strict`); or `at` one of them it does not.
 */
export interface SequenceMargin {
  readonly kind: 'sequence-margin';
  readonly variable: string;
  readonly sequences: string;
  readonly conditions: readonly (readonly [left: string, comparison: string, right: string])[];
  readonly output: string;
  readonly indices: readonly number[];
  readonly place: string;
  readonly least: string;
  readonly strict: boolean;
  readonly at?: readonly string[];
}

type ComplexText = readonly [re: string, im: string];

/** Whether a conclusion says that a stated bound fails. */
export function refutes(conclusion: Proposition): boolean {
  if (conclusion.kind === 'values' || conclusion.kind === 'instance') return !conclusion.holds;
  if (conclusion.kind === 'flow') return conclusion.missing === true;
  if (conclusion.kind === 'sequence-margin') return conclusion.at !== undefined;
  return conclusion.kind === 'evaluation' || (conclusion.kind === 'response-sum' && conclusion.bound !== undefined);
}

/** What says what a quantity is, or which side of a bound it is on: it proves a claim or contradicts it. */
const EXACT: ReadonlySet<Proposition['kind']> = new Set([
  ...(['parameters', 'weight', 'size', 'box-counting', 'flow-cost', 'separation'] as const),
  ...(['response-distance', 'singular-value', 'hankel-value', 'scaling-limit'] as const),
]);

/** Whether a conclusion, of a fact that decides a claim, says as much as this verdict on it. */
export function settles(conclusion: Proposition, verdict: 'proved' | 'refuted'): boolean {
  if (refutes(conclusion)) return verdict === 'refuted';
  const isNumber = conclusion.kind === 'arithmetic' && conclusion.relations.every(([, relation]) => relation === '=');
  return verdict === 'proved' || EXACT.has(conclusion.kind) || isNumber;
}

/** `lo <= output - target <= hi` for all inputs in the domain, with the claimed ends in the place of those that were found. */
export function approximated(
  { output, domain, target }: Pick<Approximation, 'output' | 'domain' | 'target'>,
  { lo, hi }: { readonly lo: Rational; readonly hi: Rational },
): (claimed: Enclosure) => Approximation {
  const ends = (claimed: Enclosure) => ({ lo: `${claimed.lo ?? lo}`, hi: `${claimed.hi ?? hi}` });
  return (claimed) => ({ kind: 'approximation', output, domain, target, ...ends(claimed) });
}

/** Increasing numbers as ranges: `1..32,40`. */
export function rangesText(values: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.[1] === value - 1) run[1] = value;
    else runs.push([value, value]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}..${last}`)).join(',');
}

/** The name of an entry of an input in such texts: `x[3,2]`, or `x` where there is only one. */
export function inputEntry(name: string, shape: readonly number[], index: number): string {
  const strides = shape.map((_, k) => shape.slice(k + 1).reduce((product, size) => product * size, 1));
  const indices = strides.map((stride, k) => (Math.floor(index / stride) % shape[k]) + 1);
  return shape.every((size) => size === 1) ? name : `${name}[${indices.join(',')}]`;
}

import type { AboutOutputs } from './propositions/approximation.js';
import type { AboutConstants } from './propositions/constant.js';
import type { AboutArchitectures } from './propositions/flow.js';
import type { AboutResponses } from './propositions/response.js';
import type { AboutSequences } from './propositions/sequence.js';
import type { AboutSizes } from './propositions/size.js';

/**
 * What a claim comes to in the end: a statement about a network, known by its hash, that needs no theorem's name to be
 * understood. It is what a certificate states and what its checker verifies and prints. Numbers are exact, as `p/q`.
 */
export type Proposition =
  | AboutArchitectures
  | AboutConstants
  | AboutOutputs
  | AboutResponses
  | AboutSequences
  | AboutSizes
  | Sentence
  | Instance
  | Together;

/** A sentence of the language, for all inputs that it speaks of. */
interface Sentence {
  readonly kind: 'statement';
  readonly text: string;
}

/** Whether the relations of a sentence hold at one point of its domain: numbers in row-major order by variable. */
interface Instance {
  readonly kind: 'instance';
  readonly text: string;
  readonly point: Readonly<Record<string, readonly string[]>>;
  readonly holds: boolean;
}

/** Several statements, each of which a step shows. */
interface Together {
  readonly kind: 'all';
  readonly of: readonly Proposition[];
}

/** Whether a conclusion says that a stated bound fails. */
export function refutes(conclusion: Proposition): boolean {
  if (conclusion.kind === 'values' || conclusion.kind === 'instance') return !conclusion.holds;
  if (conclusion.kind === 'flow') return conclusion.missing === true;
  if (conclusion.kind === 'sequence-margin') return conclusion.at !== undefined;
  return conclusion.kind === 'response-sum' && conclusion.bound !== undefined;
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

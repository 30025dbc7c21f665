import type { Rational } from '../../numbers/rational.js';
import type { Enclosure } from '../verdict.js';

export type AboutOutputs = Approximation | Collision | Derivative | EntryIdentity | SampleError | Sawtooth | Separation;

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
interface EntryIdentity {
  readonly kind: 'identity';
  readonly node: number;
  readonly entries: readonly string[];
}

/** |output - expected| <= bound at each of the listed samples, known by the SHA-256 of their JSON. */
interface SampleError {
  readonly kind: 'samples';
  readonly output: string;
  readonly count: number;
  readonly sha256: string;
  readonly bound: string;
}

/** The least distance between the values of a node at two of the listed inputs, known by the SHA-256 of their JSON. */
interface Separation {
  readonly kind: 'separation';
  readonly node: number;
  readonly count: number;
  readonly sha256: string;
  readonly least: string;
}

/**
 * The output is g applied `depth` times to the input in [0, 1], g(u) = 2 min(u, 1 - u); and so at least `distance` away
 * from every continuous piecewise linear function with so many breakpoints.
 */
interface Sawtooth {
  readonly kind: 'sawtooth';
  readonly depth: number;
  readonly output: string;
  readonly norm?: 'L1' | 'sup';
  readonly breakpoints?: number;
  readonly distance?: string;
}

/** For all real inputs whose largest entry exceeds all others by at least `gap`: |d output/d x_(2)| <= bound. */
interface Derivative {
  readonly kind: 'derivative';
  readonly output: string;
  readonly gap: string;
  readonly bound: string;
}

/** A function of the output that is within eps of the target at both inputs has a Lipschitz constant of at least `slope`. */
interface Collision {
  readonly kind: 'collision';
  readonly output: string;
  readonly inputs: readonly Readonly<Record<string, readonly string[]>>[];
  readonly target: string;
  readonly eps: string;
  readonly slope: string;
}

/** `lo <= output - target <= hi` for all inputs in the domain, with the claimed ends in the place of those that were found. */
export function approximated(
  { output, domain, target }: Pick<Approximation, 'output' | 'domain' | 'target'>,
  { lo, hi }: { readonly lo: Rational; readonly hi: Rational },
): (claimed: Enclosure) => Approximation {
  const ends = (claimed: Enclosure) => ({ lo: `${claimed.lo ?? lo}`, hi: `${claimed.hi ?? hi}` });
  return (claimed) => ({ kind: 'approximation', output, domain, target, ...ends(claimed) });
}

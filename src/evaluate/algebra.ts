import type { FunctionName } from '../network/operations.js';
import type { Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import type { Ridge } from './ridges.js';

/** Values by input or output name. */
export type Values<S> = Readonly<Record<string, Tensor<S>>>;

/**
 * The numbers that a network is evaluated in. One set of kernels serves every algebra: exact rationals, floats,
 * intervals, affine forms.
 */
export interface Algebra<S> {
  /** For messages: 'exact', 'decimal (50 digits)'. */
  readonly name: string;
  readonly zero: S;
  /**
   * Whether one object may stand for the results of one operation on the same operands in several places: where results
   * are sets of numbers and do not say which.
   */
  readonly sharesResults?: true;
  /** A weight or exact input. */
  of(value: Rational): S;
  add(a: S, b: S): S;
  sub(a: S, b: S): S;
  mul(a: S, b: S): S;
  min(a: S, b: S): S;
  max(a: S, b: S): S;
  /** max(a, 0). */
  relu(a: S): S;
  /** Throws UnsupportedOperation in exact numbers for a divisor 0. */
  div(a: S, b: S): S;
  /** A function of one number. */
  apply(fn: FunctionName, a: S): S;
  /** a^exponent for an integer from 2 on. */
  power(a: S, exponent: number): S;
  /** x_i / sqrt(mean of x_j^2 + epsilon) for each i. */
  normalise(x: readonly S[], epsilon: Rational): readonly S[];
  /** The index of the first largest entry. */
  argmax(x: readonly S[]): S;
  /** sum_k a_k b_k; the vectors are reused by the caller and must not be kept. */
  dot(a: readonly S[], b: readonly S[]): S;
  sum(terms: readonly S[]): S;
  /** The inner products of each row with each column, row by row, where doing them together beats `dot`. */
  innerProducts?(rows: readonly (readonly S[])[], columns: readonly (readonly S[])[]): readonly S[];
  /** exp(z_i) / sum_j exp(z_j) for each i. */
  softmax(z: readonly S[]): readonly S[];
  /** A layer of many ReLUs that see one number each and its readout, where knowing the pieces beats summing the units. */
  ridge?(ridge: Ridge): AffineMap<S>;
  /** From how many units of one number on; 12 when absent. */
  readonly fewestUnits?: number;
  /** h(t) = A h(t-1) + B x(t) from h = 0, for x and h row by row, where knowing all steps beats one inner product after the other. */
  recurrence?(A: SparseRows<S>, B: SparseRows<S>, x: readonly S[], steps: number): readonly S[];
  /** The map x -> Wx + c, one row of W per entry of the result, where preparing it beats separate inner products. */
  affine?(rows: readonly (readonly Rational[])[], offset?: readonly Rational[]): AffineMap<S>;
}

/** The entries of each row that may be other than 0, by column. */
export type SparseRows<S> = readonly (readonly (readonly [column: number, entry: S])[])[];

/** The argument is reused by the caller and must not be kept. */
export type AffineMap<S> = (x: readonly S[]) => readonly S[];

/** An operation that an algebra cannot perform, such as exp in exact arithmetic. */
export class UnsupportedOperation extends Error {
  override readonly name = 'UnsupportedOperation';
}

/** The new operations of an algebra that has none of them. */
export function unsupported(algebra: string): Pick<Algebra<never>, 'div' | 'apply' | 'power' | 'normalise' | 'argmax'> {
  const refuse = (operation: string): never => {
    throw new UnsupportedOperation(`${operation} in ${algebra}`);
  };
  return {
    div: () => refuse('a quotient'),
    apply: (fn) => refuse(fn),
    power: () => refuse('a power'),
    normalise: () => refuse('a normalised vector'),
    argmax: () => refuse('the index of the largest entry'),
  };
}

/** `normalise` by its definition. */
export function normalisedBy<S>(
  { add, div, mul, apply, of, sum }: Pick<Algebra<S>, 'add' | 'div' | 'mul' | 'apply' | 'of' | 'sum'>,
  x: readonly S[],
  epsilon: Rational,
): S[] {
  const mean = mul(sum(x.map((entry) => mul(entry, entry))), of(Rational.of(1, x.length)));
  const root = apply('sqrt', add(mean, of(epsilon)));
  return x.map((entry) => div(entry, root));
}

import type { Rational } from '../numbers/rational.js';

/**
 * The numbers that a network is evaluated in. One set of kernels serves every algebra: exact rationals, floats,
 * intervals, affine forms.
 */
export interface Algebra<S> {
  /** For messages: 'exact', 'decimal (50 digits)'. */
  readonly name: string;
  readonly zero: S;
  /** A weight or exact input. */
  of(value: Rational): S;
  add(a: S, b: S): S;
  sub(a: S, b: S): S;
  mul(a: S, b: S): S;
  min(a: S, b: S): S;
  max(a: S, b: S): S;
  /** max(a, 0). */
  relu(a: S): S;
  /** sum_k a_k b_k; the vectors are reused by the caller and must not be kept. */
  dot(a: readonly S[], b: readonly S[]): S;
  sum(terms: readonly S[]): S;
  /** The inner products of each row with each column, row by row, where doing them together beats `dot`. */
  innerProducts?(rows: readonly (readonly S[])[], columns: readonly (readonly S[])[]): readonly S[];
  /** exp(z_i) / sum_j exp(z_j) for each i. */
  softmax(z: readonly S[]): readonly S[];
  /** The map x -> Wx + c, one row of W per entry of the result, where preparing it beats separate inner products. */
  affine?(rows: readonly (readonly Rational[])[], offset?: readonly Rational[]): AffineMap<S>;
}

/** The argument is reused by the caller and must not be kept. */
export type AffineMap<S> = (x: readonly S[]) => readonly S[];

/** An operation that an algebra cannot perform, such as exp in exact arithmetic. */
export class UnsupportedOperation extends Error {
  override readonly name = 'UnsupportedOperation';
}

import type { Fraction } from './fraction.js';

/** One tensor: an operation, the numbers of earlier nodes that it is applied to, its shape, and what else it needs. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly number[];
  readonly shape: readonly number[];
  /** Of an input. */
  readonly name: string;
  readonly axis: number;
  /** Of gather: which slices; of transpose: the permutation of the axes. */
  readonly indices: readonly number[];
  /** Of power: the exponent. Of normalise: what is added under the root. */
  readonly exponent: number;
  readonly epsilon: Fraction;
  /** Of a constant: its entries that are not zero, by flat index; and how the file stores it. */
  readonly entries: ReadonlyMap<number, Fraction>;
}

export interface Network {
  readonly sha256: string;
  readonly nodes: readonly Node[];
  readonly outputs: ReadonlyMap<string, number>;
}

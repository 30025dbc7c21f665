export type AboutSizes = EntryBound | EntryCount | NetworkSize;

/** Constants of the network hold so many numbers: every entry of the dense ones, nonzero entries of the sparse ones. */
export interface EntryCount {
  readonly kind: 'parameters';
  readonly dense: readonly number[];
  readonly sparse: readonly number[];
  readonly count: string;
}

/** No entry of the named constants exceeds the bound in absolute value. */
interface EntryBound {
  readonly kind: 'weight';
  readonly constants: readonly number[];
  readonly bound?: string;
  /** One of the entries is at least so large in absolute value. */
  readonly least?: string;
}

/** The results of nonlinear operations, or the longest chain of such operations, are at most so many. */
interface NetworkSize {
  readonly kind: 'size';
  readonly quantity: 'units' | 'depth' | 'width';
  readonly bound?: string;
  /** They are at least so many. */
  readonly least?: string;
}

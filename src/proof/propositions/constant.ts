export type AboutConstants = BoxDiscrepancy | Relations | ScalingLimit | SingularValue | Values;

/** Singular value k, counted from the largest, of an output that is a constant matrix. */
interface SingularValue {
  readonly kind: 'singular-value';
  readonly output: string;
  readonly k: number;
  readonly lo: string;
  readonly hi: string;
}

/**
 * Between two numbers lies an entry of the doubly stochastic scaling of a constant output, or the largest factor or difference
 * between an entry of it and of another constant output.
 */
type ScalingLimit = {
  readonly kind: 'scaling-limit';
  readonly matrix: string;
  readonly lo: string;
  readonly hi: string;
} & (
  | { readonly place: readonly [row: number, column: number] }
  | { readonly quantity: 'factor' | 'difference'; readonly of: string }
);

/** Relations between rational numbers, written as formulas; not about the network. */
interface Relations {
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
interface BoxDiscrepancy {
  readonly kind: 'box-counting';
  readonly output: string;
  readonly value: string;
}

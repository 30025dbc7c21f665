export type AboutArchitectures = FlowCost | InformationFlow;

/** The facts of the task can be brought to a token by the heads of the layers, or cannot (`missing`); about an architecture. */
interface InformationFlow {
  readonly kind: 'flow';
  readonly layers: readonly string[];
  readonly task: readonly string[];
  readonly missing?: true;
}

/** The exponent that the calculus predicts: 0 where the facts can be brought, T d/E otherwise. */
interface FlowCost {
  readonly kind: 'flow-cost';
  readonly layers: readonly string[];
  readonly task: readonly string[];
  readonly sizes: { readonly T: number; readonly d: number; readonly E: number };
  readonly exponent: string;
}

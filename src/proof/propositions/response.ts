export type AboutResponses =
  | HankelValue
  | OrderBarrier
  | PoleCount
  | Response
  | ResponseDistance
  | ResponseSum
  | StateSpaceForm;

/**
 * For all inputs u of any length and all t, output(t) = sum_{s <= t} rho(t - s) u(s), where the network's recurrences are
 * run from the state 0 and rho(t) = Re (or Im) sum_i residue_i pole_i^t; or, by a cycle, g r^t at t = at mod period and 0 elsewhere.
 */
type Response = {
  readonly kind: 'response';
  /** Only for inputs of up to so many entries. */
  readonly length?: number;
} & (
  | { readonly modes: readonly (readonly [residue: ComplexText, pole: ComplexText])[] }
  | { readonly cycle: readonly [period: number, at: number, r: string, g: string] }
);

/** No layers of states with diagonal matrices, so many of either, have this response, whatever their weights are. */
interface PoleCount {
  readonly kind: 'pole-count';
  readonly layers: number;
  readonly width: number;
  readonly response: Response;
}

/** Layers of at most so many states, diagonal and stable, with |b|^(2 power) <= value for all other entries b. */
interface StateSpaceForm {
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
interface ResponseSum {
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
interface ResponseDistance {
  readonly kind: 'response-distance';
  readonly target: MemoryFunction;
  /** A time where the difference is at least `lo`. */
  readonly at: string;
  readonly lo: string;
  readonly hi: string;
  readonly states: number;
}

/** Singular value k of the Hankel matrix of order n of a memory function. */
interface HankelValue {
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
type OrderBarrier = {
  readonly kind: 'order-barrier';
  readonly target: MemoryFunction;
  readonly order: number;
  readonly lo: string;
} & ({ readonly hi?: string; readonly horizon: string } | { readonly norm: 'H-infinity' });

type ComplexText = readonly [re: string, im: string];

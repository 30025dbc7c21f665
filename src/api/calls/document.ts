/**
 * What `exhibit verify --json` and `exhibit prove --json` write, as an object. Numbers are decimals as texts, bounds
 * rounded outward; only `seconds` are numbers.
 */
export interface ResultDocument {
  readonly verdict: 'proved' | 'refuted' | 'undecided';
  /** The theorem's id; null for statements about networks of one's own. */
  readonly theorem: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly claims: readonly ClaimDocument[];
  readonly network: {
    /** Of the network in its canonical form. */
    readonly sha256: string;
    readonly parameters: number;
    readonly nonzero: number;
    readonly maxAbsWeight: string;
    readonly depth: number;
  };
  readonly notes: readonly string[];
  readonly seconds: number;
}

export interface ClaimDocument {
  readonly id: string;
  readonly kind: string;
  readonly statement: string;
  readonly tex: string | null;
  /** `observed` for measurements, which prove nothing. */
  readonly verdict: 'proved' | 'refuted' | 'undecided' | 'observed';
  /** Whether the independent checker verified it, or why it did not. */
  readonly checked?: true | string;
  /** The bound of the statement; null where the best one is asked for. */
  readonly predicted: string | null;
  /** Both ends of what is bounded: the lower is attained at the witness, the upper holds everywhere (for infima, the reverse). */
  readonly enclosure: readonly [string | null, string | null] | null;
  /** An exact input at which the decisive value is attained. */
  readonly witness: Readonly<Record<string, unknown>> | null;
  readonly method: string;
  /** Remarks: why it is undecided and what would help. */
  readonly facts: readonly string[];
  readonly seconds: number;
}

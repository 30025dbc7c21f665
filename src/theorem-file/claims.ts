import { undecided } from '../proof/claims.js';
import { asText, type Raw } from '../proof/raw.js';
import type { Claim } from '../proof/theorem.js';
import type { Environment } from './network.js';

/** A claim as it stands in a theorem file. */
export interface ClaimText {
  readonly id: string;
  readonly raw: Raw;
}

/** The claim that a statement makes. */
export function claimOf({ id, raw }: ClaimText): Claim<never, Environment> {
  const statement = asText(raw, 'a statement');
  return {
    id,
    kind: 'bound',
    statement,
    tex: '',
    trust: 'proved',
    prove: () => undecided([], 'none', 'statements in theorem files are not proved yet'),
  };
}

import type { Audit, ProvedClaim, Proving } from '../proof/theorem.js';
import { claimOf } from './claims.js';
import type { Environment } from './network.js';

/**
 * The claim of a module that makes a statement in the language, with its numbers written out: proved as a theorem file's claim
 * is. For networks that take loops or a search to build.
 */
export function statedClaim<V, D>(
  id: string,
  statement: string,
  text: (audit: Pick<Audit<V, D>, 'params' | 'design'>) => string,
  applies?: (params: V) => boolean,
): ProvedClaim<V, D> {
  const claimFor = (audit: Audit<V, D>) =>
    claimOf({ id, raw: { kind: 'text', text: text(audit), place: { field: `claims.${id}` } } }, true);
  const bare = <A extends Audit<V, D>>(audit: A) => ({
    ...audit,
    params: undefined as never,
    design: NAMELESS,
    examined: null,
  });
  return {
    ...{ id, kind: 'quantity', statement },
    ...(applies && { applies }),
    limit: (audit) => claimFor(audit).limit!(bare(audit)),
    says: (audit, bound) => claimFor(audit).says(bare(audit), bound),
    prove: (audit: Proving<V, D, unknown>) => claimFor(audit).prove(bare(audit)),
  };
}

const NAMELESS: Environment = new Map();

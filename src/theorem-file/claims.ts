import { placed } from '../errors.js';
import { asText, type Raw } from '../instance/raw.js';
import type { Rational } from '../numbers/rational.js';
import { type Bracketed, bracketed } from '../proof/prove/irrational.js';
import { goalsOf, meaningOfAll } from '../proof/question/goal.js';
import { Names } from '../proof/question/names.js';
import { proveRelations } from '../proof/rules/statement/statement.js';
import type { Audit, Proof, ProvedClaim } from '../proof/theorem.js';
import { number, parseStatement, printStatement, type Relation, type Statement } from '../statement/index.js';
import { instantiate, withBound } from './instantiate.js';
import type { Environment } from './network.js';

/** A claim as it stands in a theorem file. */
export interface ClaimText {
  readonly id: string;
  readonly raw: Raw;
}

/** What a claim says of one network: the statement with the instance's numbers, and what its names mean. */
interface Instantiated {
  readonly statement: Statement;
  readonly names: Names;
}

/** A statement of one relation with an irrational number, between two with rational ones. */
function bracketOf({ relations }: Statement): Bracketed | null {
  return relations.length === 1 ? bracketed(relations[0]) : null;
}

function boundOf(relation: Relation, names: Names): Rational | null {
  return goalsOf(relation, names)[0].bound;
}

/**
 * The claim that a statement makes: proved as `exhibit prove` proves it of a network that was read from a file. Throws
 * InputError for a statement that does not parse, when it calls no parameters (`hasCalls`); otherwise that shows later.
 */
export function claimOf({ id, raw }: ClaimText, hasCalls: boolean): ProvedClaim<never, Environment> {
  const text = asText(raw, 'a statement');
  if (!hasCalls) placed(raw.place, () => parseStatement(text));
  const instantiated = ({ design, network, hasForeignNames, stated }: Audit<never, Environment>): Instantiated =>
    placed(raw.place, () => {
      const own = instantiate(text, design);
      const statement = stated ? withBound(own, number(stated)) : own;
      return {
        statement,
        names: new Names([{ name: null, file: 'the network', sha256: '', network, hasForeignNames }], statement.prefix),
      };
    });
  return {
    id,
    kind: /^\s*for\s*all\b/.test(text) && !text.includes('?') ? 'bound' : 'quantity',
    statement: text,
    limit: (audit) => {
      const { statement, names } = instantiated(audit);
      return placed(raw.place, () => {
        const between = bracketOf(statement);
        if (between) return { lower: boundOf(between.stronger, names)!, upper: boundOf(between.weaker, names)! };
        const goals = statement.relations.flatMap((relation) => goalsOf(relation, names));
        return goals.length === 1 && goals[0].bound ? goals[0].bound : undefined;
      });
    },
    says: (audit, bound) => {
      const { statement, names } = instantiated(audit);
      return placed(raw.place, () => {
        const between = bracketOf(statement);
        const isWeaker = between && bound && boundOf(between.weaker, names)?.equals(bound);
        const meant = between ? { ...statement, relations: [between[isWeaker ? 'weaker' : 'stronger']] } : statement;
        return printStatement(meaningOfAll(meant, names));
      });
    },
    prove: (audit): Proof => {
      const { statement: own, names } = instantiated(audit);
      const between = bracketOf(own);
      const statement = between ? { ...own, relations: [between.stronger] } : own;
      return placed(raw.place, () => proveRelations(statement, names, audit));
    },
  };
}

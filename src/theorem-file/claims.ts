import { InputError, placed } from '../errors.js';
import { asMap, asText, checkFields, type Raw } from '../instance/raw.js';
import { toDecimal } from '../numbers/decimal.js';
import type { Rational } from '../numbers/rational.js';
import { type Bracketed, bracketed } from '../proof/prove/irrational.js';
import { goalsOf, meaningOfAll } from '../proof/question/goal.js';
import { Names } from '../proof/question/names.js';
import { sizeNamed } from '../proof/question/size.js';
import { proveRelations } from '../proof/rules/statement/statement.js';
import { type Sentence, sentence, supremumSentence } from '../proof/sentence.js';
import type { Audit, Proof, ProvedClaim } from '../proof/theorem.js';
import { number, parseStatement, printStatement, type Relation, type Statement } from '../statement/index.js';
import * as E from '../symbolic/index.js';
import { evaluate, holds } from './evaluate.js';
import { Graph } from './graph.js';
import { instantiate, withBound } from './instantiate.js';
import type { Environment } from './network.js';
import { parseCondition, parseTensor } from './parse.js';
import { quantityClaim, unlessMisspelt } from './quantity-claim.js';
import { of } from './scalar.js';
import { constantOf, scalarValue } from './value.js';

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

/** The number of `parameters = 3*M + 1`, which a stated bound takes the place of; null for other relations. */
function countIn({ sides: [left, right], comparisons }: Relation, names: Names): Rational | null {
  const isSize = left.kind === 'entry' && sizeNamed(left.name) !== undefined;
  return isSize && comparisons[0] === '='
    ? goalsOf({ sides: [left, right], comparisons: ['<='] }, names)[0].bound
    : null;
}

const SHAPE = '{says: a statement, when: a condition, notes: {words: a number}}, the last two if wished';

/** A claim that is made under a condition in the parameters and constants, or with numbers that follow from what was found. */
function claimOfMap(id: string, raw: Raw, hasCalls: boolean): ProvedClaim<never, Environment> {
  const fields = asMap(raw, SHAPE);
  checkFields(fields, ['says', 'when', 'notes']);
  const [says, when, notes] = ['says', 'when', 'notes'].map((name) => fields.get(name));
  if (!says) throw new InputError({ ...raw.place, found: 'no says', allowed: SHAPE });
  const claim = claimOf({ id, raw: says }, hasCalls);
  return { ...claim, ...(when && { applies: appliesWhen(when) }), ...(notes && { prove: noted(claim, notes) }) };
}

function appliesWhen(raw: Raw) {
  const text = asText(raw, 'a condition such as N > 1');
  const condition = placed(raw.place, () => parseCondition(text));
  return (_: never, names: Environment) =>
    placed(raw.place, () => holds(condition, { graph: new Graph(), names, text }));
}

/** Notes with numbers in parameters, constants and `found`: what bounds the quantity from above or, where it is at least a number, below. */
function noted({ statement, prove }: ProvedClaim<never, Environment>, raw: Raw): typeof prove {
  const lines = [...asMap(raw, '{words: a number}')].map(([words, value]) => {
    const text = asText(value, 'a number in parameters, constants and found');
    return { words, text, place: value.place, syntax: placed(value.place, () => parseTensor(text)) };
  });
  const isLower = LOWER.test(statement.slice(statement.indexOf(':') + 1));
  const [end, direction] = isLower ? (['lo', 'down'] as const) : (['hi', 'up'] as const);
  return async (audit) => ({
    ...(await prove(audit)),
    follows: ({ [end]: found }) => {
      if (!found) return [];
      const names = new Map([...audit.design, ['found', constantOf([], [of(found)])]]);
      return lines.map(({ words, text, place, syntax }) =>
        placed(place, () => {
          const value = scalarValue(evaluate(syntax, { graph: new Graph(audit.seed), names, text }), 'a note');
          return `${words} ${toDecimal(E.valueBounds(value, new Map())[end], 8, direction)}`;
        }),
      );
    },
  });
}

/** Relations that bound from below: u >= c, and c <= u for a number. */
const LOWER = />|^[\s\d./?-]*</;

/** What the statement means; `parameters = 31` stays as it is. */
function meaningIn(statement: Statement, names: Names): Statement {
  const meant = statement.relations.flatMap((relation): readonly Relation[] => {
    const count = countIn(relation, names);
    if (count) return [{ sides: [relation.sides[0], number(count)], comparisons: relation.comparisons }];
    return meaningOfAll({ ...statement, relations: [relation] }, names).relations;
  });
  return { ...statement, relations: meant };
}

/** That the bound of `|u| <= b` or `u <= b` is the supremum itself. Throws InputError for other statements. */
function attainedSentence(statement: Statement, names: Names, bound: Rational): Sentence {
  const asked = printStatement(meaningOfAll(withBound(statement, { kind: 'unknown' }), names));
  try {
    return supremumSentence(sentence(asked), { lo: bound, hi: bound });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const mend = "state |u| <= b or u <= b, or leave out 'attained'";
    throw new InputError({ found: 'a bound of another kind that is attained', allowed: '|u| <= b, u <= b', mend });
  }
}

/**
 * The claim that a statement makes: proved as `exhibit prove` proves it of a network that was read from a file. Throws
 * InputError for a statement that does not parse, when it calls no parameters (`hasCalls`); otherwise that shows later.
 */
export function claimOf({ id, raw }: ClaimText, hasCalls: boolean): ProvedClaim<never, Environment> {
  if (raw.kind === 'map') return claimOfMap(id, raw, hasCalls);
  const special = quantityClaim(asText(raw, 'a statement'), raw.place);
  if (special) return { id, ...special };
  const [, text, suffix] = /^(.*?)(\s+attained)?$/s.exec(asText(raw, 'a statement'))!;
  const placedHere = <T>(read: () => T) => placed(raw.place, () => unlessMisspelt(text, read));
  if (!hasCalls) placedHere(() => parseStatement(text));
  // Asked for by every part of the claim, and long where an input has thousands of entries.
  let known:
    | (Pick<Audit<never, Environment>, 'design' | 'network' | 'stated'> & { readonly value: Instantiated })
    | null = null;
  const instantiated = ({ design, network, hasForeignNames, stated }: Audit<never, Environment>): Instantiated => {
    const isKnown = known?.design === design && known.network === network && known.stated === stated;
    if (known && isKnown) return known.value;
    const value = placedHere(() => {
      const own = instantiate(text, design);
      const statement = stated ? withBound(own, number(stated)) : own;
      return {
        statement,
        names: new Names([{ name: null, file: 'the network', sha256: '', network, hasForeignNames }], statement.prefix),
      };
    });
    known = { design, network, stated, value };
    return value;
  };
  /** Two rational numbers around an irrational bound, which no rational number attains. */
  const betweenOf = (statement: Statement): Bracketed | null => {
    const between = bracketOf(statement);
    if (!between || !suffix) return between;
    throw new InputError({ found: 'an irrational bound that is attained', allowed: 'a rational one, or no attained' });
  };
  return {
    id,
    kind: /^\s*for\s*all\b/.test(text) && !text.includes('?') ? 'bound' : 'quantity',
    statement: suffix ? `${text}${suffix}` : text,
    limit: (audit) => {
      const { statement, names } = instantiated(audit);
      return placedHere(() => {
        const between = betweenOf(statement);
        if (between) return { lower: boundOf(between.stronger, names)!, upper: boundOf(between.weaker, names)! };
        const [relation, ...others] = statement.relations;
        const count = others.length === 0 ? countIn(relation, names) : null;
        if (count) return count;
        const goals = statement.relations.flatMap((relation) => goalsOf(relation, names));
        return goals.length === 1 && goals[0].bound ? goals[0].bound : undefined;
      });
    },
    says: (audit, bound) => {
      const { statement, names } = instantiated(audit);
      return placedHere(() => {
        const between = betweenOf(statement);
        const isWeaker = between && bound && boundOf(between.weaker, names)?.equals(bound);
        const meant = between ? { ...statement, relations: [between[isWeaker ? 'weaker' : 'stronger']] } : statement;
        return suffix && bound ? attainedSentence(meant, names, bound) : printStatement(meaningIn(meant, names));
      });
    },
    prove: (audit): Proof => {
      const { statement: own, names } = instantiated(audit);
      return placedHere(() => {
        const between = betweenOf(own);
        const statement = between ? { ...own, relations: [between.stronger] } : own;
        return proveRelations(statement, names, audit);
      });
    },
  };
}

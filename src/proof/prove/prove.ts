import { Unfinished, within } from '../../deadline.js';
import { InputError, placed } from '../../errors.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { printStatement, type Relation, type Statement, statementTex, toExpression } from '../../statement/index.js';
import { judge } from '../judge.js';
import { type Goal, goalsOf, meaningOf, nameOf } from '../question/goal.js';
import type { Model } from '../question/model.js';
import { Names } from '../question/names.js';
import { conditionsOf } from '../question/question.js';
import { proveRelation } from '../rules/statement/relation.js';
import { sentence } from '../sentence.js';
import { overall } from '../verdict.js';
import { type Bracketed, bracketed } from './irrational.js';
import { type Judged, type Proved, type ProveOptions, proved } from './proved.js';
import { sequenceClaims } from './sequences.js';
import { type StatedText, textClaim } from './texts.js';

export interface ProveResult {
  readonly models: readonly Model[];
  readonly statements: readonly string[];
  readonly claims: readonly Proved[];
  readonly verdict: 'proved' | 'refuted' | 'undecided';
  readonly seconds: number;
}

/** One or several statements under ids: `claim` on the command line, the keys of `claims:` in an instance. */
export function prove(
  models: readonly Model[],
  statements: ReadonlyMap<string, Statement>,
  options: ProveOptions,
  texts: ReadonlyMap<string, StatedText> = new Map(),
): ProveResult {
  return within(options.deadline ?? Number.POSITIVE_INFINITY, () => {
    const start = performance.now();
    const work = [...statements].flatMap(([id, statement]) => runsOf(id, statement, models));
    const written = [...texts].map(([id, text]) => textClaim(id, text, models));
    const runs = [...work, ...written];
    const claims = runs.map((run, k) => run(options, runs.length - k));
    return {
      models,
      statements: [...statements.values()].map((statement) => printStatement(statement)),
      claims,
      verdict: overall(claims.map(({ verdict }) => verdict)),
      seconds: (performance.now() - start) / 1000,
    };
  });
}

/** What a limit ends before the first search, as where the weights of a large network are written out, stays open. */
function runsOf(id: string, statement: Statement, models: readonly Model[]): Run[] {
  try {
    return sequenceClaims(id, statement, models) ?? claimsOf(id, statement, models);
  } catch (error) {
    if (!(error instanceof Unfinished)) throw error;
    return [() => unfinished(id, statement, error)];
  }
}

function unfinished(id: string, statement: Statement, { message }: Unfinished): Proved {
  const texts = { statement: printStatement(statement), tex: statementTex(statement), quantity: null };
  const nothing = { predicted: null, enclosure: null, witness: null, steps: [], method: 'none' };
  return { id, ...texts, ...nothing, verdict: 'undecided', facts: [message], seconds: 0 };
}

/** Proves one claim, where so many are left with it. */
type Run = (options: ProveOptions, left: number) => Proved;

/** What searches for best bounds take of their time where their findings are to be checked. */
const UNCHECKED = 0.8;

/** A search for the best bound takes all the time that it is given: its share of what is left. */
function sharing(options: ProveOptions, left: number): ProveOptions {
  if (options.deadline === undefined) return options;
  const now = Date.now();
  const share = (options.check ? UNCHECKED : 1) / left;
  return { ...options, deadline: now + share * (options.deadline - now) };
}

/** Everything that a statement names is looked up before the first search starts. */
function claimsOf(id: string, { prefix, relations }: Statement, models: readonly Model[]): Run[] {
  const names = new Names(models, prefix);
  const goals = relations.flatMap((relation) => goalsOf(relation, names));
  try {
    conditionsOf(prefix, names);
  } catch (error) {
    if (!(error instanceof UnsupportedOperation)) throw error;
    throw new InputError({
      found: `a condition that is no formula: ${error.message}`,
      allowed: 'conditions on the inputs',
    });
  }
  return goals.map((goal, k) => {
    const own = goals.length === 1 ? id : `${id}.${k + 1}`;
    lookUp(goal, names);
    return (options, left) => {
      try {
        return claimOf(own, goal, names, goal.bound ? options : sharing(options, left));
      } catch (error) {
        if (!(error instanceof Unfinished)) throw error;
        return unfinished(own, { prefix, relations: [goal.relation] }, error);
      }
    };
  });
}

/** Throws InputError for unknown names. What is no formula is left to the proof, which stays open. */
function lookUp({ quantity }: Goal, names: Names): void {
  try {
    toExpression(quantity, names);
  } catch (error) {
    if (!(error instanceof UnsupportedOperation)) throw error;
  }
}

/** What was found of one comparison, and which one it is about. */
interface Found extends Judged {
  readonly goal: Goal;
}

function foundOf(relation: Relation, names: Names, options: ProveOptions): Found {
  const [goal] = goalsOf(relation, names);
  const written = printStatement(meaningOf(names.prefix, goal));
  const claimed = placed({ field: written }, () => sentence(written));
  const proof = proveRelation(relation, names, options);
  return { goal, claimed, proof, judgement: judge(claimed, names.about, proof.outcomes) };
}

/** A stronger statement that is false refutes the one that was made only if a weaker one is false, too. */
function foundBetween({ stronger, weaker }: Bracketed, names: Names, options: ProveOptions): Found {
  const found = foundOf(stronger, names, options);
  if (found.judgement.verdict !== 'refuted') return found;
  const against = foundOf(weaker, names, options);
  if (against.judgement.verdict === 'refuted') return against;
  return { ...found, judgement: { ...found.judgement, verdict: 'undecided', deciding: [] } };
}

function claimOf(id: string, goal: Goal, names: Names, options: ProveOptions): Proved {
  const start = performance.now();
  const statement = { prefix: names.prefix, relations: [goal.written ?? goal.relation] };
  options.progress(`${id}: ${printStatement(statement).slice(0, 60)}`);
  const between = bracketed(goal.relation);
  const found = between ? foundBetween(between, names, options) : foundOf(goal.relation, names, options);
  const { goal: own, judgement } = found;
  const end = judgement.enclosure?.[own.measure === 'inf' ? 'lo' : 'hi'] ?? null;
  const shown = {
    id,
    statement: printStatement(statement),
    decided: printStatement(meaningOf(names.prefix, { ...own, bound: own.bound ?? end })),
    tex: statementTex(statement),
    predicted: own.bound,
    quantity: nameOf(goal, names.prefix),
  };
  return proved(shown, found, start);
}

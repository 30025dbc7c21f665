import { InputError, placed, quote } from '../errors.js';
import type { Network } from '../network/network.js';
import { Rational } from '../numbers/rational.js';
import { type Claimed, Fact, type Open, type Outcome } from './fact.js';
import { type Judgement, judge } from './judge.js';
import { type Proposition, refutes } from './proposition.js';
import { Sentence, sentence, writtenEnds } from './sentence.js';
import type { Step } from './step.js';
import type { Audit, Finding, Limit, Proof, ProvedClaim } from './theorem.js';

type AnyClaim = ProvedClaim<unknown, unknown>;
type Context = Audit<unknown, unknown> & { readonly examined: unknown };

/** A statement with the bound that stands in it, and what the facts make of it. */
type Judged = Judgement & { readonly claimed: Sentence; readonly bound: Rational | null };

/**
 * What an audit finds of a claim that is a statement. The author's part ends with the statement and the outcomes of
 * rules; verdict, enclosure, witness and all that is printed are derived here.
 *
 * A bound that is known between two ends is proved below its lower end and refuted above its upper one. Throws
 * InputError when a claim returns what no rule made.
 */
export async function findingOfClaim(
  claim: AnyClaim,
  audit: Audit<unknown, unknown>,
  examined: unknown,
): Promise<Finding> {
  const context = { ...audit, examined };
  const limit = claim.limit === undefined ? undefined : limitOf(claim, context);
  const proof = taken(claim, audit, await claim.prove({ ...context, bound: limit?.lower ?? null }));
  const found = decided(claim, context, proof, limit ?? null);
  const isOpen = limit === null && claim.kind !== 'quantity';
  const verdict = isOpen ? 'undecided' : found.verdict;
  return {
    verdict,
    statement: found.claimed.text,
    tex: found.claimed.tex,
    ...(limit && audit.stated && { isTightened: true }),
    predicted: found.bound,
    enclosure: found.enclosure,
    witness: found.witness,
    method: proof.method,
    ...supported({ ...found, verdict }, found.claimed, proof),
    facts: [
      ...(proof.notes ?? []),
      ...(found.enclosure && proof.follows ? Array.from(proof.follows(found.enclosure), String) : []),
      ...unrelated({ ...found, verdict }, proof),
    ],
  };
}

/** A statement that names something else than the facts do is open, and its author would not see why. */
function unrelated({ verdict, enclosure }: Judgement, { outcomes }: Proof): string[] {
  const facts = outcomes.filter((outcome) => outcome.kind === 'fact');
  if (verdict !== 'undecided' || enclosure !== null || facts.length === 0 || facts.length < outcomes.length) return [];
  return [`none of the facts is about this statement; the first of them: ${facts[0].text.slice(0, LONGEST_FACT)}`];
}

const LONGEST_FACT = 200;

/** What a verdict rests on, for readers and certificates: the facts that decide with their premises, and what stayed open. */
export function supported(
  { verdict, deciding }: Judgement,
  { bounds: [relation] }: Sentence,
  { outcomes }: Proof,
): Pick<Finding, 'steps' | 'conclusion' | 'withheld'> {
  const claimed = relation ? { ...writtenEnds(relation), measure: relation.measure } : NOTHING;
  const facts = outcomes.filter((outcome) => outcome.kind === 'fact');
  const used = verdict === 'undecided' || deciding.length === 0 ? facts : deciding;
  const conclusion = verdict === 'undecided' ? null : concluded(deciding, claimed);
  return {
    steps: [...stepsOf(used, claimed), ...outcomes.filter((outcome) => outcome.kind === 'open').map(openStep)],
    ...(conclusion ? { conclusion } : { withheld: deciding.find((fact) => !fact.conclusion)?.withheld ?? undefined }),
  };
}

/** The closed statement that facts come to together; null where one of them has none. */
function concluded(deciding: readonly Fact[], claimed: Claimed): (() => Proposition) | null {
  const conclusions = deciding.flatMap((fact) =>
    fact.conclusion ? [() => fact.conclusion!(endsOf(fact, claimed))] : [],
  );
  if (conclusions.length === 0 || conclusions.length < deciding.length) return null;
  if (conclusions.length === 1) return conclusions[0];
  const of = conclusions.map((conclusion) => conclusion());
  return of.some(refutes) ? null : () => ({ kind: 'all', of });
}

/** What a claim about a supremum or an infimum says of the values at all inputs. */
function endsOf({ at }: Fact, { lo, hi, measure }: Claimed): Claimed {
  if (at !== null || !measure) return { lo, hi, measure };
  const bound = { 'sup-abs': [hi?.neg() ?? null, hi], sup: [null, hi], inf: [lo, null] }[measure];
  return { lo: bound[0], hi: bound[1] };
}

const NOTHING: Claimed = { lo: null, hi: null };

function limitOf(claim: AnyClaim, context: Context): Limit | null | undefined {
  const limit: unknown = context.stated ?? claim.limit?.(context);
  if (!isLimit(limit))
    throw forged(claim, context, `the limit ${quote(String(limit))}`, 'a Rational, { lower, upper } or null');
  return limit instanceof Rational ? { lower: limit, upper: limit } : limit;
}

function isLimit(limit: unknown): limit is Limit | Rational | null | undefined {
  if (limit === null || limit === undefined || limit instanceof Rational) return true;
  const { lower, upper } = Object(limit) as Partial<Limit>;
  return lower instanceof Rational && upper instanceof Rational;
}

function decided(claim: AnyClaim, context: Context, { outcomes }: Proof, limit: Limit | null): Judged {
  const judged = (bound: Rational | null): Judged => {
    const claimed = asSentence(claim, context, claim.says(context, bound));
    return { ...judge(claimed, context.network, outcomes), claimed, bound };
  };
  const first = judged(limit?.lower ?? null);
  if (first.verdict !== 'refuted' || !limit || limit.lower.equals(limit.upper)) return first;
  const second = judged(limit.upper);
  return second.verdict === 'refuted' ? second : { ...first, verdict: 'undecided', deciding: [] };
}

function asSentence(claim: AnyClaim, context: Context, says: Sentence | string): Sentence {
  const field = `${context.theorem}, claim ${quote(claim.id)}`;
  if (typeof says === 'string') return placed({ field }, () => sentence(says));
  if (Sentence.isGenuine(says)) return says;
  throw forged(claim, context, 'a statement that is neither a text nor made by a rule');
}

/**
 * What a claim returns is passed on by its author, who may be anyone: everything is read once, facts are asked whether a rule
 * made them, and what stays open is copied, so that nothing that is checked here can be something else afterwards.
 */
function taken(claim: AnyClaim, audit: Audit<unknown, unknown>, returned: unknown): Proof {
  const { outcomes, method, notes, follows } = Object(returned) as Partial<Proof>;
  if (!Array.isArray(outcomes)) throw forged(claim, audit, 'no list of outcomes');
  const own = Array.from(outcomes as readonly unknown[], (outcome): Outcome => {
    if (Fact.isGenuine(outcome)) return outcome;
    const { kind, id, rule, statement, difference, enclosure } = Object(outcome) as Partial<Open>;
    if (kind !== 'open') throw forged(claim, audit, 'an outcome that no rule made');
    const texts = { id: String(id), rule: String(rule), statement: String(statement), difference: String(difference) };
    return { kind, ...texts, enclosure: enclosure ?? null };
  });
  return { outcomes: own, method: String(method), notes: Array.from(notes ?? [], String), follows };
}

const OUTCOMES = '{ outcomes, method }, outcomes as rules return them: facts, or what stays open';

function forged({ id }: AnyClaim, { theorem }: Audit<unknown, unknown>, found: string, allowed = OUTCOMES): InputError {
  return new InputError({ field: `${theorem}, claim ${quote(id)}`, found, allowed });
}

/** Facts with all that they rest on, premises first, each once. */
function stepsOf(facts: readonly Fact[], claimed: Claimed): Step[] {
  const seen = new Set<Fact>();
  const visit = (fact: Fact): void => {
    if (seen.has(fact)) return;
    fact.premises.forEach(visit);
    seen.add(fact);
  };
  facts.forEach(visit);
  const names = namesOf(seen);
  return [...seen].map((fact) => {
    const { rule, text, enclosure, premises, evidence } = fact;
    return {
      ...{ id: names.get(fact)!, rule: rule.id, statement: text, verdict: 'proved', enclosure },
      premises: premises.map((one) => names.get(one)!),
      lemma: rule.tex,
      ...(rule.book && { book: rule.book }),
      ...(evidence && { data: (audited: Network) => evidence(audited, endsOf(fact, claimed)) }),
    };
  });
}

/** The ids of facts within a claim; facts of one id, such as those of two relations, are numbered. */
function namesOf(facts: Iterable<Fact>): ReadonlyMap<Fact, string> {
  const names = new Map<Fact, string>();
  const taken = new Set<string>();
  for (const fact of facts) {
    let name = fact.id;
    for (let k = 2; taken.has(name); k++) name = `${fact.id}${k}`;
    taken.add(name);
    names.set(fact, name);
  }
  return names;
}

function openStep({ id, rule, statement, difference, enclosure }: Open): Step {
  return { id, rule, statement, verdict: 'undecided', enclosure, difference };
}

import { Rational } from '../numbers/rational.js';
import type { Fact, Outcome } from './fact.js';
import type { Bounds, Measure, Sentence } from './sentence.js';
import type { Subject } from './subject.js';
import type { Enclosure } from './verdict.js';

/** What facts make of a statement. */
export interface Judgement {
  readonly verdict: 'proved' | 'refuted' | 'undecided';
  /** Of the quantity that the statement's first relation bounds: sup |u|, sup u, inf u or the number itself. */
  readonly enclosure: Enclosure | null;
  readonly witness: Readonly<Record<string, unknown>> | null;
  /** The facts that decide, one for each relation; none when undecided. */
  readonly deciding: readonly Fact[];
}

/**
 * The verdict on a statement: `proved` when for each of its relations facts bound the same quantity of the same network
 * at least as tightly, `refuted` when a fact contradicts one, and otherwise `undecided`. Nothing else gives a verdict.
 */
export function judge(claimed: Sentence, network: Subject, outcomes: readonly Outcome[]): Judgement {
  const facts = outcomes.filter((outcome) => outcome.kind === 'fact');
  const parts = claimed.bounds.map((bounds) => judgeRelation(bounds, network, facts));
  const refuted = parts.find(({ verdict }) => verdict === 'refuted');
  if (refuted) return refuted;
  const isProved = parts.length > 0 && parts.every(({ verdict }) => verdict === 'proved');
  return {
    verdict: isProved ? 'proved' : 'undecided',
    enclosure: parts[0]?.enclosure ?? null,
    witness: parts[0]?.witness ?? null,
    deciding: isProved ? [...new Set(parts.flatMap(({ deciding }) => deciding))] : [],
  };
}

/** A fact with the relation of its sentence that is about the quantity in question. */
interface Relevant {
  readonly fact: Fact;
  readonly lo: Rational | null;
  readonly hi: Rational | null;
  /** Which ends the fact itself excludes. */
  readonly strict?: Bounds['strict'];
}

function judgeRelation(claim: Bounds, network: Subject, facts: readonly Fact[]): Judgement {
  const relevant = facts
    .filter((fact) => fact.network === null || fact.network === network)
    .flatMap((fact) =>
      (fact.sentence?.bounds ?? [])
        .filter(({ subject, measure }) => subject === claim.subject && (measure ?? null) === null)
        .map(({ lo, hi, strict }): Relevant => ({ fact, lo, hi, strict })),
    );
  const found = rangeOf(relevant);
  const written = asWritten(relevant, claim);
  const reported = MEASURES[claim.measure ?? measureOf(claim)](written);
  const { lo, hi } = claim.measure ? reported : found;
  const best = { lo: lo?.value ?? null, hi: hi?.value ?? null };
  const isAnswered = !claim.asked || (reported.lo !== undefined && reported.hi !== undefined);
  const holds = isAnswered && implies(best, claim);
  const against = claim.measure
    ? contradicts(best, claim) && (lo ?? hi)?.fact
    : relevant.find((one) => contradicts(one, claim) && !(claim.conditional && one.fact.at === null))?.fact;
  const enclosure = { lo: reported.lo?.value ?? null, hi: reported.hi?.value ?? null };
  const isEmpty = enclosure.lo === null && enclosure.hi === null;
  const ends = [reported.lo, reported.hi].flatMap((end) => (end ? [end.fact] : []));
  const shown = ends.find(({ at }) => at)?.at ?? ends.find(({ where }) => where)?.where ?? null;
  const base = { enclosure: isEmpty ? null : enclosure };
  if (against) return { ...base, verdict: 'refuted', witness: against.at ?? shown, deciding: [against] };
  const alone = relevant.filter((one) => one.fact.at === null && implies(one, claim)).map(({ fact }) => fact);
  const whole = alone.find(({ conclusion }) => conclusion) ?? alone[0];
  if (whole && !claim.measure && !claim.asked) return { ...base, verdict: 'proved', witness: shown, deciding: [whole] };
  const used = [...(claim.asked ? [reported.lo, reported.hi] : []), claim.lo && lo, claim.hi && hi];
  const deciding = new Set(used.flatMap((end) => (end ? [end.fact] : [])));
  return { ...base, verdict: holds ? 'proved' : 'undecided', witness: shown, deciding: [...deciding] };
}

/** What the facts say of the quantity as the claim writes it, scale (quantity - centre). */
function asWritten(facts: readonly Relevant[], claim: Bounds): Relevant[] {
  const { scale = Rational.one, centre = Rational.zero, outer } = claim;
  if (outer) {
    const moduli = asWritten(facts, { ...claim, scale: Rational.one, outer: undefined });
    const sizes = moduli.map((one) => ({ ...one, lo: leastModulus(one), hi: largestModulus(one) }));
    return asWritten(sizes, { ...claim, ...outer, outer: undefined });
  }
  const written = (value: Rational | null) => value && scale.mul(value.sub(centre));
  return facts.map(({ fact, lo, hi }) => {
    const [a, b] = [written(lo), written(hi)];
    return scale.sign() < 0 ? { fact, lo: b, hi: a } : { fact, lo: a, hi: b };
  });
}

/** One end of an enclosure, with the fact that it comes from. */
interface End {
  readonly value: Rational;
  readonly fact: Fact;
}

interface Ends {
  readonly lo: End | undefined;
  readonly hi: End | undefined;
}

type Value = (found: Relevant) => Rational | null;

/** The largest value that facts give, or the least. */
function extreme(facts: readonly Relevant[], value: Value, sign: 1 | -1): End | undefined {
  let best: End | undefined;
  for (const found of facts) {
    const own = value(found);
    if (own === null) continue;
    if (!best || (sign === 1 ? best.value.lt(own) : own.lt(best.value))) best = { value: own, fact: found.fact };
  }
  return best;
}

const isEverywhere = ({ fact }: Relevant) => fact.at === null;
const lower: Value = ({ lo }) => lo;
const upper: Value = ({ hi }) => hi;

/** What holds everywhere: the tightest bounds on both sides. */
function rangeOf(facts: readonly Relevant[]): Ends {
  const everywhere = facts.filter(isEverywhere);
  return { lo: extreme(everywhere, lower, 1), hi: extreme(everywhere, upper, -1) };
}

/** Of sup u, sup |u|, inf u and of a number that no input changes: what is attained, and what holds everywhere. */
const MEASURES: Readonly<Record<Measure, (facts: readonly Relevant[]) => Ends>> = {
  sup: (facts) => ({ lo: extreme(facts, lower, 1), hi: rangeOf(facts).hi }),
  inf: (facts) => ({ lo: rangeOf(facts).lo, hi: extreme(facts, upper, -1) }),
  'sup-abs': (facts) => ({
    lo: extreme(facts, leastModulus, 1),
    hi: extreme(facts.filter(isEverywhere), largestModulus, -1),
  }),
  value: rangeOf,
};

/** The quantity that is reported for a relation: of |u| <= c and u = 0, sup |u|; of u <= c, sup u; of u >= c, inf u. */
function measureOf({ lo, hi, closed, asked, isSymmetric, outer, scale = Rational.one }: Bounds): Measure {
  if (closed) return 'value';
  if (outer) return outer.scale.sign() > 0 ? 'sup' : 'inf';
  if (isSymmetric || (lo && hi && lo.equals(hi))) return 'sup-abs';
  if (asked || (lo && hi)) return 'sup';
  return (lo === null) === scale.sign() > 0 ? 'sup' : 'inf';
}

function leastModulus({ lo, hi }: Relevant): Rational | null {
  if (lo && lo.sign() > 0) return lo;
  if (hi && hi.sign() < 0) return hi.neg();
  return lo && hi ? Rational.zero : null;
}

function largestModulus({ lo, hi }: Relevant): Rational | null {
  return lo && hi ? lo.neg().max(hi) : null;
}

function isOrdered(a: Rational | null, b: Rational | null, strict = false): boolean {
  return a !== null && b !== null && (strict ? a.lt(b) : a.le(b));
}

/** Whether what holds everywhere lies within the bounds that a claim states. */
function implies({ lo, hi, strict }: Pick<Relevant, 'lo' | 'hi' | 'strict'>, claim: Bounds): boolean {
  const above = claim.lo === null || isOrdered(claim.lo, lo, claim.strict?.lo && !strict?.lo);
  return above && (claim.hi === null || isOrdered(hi, claim.hi, claim.strict?.hi && !strict?.hi));
}

/** Whether all that a fact allows lies outside the claimed bounds. */
function contradicts({ lo, hi }: Pick<Relevant, 'lo' | 'hi'>, { lo: least, hi: most, strict }: Bounds): boolean {
  const isAbove = most !== null && lo !== null && (most.lt(lo) || (strict?.hi === true && most.le(lo)));
  const isBelow = least !== null && hi !== null && (hi.lt(least) || (strict?.lo === true && hi.le(least)));
  return isAbove || isBelow;
}

/** Whether bounds that hold everywhere imply all of others: each end by one about the same quantity that lies within it. */
export function impliesAll(known: readonly Bounds[], others: readonly Bounds[]): boolean {
  const isImplied = (end: Bounds) => known.some((one) => one.subject === end.subject && implies(one, end));
  return others.every((other) => isImplied({ ...other, lo: null }) && isImplied({ ...other, hi: null }));
}

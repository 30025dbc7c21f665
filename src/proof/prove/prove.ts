import type { Constraint } from '../../enclose/constrained.js';
import type { Stop } from '../../enclose/supremum.js';
import { InputError, quote } from '../../errors.js';
import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { toDecimal } from '../../numbers/decimal.js';
import { Rational } from '../../numbers/rational.js';
import {
  type Prefix,
  printStatement,
  printTerm,
  type Relation,
  type Statement,
  statementTex,
  type Term,
  toExpression,
} from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { boundLeastSlope, boundLipschitz, falling, type Point, steepPair, type TwoPoints } from '../rules/slopes.js';
import { type Bounded, boundMeasure, isVacuous } from '../rules/statement-bounds.js';
import { type Enclosure, overall } from '../verdict.js';
import { type Evidence, evidenceOf } from './evidence.js';
import type { Model } from './model.js';
import { Names, type Variable } from './names.js';
import { argmaxOf, type Goal, goalsOf, less } from './relation.js';
import { distanceOf, orderOf, sameFunction, twoPoints } from './two-points.js';

export interface ProveOptions {
  /** Milliseconds since the epoch after which a search returns what it has. */
  readonly deadline?: number;
  /** For `?`: how close the two ends have to come, relative to the larger. */
  readonly width: Rational;
  progress(message: string, done?: number, total?: number): void;
}

/** A relation of a statement and what is known of it, in exact numbers. */
export interface Proved {
  readonly id: string;
  readonly statement: string;
  readonly tex: string;
  readonly verdict: 'proved' | 'refuted' | 'undecided';
  /** The bound of the statement; null for `?`. */
  readonly predicted: Rational | null;
  /** Two-sided, of what is bounded: sup |u|, sup u or inf u; null when no point satisfies the conditions. */
  readonly enclosure: Enclosure | null;
  readonly witness: Readonly<Record<string, unknown>> | null;
  readonly method: string;
  /** Why it is undecided and what would help, and other remarks. */
  readonly facts: readonly string[];
  readonly seconds: number;
  /** For a certificate; no steps where the checker has no rule. */
  readonly steps: Evidence['steps'];
  readonly conclusion?: Evidence['conclusion'];
  /** Whether the checker verified it, or why not. */
  readonly checked?: true | string;
}

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
): ProveResult {
  const start = performance.now();
  const work = [...statements].flatMap(([id, statement]) => claimsOf(id, statement, models));
  const claims = work.map((run) => run(options));
  return {
    models,
    statements: [...statements.values()].map((statement) => printStatement(statement)),
    claims,
    verdict: overall(claims.map(({ verdict }) => verdict)),
    seconds: (performance.now() - start) / 1000,
  };
}

type Run = (options: ProveOptions) => Proved;

/** Everything that a statement names is looked up before the first search starts. */
function claimsOf(id: string, { prefix, relations }: Statement, models: readonly Model[]): Run[] {
  const names = new Names(models, prefix);
  const conditions = conditionsOf(prefix, names);
  const context = { prefix, names, conditions };
  const goals = relations.flatMap((relation) => expanded(relation, context));
  return goals.map((goal, k) => {
    const own = goals.length === 1 ? id : `${id}.${k + 1}`;
    const statement = { prefix, relations: [goal.relation] };
    const quantity = toExpression(goal.quantity, names);
    return (options) => {
      const start = performance.now();
      options.progress(`${own}: ${printStatement(statement).slice(0, 60)}`);
      const { point = null, ...found } = decide(goal, quantity, context, options);
      const evidence = conditions.length === 0 ? evidenceOf(goal, names, models, { ...found, point }) : null;
      const seconds = (performance.now() - start) / 1000;
      return {
        id: own,
        statement: printStatement(statement),
        tex: statementTex(statement),
        predicted: goal.bound,
        ...found,
        ...(evidence ?? { steps: [] }),
        seconds,
      };
    };
  });
}

interface Context {
  readonly prefix: Prefix | null;
  readonly names: Names;
  readonly conditions: readonly Condition[];
}

type Condition = Constraint & { readonly isEquality: boolean };

/** g <= 0, g < 0 or g = 0 for every condition. */
function conditionsOf(prefix: Prefix | null, names: Names): Condition[] {
  const variables = new Set(names.variables.map(({ name }) => name));
  return (prefix?.conditions ?? []).flatMap((relation) =>
    goalsOf(relation, variables).map(({ relation: { sides, comparisons } }): Condition => {
      const [left, right] = sides.map((side) => toExpression(side as Term, names));
      const isFlipped = comparisons[0] === '>=' || comparisons[0] === '>';
      return {
        expression: isFlipped ? E.sub(right, left) : E.sub(left, right),
        strict: comparisons[0] === '<' || comparisons[0] === '>',
        isEquality: comparisons[0] === '=',
      };
    }),
  );
}

/** A relation as goals; argmax(u) = k as u_k - u_j > 0 for all others j. */
function expanded(relation: Relation, { names }: Context): Goal[] {
  const variables = new Set(names.variables.map(({ name }) => name));
  const argmax = argmaxOf(relation);
  if (!argmax) return goalsOf(relation, variables);
  const { args, place } = argmax;
  const k = toExpression(place, names);
  if (k.kind !== 'constant' || !k.value.isInteger()) {
    throw new InputError({
      found: 'argmax(u) = a term that is no integer',
      allowed: 'argmax(y) = 3, places counted from 1',
    });
  }
  const entries = args.length > 1 ? args : tensorEntries(args[0], names);
  const best = entries[Number(k.value.num) - 1];
  if (!best)
    throw new InputError({
      found: `argmax(u) = ${k.value} of ${entries.length} entries`,
      allowed: `1 to ${entries.length}`,
    });
  const others = entries.filter((entry) => entry !== best);
  const margins = others.map((other) => less(best, other));
  if (margins.length === 0) throw new InputError({ found: 'argmax of one number' });
  const quantity: Term = margins.length === 1 ? margins[0] : { kind: 'call', fn: 'min', args: margins };
  return [{ quantity, measure: 'inf', bound: Rational.zero, strict: true, relation }];
}

function tensorEntries(term: Term, names: Names): Term[] {
  if (term.kind !== 'entry') return [term];
  const given = term.indices.map((index) => {
    const e = toExpression(index, names);
    return e.kind === 'constant' ? Number(e.value.num) : Number.NaN;
  });
  const count = names.entries(term, given).length;
  const lengths = names.lengthsBelow(term, given.length);
  return Array.from({ length: count }, (_, k) => {
    let rest = k;
    const indices = [...lengths].reverse().map((length) => {
      const digit = rest % length;
      rest = Math.floor(rest / length);
      return { kind: 'number' as const, value: Rational.of(digit + 1) };
    });
    return { ...term, indices: [...term.indices, ...indices.reverse()] };
  });
}

/** The search names the formula that the weights compute; the user wrote something shorter. */
function undefinedSomewhere({ quantity }: Goal, error: InputError): InputError {
  const [, place] = / is undefined at (.*)$/s.exec(error.fault.found) ?? [];
  if (place === undefined) return error;
  const found = `${quote(printTerm(quantity))} is undefined at ${place}`;
  return new InputError({ ...error.fault, found, mend: 'take a set where no divisor vanishes' });
}

type Found = Pick<Proved, 'verdict' | 'enclosure' | 'witness' | 'method' | 'facts'> & { readonly point?: Point | null };

function decide(goal: Goal, quantity: E.Expression, context: Context, options: ProveOptions): Found {
  const stop = stopOf(goal, options);
  try {
    return bySlopes(goal, quantity, context, stop) ?? bySearch(goal, quantity, context, stop);
  } catch (error) {
    if (error instanceof InputError) throw undefinedSomewhere(goal, error);
    if (!(error instanceof UnsupportedOperation)) throw error;
    return { verdict: 'undecided', enclosure: null, witness: null, method: 'none', facts: [error.message] };
  }
}

function bySearch(
  { measure, ...goal }: Goal,
  quantity: E.Expression,
  { names, conditions }: Context,
  stop: Stop,
): Found {
  const sets = new Map(
    names.variables.flatMap(({ entries, sets: list }) => entries.map((name, i) => [name, list[i]] as const)),
  );
  const constraints = conditions.flatMap(({ expression, strict, isEquality }) =>
    isEquality
      ? [
          { expression, strict },
          { expression: E.neg(expression), strict },
        ]
      : [{ expression, strict }],
  );
  const problem = { quantity, measure, sets, conditions: constraints };
  const first = boundMeasure(problem, stop);
  const isClose =
    goal.strict && goal.bound !== null && verdictOn({ measure, ...goal }, first.enclosure) === 'undecided';
  const found = isClose && !isVacuous(first) ? boundMeasure(problem, closer(stop)) : first;
  if (isVacuous(found)) {
    const facts = ['no point satisfies the conditions: everything holds for all of them'];
    return { verdict: 'proved', enclosure: null, witness: null, method: found.method, facts };
  }
  const { enclosure, method } = found;
  const verdict = verdictOn({ measure, ...goal }, enclosure);
  const witness = found.witness && names.variables.length > 0 ? shown(found.witness, names.variables) : null;
  return { verdict, enclosure, witness, point: found.witness, method, facts: remarks(verdict, goal, found) };
}

/** Lipschitz constants and monotonicity: statements about two points that hold with equality on the diagonal. */
function bySlopes(goal: Goal, quantity: E.Expression, context: Context, stop: Stop): Found | null {
  const pair = twoPoints(context.names.variables);
  if (!pair || goal.measure !== 'sup' || goal.strict) return null;
  const [x] = pair;
  const sets = new Map(x.entries.map((name, i) => [name, x.sets[i]]));
  const lipschitz = context.conditions.length === 0 ? lipschitzParts(goal, context.names, pair) : null;
  if (lipschitz) {
    const points: TwoPoints = { f: lipschitz.f, entries: x.entries, sets };
    return lipschitzFound(points, lipschitz, pair, { ...stop, bound: lipschitz.constant });
  }
  const rising = goal.bound?.isZero() ? orderOf(context.conditions, pair) : null;
  const same = rising && sameFunction(quantity, pair);
  if (!rising || !same) return null;
  const f = same.sign === 1 ? same.f : E.neg(same.f);
  return monotoneFound({ f, entries: x.entries, sets }, rising, pair, stop);
}

function lipschitzParts({ relation }: Goal, names: Names, pair: readonly [Variable, Variable]) {
  const { sides, comparisons } = relation;
  const [left, right] = comparisons[0] === '>=' ? [sides[1], sides[0]] : sides;
  if (left.kind !== 'call' || left.fn !== 'abs' || right.kind === 'unknown') return null;
  const same = sameFunction(toExpression(left.args[0], names), pair);
  const distance = distanceOf(toExpression(right, names), pair);
  return same && distance ? { f: same.f, ...distance } : null;
}

function lipschitzFound(
  points: TwoPoints,
  { distance, constant }: NonNullable<ReturnType<typeof lipschitzParts>>,
  pair: readonly [Variable, Variable],
  stop: Stop,
): Found {
  const found = boundLipschitz(points, distance, stop);
  const method = `Lipschitz constant by the generalised gradient: ${found.method}`;
  const base = { enclosure: found.enclosure, method };
  const { lo, hi } = found.enclosure;
  if (hi?.le(constant)) return { ...base, verdict: 'proved', witness: null, facts: [] };
  const start = found.witness && inner(found.witness, points);
  const steep = lo && constant.lt(lo) && start ? steepPair(points, distance, start, constant) : null;
  if (steep && constant.lt(steep.quotient)) {
    const facts = [
      `the difference is at least ${toDecimal(steep.quotient, 6, 'down')} times the distance at the witness`,
    ];
    return { ...base, verdict: 'refuted', witness: shownPair(steep.pair, pair), facts };
  }
  const facts =
    lo && constant.lt(lo)
      ? ['the constant is exceeded, but no pair of points that shows it was found']
      : [whyOpen(found)];
  return { ...base, verdict: 'undecided', witness: null, facts };
}

function monotoneFound(
  points: TwoPoints,
  rising: readonly string[],
  pair: readonly [Variable, Variable],
  stop: Stop,
): Found {
  for (const entry of rising) {
    const found = boundLeastSlope(points, entry, stop);
    const method = `the derivative by ${entry} over the box: ${found.method}`;
    const { lo, hi } = found.enclosure;
    if (lo && lo.sign() >= 0) continue;
    const start = found.witness && inner(found.witness, points);
    const fall = start && hi && hi.sign() < 0 ? falling(points, entry, start) : null;
    if (fall) {
      const witness = shownPair(fall.pair, pair);
      return { verdict: 'refuted', enclosure: { lo: fall.drop, hi: null }, witness, method, facts: [] };
    }
    const facts = [
      `the derivative by ${entry} is at least ${lo ? toDecimal(lo, 6, 'down') : '-infinity'} only: ${whyOpen(found)}`,
    ];
    return { verdict: 'undecided', enclosure: null, witness: null, method, facts };
  }
  const enclosure = { lo: null, hi: Rational.zero };
  return { verdict: 'proved', enclosure, witness: null, method: 'signs of derivatives over the box', facts: [] };
}

/** A point of all entries, those that the slope does not depend on in the middle. */
function inner(witness: Point, { entries, sets }: TwoPoints): Point {
  const half = Rational.of(1, 2);
  return new Map(
    entries.map((name) => {
      const set = sets.get(name)!;
      const middle = set.kind === 'interval' ? set.lo.add(set.hi).mul(half) : Rational.zero;
      return [name, witness.get(name) ?? middle] as const;
    }),
  );
}

/** Derived from the bounds alone. */
function verdictOn(
  { measure, bound, strict }: Pick<Goal, 'measure' | 'bound' | 'strict'>,
  { lo, hi }: Enclosure,
): Proved['verdict'] {
  if (bound === null) return lo && hi ? 'proved' : 'undecided';
  const least = measure === 'inf' ? hi?.neg() : lo;
  const most = measure === 'inf' ? lo?.neg() : hi;
  const limit = measure === 'inf' ? bound.neg() : bound;
  if (most && (strict ? most.lt(limit) : most.le(limit))) return 'proved';
  if (least && (strict ? limit.le(least) : limit.lt(least))) return 'refuted';
  return 'undecided';
}

/** With a bound a search ends when it is decided; for `?` when the ends are close. */
function stopOf({ bound }: Goal, { deadline, width, progress }: ProveOptions): Stop {
  const shownEnd = (end: Rational | null) => (end ? toDecimal(end, 6, 'nearest') : '?');
  return {
    ...(bound ? { bound } : { relativeWidth: width, absoluteWidth: NOTHING }),
    deadline,
    progress: (boxes, lo, hi) => progress(`${boxes} boxes, in [${shownEnd(lo)}, ${shownEnd(hi)}]`),
  };
}

/** For a strict bound it is not enough to know that the ends do not exceed it. */
function closer({ bound: _, ...stop }: Stop): Stop {
  return { ...stop, absoluteWidth: NOTHING, mostBoxes: MOST_BOXES };
}

const MOST_BOXES = 20_000;

/** What is closer than this is as good as equal for `?`: suprema that are 0 have no relative width. */
const NOTHING = Rational.pow2(-60);

function remarks(verdict: Proved['verdict'], { bound }: Pick<Goal, 'bound'>, found: Bounded): string[] {
  if (verdict === 'undecided') return [whyOpen(found)];
  return bound === null && found.reason !== null ? [found.reason] : [];
}

function whyOpen({ enclosure: { lo, hi }, reason }: Bounded): string {
  const known = `known: [${lo ? toDecimal(lo, 6, 'down') : '-infinity'}, ${hi ? toDecimal(hi, 6, 'up') : 'infinity'}]`;
  return `${reason ?? 'the bound lies between the two ends'}; ${known}`;
}

/** A point by variable, in the shapes of the inputs. */
function shown(point: Point, variables: readonly Variable[]): Record<string, unknown> {
  return Object.fromEntries(
    variables.map(({ name, shape, entries }) => [
      name,
      nested(
        entries.map((entry) => point.get(entry)!.toString()),
        shape.length === 0 ? [1] : shape,
      ),
    ]),
  );
}

function shownPair([first, second]: readonly [Point, Point], [x, other]: readonly [Variable, Variable]) {
  const back = new Map(other.entries.map((name, i) => [name, second.get(x.entries[i])!]));
  return shown(new Map([...first, ...back]), [x, other]);
}

function nested(values: readonly string[], shape: readonly number[]): unknown {
  if (shape.length <= 1) return values;
  const size = values.length / shape[0];
  return Array.from({ length: shape[0] }, (_, k) => nested(values.slice(k * size, (k + 1) * size), shape.slice(1)));
}

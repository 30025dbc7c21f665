import { isPast } from '../../deadline.js';
import type { Rational } from '../../numbers/rational.js';
import type { EntrySet } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { truthAt } from '../constrained.js';
import { type FiniteVariable, ridgeOf, valuesOfForm } from '../ridge.js';
import type { Stop } from '../supremum.js';
import { type Bound, type Bounded, EMPTY, isVacuous, type Problem, reasonOf } from './problem.js';

const MOST_POINTS = 20_000;

/** Every combination of the finitely many values, and for each what is left to vary. */
export function overPoints(
  problem: Problem,
  finite: readonly { readonly name: string; readonly values: readonly Rational[] }[],
  stop: Stop,
  bound: Bound,
): Bounded {
  const count = finite.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_POINTS) return overValues(problem, finite, stop, bound) ?? overHull(problem, stop, count, bound);
  const left = new Map([...problem.sets].filter(([, { kind }]) => kind !== 'finite'));
  let best: { lo: Rational | null; hi: Rational | null; witness: Bounded['witness'] } | null = null;
  let reason: string | null = null;
  let done = 0;
  for (const point of combinations(finite)) {
    if (isPast(stop.deadline)) {
      return {
        enclosure: { lo: best?.lo ?? null, hi: null },
        witness: best?.witness ?? null,
        method: 'evaluation at points',
        reason: reasonOf('time'),
      };
    }
    done += 1;
    if (done % 256 === 0) stop.progress?.(done, best?.lo ?? null, best?.hi ?? null);
    const part = {
      ...problem,
      quantity: at(problem.quantity, point),
      sets: left,
      conditions: problem.conditions.map((c) => ({ ...c, expression: at(c.expression, point) })),
    };
    const known = left.size === 0 ? part.conditions.map((condition) => truthAt(condition, [], [])) : [];
    if (known.includes('fails')) continue;
    const found = bound(left.size === 0 ? { ...part, conditions: [] } : part, stop);
    if (isVacuous(found)) continue;
    const isIn = !known.includes('unknown');
    const { hi } = found.enclosure;
    const lo = isIn ? found.enclosure.lo : null;
    reason ??= isIn ? found.reason : 'at some points it is not known whether the conditions hold';
    const witness = lo && found.witness && new Map([...point, ...found.witness]);
    if (!best) best = { lo, hi, witness };
    else {
      const isHigher: boolean = lo !== null && (best.lo === null || best.lo.lt(lo));
      best = {
        lo: isHigher ? lo : best.lo,
        witness: isHigher ? witness : best.witness,
        hi: best.hi && hi && best.hi.max(hi),
      };
    }
    if (stop.bound && best.lo && stop.bound.lt(best.lo)) break;
  }
  if (!best) return EMPTY;
  const isWhole = done === count;
  return {
    enclosure: { lo: best.lo, hi: isWhole ? best.hi : null },
    witness: best.witness,
    method: `evaluation at ${done} points`,
    reason,
  };
}

/** Many points, but few values of the only form of them that the formulas know; null where there is no such form. */
function overValues(problem: Problem, finite: readonly FiniteVariable[], stop: Stop, bound: Bound): Bounded | null {
  const { quantity, conditions, sets } = problem;
  const all = [quantity, ...conditions.map(({ expression }) => expression)];
  const along = ridgeOf(all, new Set(finite.map(({ name }) => name)));
  const values = along && valuesOfForm(along, finite, MOST_POINTS);
  if (!along || !values) return null;
  const left = new Map([...sets].filter(([, { kind }]) => kind !== 'finite'));
  left.set(along.name, { kind: 'finite', values: [...values.values()].map(({ value }) => value) });
  const [first, ...others] = along.expressions;
  const found = bound(
    {
      ...problem,
      quantity: first,
      conditions: conditions.map((c, k) => ({ ...c, expression: others[k] })),
      sets: left,
    },
    stop,
  );
  const s = found.witness?.get(along.name);
  const spread = (witness: ReadonlyMap<string, Rational>) =>
    new Map([
      ...finite.map(({ name, values: [any] }) => [name, any] as const),
      ...[...witness].filter(([name]) => name !== along.name),
      ...values.get(s!.toString())!.point,
    ]);
  return { ...found, witness: found.witness && spread(found.witness), method: `${found.method} of one linear form` };
}

/** Too many points to visit: what holds for all real numbers between them holds for them. */
function overHull(problem: Problem, stop: Stop, count: number, bound: Bound): Bounded {
  const hull = (set: EntrySet): EntrySet =>
    set.kind === 'finite' ? { kind: 'interval', lo: set.values[0], hi: set.values.at(-1)! } : set;
  const sets = new Map([...problem.sets].map(([name, set]) => [name, hull(set)]));
  const { enclosure, method } = bound({ ...problem, sets }, stop);
  return {
    enclosure: { lo: null, hi: enclosure.hi },
    witness: null,
    method: `${method}, for all real numbers between the values`,
    reason: `${count} points are more than are visited one by one (${MOST_POINTS})`,
  };
}

function at(e: E.Expression, point: ReadonlyMap<string, Rational>): E.Expression {
  return E.fold<E.Expression>(e, (part, below) => {
    const value = part.kind === 'variable' ? point.get(part.name) : undefined;
    return value ? E.constant(value) : E.rebuild(part, below);
  });
}

function* combinations(
  finite: readonly { readonly name: string; readonly values: readonly Rational[] }[],
): Iterable<Map<string, Rational>> {
  const digits = finite.map(() => 0);
  for (;;) {
    yield new Map(finite.map(({ name, values }, k) => [name, values[digits[k]]]));
    let k = 0;
    while (k < digits.length && ++digits[k] === finite[k].values.length) digits[k++] = 0;
    if (k === digits.length) return;
  }
}

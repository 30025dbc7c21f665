import { coordinateNames, type RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  approximate,
  type Domain,
  type Expression,
  fromFloat,
  lehmer,
  type NetBounds,
  Rational,
  toFloat64,
  unitBox,
  type WorstPoints,
} from '../../../src/index.js';

/** What is proved of the net Psi of one feature f over [0, 1]^d, with points from which a search starts. */
export type FeatureBounds = NetBounds & WorstPoints;

/** An enclosure need not be sharper than this part of what the design allows for a feature. */
const SHARP = Rational.of(1, 50);

/** Limits of the rules for a design. */
export function limitsOf({ delta }: { readonly delta: Rational }, deadline: number) {
  return { absoluteWidth: delta.mul(SHARP), deadline };
}

export function withPoints(
  { d, features }: RetrievalTask,
  proved: readonly { readonly bounds: NetBounds }[],
): FeatureBounds[] {
  const box = unitBox(coordinateNames(d));
  return proved.map(({ bounds }, i) => ({
    ...bounds,
    ...(bounds.points ?? worstPoints(bounds.expression(), features[i], box)),
  }));
}

const STARTS = 1000;
const CLIMBED = 3;
const STEPS = 50;
const BITS = 30;

/** Searched for in doubles: what is claimed of a point is verified where it is used. */
function worstPoints(psi: Expression, f: Expression, { variables, lo, hi }: Domain): WorstPoints {
  const floats = toFloat64([psi, f], variables);
  const ends = lo.map((end, i) => [approximate(end), approximate(hi[i])] as const);
  const random = lehmer(variables.length);
  const corners = Array.from({ length: 1 << Math.min(variables.length, 6) }, (_, k) =>
    ends.map(([from, to], i) => ((k >> i) & 1 ? to : from)),
  );
  const starts = [
    ...corners,
    ...Array.from({ length: STARTS }, () => ends.map(([from, to]) => from + (to - from) * random())),
  ].map((point) => ({ point, values: floats(point) }));
  const best = (goal: (values: readonly number[]) => number) => {
    const tops = [...starts].sort((a, b) => goal(b.values) - goal(a.values)).slice(0, CLIMBED);
    const climbed = tops.map(({ point }) => climb((at) => goal(floats(at)), point, ends));
    const top = climbed.reduce((a, b) => (goal(floats(b)) > goal(floats(a)) ? b : a));
    return top.map((x, i) => shortened(x).max(lo[i]).min(hi[i]));
  };
  return {
    minimiser: best(([p]) => -p),
    maximiser: best(([p]) => p),
    worstAbove: best(([p, target]) => p - target),
    worstBelow: best(([p, target]) => target - p),
  };
}

/** Coordinate by coordinate, with steps that shrink where nothing is gained. */
export function climb(
  goal: (point: readonly number[]) => number,
  start: readonly number[],
  ends: readonly (readonly [number, number])[],
  steps = STEPS,
): number[] {
  let point = [...start];
  let value = goal(point);
  let length = 0.1;
  for (let k = 0; k < steps; k++) {
    let hasGained = false;
    for (const [i, [from, to]] of ends.entries()) {
      for (const sign of [1, -1]) {
        const next = point.with(i, Math.min(to, Math.max(from, point[i] + sign * length * (to - from))));
        const reached = goal(next);
        if (reached > value) [point, value, hasGained] = [next, reached, true];
      }
    }
    if (!hasGained) length /= 2;
  }
  return point;
}

/** The nearest multiple of 2^-bits. */
export function shortened(x: number, bits = BITS): Rational {
  return fromFloat(Math.round(x * 2 ** bits) * 2 ** -bits);
}

import { coordinateNames, type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import {
  DomainError,
  differentiate,
  doubleIntervals,
  type Expression,
  enclose,
  type Hypothesis,
  hessian,
  InputError,
  type Interval,
  type Located,
  lipschitzConstant,
  neg,
  placed,
  Rational,
  supremum,
  toDecimal,
  unitBox,
} from '../../../src/index.js';

/** L_0 of the readout on [0, 1]^D, in the max-norm. */
export function readoutLipschitz({ features, readout }: RetrievalTask): Rational {
  const unit = { lo: Rational.zero, hi: Rational.one };
  return lipschitzConstant(readout, new Map(readoutNames(features.length).map((name) => [name, unit]))).upper;
}

const MOST_BOXES = 20_000;
const FINE = Rational.pow2(-20);

/** Throws InputError with the place where a feature leaves [0, 1], when one is found that does. */
export function checkRanges({ d, features }: RetrievalTask, texts: readonly Located[]): void {
  const names = coordinateNames(d);
  const box = unitBox(names);
  for (const [i, feature] of features.entries()) {
    for (const { expression, bound, side } of [
      { expression: feature, bound: Rational.one, side: 'above 1' },
      { expression: neg(feature), bound: Rational.zero, side: 'below 0' },
    ]) {
      placed(texts[i].place, () => {
        const { lo, witness } = supremum([expression], box, { mostBoxes: MOST_BOXES, absoluteWidth: FINE, bound });
        if (lo.le(bound)) return;
        const at = names.map((name, j) => `${name} = ${toDecimal(witness[j], 6, 'nearest')}`).join(', ');
        throw new InputError({ found: `feature ${i + 1} is ${side} at ${at}`, allowed: 'values in [0,1] on [0,1]^d' });
      });
    }
  }
}

/**
 * Hypotheses of the paper that the bound here does not need: many positions per set, a readout that depends on every
 * z_i, and one non-degenerate minimiser per feature, different ones for different features.
 */
export function paperHypotheses(task: RetrievalTask): Hypothesis[] {
  return [quarter(task), dependence(task), ...task.features.map((_, i) => minimiser(task, i))];
}

function quarter({ T, positions }: RetrievalTask): Hypothesis {
  const small = positions.findIndex((S) => 4 * S.length < T);
  const statement =
    small < 0 ? 'every |S_i| >= T/4' : `|S_${small + 1}| = ${positions[small].length} >= T/4 = ${T / 4}`;
  return { id: 'positions', statement, verdict: small < 0 ? 'holds' : 'fails' };
}

function dependence({ features, readout }: RetrievalTask): Hypothesis {
  const names = readoutNames(features.length);
  const box = new Map(names.map((name) => [name, doubleIntervals.fromDoubles(0, 1)]));
  const verdicts = names.map((name) => {
    const slope = enclose(differentiate(readout, name), doubleIntervals, box);
    if (slope.lo === 0 && slope.hi === 0) return 'fails';
    return slope.lo > 0 || slope.hi < 0 ? 'holds' : 'open';
  });
  const worst = (['fails', 'open', 'holds'] as const).find((verdict) => verdicts.includes(verdict))!;
  return { id: 'readout', statement: 'every partial derivative of F_0 is nonzero', verdict: worst };
}

/** Whether f_i has one minimiser in the open cube, with a definite Hessian there: decided by the diagonal test only. */
function minimiser({ d, features }: RetrievalTask, i: number): Hypothesis {
  const names = coordinateNames(d);
  const box = new Map(names.map((name) => [name, doubleIntervals.fromDoubles(0, 1)]));
  const second = hessian(features[i], names).map((row) => row.map((entry) => enclosureOrEntire(entry, box)));
  const isConvex = second.every((row, k) => {
    const others = row.reduce((total, { lo, hi }, j) => (j === k ? total : total + Math.max(-lo, hi)), 0);
    return row[k].lo > others;
  });
  const isFlat = second.every((row) => row.every(({ lo, hi }) => lo === 0 && hi === 0));
  const interior = isConvex && names.every((name) => changesSign(features[i], name, box));
  return {
    id: `minimiser${i + 1}`,
    statement: `f_${i + 1} has a unique non-degenerate minimiser inside the cube`,
    verdict: isFlat ? 'fails' : interior ? 'holds' : 'open',
  };
}

/** Whether the slope is negative on the face x_j = 0 and positive on x_j = 1: then a strictly convex f is least inside. */
function changesSign(f: Expression, name: string, box: ReadonlyMap<string, Interval>): boolean {
  const slope = differentiate(f, name);
  const at = (end: number) => enclosureOrEntire(slope, new Map(box).set(name, doubleIntervals.fromDoubles(end, end)));
  return at(0).hi < 0 && at(1).lo > 0;
}

function enclosureOrEntire(e: Expression, box: ReadonlyMap<string, Interval>): Interval {
  try {
    return enclose(e, doubleIntervals, box);
  } catch (error) {
    if (error instanceof DomainError) return doubleIntervals.entire;
    throw error;
  }
}

import type { StateSpace } from '../../network/state-space.js';
import type { Gaussian } from '../../numbers/gaussian.js';
import { Rational } from '../../numbers/rational.js';
import { rootBounds } from '../../numbers/root.js';
import type { Rule, Step } from '../step.js';
import type { Enclosure } from '../verdict.js';
import { point } from '../verdict.js';

/** The largest modulus of an entry of B_1, ..., B_l and C, compared by squares: no root is taken in the comparison. */
export const entryBound: Rule = { id: 'entry-bound', tex: '\\max |b|^2 \\le c^2' };

/** Where the largest entry stands. */
export interface LargestEntry {
  readonly place: string;
  readonly entry: Gaussian | null;
  readonly squared: Rational;
}

export function largestEntry({ layers, C }: StateSpace): LargestEntry {
  let largest: LargestEntry = { place: 'C', entry: null, squared: Rational.zero };
  const visit = (place: string, entry: Gaussian) => {
    const squared = entry.squaredModulus();
    if (largest.squared.lt(squared)) largest = { place, entry, squared };
  };
  layers.forEach(({ B }, k) => {
    B.forEach((row, i) => {
      for (const [j, entry] of row) visit(`B_${k + 1}[${i}, ${j}]`, entry);
    });
  });
  for (const [j, entry] of C) visit(`C[${j}]`, entry);
  return largest;
}

const BITS = 64;

/** The square root of a squared modulus: exact where it is rational with 64 bits or belongs to a real number. */
export function modulus({ entry, squared }: LargestEntry): Enclosure {
  if (!entry) return point(Rational.zero);
  return entry.im.isZero() ? point(entry.re.abs()) : rootBounds(squared, 2, BITS);
}

/** Proves or refutes that every entry is at most `bound` in modulus. */
export function proveEntryBound(model: StateSpace, bound: Rational, id: string, statement: string): Step {
  const largest = largestEntry(model);
  const holds = largest.squared.le(bound.mul(bound));
  const difference = holds ? {} : { difference: `${largest.place} is larger` };
  return {
    id,
    rule: entryBound.id,
    statement,
    verdict: holds ? 'proved' : 'refuted',
    enclosure: modulus(largest),
    ...difference,
  };
}

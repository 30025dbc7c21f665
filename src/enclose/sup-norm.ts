import { InputError } from '../errors.js';
import { UnsupportedOperation } from '../evaluate/algebra.js';
import { Rational } from '../numbers/rational.js';
import type * as E from '../symbolic/index.js';
import type { Domain } from './box.js';
import { encloseTerms } from './linear/network.js';
import { MOST_BOXES, type Stop, type Supremum, supNorm } from './supremum.js';

/** What either search may take before the other has its turn; ten times as much in the next round. */
const FIRST_BOXES = 1000;

/**
 * sup over the box of |u| by whichever search comes to an end first: linear relaxations are far ahead for networks, and
 * interval extensions where kinks of minima and maxima meet on lines, or where doubles are too coarse. They take turns;
 * what one finds holds whatever the other does. Throws as `supNorm`.
 */
export function fastestSupNorm(u: E.Expression, box: Domain, stop: Stop): Supremum {
  const most = stop.mostBoxes ?? MOST_BOXES;
  let hasLines = true;
  let best: Supremum | null = null;
  for (let boxes = Math.min(FIRST_BOXES, most); ; boxes = Math.min(10 * boxes, most)) {
    const byLines: Supremum | null = hasLines ? onLines(u, box, { ...stop, mostBoxes: boxes }) : null;
    if (byLines && isFinal(byLines)) return byLines;
    hasLines = byLines?.stopped === 'boxes';
    const byIntervals = supNorm(u, box, { ...stop, mostBoxes: boxes });
    best = [byLines, byIntervals].reduce(meet, best);
    if (byIntervals.stopped !== 'boxes' || boxes === most) return { ...best!, stopped: byIntervals.stopped };
  }
}

function onLines(u: E.Expression, box: Domain, stop: Stop): Supremum | null {
  try {
    return encloseTerms([{ formula: u, factor: Rational.one }], box, 'size', stop);
  } catch (error) {
    if (error instanceof UnsupportedOperation || error instanceof InputError) return null;
    throw error;
  }
}

function isFinal({ hi, stopped }: Supremum): boolean {
  return hi !== null && stopped !== 'precision' && stopped !== 'boxes';
}

/** What two enclosures of one supremum say together. */
function meet(a: Supremum | null, b: Supremum | null): Supremum | null {
  if (!a || !b) return a ?? b;
  const [higher, other] = a.lo.lt(b.lo) ? [b, a] : [a, b];
  const hi = a.hi && b.hi ? a.hi.min(b.hi) : (a.hi ?? b.hi);
  if (hi?.lt(higher.lo)) throw new Error(`crossed ends: a supremum of at least ${higher.lo} and at most ${hi}`);
  return { ...higher, hi, boxes: higher.boxes + other.boxes };
}

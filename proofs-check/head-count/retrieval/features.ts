import { coordinateNames, type RetrievalTask } from '../../../constructions/retrieval-task.js';
import { type NetBounds, Rational, unitBox, type WorstPoints } from '../../../src/index.js';
import { worstPoints } from './worst-points.js';

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
    ...(bounds.points ?? worstPoints(bounds.expression, features[i], box)),
  }));
}

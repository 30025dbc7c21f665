import type { Network } from '../../network/network.js';
import { ballIntervals } from '../../numbers/balls.js';
import { Rational } from '../../numbers/rational.js';
import { roundedTo } from '../../numbers/significant-bits.js';
import { evaluateExact } from '../../symbolic/exact.js';
import type { Expression } from '../../symbolic/expression.js';
import { certified, mint, type Outcome, open } from '../fact.js';
import { type Sentence, special } from '../sentence.js';
import type { Rule } from '../step.js';
import { outputIn } from './input-value.js';
import { runs } from './inputs.js';
import { retrievalText } from './retrieval/task.js';
import { secondLargestText } from './second-largest.js';

/**
 * Two inputs that the target tells apart and the heads hardly do.
 *
 * If a readout G has |G(y(X)) - H(X)| <= eps at both, its Lipschitz constant in the max-norm is at least (|H(X) - H(X')| -
 * 2 eps)/|y(X) - y(X')|. A net sum_{j<=N} a_j sigma(w_j . y + b_j) with |a_j| <= 1, |w_j| <= 1 entrywise, sigma
 * 1-Lipschitz and y in R^E has |G(y) - G(y')| <= N E |y - y'|, so it needs N >= slope/E units.
 */
const collision: Rule = {
  id: 'collision',
  tex: "\\mathrm{Lip}(G) \\ge \\frac{|H(X) - H(X')| - 2\\varepsilon}{|y(X) - y(X')|}",
};

/** What a readout is to give: the second largest entry of x [T, 1], or a retrieval task whose pieces are rational. */
export type CollisionTarget =
  | { readonly kind: 'second-largest'; readonly T: number }
  | {
      readonly kind: 'retrieval';
      /** f_i in x1. */
      readonly features: readonly Expression[];
      /** S_i, counted from 0. */
      readonly positions: readonly (readonly number[])[];
      /** F_0 in z1, ..., zD. */
      readonly readout: Expression;
    };

/** The target in the entries of x. */
function collisionText(target: CollisionTarget): string {
  if (target.kind === 'second-largest') return secondLargestText(target.T);
  return retrievalText(target);
}

/** The target at an input, exactly. Throws NotRational where it is not rational. */
export function collisionValue(target: CollisionTarget, x: readonly Rational[]): Rational {
  if (target.kind === 'second-largest') return [...x].sort((a, b) => b.compare(a))[1];
  const minima = target.features.map((f, j) =>
    target.positions[j].map((t) => evaluateExact(f, new Map([['x1', x[t]]]))).reduce((a, b) => a.min(b)),
  );
  return evaluateExact(target.readout, new Map(minima.map((z, j) => [`z${j + 1}`, z])));
}

/** Every readout of the output that is within eps of the target has at least this Lipschitz constant, or so many units. */
export function readoutSentence(
  output: string,
  target: CollisionTarget,
  eps: Rational,
  quantity: 'slope' | 'units',
  least: Rational | null,
  strict = false,
): Sentence {
  const what = {
    slope: 'the least Lipschitz constant, in the max-norm,',
    units: 'the least number of units, with weights of at most 1 in one hidden layer,',
  }[quantity];
  const subject = `${what} of a readout of '${output}' that is within ${eps} of ${collisionText(target)}`;
  return special(subject, { lo: least, strict }, '\\mathrm{Lip}(G)');
}

const BITS = 1024;
const SLOPE_BITS = 24;
const STEEPEST = Rational.pow2(128);
/** Beyond this many tokens the formula of the second largest entry is too long to be checked. */
const MOST_CERTIFIED = 512;

/** The slope that two inputs force, from both of their outputs in ball arithmetic; and the units that it takes. */
export function proveCollision(
  network: Network,
  output: string,
  target: CollisionTarget,
  eps: Rational,
  [x, other]: readonly [readonly Rational[], readonly Rational[]],
): readonly Outcome<Forced>[] {
  const [{ attributes }] = network.inputs;
  const A = ballIntervals(BITS);
  const [y, z] = [x, other].map((point) => outputIn(A, network, output, point));
  const distances = y.map((entry, k) => A.upper(A.abs(A.sub(entry, z[k]))));
  const says = 'two inputs that the target tells apart';
  if (distances.some((one) => !one)) return [open(collision, 'collision', says, 'the outputs have no finite bounds')];
  const distance = distances.map((one) => one!).reduce((a, b) => a.max(b), Rational.pow2(-BITS));
  const gap = collisionValue(target, x).sub(collisionValue(target, other)).abs();
  const least = gap.sub(eps.add(eps));
  if (least.sign() <= 0) return [open(collision, 'collision', says, `their targets are only ${gap} apart`)];
  const slope = least.div(distance);
  const E = Rational.of(y.length);
  const inputs = [x, other].map((point) => ({ [attributes.name]: point.map(String) }));
  const shown = slope.sign() > 0 ? roundedTo(slope.min(STEEPEST).inverse(), SLOPE_BITS, 'up').inverse() : slope;
  const isCertified = target.kind !== 'second-largest' || target.T <= MOST_CERTIFIED;
  const stated = (lo: Rational | null, factor: Rational) => (lo && lo.sign() > 0 ? lo.mul(factor) : shown);
  const fact = (quantity: 'slope' | 'units', lo: Rational, factor: Rational) =>
    mint({
      ...{ rule: collision, id: quantity, network, domain: null, found: { slope, gap, distance } },
      says: readoutSentence(output, target, eps, quantity, lo),
      enclosure: { lo, hi: null },
      where: { x: runs(x.map(String), 1), "x'": runs(other.map(String), 1), gap: gap.toString() },
      withheld: `not put before the checker, which takes the second largest of up to ${MOST_CERTIFIED} tokens here`,
      ...(isCertified &&
        certified((claimed) => {
          const slope = `${stated(claimed.lo, factor)}`;
          return { kind: 'collision', output, inputs, target: collisionText(target), eps: `${eps}`, slope };
        })),
    });
  return [fact('slope', slope, Rational.one), fact('units', slope.div(E), E)];
}

/** What two inputs force. */
interface Forced {
  readonly slope: Rational;
  readonly gap: Rational;
  readonly distance: Rational;
}

/**
 * How eps is shared by the feature nets, the heads and the readout net of `multi-head.ts`:
 *   |y - H| <= L_0 (delta + lambda/beta + ((T - S)/S) e^{-beta (R - w)}) + eps_0,
 * w the width of the interval that holds the feature nets' values. The theorem prescribes beta = 4 L_0 ln(T)/eps, R = w +
 * ln(4 L_0 T/eps)/beta, delta = eps/(4 L_0) and eps_0 = eps/4, w at least 1; beta and R are rounded up to dyadic numbers.
 */
import { gapConstant, Rational, roundedTo, upperBound } from '../src/index.js';
import type { NetKind } from './function-net.js';
import type { RetrievalTask } from './retrieval-task.js';

/** What an instance may fix; prescribed where undefined. */
export interface RetrievalChoices {
  readonly eps: Rational;
  readonly lipschitz: Rational;
  readonly beta: Rational | undefined;
  readonly R: Rational | undefined;
  readonly delta: Rational | undefined;
  /** Number of heads, from D/2 to D. */
  readonly h?: number | undefined;
  /** Kinds of the nets of the features and, where it is not piecewise linear, of the readout. */
  readonly featureNet?: NetKind | undefined;
  readonly readoutNet?: NetKind | undefined;
  /** Splits eps between the feature nets and the heads so that this is small, in place of the theorem's prescription. */
  readonly minimise?: Goal | undefined;
}

/** What a split of eps may favour: few pieces, or a small beta. */
export const GOALS = ['parameters', 'weights'] as const;
export type Goal = (typeof GOALS)[number];

const SIGNIFICANT_BITS = 24;

/** What the theorem prescribes where an instance fixes nothing. */
export interface Shares {
  readonly beta: Rational;
  readonly delta: Rational;
  /** What may be lost to tokens outside S_i, times S/(T - S): the gate follows from it. */
  readonly leak: Rational;
  /** eps_0, for a readout that is not piecewise linear. */
  readonly readout: Rational;
}

export function prescription(task: RetrievalTask, choices: RetrievalChoices, isExact: boolean): Shares {
  if (choices.minimise) return split(task, choices, choices.minimise, isExact);
  const { eps, lipschitz, ...given } = choices;
  const { T } = task;
  const scale = Rational.of(4).mul(positive(lipschitz)).div(eps);
  const beta =
    given.beta ??
    (T === 1
      ? Rational.one
      : roundedTo(upperBound('c*log(T)', { c: scale, T: Rational.of(T) }), SIGNIFICANT_BITS, 'up'));
  const share = scale.inverse();
  return { beta, delta: given.delta ?? share, leak: share, readout: eps.div(Rational.of(4)) };
}

/** R for values in an interval of the given width, rounded up. */
export function gate({ T }: RetrievalTask, { beta, leak }: Shares, width: Rational): Rational {
  const room = Rational.of(T).div(leak);
  const bound = upperBound('w + log(max(1, c))/beta', { w: width.max(Rational.one), c: room, beta });
  return roundedTo(bound, SIGNIFICANT_BITS, 'up');
}

function positive(lipschitz: Rational): Rational {
  return lipschitz.isZero() ? Rational.one : lipschitz;
}

/** The part of eps that the feature nets take; it is enclosed to 1/50, and a twentieth of the rest is for the leak. */
const SHARES: Readonly<Record<Goal, Rational>> = { parameters: Rational.of(9, 10), weights: Rational.of(1, 10) };
const ENCLOSED = Rational.of(51, 50);
const LEAK = Rational.of(1, 20);

/** beta and delta with delta + lambda/beta + leak = eps/L_0, most of it for the part that costs what is minimised. */
function split(
  { T, positions }: RetrievalTask,
  { eps, lipschitz, ...given }: RetrievalChoices,
  goal: Goal,
  isExact: boolean,
): Shares {
  const readout = eps.div(Rational.of(4));
  const whole = (isExact ? eps : eps.sub(readout)).div(positive(lipschitz));
  const rest = whole.mul(Rational.one.sub(SHARES[goal].mul(ENCLOSED)));
  const lambda = positions.reduce((most, S) => (S.length > 1 ? most.max(gapConstant(S.length, BITS).hi) : most), LEAK);
  const needed = lambda.div(rest.mul(Rational.one.sub(LEAK)));
  const beta = given.beta ?? (T === 1 ? Rational.one : roundedTo(needed, SIGNIFICANT_BITS, 'up'));
  return { beta, delta: given.delta ?? whole.mul(SHARES[goal]), leak: rest.mul(LEAK), readout };
}

const BITS = 64;

import type { Rational } from '../../numbers/rational.js';
import type { Rule } from '../step.js';
import { gapOf } from './soft-minimum.js';

/**
 * A soft maximum of T entries of which k are at least m: y = sum_s p_s g_s, p = softmax(beta g), has
 *   y >= m - lambda/beta,   lambda = W0((T - k)/(k e)).
 *
 * While y < m, lowering an entry g_s > m towards m lowers y, for dy/dg_s = p_s (1 + beta (g_s - y)) > 0. So let k' >= k
 * entries be m and the others less: with u_s = beta (m - g_s), beta (m - y) = sum u e^-u / (k' + sum e^-u) over the
 * others, which is at most the number mu with (T - k') e^(-mu-1) = k' mu, as in the rule soft-minimum, where k' = 1. It
 * falls as k' grows, and W0 rises, so that (T - k)/k may be replaced by the integer ceil(T/k) - 1, which is the same where k divides T.
 */
export const tiedMaximum: Rule = {
  id: 'tied-maximum',
  tex: '\\#\\{s : g_s \\ge m\\} \\ge k \\;\\Rightarrow\\; \\sum_s p_s g_s \\ge m - \\tfrac{1}{\\beta} W_0\\!\\left(\\tfrac{T-k}{k e}\\right)',
};

/** An upper bound of lambda/beta. */
export function tiedLoss(T: number, k: number, beta: Rational): Rational {
  return gapOf(Math.ceil(T / k)).div(beta);
}

import { Rational } from '../../numbers/rational.js';
import type { Knot } from '../../symbolic/piecewise.js';
import type { Rule } from '../step.js';

/**
 * How far every function with few breakpoints is from the sawtooth g^(k), which has 2^(k-1) teeth on [0, 1].
 *
 * A net with one hidden layer of N ReLUs has at most N breakpoints, so at least 2^(k-1) - N teeth have none inside. On
 * such a tooth, of width w, the net is affine: l. With c its value in the middle, the two halves of the tooth together
 * give |t - l(z)| + |t - l(z')| >= 2 |t - c| for the two points z, z' of equal height t, as l(z) + l(z') = 2 c. So the
 * L1 distance there is at least that of a constant, whose best is the median 1/2: w/4. The sum over these teeth, w =
 * 2^(1-k), is (1 - N/2^(k-1))/4. For the sup norm: c <= 1/2 misses the peak, c >= 1/2 the mean of the two ends, by 1/2.
 */
export const sawtoothBarrier: Rule = {
  id: 'sawtooth-barrier',
  tex: '\\|g^{(k)} - \\varphi\\|_{L^1[0,1]} \\ge \\tfrac14 \\big(1 - N / 2^{k-1}\\big)',
};

/** max(0, (1 - N/2^(k-1))/4). */
export function barrierInL1(k: number, N: number): Rational {
  return Rational.one
    .sub(Rational.of(N).mul(Rational.pow2(1 - k)))
    .div(Rational.of(4))
    .max(Rational.zero);
}

/** The L1 distance of g^(k) and a piecewise linear function on [0, 1] by its knots, exactly. */
export function distanceInL1(k: number, phi: readonly Knot[]): Rational {
  const unit = Rational.pow2(-k);
  let total = Rational.zero;
  let j = 1;
  for (let piece = 0; piece < 2 ** k; piece++) {
    const [from, to] = [unit.mul(Rational.of(piece)), unit.mul(Rational.of(piece + 1))];
    while (phi[j].x.le(from)) j += 1;
    const cuts = [from];
    for (let i = j; phi[i].x.lt(to); i++) cuts.push(phi[i].x);
    cuts.push(to);
    const tooth = (x: Rational) => (piece % 2 === 0 ? x.sub(from) : to.sub(x)).div(unit);
    let at = j;
    for (let i = 1; i < cuts.length; i++, at += 1) {
      const [a, b] = [cuts[i - 1], cuts[i]];
      const line = (x: Rational) => valueOn(phi[at - 1], phi[at], x);
      total = total.add(areaBetween(tooth(a).sub(line(a)), tooth(b).sub(line(b)), b.sub(a)));
    }
  }
  return total;
}

function valueOn(from: Knot, to: Knot, x: Rational): Rational {
  return from.y.add(to.y.sub(from.y).mul(x.sub(from.x)).div(to.x.sub(from.x)));
}

/** The integral of |linear| over a width, by its values at the ends. */
function areaBetween(left: Rational, right: Rational, width: Rational): Rational {
  const half = width.div(Rational.of(2));
  if (left.sign() * right.sign() >= 0) return left.abs().add(right.abs()).mul(half);
  return left.mul(left).add(right.mul(right)).div(left.abs().add(right.abs())).mul(half);
}

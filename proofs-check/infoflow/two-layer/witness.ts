import {
  type Arithmetic,
  ballIntervals,
  compile,
  convert,
  doubleIntervals,
  intervalAlgebra,
  type Network,
  Rational,
  tensor,
} from '../../../src/index.js';

/** A proved lower bound of |y(x) - target| at one input [T, d]: in doubles, or in balls where these do not see it. */
export function errorAt(network: Network, x: readonly Rational[], d: number, target: Rational): Rational {
  const first = errorIn(doubleIntervals, network, x, d, target);
  const isSharp = first.lo.sign() > 0 && first.hi !== null && first.hi.le(first.lo.mul(Rational.of(101, 100)));
  return isSharp ? first.lo : errorIn(ballIntervals(BITS), network, x, d, target).lo.max(first.lo);
}

const BITS = 192;

function errorIn<I>(A: Arithmetic<I>, network: Network, x: readonly Rational[], d: number, target: Rational) {
  const algebra = intervalAlgebra(A);
  const input = convert(tensor([x.length / d, d], x), algebra);
  const [y] = compile(network, algebra)({ x: input }).y.dense(A.zero);
  const error = A.abs(A.sub(y, A.of(target)));
  return { lo: A.mark(error) === 0 ? A.lower(error)! : Rational.zero, hi: A.upper(error) ?? null };
}

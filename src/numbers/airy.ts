import { demandTime } from '../deadline.js';
import { ballIntervals } from './balls.js';
import { Rational } from './rational.js';

/**
 * Bounds of the Airy function Ai(x), about 2^-bits apart.
 *
 * Ai(x) = Ai(0) f(x) + Ai'(0) g(x) with f = 1 + x^3/(2 3) + ..., g = x + x^4/(3 4) + ... (Abramowitz, Stegun 10.4.2), where
 * Ai(0) = 3^(-2/3)/Gamma(2/3) and Ai'(0) = -3^(-1/3)/Gamma(1/3) (10.4.4-5). For the two values of Gamma:
 * Gamma(1/3)^3 = 2^(7/3) 3^(-1/4) pi K(sin(pi/12)), K(k) = pi/(2 agm(1, k')), and Gamma(1/3) Gamma(2/3) = 2 pi/sqrt(3)
 * (Borwein, Zucker, Fast evaluation of the gamma function for small rational fractions, IMA J. Numer. Anal. 12, 1992).
 *
 * The series alternate or cancel: terms reach exp(2/3 |x|^(3/2)), and so many more digits are carried. After a term, ratios
 * |x|^3/((3k - 1) 3k) decrease: once they are at most 1/2 the rest is at most twice the next term.
 *
 * Throws RangeError for |x| > 400, Unfinished when a time limit is over.
 */
export function airyBounds(x: Rational, bits = 64): { readonly lo: Rational; readonly hi: Rational } {
  if (LARGEST.lt(x.abs())) throw new RangeError(`Ai(${x}); allowed: -400 to 400`);
  const size = Number(x.abs().ceil());
  const A = ballIntervals(bits + 64 + Math.ceil(2 * size ** 1.5));
  const { value, slope } = atZero(A.precision);
  const cube = A.of(x.pow(3));
  const series = (first: Rational, offset: number) => {
    let term = A.of(first);
    const terms = [term];
    for (let k = 1; ; k++) {
      demandTime('the series of an Airy function');
      const divisor = (3 * k + offset - 1) * (3 * k + offset);
      term = A.div(A.mul(term, cube), A.of(Rational.of(divisor)));
      terms.push(term);
      const isFalling = 2 * size ** 3 <= divisor;
      const rest = A.upper(A.abs(term))!;
      if (isFalling && rest.lt(Rational.pow2(-bits - 32 - Math.ceil(size ** 1.5))))
        return A.add(A.sum(terms), A.between(rest.neg(), rest));
    }
  };
  const sum = A.add(A.mul(value, series(Rational.one, 0)), A.mul(slope, series(x, 1)));
  return { lo: A.lower(sum)!, hi: A.upper(sum)! };
}

const LARGEST = Rational.of(400);

type Balls = ReturnType<typeof ballIntervals>;
type Ball = Balls['zero'];
const known = new Map<number, { readonly value: Ball; readonly slope: Ball }>();

/** Ai(0) and Ai'(0) at so many bits. */
function atZero(precision: number): { readonly value: Ball; readonly slope: Ball } {
  const found = known.get(precision);
  if (found) return found;
  const A = ballIntervals(precision);
  const rational = (p: number, q = 1) => A.of(Rational.of(p, q));
  const pi = piIn(A);
  const root = (n: number, p: number, q: number) => A.pow(rational(n), Rational.of(p, q));
  const cosine = A.div(A.add(A.sqrt(rational(6)), A.sqrt(rational(2))), rational(4));
  const K = A.div(pi, A.mul(rational(2), agm(A, A.one, cosine)));
  const cubed = A.mul(A.mul(root(2, 7, 3), root(3, -1, 4)), A.mul(pi, K));
  const gammaThird = A.pow(cubed, Rational.of(1, 3));
  const gammaTwoThirds = A.div(A.mul(rational(2), pi), A.mul(A.sqrt(rational(3)), gammaThird));
  const constants = {
    value: A.div(root(3, -2, 3), gammaTwoThirds),
    slope: A.neg(A.div(root(3, -1, 3), gammaThird)),
  };
  known.set(precision, constants);
  return constants;
}

/** The mean lies between the two sequences, which meet quadratically. */
function agm(A: Balls, a: Ball, b: Ball): Ball {
  let [x, y] = [a, b];
  for (let k = 0; 2 ** k < 4 * A.precision; k++)
    [x, y] = [A.mul(A.add(x, y), A.of(Rational.of(1, 2))), A.sqrt(A.mul(x, y))];
  return A.hull(x, y);
}

/** 16 arctan(1/5) - 4 arctan(1/239) (Machin 1706); the rest of an alternating series is at most its next term. */
function piIn(A: Balls): Ball {
  const arctan = (q: number) => {
    const terms: Rational[] = [];
    const least = Rational.pow2(-A.precision - 8);
    for (let k = 0; ; k++) {
      const term = Rational.of(k % 2 === 0 ? 1 : -1, BigInt(2 * k + 1) * BigInt(q) ** BigInt(2 * k + 1));
      if (term.abs().lt(least)) return A.add(A.sum(terms.map(A.of)), A.between(least.neg(), least));
      terms.push(term);
    }
  };
  return A.sub(A.mul(A.of(Rational.of(16)), arctan(5)), A.mul(A.of(Rational.of(4)), arctan(239)));
}

import { spend } from './budget.js';
import { demandShown } from './failure.js';
import { Fraction } from './fraction.js';
import type { Interval } from './interval.js';
import * as I from './interval.js';

/**
 * Ai(x) = a f(x) - b g(x), where f and g solve y'' = x y with the values 1 and 0, and the slopes 0 and 1, at 0: f = 1 + x^3/(2 3) + ...,
 * g = x + x^4/(3 4) + .... For a = Ai(0) and b = -Ai'(0), a b = 1/(2 pi sqrt 3) (DLMF 9.2.3, 9.2.4, 5.5.3). And a/b is the limit of
 * g/f, as Ai falls to 0: g/f has the slope 1/f^2, and beyond c >= 1 grows by at most 1/f(c)^2, since f'' >= f there, so that f(t) >=
 * f(c) cosh(t - c), and 1/cosh^2 has the integral 1. From 0 on Ai is positive and falls.
 */
export function airy(x: Fraction): Interval {
  demandShown(LEAST.le(x), () => `the Airy function is not enclosed at ${x}`);
  const { lo, hi } = valueAt(x.min(FAR));
  return x.le(FAR) ? { lo, hi } : { lo: 0n, hi };
}

/** Cancellation leaves 2^-100 at these numbers, and at 64 nothing. */
const [LEAST, FAR] = [Fraction.of(-32), Fraction.of(20)];

function valueAt(x: Fraction): Interval {
  const [a, b] = (constants ??= atZero());
  const [f, g] = solutions(x);
  return I.add(I.mul(a, f), I.neg(I.mul(b, g)));
}

let constants: readonly [Interval, Interval] | undefined;

function atZero(): readonly [a: Interval, b: Interval] {
  const [f, g] = solutions(Fraction.of(24));
  // Both are large: their quotient has more places than 1/f.
  const quotient = I.hull(I.quotient(g.lo, f.hi), I.quotient(g.hi, f.lo));
  const ratio = I.add(quotient, I.hull(I.interval(Fraction.zero), I.power(I.inverse(f)!, 2)));
  const product = I.mul(I.mul(I.interval(Fraction.of(2)), I.PI), I.root(I.interval(Fraction.of(3)))!);
  const b = I.root(I.inverse(I.mul(product, ratio))!)!;
  return [I.mul(ratio, b), b];
}

/** f(x) and g(x). Once terms fall by half or more each time, all behind one are at most that one. */
function solutions(x: Fraction): [f: Interval, g: Interval] {
  const cube = x.mul(x).mul(x);
  const [power, size] = [I.interval(cube), cube.abs()];
  return [0, 1].map((offset) => {
    let term = I.interval(offset === 0 ? Fraction.one : x);
    let sum = term;
    for (let k = 3 + offset; ; k += 3) {
      spend(200);
      const divisor = Fraction.of(k * (k - 1));
      term = I.mul(I.mul(term, power), I.interval(Fraction.one.div(divisor)));
      sum = I.add(sum, term);
      const rest = I.hull(term, I.neg(term));
      const isSmall = I.upper(rest).le(ULPS) && size.add(size).le(divisor);
      if (isSmall) return I.add(sum, rest);
    }
  }) as [Interval, Interval];
}

const ULPS = Fraction.of(1, 1n << 184n);

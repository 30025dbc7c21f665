import { type Arithmetic, isGuaranteed } from '../numbers/arithmetic.js';
import { Rational } from '../numbers/rational.js';
import type { Expression } from './expression.js';
import type { FunctionName } from './functions.js';
import { piBounds } from './pi.js';
import { type Calculus, compile, prepare } from './program.js';

/**
 * Taylor coefficients f(c), f'(c), f''(c)/2, ... of a function of one variable, over an interval of c enclosures of all of
 * them; null where a kink may lie. The recurrences are those of Moore, Kearfott and Cloud, chapter 9.
 */
type Jet<I> = readonly I[] | null;

/**
 * A function from an interval [lo, hi] to an enclosure of f'' over it, null where none is found: with c the middle,
 *   f''(c + h) = sum_{i=2..n-1} i (i-1) a_i(c) h^(i-2) + n (n-1) a_n(c + t h) h^(n-2),   0 <= t <= 1,
 * so that what cancels between the parts of f, as in (1 - cos x)/x^2, cancels in the coefficients of a point, and only
 * the last term has the width of natural extensions, at h^(n-2).
 */
export function secondDerivativeByJets<I>(f: Expression, variable: string, A: Arithmetic<I>) {
  const program = prepare(compile([f], [variable]), jets(A));
  const at = (x: I): Jet<I> => program([[x, A.one, ...new Array<I>(ORDER - 1).fill(A.zero)]])[0];
  return (lo: Rational, hi: Rational): I | null => {
    const middle = lo.add(hi).div(Rational.of(2));
    const [c, x] = [A.of(middle), A.between(lo, hi)];
    const [point, around] = [at(c), at(x)];
    if (!point || !around || !isGuaranteed(A, around[0])) return null;
    const h = A.sub(x, c);
    const terms = point.slice(0, ORDER).concat([around[ORDER]]).slice(2);
    const second = A.sum(
      terms.map((a, i) => A.mul(A.mul(A.of(Rational.of((i + 2) * (i + 1))), a), i === 0 ? A.one : A.pown(h, i))),
    );
    return isGuaranteed(A, second) ? second : null;
  };
}

/** The number n of the remainder's term. */
const ORDER = 24;

function jets<I>(A: Arithmetic<I>): Calculus<Jet<I>> {
  const rules = functions(A);
  return {
    of: (value) => fixed(A, A.of(value)),
    neg: (u) => u?.map(A.neg) ?? null,
    add: (u, v) => u && v && u.map((a, k) => A.add(a, v[k])),
    sub: (u, v) => u && v && u.map((a, k) => A.sub(a, v[k])),
    mul: (u, v) => u && v && product(A, u, v),
    div: (u, v) => u && v && quotient(A, u, v),
    pow: (exponent) => (u) => u && power(A, u, exponent),
    apply: (fn, args) => {
      const known = args.every((arg) => arg !== null) ? args : null;
      return known && rules[fn.name as FunctionName](known);
    },
  };
}

function fixed<I>(A: Arithmetic<I>, value: I): I[] {
  return [value, ...new Array<I>(ORDER).fill(A.zero)];
}

/** A jet coefficient by coefficient, each from those before. */
function built<I>(first: I, next: (k: number, before: readonly I[]) => I): I[] {
  const jet = [first];
  for (let k = 1; k <= ORDER; k++) jet.push(next(k, jet));
  return jet;
}

/** sum_{i=from..to} u_i v_{k-i}. */
function convolution<I>(A: Arithmetic<I>, u: readonly I[], v: readonly I[], k: number, from: number, to: number): I {
  const indices = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return A.dot(
    indices.map((i) => u[i]),
    indices.map((i) => v[k - i]),
  );
}

/** i u_i: those of t u'(t). */
function scaled<I>(A: Arithmetic<I>, u: readonly I[]): I[] {
  return u.map((a, i) => A.mul(A.of(Rational.of(i)), a));
}

function over<I>(A: Arithmetic<I>, x: I, k: number): I {
  return A.div(x, A.of(Rational.of(k)));
}

function product<I>(A: Arithmetic<I>, u: readonly I[], v: readonly I[]): I[] {
  return u.map((_, k) => convolution(A, u, v, k, 0, k));
}

function quotient<I>(A: Arithmetic<I>, u: readonly I[], v: readonly I[]): I[] {
  return built(A.div(u[0], v[0]), (k, q) => A.div(A.sub(u[k], convolution(A, q, v, k, 0, k - 1)), v[0]));
}

function power<I>(A: Arithmetic<I>, u: readonly I[], exponent: Rational): I[] {
  if (!exponent.isInteger()) {
    return built(A.pow(u[0], exponent), (k, p) => {
      const weights = u.map((a, i) => A.mul(A.of(exponent.mul(Rational.of(i)).sub(Rational.of(k - i))), a));
      return A.div(over(A, convolution(A, weights, p, k, 1, k), k), u[0]);
    });
  }
  if (exponent.sign() < 0) return quotient(A, fixed(A, A.one), power(A, u, exponent.neg()));
  let result = fixed(A, A.one);
  let square = [...u];
  for (let rest = Number(exponent.num); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = product(A, result, square);
    if (rest > 1) square = product(A, square, square);
  }
  return result;
}

type JetRule<I> = (args: readonly (readonly I[])[]) => Jet<I>;

/** exp(u), from e' = e u'. */
function exponential<I>(A: Arithmetic<I>, u: readonly I[]): I[] {
  return integrated(A, A.exp(u[0]), u, (e) => e);
}

/** The jet that starts with `first` and whose derivative is w u', w from the jet as far as it is known. */
function integrated<I>(A: Arithmetic<I>, first: I, u: readonly I[], w: (before: readonly I[]) => readonly I[]): I[] {
  const du = scaled(A, u);
  return built(first, (k, before) => over(A, convolution(A, du, w(before), k, 1, k), k));
}

function functions<I>(A: Arithmetic<I>): Readonly<Record<FunctionName, JetRule<I>>> {
  const extremum =
    (isFirst: (a: I, b: I) => boolean | undefined): JetRule<I> =>
    (args) =>
      args.slice(1).reduce<Jet<I>>((best, arg) => {
        const first = best && isFirst(best[0], arg[0]);
        return first === undefined ? null : first ? best : arg;
      }, args[0]);
  return {
    exp: ([u]) => exponential(A, u),
    erf: ([u]) => {
      const twoOverRootOfPi = A.div(A.of(Rational.of(2)), A.sqrt(pi(A)));
      const slope = exponential(A, product(A, u, u).map(A.neg)).map((a) => A.mul(twoOverRootOfPi, a));
      return integrated(A, A.erf(u[0]), u, () => slope);
    },
    log: ([u]) =>
      built(A.log(u[0]), (k, l) => A.div(A.sub(u[k], over(A, convolution(A, scaled(A, l), u, k, 1, k - 1), k)), u[0])),
    sin: ([u]) => waves(A, u).sine,
    cos: ([u]) => waves(A, u).cosine,
    tanh: ([u]) => {
      const squares = (t: readonly I[]) => t.map((_, k) => convolution(A, t, t, k, 0, k));
      return integrated(A, A.tanh(u[0]), u, (t) => squares(t).map((s, k) => (k === 0 ? A.sub(A.one, s) : A.neg(s))));
    },
    abs: ([u]) => (A.less(A.zero, u[0]) ? u : A.less(u[0], A.zero) ? u.map(A.neg) : null),
    min: extremum((a, b) => A.less(a, b)),
    max: extremum((a, b) => A.less(b, a)),
    pi: () => fixed(A, pi(A)),
    select: () => null,
    branch: () => null,
  };
}

function pi<I>(A: Arithmetic<I>): I {
  const { lo, hi } = piBounds(A.precision + 8);
  return A.between(lo, hi);
}

function waves<I>(A: Arithmetic<I>, u: readonly I[]): { readonly sine: I[]; readonly cosine: I[] } {
  const du = scaled(A, u);
  const [sine, cosine] = [[A.sin(u[0])], [A.cos(u[0])]];
  for (let k = 1; k <= ORDER; k++) {
    sine.push(over(A, convolution(A, du, cosine, k, 1, k), k));
    cosine.push(A.neg(over(A, convolution(A, du, sine, k, 1, k), k)));
  }
  return { sine, cosine };
}

import type { Matrix, PairwiseDesign } from '../../../constructions/pairwise-max.js';
import {
  approximate,
  bilinear,
  compile,
  float64,
  fromFloat,
  gapOf,
  type Network,
  pairwiseTarget,
  Rational,
  Tensor,
} from '../../../src/index.js';

/** Products of numbers that the search on doubles may spend. */
const SEARCH = 1 << 21;
const LEVELS = [1, 0.7, 1.4, 0.4, 2];
const SHRINKS = 9;

/**
 * The worst of a few inputs that the proof suggests, found on doubles. The tokens of a term's block stand
 * close to a pair (u, w) of corners with a large score: one of them there, the others where scores are lower by about
 * (1 + lambda)/beta, the extremal levels of a soft maximum. Shrinking all tokens a little moves the halves between knots.
 */
export function pairwiseWitness(network: Network, design: PairwiseDesign): readonly Rational[] {
  const { T, d, squares } = design;
  const terms = design.A.map((A) => ({ A }));
  const value = compile(network, float64);
  const seen = (x: readonly Rational[]) => {
    const [y] = value({ x: new Tensor([T, d], x.map(approximate)) }).y.dense(0);
    return Math.abs(y - approximate(pairwiseTarget(terms, x, d)));
  };
  const units = squares.reduce((total, { halves, N }) => total + halves.length * N, 0);
  const most = Math.max(2, Math.floor(SEARCH / (T * T * d + T * units)));
  const inputs = candidates(design).slice(0, most);
  return inputs.map((x) => ({ x, error: seen(x) })).reduce((a, b) => (a.error < b.error ? b : a)).x;
}

function candidates({ T, d, A, r, beta, squares }: PairwiseDesign): Rational[][] {
  const lambda = approximate(gapOf(T));
  const N = Math.max(...squares.map((square) => square.N));
  const inputs: Rational[][] = [];
  for (let k = 0; k < SHRINKS; k++) {
    const shrink = Rational.one.sub(Rational.of(k, 4 * N));
    for (const level of LEVELS) {
      for (const corners of [sameCorner, twoCorners]) {
        const tokens = Array.from({ length: T }, (_, t) => {
          const block = Math.floor((t * A.length) / T);
          const first = Math.ceil((block * T) / A.length);
          const pair = corners(A[block], r);
          const top = bilinear(A[block], pair[0], pair[pair.length - 1]);
          const lowered = fromFloat(level * (1 + lambda))
            .div(beta)
            .div(top.abs().max(beta.inverse()))
            .min(Rational.one);
          const scale = t - first < pair.length ? Rational.one : Rational.one.sub(lowered);
          return pair[(t - first) % pair.length].map((entry) => entry.mul(scale).mul(shrink));
        });
        inputs.push(tokens.flat());
      }
    }
  }
  return inputs.map((x) => x.slice(0, T * d));
}

const MOST_CORNERS = 256;

function corners(d: number, r: Rational): Rational[][] {
  const count = Math.min(2 ** d, MOST_CORNERS);
  return Array.from({ length: count }, (_, k) => Array.from({ length: d }, (_, j) => ((k >> j) & 1 ? r.neg() : r)));
}

/** The corner u with the largest u' A u, alone. */
function sameCorner(A: Matrix, r: Rational): readonly (readonly Rational[])[] {
  const [u] = best(corners(A.length, r), (x) => bilinear(A, x, x));
  return [u];
}

/** Corners (u, w) with the largest u' A w. */
function twoCorners(A: Matrix, r: Rational): readonly [readonly Rational[], readonly Rational[]] {
  const against = (w: readonly Rational[]) =>
    A.map((row) =>
      row.reduce((total, entry, k) => total.add(entry.mul(w[k])), Rational.zero).sign() < 0 ? r.neg() : r,
    );
  const [w] = best(corners(A.length, r), (x) => bilinear(A, against(x), x));
  return [against(w), w];
}

function best<X>(list: readonly X[], value: (x: X) => Rational): readonly [X, Rational] {
  return list.map((x) => [x, value(x)] as const).reduce((a, b) => (a[1].lt(b[1]) ? b : a));
}

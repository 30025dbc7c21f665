/**
 * A wide one-layer state-space model as a deep one with small weights (norm factorisation).
 *
 * Target: rho(t) = sum_{i<=N} alpha_i lam_i^t, that is G(w) = sum_i alpha_i/(1 - lam_i w) in w = 1/z, with
 * N = l (m - 1) + 1, |lam_i| < 1 and |alpha_i| <= c1^2. Sort |lam| decreasing and deal the first l (m - 1) poles out
 * layer by layer: chain j = 1..m-1 has the poles lam_1, ..., lam_l (its own numbering), |lam_1| >= ... >= |lam_l|, one in
 * each layer. Layers 1..l-1 get one more state with pole 0, the pass; layer l one more with the last pole lam_N.
 *
 * Weights, with one number tau > 0:
 *   (k-1, j) -> (k, j): tau          pass_{k-1} -> pass_k, x -> pass_1: tau       C = (tau, ..., tau)
 *   pass_{k-1} -> (k, j), x -> (1, j): q_k of chain j                            pass_{l-1} -> last state: alpha_N/tau^l
 * The pass of layer k has the transfer function tau^k, so the last state gives alpha_N/(1 - lam_N w) after C.
 *
 * Chain (1 - mu w)/(1 - lam w) = r + (1 - r)/(1 - lam w) for mu = r lam. So with r(k, i) = lam_k/lam_i, and 1 when both
 * are 0 (zero poles come last in the order, so lam_i = 0 means lam_k = 0), multiplying sum_{i<=k} a_i/(1 - lam_i w) by
 * 1 - lam_k w leaves a constant and a sum over i < k. Starting from a^(l)_i = alpha_i/tau, for k = l..1,
 *   q_k = (a^(k)_k + sum_{i<k} a^(k)_i r(k, i)) / tau^(k-1),   a^(k-1)_i = a^(k)_i (1 - r(k, i)) / tau  (i < k),
 * layer k of the chain has the transfer function sum_{i<=k} a^(k)_i/(1 - lam_i w). With lam_i = p_i/d_i in closed form
 *   tau^l prod_{k'>=k} d_k' q_k = sum_{i<=k} alpha_i p_k d_i prod_{k'>k} (p_i d_k' - p_k' d_i) / p_i^(l-k+1),
 * where the terms with p_i = 0 are alpha_i when k = l and 0 otherwise (they come last, so p_l = 0 if there are any).
 *
 * Size: |r| <= 1 and |1 - r| <= 2, so |a^(k)_i| <= 2^(l-k) c1^2/tau^(l-k+1), and as k <= 2^(k-1),
 *   |q_k| <= k 2^(l-k) c1^2/tau^l <= 2^(l-1) c1^2/tau^l,
 * which is at most tau when tau^(l+1) >= 2^(l-1) c1^2. Every entry of B and C is then at most
 *   tau = 2^((l-1)/(l+1)) c1^(2/(l+1)),
 * here rounded up to a number of 24 significant bits: the identities hold for every tau, the inequality upwards.
 */
import {
  Gaussian,
  type GaussianInteger,
  InputError,
  lcm,
  Rational,
  rootBounds,
  type StateSpace,
  gaussianIntegers as Z,
} from '../src/index.js';

/** One term alpha lam^t of an impulse response. */
export interface Mode {
  readonly pole: Gaussian;
  readonly residue: Gaussian;
}

/** Significant bits of tau: it is a float32, and exceeds the irrational constant by less than 2^-23 of it. */
const TAU_BITS = 24;

/** 2^((l-1)/(l+1)) c1^(2/(l+1)), the proved bound of the entries, rounded up. */
export function prescribedTau(l: number, c1: Rational): Rational {
  return rootBounds(Rational.pow2(l - 1).mul(c1.mul(c1)), l + 1, TAU_BITS).hi;
}

/** N = l (m - 1) + 1, the number of poles that l layers of width m realise. */
export function polesOf(l: number, m: number): number {
  return l * (m - 1) + 1;
}

/** The one-layer model of the target with |B_i| = c1 and |C_i| = |alpha_i|/c1 <= c1. */
export function shallowModel(modes: readonly Mode[], c1: Rational): StateSpace {
  const [b, c] = [new Gaussian(c1), new Gaussian(c1.inverse())];
  return {
    layers: [{ poles: modes.map(({ pole }) => pole), B: modes.map(() => [[0, b] as const]) }],
    C: modes.map(({ residue }, i) => [i, residue.mul(c)] as const),
  };
}

/** The l-layer model of width m of a target of l (m - 1) + 1 modes, with the weights above. */
export function deepModel(modes: readonly Mode[], l: number, m: number, tau: Rational): StateSpace {
  const sorted = [...modes].sort((a, b) => b.pole.squaredModulus().compare(a.pole.squaredModulus()));
  const last = sorted[l * (m - 1)];
  const chains = Array.from({ length: m - 1 }, (_, j) => Array.from({ length: l }, (_, k) => sorted[k * (m - 1) + j]));
  const entries = chains.map((chain) => chainWeights(chain, tau));
  const step = new Gaussian(tau);
  const pass = m - 1;
  const layers = Array.from({ length: l }, (_, k) => {
    const below = k === 0 ? 0 : pass;
    const weight = k === l - 1 ? last.residue.div(new Gaussian(tau.pow(l))) : step;
    return {
      poles: [...chains.map((chain) => chain[k].pole), k === l - 1 ? last.pole : Gaussian.zero],
      B: [
        ...entries.map((q, j) => [...(k === 0 ? [] : [[j, step] as const]), [below, q[k]] as const].filter(isNonzero)),
        [[below, weight] as const].filter(isNonzero),
      ],
    };
  });
  return { layers, C: Array.from({ length: m }, (_, j) => [j, step] as const) };
}

/** The l-layer model of width m with the given entries of A_1, ..., A_l and all other weights 1. */
export function unitWeightModel(poles: readonly Gaussian[], l: number, m: number): StateSpace {
  const ones = (count: number) => Array.from({ length: count }, (_, j) => [j, Gaussian.one] as const);
  const layers = Array.from({ length: l }, (_, k) => ({
    poles: poles.slice(k * m, (k + 1) * m),
    B: Array.from({ length: m }, () => ones(k === 0 ? 1 : m)),
  }));
  return { layers, C: ones(m) };
}

/** Binary digits that a weight may have: twice as many take four times as long to reduce to lowest terms. */
const LONGEST_WEIGHT = 1 << 17;

/** q_1, ..., q_l of one chain: integer arithmetic, and one division at the end of each. */
function chainWeights(chain: readonly Mode[], tau: Rational): Gaussian[] {
  const l = chain.length;
  const d = chain.map(({ pole }) => Z.denominatorOf(pole));
  const p = chain.map(({ pole }, i) => Z.timesInteger(pole, d[i]));
  checkLength(p, d);
  const E = chain.reduce((q, { residue }) => lcm(q, Z.denominatorOf(residue)), 1n);
  const alpha = chain.map(({ residue }) => Z.timesInteger(residue, E));
  const atZero = alpha.reduce((sum, a, i) => (Z.isZero(p[i]) ? Z.add(sum, a) : sum), Z.ZERO);
  const moved: GaussianInteger[] = alpha.map((a, i) => Z.scale(a, d[i]));
  const weights = new Array<Gaussian>(l);
  let scale = tau.pow(-l).mul(Rational.of(1n, E));
  for (let k = l - 1; k >= 0; k--) {
    let numerator = Z.ZERO;
    let denominator = Z.ONE;
    for (let i = 0; i <= k; i++) {
      if (Z.isZero(p[i])) continue;
      const own = Z.pow(p[i], l - k);
      numerator = Z.add(Z.mul(numerator, own), Z.mul(Z.mul(moved[i], p[k]), denominator));
      denominator = Z.mul(denominator, own);
    }
    if (k === l - 1) numerator = Z.add(numerator, Z.scale(Z.mul(atZero, denominator), d[k]));
    scale = scale.mul(Rational.of(1n, d[k]));
    weights[k] = Z.quotient(Z.scale(numerator, scale.num), Z.scale(denominator, scale.den));
    for (let i = 0; i < k; i++) moved[i] = Z.mul(moved[i], Z.sub(Z.scale(p[i], d[k]), Z.scale(p[k], d[i])));
  }
  return weights;
}

/** Throws InputError when weights would be too long: the digits of p_i^l, of all poles of the chain. */
function checkLength(p: readonly GaussianInteger[], d: readonly bigint[]): void {
  const digits = (n: bigint) => n.toString(2).length;
  const bits = p.reduce((sum, { re, im }, i) => sum + Math.max(digits(re), digits(im)) + digits(d[i]), 0) * p.length;
  if (bits <= LONGEST_WEIGHT) return;
  throw new InputError({
    field: 'poles',
    found: `weights of some ${bits} binary digits`,
    allowed: `at most ${LONGEST_WEIGHT}`,
    mend: 'make l smaller and m larger, or give poles of fewer digits',
  });
}

function isNonzero([, entry]: readonly [number, Gaussian]): boolean {
  return !entry.isZero();
}

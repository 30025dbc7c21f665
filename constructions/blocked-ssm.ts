/**
 * The parallel form of a one-layer model with real poles: blocks of K time steps at once, one short recurrence between
 * the blocks.
 *
 * Let s_b be the states before block b, s_0 = 0, and u_b the K inputs of block b. Unrolling h_i(t) = lam_i h_i(t-1) + x(t):
 *   s_{b+1,i} = lam_i^K s_{b,i} + sum_j lam_i^(K-1-j) u_{b,j},
 *   y(bK + t) = sum_i alpha_i lam_i^(t+1) s_{b,i} + sum_{j<=t} rho(t-j) u_{b,j}.
 * With z_b = (s_b, u_b) that is one recurrence z_b = [[L, R], [0, 0]] z_{b-1} + [0; I] u_b with L = diag(lam_i^K) and
 * R_ij = lam_i^(K-1-j), and one product y_b = z_b W with W = [O; T], O_it = alpha_i lam_i^(t+1), T_jt = rho(t-j). The
 * recurrence takes length/K steps, and the rest is matrix products, which devices do in parallel.
 */
import {
  Builder,
  InputError,
  impulseResponse,
  type Network,
  Rational,
  REAL_OUTPUT,
  sparse,
  gaussianIntegers as Z,
} from '../src/index.js';
import { type Mode, shallowModel } from './deep-ssm.js';

/** Largest block: its square is the number of products per block. */
const LARGEST_BLOCK = 256;

/** The largest divisor of the length up to 256. */
export function blockOf(length: number): number {
  let block = Math.min(LARGEST_BLOCK, length);
  while (length % block !== 0) block -= 1;
  return block;
}

/** x [time] -> y [time]. Throws InputError for modes that are not real. */
export function blockedNetwork(modes: readonly Mode[], length: number): Network {
  const complex = modes.find(({ pole, residue }) => !pole.im.isZero() || !residue.im.isZero());
  if (complex) {
    const found = `the pole ${complex.pole} with the residue ${complex.residue}`;
    throw new InputError({
      field: 'form',
      found,
      allowed: 'parallel for real poles and residues, recurrence for others',
    });
  }
  const [N, K] = [modes.length, blockOf(length)];
  const blocks = length / K;
  const powers = modes.map(({ pole }) => Array.from({ length: K + 1 }, (_, t) => pole.re.pow(t)));
  const rho = firstValues(modes, K);
  const width = N + K;
  const transition: [number, Rational][] = powers.flatMap((power, i) => [
    [i * width + i, power[K]] as [number, Rational],
    ...Array.from({ length: K }, (_, j): [number, Rational] => [i * width + N + j, power[K - 1 - j]]),
  ]);
  const readout: [number, Rational][] = [
    ...modes.flatMap(({ residue }, i) =>
      Array.from({ length: K }, (_, t): [number, Rational] => [i * K + t, product(residue.re, powers[i][t + 1])]),
    ),
    ...Array.from({ length: K * K }, (_, k): [number, Rational] => [N * K + k, rho[(k % K) - Math.floor(k / K)]]),
  ];
  const stored = (entries: readonly [number, Rational][]) => entries.filter(([, entry]) => entry && !entry.isZero());
  const b = new Builder();
  const u = b.reshape(b.input('x', { time: length }), { block: blocks, channel: K }, 'u');
  const A = b.constant(sparse([width, width], stored(transition)), 'A', 'weight');
  const identity = Array.from({ length: K }, (_, j) => [(N + j) * K + j, Rational.one] as const);
  const B = b.constant(sparse([width, K], identity), 'B', 'weight');
  const W = b.constant(sparse([width, K], stored(readout)), 'W', 'weight');
  const y = b.matmul(b.recurrence(u, A, B, 'z'), W, 'y.blocks');
  return b.network({ [REAL_OUTPUT]: b.reshape(y, { time: length }, REAL_OUTPUT) });
}

function firstValues(modes: readonly Mode[], count: number): Rational[] {
  const response = impulseResponse(shallowModel(modes, Rational.one));
  return Array.from({ length: count }, () => {
    const { numerator, denominator } = response.next().value;
    return Z.quotient(numerator, { re: denominator, im: 0n }).re;
  });
}

/** a b, where b has long parts: common factors are looked for between the short and the long parts only. */
function product(a: Rational, b: Rational): Rational {
  const left = Rational.of(a.num, b.den);
  const right = Rational.of(b.num, a.den);
  return Rational.unsafeReduced(left.num * right.num, left.den * right.den);
}

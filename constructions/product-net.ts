/**
 * Products by squares (`relu-product`): x y = s^2 - d^2 with s = (x + y)/2, d = (x - y)/2.
 *
 * - N pieces: both squares interpolated on [-U/2, U/2], where x, y lie too. Each is too large by at most U^2/(4 N^2), so
 *   |error| <= U^2/(4 N^2).
 * - m layers: f_m of `squareNet` at |s| and |d|, which lie in [0, 1] for x, y in [-1, 1]. Each is too large by at most
 *   2^(-2m-2), so |error| <= 2^(-2m-2). |z| = relu(z) + relu(-z).
 *
 * Both bounds are attained where one square has its largest error and the other none.
 */
import { Builder, type Network, type Node, Rational, tensor } from '../src/index.js';
import { hatNet, interpolant } from './hat-net.js';
import { squareNet } from './tooth-net.js';

/** Tensors of a half: s or d, its absolute value (m layers only), its square. */
export const HALVES = ['plus', 'minus'] as const;
export const absName = (half: string) => `${half}.abs`;
export const squareName = (half: string) => `${half}.square`;

/** How the squares are made. */
export type Squares = { readonly N: number; readonly U: Rational } | { readonly m: number };

/** Input x [coordinate 2], output y [value 1]. */
export function productNet(squares: Squares): Network {
  const b = new Builder();
  const x = b.input('x', { coordinate: 2 });
  const [plus, minus] = HALVES.map((half, k) => {
    const weights = tensor([2, 1], [Rational.of(1, 2), Rational.of(k === 0 ? 1 : -1, 2)]);
    const z = b.matmul(x, b.constant(weights, `${half}.weights`), half);
    return 'm' in squares
      ? squareNet(b, absolute(b, z, half), squares.m, squareName(half))
      : interpolated(b, z, squares, squareName(half));
  });
  return b.network({ y: b.sub(plus, minus, 'y') });
}

/** Parameters of the net: 6N + 6 or 14m + 14. */
export function productParameters(squares: Squares): number {
  return 'm' in squares ? 14 * squares.m + 14 : 6 * squares.N + 6;
}

function absolute(b: Builder, z: Node, half: string): Node {
  const signs = b.constant(tensor([1, 2], [Rational.one, Rational.of(-1)]), `${half}.signs`);
  const ones = b.constant(tensor([2, 1], [Rational.one, Rational.one]), `${half}.ones`);
  return b.matmul(b.relu(b.matmul(z, signs, `${half}.sides`), `${half}.units`), ones, absName(half));
}

function interpolated(b: Builder, z: Node, { N, U }: { N: number; U: Rational }, name: string): Node {
  const end = U.div(Rational.of(2));
  const hat = interpolant((s) => s.mul(s), end.neg(), end, N);
  return hatNet(b, z, [{ coordinate: 0, hat }], Rational.zero, name);
}

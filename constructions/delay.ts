/**
 * A delay by alpha steps as a circulant recurrence of order m > alpha.
 *
 * The diagonal model with the poles r w^j, w = e^(2 pi i/m), and residues r^-alpha w^(-j alpha)/m has the response
 * r^(t-alpha) 1[t = alpha mod m]. Its poles are irrational, but A = r P with P the cyclic shift e_i -> e_(i+1 mod m) is
 * similar to it and rational when r is: with B = e_0 and C = r^-alpha e_alpha',
 *   C' A^t B = r^(t-alpha) when t = alpha mod m, and 0 otherwise.
 * So the response is that of the delay before t = alpha + m, and with r^m = eta the echoes add up to eta/(1 - eta).
 */
import { Builder, type Network, Rational, REAL_OUTPUT, sparse } from '../src/index.js';

/** x [time] -> y [time], y(t) = x(t - alpha) up to echoes; requires m > alpha. */
export function circulantDelay(alpha: number, m: number, r: Rational, length: number): Network {
  return circulant(m, r, length, [[alpha, r.pow(-alpha)]]);
}

/** The same states with the output 0: the best that an order m <= alpha allows. */
export function zeroOutput(m: number, r: Rational, length: number): Network {
  return circulant(m, r, length, []);
}

function circulant(m: number, r: Rational, length: number, readout: readonly (readonly [number, Rational])[]): Network {
  const b = new Builder();
  const x = b.reshape(b.input('x', { time: length }), { time: length, channel: 1 }, 'h_0');
  const shift = Array.from({ length: m }, (_, i) => [i * m + ((i + m - 1) % m), r] as const);
  const A = b.constant(sparse([m, m], shift), 'A_1', 'weight');
  const B = b.constant(sparse([m, 1], [[0, Rational.one]]), 'B_1', 'weight');
  const h = b.recurrence(x, A, B, 'h_1');
  const C = b.constant(sparse([m, 1], readout), 'C', 'weight');
  return b.network({ [REAL_OUTPUT]: b.reshape(b.matmul(h, C, 'y.column'), { time: length }, REAL_OUTPUT) });
}

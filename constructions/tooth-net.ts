/**
 * The tooth g(z) = 2 min(z, 1 - z) on [0, 1], iterated, and what is made of it. One layer has two units:
 *   g(z) = 2 relu(z) - 4 relu(z - 1/2)   for z in [0, 1],
 * and g maps [0, 1] onto itself, so layers can follow one another: g^(k) has 2^(k-1) teeth (`telgarsky-sawtooth`).
 *
 * `squareNet` adds f_m(z) = z - sum_{s=1..m} g^(s)(z)/4^s, which interpolates z^2 on 2^m equal pieces
 * (`yarotsky-square`). Its error E_m = f_m - z^2 has E_0 = z - z^2 and E_m(z) = E_{m-1}(g(z))/4: for z <= 1/2,
 * E_0(z) - g(z)/4 = z/2 - z^2 = E_0(2 z)/4, for z >= 1/2 by symmetry, and the other terms of f_m are those of f_{m-1} at
 * g(z), over 4. Since g is onto, E_m takes the values [0, 4^-m/4]: 0 <= f_m - z^2 <= 2^(-2m-2), attained at 2^(-m-1).
 */
import { type Builder, type Node, Rational, tensor } from '../src/index.js';

/** Name of the tensor g^(s) [value 1] of the net called `name`. */
export function toothName(name: string, s: number): string {
  return `${name}.tooth.${s}`;
}

/** Adds g, g^(2), ..., g^(count) on top of z [1] with values in [0, 1]; returns them. Parameters: 6 a layer. */
export function sawtooth(b: Builder, z: Node, count: number, name: string): Node[] {
  const teeth: Node[] = [];
  let value = z;
  for (let s = 1; s <= count; s++) {
    const tooth = toothName(name, s);
    const fan = b.constant(tensor([1, 2], [Rational.one, Rational.one]), `${tooth}.fan`);
    const bias = b.constant(tensor([2], [Rational.zero, Rational.of(-1, 2)]), `${tooth}.bias`);
    const slopes = b.constant(tensor([2, 1], [Rational.of(2), Rational.of(-4)]), `${tooth}.slopes`);
    const units = b.relu(b.affine(value, fan, bias, `${tooth}.sum`), `${tooth}.units`);
    value = b.matmul(units, slopes, tooth);
    teeth.push(value);
  }
  return teeth;
}

/** Adds f_m on top of z [1] with values in [0, 1]; returns [1]. Parameters: 7 m + 1. */
export function squareNet(b: Builder, z: Node, m: number, name: string): Node {
  const teeth = sawtooth(b, z, m, name);
  const shares = teeth.map((_, k) => Rational.of(-1).mul(Rational.pow2(-2 * (k + 1))));
  const weights = b.constant(tensor([m + 1, 1], [Rational.one, ...shares]), `${name}.shares`);
  return b.matmul(b.concat([z, ...teeth], 0, `${name}.terms`), weights, name);
}

/** Parameters of `squareNet`. */
export function squareParameters(m: number): number {
  return 7 * m + 1;
}

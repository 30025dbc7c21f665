import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { airyBounds } from '../../src/numbers/airy.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';

/** Statements about memory functions and doubly stochastic scalings, in doubles. */

export type Target = Readonly<Record<'family' | 'alpha' | 'p' | 's0', string>>;

const known = new Map<string, number[]>();

/** rho(0), rho(1), ... of a memory function. */
export function memoryValues(target: Target, count: number): number[] {
  const key = JSON.stringify([target, count]);
  const found = known.get(key) ?? computed(target, count);
  known.set(key, found);
  return found;
}

function computed({ family, alpha, p, s0 }: Target, count: number): number[] {
  const exact = (text: string) => parseRational(text);
  const value: Readonly<Record<string, (t: number) => number>> = {
    exponential: (t) => Math.exp(-approximate(exact(alpha)) * t),
    polynomial: (t) => (1 + t) ** -approximate(exact(p)),
    airy: (t) => approximate(airyBounds(exact(s0).mul(Rational.of(t).sub(exact(alpha)))).lo),
    delay: (t) => (exact(alpha).equals(Rational.of(t)) ? 1 : 0),
  };
  return Array.from({ length: count }, (_, t) => value[family](t));
}

/** The singular values of (rho(i + j)), i, j < n, the largest first. */
export function hankelValues(target: Target, n: number): number[] {
  const rho = memoryValues(target, 2 * n - 1);
  return new SingularValueDecomposition(new Matrix(rho.slice(0, n).map((_, i) => rho.slice(i, i + n)))).diagonal;
}

/** The doubly stochastic scaling of a positive matrix, by Sinkhorn's iteration. */
export function scaling(A: readonly (readonly number[])[]): number[][] {
  let B = A.map((row) => [...row]);
  for (let k = 0; k < 2000; k++) {
    const columns = A.map((_, j) => B.reduce((sum, row) => sum + row[j], 0));
    const divided = B.map((row) => row.map((x, j) => x / columns[j]));
    B = divided.map((row) => row.map((x) => x / row.reduce((a, b) => a + b, 0)));
  }
  return B;
}

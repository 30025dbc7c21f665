/**
 * Modes for a measured impulse response rho(0), ..., rho(n-1), by the eigensystem realisation algorithm (Juang, Pappa
 * 1985): with the Hankel matrices H_0 = (rho(i + j)), H_1 = (rho(i + j + 1)) and H_0 = U S V' cut to the N largest
 * singular values, the eigenvalues of S^(-1/2) U' H_1 V S^(-1/2) are the poles; residues follow by least squares.
 *
 * All of it in floats: the fit is a candidate, rounded to multiples of 2^-40, and what it is worth is decided afterwards
 * by its exact distance from the measured values. Conjugate pairs stay pairs, so that the fit is real.
 */
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition, solve } from 'ml-matrix';
import { approximate, fromFloat, Gaussian, InputError, Rational } from '../src/index.js';
import type { Mode } from './deep-ssm.js';

/** Poles on or outside the unit circle are moved to this modulus. */
const LARGEST_MODULUS = 0.9999;
const GRID = 2 ** 40;

/** N modes for the response. Throws InputError for fewer than 2 N values. */
export function fitResponse(response: readonly Rational[], N: number): Mode[] {
  if (response.length < 2 * N) {
    const found = `${response.length} values of an impulse response`;
    throw new InputError({ found, allowed: `at least 2 N = ${2 * N}`, mend: 'make l or m smaller' });
  }
  const values = response.map(approximate);
  const poles = eigenvalues(values, N).map(inside);
  const columns = poles.flatMap(([re, im]): number[][] => {
    if (im < 0) return [];
    const powers = powersOf([re, im], values.length);
    return im === 0 ? [powers.map(([a]) => a)] : [powers.map(([a]) => 2 * a), powers.map(([, b]) => -2 * b)];
  });
  const weights = solve(new Matrix(columns).transpose(), Matrix.columnVector(values), true).to1DArray();
  let next = 0;
  return poles.flatMap(([re, im]): Mode[] => {
    if (im < 0) return [];
    const [a, b] = im === 0 ? [weights[next++], 0] : [weights[next++], weights[next++]];
    const mode = { pole: gaussian(re, im), residue: gaussian(a, b) };
    return im === 0 ? [mode] : [mode, { pole: mode.pole.conjugate(), residue: mode.residue.conjugate() }];
  });
}

type Complex = readonly [re: number, im: number];

function eigenvalues(values: readonly number[], N: number): Complex[] {
  const size = Math.floor(values.length / 2);
  const hankel = (shift: number) =>
    new Matrix(
      Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => values[i + j + shift] ?? 0)),
    );
  const svd = new SingularValueDecomposition(hankel(0));
  const columns = Array.from({ length: N }, (_, k) => k);
  const scale = Matrix.diag(svd.diagonal.slice(0, N).map((s) => (s > 0 ? 1 / Math.sqrt(s) : 0)));
  const U = svd.leftSingularVectors.subMatrixColumn(columns);
  const V = svd.rightSingularVectors.subMatrixColumn(columns);
  const A = scale.mmul(U.transpose()).mmul(hankel(1)).mmul(V).mmul(scale);
  const { realEigenvalues, imaginaryEigenvalues } = new EigenvalueDecomposition(A);
  return realEigenvalues.map((re, k) => [re, imaginaryEigenvalues[k]] as const);
}

function inside([re, im]: Complex): Complex {
  const modulus = Math.hypot(re, im);
  if (modulus <= LARGEST_MODULUS) return [re, im];
  return [(re / modulus) * LARGEST_MODULUS, (im / modulus) * LARGEST_MODULUS];
}

function powersOf([re, im]: Complex, count: number): Complex[] {
  let power: Complex = [1, 0];
  return Array.from({ length: count }, () => {
    const current = power;
    power = [power[0] * re - power[1] * im, power[0] * im + power[1] * re];
    return current;
  });
}

function gaussian(re: number, im: number): Gaussian {
  const [a, b] = [re, im].map((x) => (Number.isFinite(x) ? fromFloat(Math.round(x * GRID) / GRID) : Rational.zero));
  return new Gaussian(a, b);
}

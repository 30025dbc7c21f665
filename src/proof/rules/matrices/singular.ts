/**
 * Singular values of an exact matrix M, by exact inertia: as many of them exceed s >= 0 as M'M - s^2 I has positive eigenvalues.
 * A candidate from floats is decided at its two ends.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Network } from '../../../network/network.js';
import { approximate, fromFloat } from '../../../numbers/convert.js';
import { eigenvaluesAbove } from '../../../numbers/inertia.js';
import { Rational } from '../../../numbers/rational.js';
import { multiplied, type RationalMatrix, transposed } from '../../../numbers/rational-matrix.js';
import { roundedTo } from '../../../numbers/significant-bits.js';
import { certified, mint, type Outcome, open } from '../../fact.js';
import { type Sentence, special } from '../../sentence.js';
import type { Rule } from '../../step.js';
import type { Enclosure } from '../../verdict.js';
import { matrixOf } from './object.js';

export const singularValue: Rule = { id: 'singular-value', tex: "\\#\\{k : \\sigma_k(M) > s\\} = n_+(M'M - s^2 I)" };

/** Singular value k of a matrix of the object, counted from the largest. */
export function singularSentence(output: string, k: number, bounds: Partial<Enclosure> | null): Sentence {
  return special(`singular value ${k} of the matrix ${output}`, bounds ?? { asked: true }, `\\sigma_{${k}}(${output})`);
}

/** Relative distance of the ends from the float candidate, and absolute distance from one that is nearly 0. */
const CLOSE = 2 ** -28;
const NEAR_ZERO = 2 ** -22;

/** The singular value between two numbers whose relative distance is 2^-27, exact where it is 0. */
export function proveSingularValueOf(object: Network, output: string, k: number): Outcome {
  const M = matrixOf(object, output);
  const gram = multiplied(transposed(M), M);
  const { subject } = singularSentence(output, k, null).bounds[0];
  if (k < 1 || k > gram.length)
    return open(singularValue, 'singular', subject, `the matrix has ${gram.length} columns`);
  const candidate = floatSingularValue(gram, k);
  const isZero = eigenvaluesAbove(gram, Rational.zero) < k;
  const largest = floatSingularValue(gram, 1);
  const margin = candidate < NEAR_ZERO * largest ? NEAR_ZERO * largest : candidate * CLOSE;
  const lo = isZero || candidate <= margin ? Rational.zero : roundedTo(fromFloat(candidate - margin), 60, 'down');
  const hi = isZero ? Rational.zero : roundedTo(fromFloat(candidate + margin), 60, 'up');
  const reach = lo.isZero() ? k : eigenvaluesAbove(gram, lo.pow(2));
  const exceed = isZero ? k - 1 : eigenvaluesAbove(gram, hi.pow(2));
  if (reach < k || exceed >= k)
    return open(singularValue, 'singular', subject, `${reach} singular values exceed ${lo}, ${exceed} exceed ${hi}`);
  const base = { rule: singularValue, id: `singular${k}`, network: object, domain: null, found: null };
  return mint({
    ...{ ...base, says: singularSentence(output, k, { lo, hi }), enclosure: { lo, hi } },
    ...certified(() => ({ kind: 'singular-value', output, k, lo: `${lo}`, hi: `${hi}` })),
  });
}

function floatSingularValue(gram: RationalMatrix, k: number): number {
  const floats = new Matrix(gram.map((row) => row.map(approximate)));
  const values = new EigenvalueDecomposition(floats, { assumeSymmetric: true }).realEigenvalues;
  return Math.sqrt(Math.max(0, values.sort((a, b) => b - a)[k - 1]));
}

/** Exact numbers and outward-rounded arithmetic. */
export type { Arithmetic } from '../numbers/arithmetic.js';
export { ballIntervals } from '../numbers/balls.js';
export { approximate, fromFloat } from '../numbers/convert.js';
export { toDecimal } from '../numbers/decimal.js';
export { doubleIntervals } from '../numbers/doubles.js';
export { determinant, independentRows, inverse, kernel, rank, solve } from '../numbers/elimination.js';
export { Gaussian, parseGaussian } from '../numbers/gaussian.js';
export {
  type Diagonalised,
  diagonalised,
  eigenvaluesAbove,
  type Inertia,
  inertia,
  isPositiveDefinite,
} from '../numbers/inertia.js';
export {
  entriesOf as intervalEntries,
  type IntervalMatrix,
  matrixOf as intervalMatrix,
  product as multiplyIntervals,
} from '../numbers/matrix.js';
export { parseRational } from '../numbers/parse.js';
export { Rational, sum } from '../numbers/rational.js';
export {
  combined,
  identityMatrix,
  isSymmetric,
  multiplied,
  type RationalMatrix,
  transposed,
} from '../numbers/rational-matrix.js';
export { roundedTo } from '../numbers/significant-bits.js';

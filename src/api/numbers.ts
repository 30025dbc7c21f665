/** Exact numbers and outward-rounded arithmetic. */
export type { Arithmetic } from '../numbers/arithmetic.js';
export { ballIntervals } from '../numbers/balls.js';
export { approximate, fromFloat } from '../numbers/convert.js';
export { toDecimal } from '../numbers/decimal.js';
export { doubleIntervals } from '../numbers/doubles.js';
export { Gaussian, parseGaussian } from '../numbers/gaussian.js';
export { parseRational } from '../numbers/parse.js';
export { Rational, sum } from '../numbers/rational.js';
export { shortened } from '../numbers/short.js';

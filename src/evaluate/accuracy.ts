import type { FunctionName } from '../network/operations.js';
import type { Dtype, Provider } from './target.js';

/**
 * How far the operations of an execution provider may be off, in units in the last place (ulps) of the result: one ulp
 * is at most 2u times the result, u = 2^-precision, unless the result is subnormal. Sums may be taken in any order, with
 * fused operations.
 */
export interface Accuracy {
  /** Sums and products of two numbers: 1/2 when they are rounded to nearest, 1 when to either neighbour. */
  readonly basic: number;
  /** The share exp(z_t) / sum_s exp(z_s) as a quotient of its two parts. */
  readonly quotient: number;
  /** Whether 1 / 2^k comes out exactly. */
  readonly exactReciprocals: boolean;
  /** exp(x) is off by at most `ulps + perUnit |x|`; `exactAtZero` where exp(0) = 1 (IEEE 754-2019, section 9.2.1). */
  readonly exp: { readonly ulps: number; readonly perUnit: number; readonly exactAtZero: boolean };
  /**
   * Other functions: off by at most `ulps` and, besides, `units` 2^-precision, the precision of the format; null where
   * nothing is known of them.
   */
  readonly functions: Readonly<
    Record<Exclude<FunctionName, 'exp'>, { readonly ulps: number; readonly units: number }>
  > | null;
  /** Whether subnormal numbers may be taken for 0. */
  readonly flushes: boolean;
  /** Where these numbers come from. */
  readonly source: string;
  /** What no publication promises of softmax in a format, so that its bound rests on a cautious figure. */
  readonly assumed: Readonly<Partial<Record<Dtype, string>>>;
}

const MEASURED_BY_NVIDIA = 'exp within 2.5 + 1.173 |x| ulps, which NVIDIA found by extensive, not exhaustive, tests';

/**
 * The execution providers of onnxruntime that are known here.
 *
 * exp of MLAS in float32, with u = 2^-24: x = m ln 2 + r is reduced by two constants whose sum misses ln 2 by 4.7e-11, the
 * product with the first is exact, so r is off by at most 0.7 u + 0.1 u for |m| <= 128; the polynomial of degree 6 is off
 * by 0.11 u on |r| <= 0.3466, evaluating it by Horner's rule, fused or not, by 2.1 u; the factor 2^m is exact. In all
 * 3.1 u, below 2 ulps. No publication bounds log, tanh, sigmoid, erf, sin and cos there: the figures below are at least
 * twice the worst of 4 million arguments in float32 (log 3.2 ulps, tanh 5.4 units, sigmoid 2.8 units, erf 1, sin and cos
 * 2.4 ulps up to |x| = 1000), an assumption. Shares are products with the rounded reciprocal of the sum: two roundings, below 3/2 ulps.
 */
export const ACCURACY = {
  cpu: {
    basic: 1 / 2,
    quotient: 3 / 2,
    exactReciprocals: true,
    exp: { ulps: 2, perUnit: 0, exactAtZero: true },
    functions: {
      log: { ulps: 8, units: 8 },
      sqrt: { ulps: 1 / 2, units: 0 },
      tanh: { ulps: 4, units: 16 },
      sigmoid: { ulps: 4, units: 16 },
      erf: { ulps: 4, units: 8 },
      sin: { ulps: 8, units: 8 },
      cos: { ulps: 8, units: 8 },
    },
    flushes: false,
    source:
      'IEEE 754 for + - * / and sqrt; onnxruntime/core/mlas/lib/compute.cpp (MlasComputeSumExpVector, its constants analysed ' +
      'above) for exp in float32 and float16; session.set_denormal_as_zero is off by default',
    assumed: { float64: 'exp within 2 ulps, as Eigen states no error of its own' },
  },
  webgpu: {
    basic: 1,
    quotient: 5 / 2,
    exactReciprocals: false,
    exp: { ulps: 3, perUnit: 2, exactAtZero: false },
    functions: null,
    flushes: true,
    source:
      'W3C, WebGPU Shading Language, section Floating Point Accuracy: + - * rounded to either neighbour, x / y to 2.5 ' +
      'ulps for normal |y| up to 2^126 (2^14 in f16), exp to 3 + 2 |x| ulps (1 + 2 |x| in f16); Differences from ' +
      'IEEE-754: inputs and results may be flushed to zero',
    assumed: {},
  },
  cuda: {
    basic: 1 / 2,
    quotient: 5 / 2,
    exactReciprocals: false,
    exp: { ulps: 5 / 2, perUnit: 1.173, exactAtZero: true },
    functions: null,
    flushes: true,
    source:
      'NVIDIA, CUDA C++ Programming Guide, Mathematical Functions: + * correctly rounded; the intrinsics __expf, to ' +
      '2 + floor(|1.173 x|) ulps, and __fdividef, to 2 ulps for |y| up to 2^126, which the library functions (expf 2 ' +
      'or 1, / 0) do not exceed, in each case against the correctly rounded result, half an ulp from the exact one',
    assumed: { float64: MEASURED_BY_NVIDIA, float32: MEASURED_BY_NVIDIA, float16: MEASURED_BY_NVIDIA },
  },
} as const satisfies Record<Provider, Accuracy>;

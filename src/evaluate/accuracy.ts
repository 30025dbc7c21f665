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
  /** exp(x) is off by at most `ulps + perUnit |x|`. exp(0) = 1 is exact (IEEE 754-2019, section 9.2.1). */
  readonly exp: { readonly ulps: number; readonly perUnit: number };
  /** Whether subnormal numbers may be taken for 0. */
  readonly flushes: boolean;
  /** Where these numbers come from. */
  readonly source: string;
}

/** The execution providers of onnxruntime that are known here. */
export const ACCURACY = {
  cpu: {
    basic: 1 / 2,
    quotient: 3 / 2,
    exactReciprocals: true,
    exp: { ulps: 2, perUnit: 0 },
    flushes: false,
    source:
      'IEEE 754 for + - * /; onnxruntime documents no error of exp: its kernels (MLAS, mlas/lib/compute.cpp, for ' +
      'float32; Eigen for float64) aim at faithful rounding, which 2 ulps cover, and multiply by the rounded reciprocal; ' +
      'session.set_denormal_as_zero is off by default',
  },
  webgpu: {
    basic: 1,
    quotient: 5 / 2,
    exactReciprocals: false,
    exp: { ulps: 3, perUnit: 2 },
    flushes: true,
    source:
      'WGSL, section Floating Point Accuracy: + - * correctly rounded in no stated direction, / to 2.5 ulps, exp to ' +
      '3 + 2 |x| ulps, subnormal numbers may be flushed',
  },
  cuda: {
    basic: 1 / 2,
    quotient: 2,
    exactReciprocals: false,
    exp: { ulps: 2, perUnit: 1.173 },
    flushes: true,
    source:
      'CUDA C++ Programming Guide, appendix Mathematical Functions: the intrinsics __expf and __fdividef, which the ' +
      'library functions do not exceed',
  },
} as const satisfies Record<string, Accuracy>;

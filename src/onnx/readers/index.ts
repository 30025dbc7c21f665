import { Rational } from '../../numbers/rational.js';
import { scan } from '../scan.js';
import { abs, clip, hardSigmoid, leakyRelu, neg, pRelu, real, relu } from './activations.js';
import { div, elementwise, folded, mean, mul, reciprocalOf, unary } from './arithmetic.js';
import type { Reader } from './call.js';
import { constant, constantOfShape, expandOrZeros, rangeOperator, scatterND } from './constants.js';
import { averagePool, conv, globalPool, maxPool } from './convolutions.js';
import { cast, dropout, identity } from './identities.js';
import { constantOnly, truth } from './pointwise.js';
import { gemm, matmul } from './products.js';
import {
  extremum,
  meanOf,
  reduceAll,
  reduceL1,
  reduceMean,
  reduceProd,
  reduceSum,
  reduceSumSquare,
} from './reductions.js';
import { concat, gather, pad, slice, split, tile, where } from './selections.js';
import { flatten, reshape, shapeOperator, sizeOperator, squeeze, transpose, unsqueeze } from './shapes.js';
import { softmax } from './softmax.js';

/** The operators that a network is read from, in the senses that the opsets give them. */
export const READERS: Readonly<Record<string, Reader>> = {
  Abs: abs,
  Add: elementwise('add'),
  And: constantOnly(2, (a, b) => a.mul(b), 'boolean'),
  AveragePool: averagePool,
  Cast: cast,
  Clip: clip,
  Concat: concat,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Conv: conv,
  Div: div,
  Dropout: dropout,
  Equal: constantOnly(2, (a, b) => truth(a.equals(b)), 'boolean'),
  Expand: expandOrZeros,
  Flatten: flatten,
  Gather: gather,
  Gemm: gemm,
  GlobalAveragePool: globalPool(meanOf),
  GlobalMaxPool: globalPool((call, x, axes) => reduceAll(call, 'reduceMax', x, axes)),
  Greater: constantOnly(2, (a, b) => truth(b.lt(a)), 'boolean'),
  GreaterOrEqual: constantOnly(2, (a, b) => truth(b.le(a)), 'boolean'),
  HardSigmoid: unary((call, x) => hardSigmoid(call, x, real(call, 'alpha', 0.2), real(call, 'beta', 0.5), call.last)),
  HardSwish: unary((call, x) => call.last('mul', {}, x, hardSigmoid(call, x, Rational.of(1, 6), Rational.of(1, 2)))),
  Identity: identity,
  LeakyRelu: leakyRelu,
  Less: constantOnly(2, (a, b) => truth(a.lt(b)), 'boolean'),
  LessOrEqual: constantOnly(2, (a, b) => truth(a.le(b)), 'boolean'),
  MatMul: matmul,
  Max: folded('max'),
  MaxPool: maxPool,
  Mean: mean,
  Min: folded('min'),
  Mul: mul,
  Neg: neg,
  Not: constantOnly(1, (a) => Rational.one.sub(a), 'boolean'),
  Or: constantOnly(2, (a, b) => a.max(b), 'boolean'),
  PRelu: pRelu,
  Pad: pad,
  Range: rangeOperator,
  Reciprocal: reciprocalOf,
  ReduceL1: reduceL1,
  ReduceMax: extremum('reduceMax'),
  ReduceMean: reduceMean,
  ReduceMin: extremum('reduceMin'),
  ReduceProd: reduceProd,
  ReduceSum: reduceSum,
  ReduceSumSquare: reduceSumSquare,
  Relu: relu,
  Reshape: reshape,
  Scan: scan,
  ScatterND: scatterND,
  Shape: shapeOperator,
  Size: sizeOperator,
  Slice: slice,
  Softmax: softmax,
  Split: split,
  Squeeze: squeeze,
  Sub: elementwise('sub'),
  Sum: folded('add'),
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Where: where,
};

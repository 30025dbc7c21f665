/**
 * The public API: everything that a construction or a theorem file uses. `constructions/` and `proofs-check/` import
 * from here alone, as a user's own would.
 */
export * from './data/sequences.js';
export { type Cell, readTable } from './data/table.js';
export { Unfinished } from './deadline.js';
export { type Domain, domain, unitBox } from './enclose/box.js';
export { type Curve, composedErrors, type PartBounds } from './enclose/composed-error.js';
export type { Span } from './enclose/interpolation.js';
export { encloseTerms } from './enclose/linear/network.js';
export { separableSupremum } from './enclose/separable.js';
export { type GridFunction, supNormOnGrid } from './enclose/simplices.js';
export { type Supremum, supNorm, supremum } from './enclose/supremum.js';
export { findWitness, verifyBest } from './enclose/witness.js';
export * from './errors.js';
export { addForms, constantForm, scaleForm } from './evaluate/affine.js';
export { type Departure, type Deviating, deviation } from './evaluate/deviation.js';
export { compile, convert, type Values } from './evaluate/evaluate.js';
export { exact } from './evaluate/exact.js';
export { inputVariable, nodeExpressions } from './evaluate/expressions.js';
export { float64 } from './evaluate/float64.js';
export { outputFormula } from './evaluate/formula.js';
export { impulseResponse, poleDenominator, response } from './evaluate/impulse.js';
export { intervals as intervalAlgebra } from './evaluate/intervals.js';
export type { Target } from './evaluate/target.js';
export { executionClaim, measured, notRun } from './execution/claim.js';
export { searchDevice } from './execution/device-search.js';
export { drawnExecution, drawnTokens, enclosedExpectation } from './execution/drawn.js';
export { type Expectation, runSamples } from './execution/execution.js';
export { perturbedMean } from './execution/perturbed-head.js';
export { type DeviationOf, domainDeviation, memoised, precisionAdvice } from './execution/precision.js';
export * from './instance/parameters.js';
export { Builder } from './network/builder.js';
export { canonicalForm } from './network/canonical.js';
export { between } from './network/cut.js';
export { Network, type Node } from './network/network.js';
export { rescaled } from './network/rescaled.js';
export { sizes } from './network/shape.js';
export * from './network/state-space.js';
export { summarise } from './network/summary.js';
export * from './network/tensor.js';
export { tokenWise } from './network/token-wise.js';
export { type Arithmetic, isGuaranteed } from './numbers/arithmetic.js';
export { ballIntervals } from './numbers/balls.js';
export { approximate, floorLog2, fromFloat } from './numbers/convert.js';
export { toDecimal } from './numbers/decimal.js';
export { doubleIntervals } from './numbers/doubles.js';
export { determinant, independentRows, inverse, kernel, rank, solve } from './numbers/elimination.js';
export { Gaussian, parseGaussian } from './numbers/gaussian.js';
export type { GaussianInteger } from './numbers/gaussian-integer.js';
export * as gaussianIntegers from './numbers/gaussian-integer.js';
export { lcm } from './numbers/gcd.js';
export { diagonalised, eigenvaluesAbove, inertia, isPositiveDefinite } from './numbers/inertia.js';
export type { Interval } from './numbers/interval.js';
export * from './numbers/minimal-recurrence.js';
export { parseRational } from './numbers/parse.js';
export { dyadicFraction, lehmer } from './numbers/random.js';
export { Rational, sum } from './numbers/rational.js';
export {
  identityMatrix,
  isSymmetric,
  multiplied,
  type RationalMatrix,
  transposed,
} from './numbers/rational-matrix.js';
export { rootBounds } from './numbers/root.js';
export { roundedTo } from './numbers/significant-bits.js';
export { parameterClaim, undecided, weightClaim } from './proof/claims.js';
export { ifThere } from './proof/derivation.js';
export type { Fact, Open, Outcome } from './proof/fact.js';
export type { Proposition } from './proof/proposition.js';
export type { Approximation } from './proof/propositions/approximation.js';
export { identitySentence, proveAffineIdentity, type StatedTensor } from './proof/rules/affine-identity.js';
export { numberSentence, proveArithmetic, proveNumber, relationsText } from './proof/rules/arithmetic.js';
export {
  type Calculus,
  costSentence,
  informationSets,
  proveCost,
  proveReach,
  reachSentence,
  readCalculus,
  wanted as wantedFacts,
} from './proof/rules/calculus/reach.js';
export { type CollisionTarget, collisionValue, proveCollision, readoutSentence } from './proof/rules/collision.js';
export { coordinateName, halfName, halfSquareName } from './proof/rules/composed-net.js';
export { type Count, countSentence, proveCount, proveSize, sizeSentence } from './proof/rules/counting.js';
export { proveByExactEvaluation, type Sample, samplesSentence } from './proof/rules/exact-evaluation.js';
export { closedBound, derivativeSentence, proveDerivative, temptingBound } from './proof/rules/hidden-entry.js';
export { absentSentence, marginSentence, proveContinuation, proveMarginAt } from './proof/rules/induction-margin.js';
export { domainText, minimumRange } from './proof/rules/inputs.js';
export { proveMcShane } from './proof/rules/mcshane.js';
export { seemingMinima } from './proof/rules/minimum-heads.js';
export * from './proof/rules/one-hot/index.js';
export {
  bilinear,
  type PairwiseTask,
  pairwiseSentence,
  pairwiseTarget,
  provePairwiseMaximum,
} from './proof/rules/pairwise-maximum.js';
export { proveRange, rangeContainedSentence } from './proof/rules/range.js';
export * from './proof/rules/retrieval/index.js';
export { proveSecondLargest, secondLargestSentence } from './proof/rules/second-largest.js';
export { proveSeparation, separationSentence } from './proof/rules/separation.js';
export * from './proof/rules/sequences/index.js';
export {
  gapConstant,
  gapOf,
  gapSentence,
  proveSoftMinimumGap,
  softMinimum,
  softMinimumRateSentence,
} from './proof/rules/soft-minimum.js';
export * from './proof/rules/state-space/index.js';
export {
  errorSentence,
  proveAtPoints,
  proveSupNorm,
  rangeSentence,
  type Target as SupNormTarget,
} from './proof/rules/sup-norm.js';
export { type Sentence, supremumSentence } from './proof/sentence.js';
export type { Step } from './proof/step.js';
export * from './proof/theorem.js';
export * from './proof/verdict.js';
export { ARGUMENT, type Component, compositeOf } from './symbolic/composition.js';
export { decompose } from './symbolic/decompose.js';
export { differentiate, hessian } from './symbolic/differentiate.js';
export { DomainError } from './symbolic/domain.js';
export { enclose } from './symbolic/enclosure.js';
export { evaluateExact, isExact, NotRational } from './symbolic/exact.js';
export { combination, type Expression, neg, sub, variable, variablesOf } from './symbolic/expression.js';
export { toFloat64 } from './symbolic/float64.js';
export { hinges } from './symbolic/hinges.js';
export { lipschitzConstant, lipschitzConstants } from './symbolic/lipschitz.js';
export { parseExpression } from './symbolic/parse.js';
export { isPiecewiseLinear, type Knot, knotsOf } from './symbolic/piecewise.js';
export { toText } from './symbolic/text.js';
export { upperBound } from './symbolic/upper-bound.js';
export { nearestValue, type ValueBounds, valueBounds } from './symbolic/value.js';
export { statedClaim } from './theorem-file/stated.js';
export { readMatrix } from './theorem-file/tables.js';

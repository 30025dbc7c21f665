export { differentiate, gradient, hessian, logitOf } from './differentiate.js';
export { DomainError } from './domain.js';
export { enclose, intervals, toIntervals } from './enclosure.js';
export { evaluateExact, isExact, NotRational } from './exact.js';
export {
  type Application,
  add,
  type Constant,
  children,
  combination,
  constant,
  div,
  type Expression,
  type FunctionRule,
  isTotal,
  mul,
  neg,
  one,
  type Power,
  type Product,
  power,
  product,
  rebuild,
  type Sum,
  scale,
  sub,
  sum,
  type Term,
  type Variable,
  variable,
  variablesOf,
  zero,
} from './expression.js';
export { toFloat64 } from './float64.js';
export { apply, type FunctionName } from './functions.js';
export { withoutScales } from './homogeneous.js';
export { sameExpression } from './identity.js';
export { secondDerivativeByJets } from './jets.js';
export { leadingOrder } from './leading-order.js';
export { type Box, lipschitzConstant, lipschitzConstants, type Supremum } from './lipschitz.js';
export { parseExpression } from './parse.js';
export { isPiecewiseLinear, type Knot, knotsOf } from './piecewise.js';
export { type Affine, affineOf, type Monomial, type Polynomial, polynomialOf } from './polynomial.js';
export { type Calculus, compile, type Operation, type Program, type Step } from './program.js';
export { type Range, rangeOf, type Side } from './range.js';
export { renamed } from './renamed.js';
export { withShares } from './shares.js';
export { toTex } from './tex.js';
export { toText } from './text.js';
export type { Growth } from './tree.js';
export { knownBounds, NoFiniteBounds, type ValueBounds, valueBounds } from './value.js';
export { fold } from './walk.js';

/** Formulas: read exactly, differentiated, enclosed over boxes. */
export {
  DomainError,
  differentiate,
  type Expression,
  enclose,
  evaluateExact,
  gradient,
  hessian,
  lipschitzConstant,
  parseExpression,
  toTex,
  toText,
  valueBounds,
  variable,
} from '../symbolic/index.js';

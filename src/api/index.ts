/**
 * The package's entry: proving statements, verifying and writing theorems, reading and writing networks. What each name is
 * for stands in docs/api.md, with examples.
 */

export { checkCertificate } from '../checker/check.js';
export { InputError } from '../errors.js';
export type { Target } from '../evaluate/target.js';
export {
  choice,
  complexes,
  integer,
  optional,
  type Parameter,
  type Parameters,
  rational,
  text,
  texts,
  type ValuesOf,
  withDefault,
} from '../instance/parameters.js';
export { Builder } from '../network/builder.js';
export { canonicalForm, sha256 } from '../network/canonical.js';
export type { Network, Node } from '../network/network.js';
export { type Summary, summarise } from '../network/summary.js';
export { type ExactTensor, filled, Tensor, tensor } from '../network/tensor.js';
export { toDecimal } from '../numbers/decimal.js';
export { parseRational } from '../numbers/parse.js';
export { Rational } from '../numbers/rational.js';
export { readNetwork, writeNetwork } from '../onnx/network-file.js';
export type {
  Audit,
  Construction,
  Hypothesis,
  Limit,
  Proof,
  ProvedClaim,
  Proving,
  Rate,
  Surroundings,
  Theorem,
  Trust,
} from '../proof/theorem.js';
export { parseStatement, printStatement } from '../statement/index.js';
export { parseExpression } from '../symbolic/parse.js';
export type { ClaimDocument, ResultDocument } from './calls/document.js';
export { type Ends, evaluate } from './calls/evaluate.js';
export { type InstanceOptions, type LibraryOptions, loadTheorem, theorems } from './calls/instances.js';
export { type Models, type ProveOptions, prove } from './calls/prove.js';
export { report } from './calls/report.js';
export { build, type Limits, type VerifyOptions, verify } from './calls/verify.js';

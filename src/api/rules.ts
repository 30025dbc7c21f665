/**
 * Rules: each checks its hypotheses on the weights of a network and returns facts, or what stays open. A theorem's claim
 * returns what rules gave it; nothing else makes a fact. What each rule shows stands in docs/api.md, with an example.
 */
export { type AffineForm, addForms, constantForm, scaleForm } from '../evaluate/affine.js';
export { Fact, type Open, type Outcome } from '../proof/fact.js';
export { identitySentence, proveAffineIdentity, type StatedTensor } from '../proof/rules/affine-identity.js';
export { numberSentence, proveArithmetic, proveNumber, relationsText } from '../proof/rules/arithmetic.js';
export { proveSize, sizeSentence } from '../proof/rules/counting.js';
export { proveByExactEvaluation, type Sample, samplesSentence } from '../proof/rules/exact-evaluation.js';
export { proveRange, rangeContainedSentence } from '../proof/rules/range.js';
export { proveSeparation, separationSentence } from '../proof/rules/separation.js';
export { proveStatement } from '../proof/rules/stated.js';
export {
  errorSentence,
  proveAtPoints,
  proveSupNorm,
  rangeSentence,
  type SupNorm,
  type Target,
} from '../proof/rules/sup-norm.js';
export { type Sentence, sentence } from '../proof/sentence.js';

/**
 * Rules: each checks its hypotheses on the weights of a network and returns facts, or what stays open. A theorem's claim
 * returns what rules gave it; nothing else makes a fact. What each rule shows stands in docs/api.md, with an example.
 */
import * as affine from '../proof/rules/affine-identity.js';
import * as arithmetic from '../proof/rules/arithmetic.js';
import * as counting from '../proof/rules/counting.js';
import * as samples from '../proof/rules/exact-evaluation.js';
import * as range from '../proof/rules/range.js';
import * as separation from '../proof/rules/separation.js';
import * as stated from '../proof/rules/statement/statement.js';
import * as supNorm from '../proof/rules/sup-norm.js';
import { guarded } from './taken.js';

export { type AffineForm, addForms, constantForm, scaleForm } from '../evaluate/affine.js';
export { Fact, type Open, type Outcome } from '../proof/fact.js';
export type { StatedTensor } from '../proof/rules/affine-identity.js';
export { relationsText } from '../proof/rules/arithmetic.js';
export type { Sample } from '../proof/rules/exact-evaluation.js';
export type { SupNorm, Target } from '../proof/rules/sup-norm.js';
export { type Sentence, sentence } from '../proof/sentence.js';

export const identitySentence = guarded(affine.identitySentence);
export const proveAffineIdentity = guarded(affine.proveAffineIdentity);
export const numberSentence = guarded(arithmetic.numberSentence);
export const proveArithmetic = guarded(arithmetic.proveArithmetic);
export const proveNumber = guarded(arithmetic.proveNumber);
export const proveSize = guarded(counting.proveSize);
export const sizeSentence = guarded(counting.sizeSentence);
export const proveByExactEvaluation = guarded(samples.proveByExactEvaluation);
export const samplesSentence = guarded(samples.samplesSentence);
export const proveRange = guarded(range.proveRange);
export const rangeContainedSentence = guarded(range.rangeContainedSentence);
export const proveSeparation = guarded(separation.proveSeparation);
export const separationSentence = guarded(separation.separationSentence);
export const proveStatement = guarded(stated.proveStatement);
export const errorSentence = guarded(supNorm.errorSentence);
export const proveAtPoints = guarded(supNorm.proveAtPoints);
export const proveSupNorm = guarded(supNorm.proveSupNorm);
export const rangeSentence = guarded(supNorm.rangeSentence);

export { blockedLength, proveBlockedResponse } from './blocks.js';
export { delayBarrierSentence, delaySentence, proveDelay, proveDelayBarrier, residueSentence } from './cycle.js';
export {
  depthBarrierSentence,
  leastDepthSentence,
  leastNormSentence,
  leastPower,
  proveDepthBarrier,
  proveLeastDepth,
  proveLeastNorm,
  root,
} from './depth.js';
export { entriesSentence, formSentence, largestEntry, layersSentence, proveEntries, proveForm } from './entries.js';
export { fitSentence, proveFit } from './fit.js';
export {
  normBarrierSentence,
  orderBarrierSentence,
  proveNormBarrier,
  proveOrderBarrier,
  proveSingularCount,
  proveSingularValue,
  type Section,
  singularCountSentence,
  singularValueSentence,
} from './hankel.js';
export { closureSentence, inclusionSentence, proveClosure, proveInclusion } from './inclusion.js';
export { memoryErrorSentence, proveMemoryError, type WorstTime } from './memory-error.js';
export { type Memory, memoryAt, memoryText } from './memory-target.js';
export { comparedLength, proveImpulseValues, proveResponse, responseSentence } from './transfer-identity.js';

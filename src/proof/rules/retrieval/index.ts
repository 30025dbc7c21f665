/** Retrieval: a function of minima of features over sets of tokens, against a network that takes them by heads or nets. */

export { readGridInterpolant } from '../../../enclose/grid-interpolant.js';
export { attainRetrieval } from './evaluation.js';
export { type Feature, type FeatureLayer, proveLayer } from './features.js';
export type { NetBounds, NetHint, WorstPoints } from './nets.js';
export type { ReadoutHint } from './readout.js';
export { type RetrievalTarget, retrievalSentence, retrievalText, type SignedError } from './task.js';
export { proveRetrieval, type Retrieval, type RetrievalHints, uniformRetrieval } from './uniform.js';

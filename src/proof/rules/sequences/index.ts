export { type Generation, generationSentence, leadSentence, proveGeneration } from './generation.js';
export { proveMargin, type SequenceLimits } from './margin.js';

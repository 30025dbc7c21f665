export { proveScaling, scaledEntrySentence, scalingSentence } from './scaling.js';
export { proveSingularValueOf, singularSentence } from './singular.js';

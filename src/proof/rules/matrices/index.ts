export { matrixOf } from './object.js';
export { crossRatio, proveScaling, rowRatio, type Scaling, scaledEntrySentence, scalingSentence } from './scaling.js';
export { proveSingularValueOf, singularSentence } from './singular.js';

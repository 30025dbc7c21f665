export { hopSentence, proveHops, refuteHops } from './hops.js';
export { pointerSentence, provePointers, refutePointers } from './pointers.js';
export { proveScan, refuteScan, scanSentence } from './scan.js';

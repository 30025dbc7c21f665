export { pointerSentence, provePointers, refutePointers } from './pointers.js';
export { proveScan, refuteScan, scanSentence } from './scan.js';

// What is used of yaml; the build makes one file of it.
export { isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument } from 'yaml';

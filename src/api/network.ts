/** Networks: built node by node, summarised, in their canonical form. */
export { compile, type Values } from '../evaluate/evaluate.js';
export { exact } from '../evaluate/exact.js';
export { float64 } from '../evaluate/float64.js';
export { Builder } from '../network/builder.js';
export { canonicalForm, sha256 } from '../network/canonical.js';
export { Network, type Node } from '../network/network.js';
export { sizes } from '../network/shape.js';
export { summarise } from '../network/summary.js';
export { type ExactTensor, filled, scaledIdentity, sparse, Tensor, tensor } from '../network/tensor.js';

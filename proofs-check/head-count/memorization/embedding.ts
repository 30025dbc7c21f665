import { CLASS_TOKEN } from '../../../constructions/uniform-head.js';
import { identitySentence, type ProvedClaim, proveAffineIdentity } from '../../../src/index.js';

/** The claim about the uniform head, whatever follows it: entry k of the class token is entry k of x. */
export function embeddingClaim<V, D>(
  shapeOf: (params: V, design: D) => { readonly T: number; readonly d: number },
): ProvedClaim<V, D> {
  return {
    id: 'embedding',
    kind: 'identity',
    statement: 'the class token holds (x^1, ..., x^T) exactly',
    says: ({ params, design }) => {
      const { T, d } = shapeOf(params, design);
      const name = (k: number) => (T * d === 1 ? 'x' : `x[${Math.floor(k / d) + 1},${(k % d) + 1}]`);
      return identitySentence(
        CLASS_TOKEN,
        Array.from({ length: T * d }, (_, k) => name(k)),
      );
    },
    prove: ({ network, params, design }) => {
      const { T, d } = shapeOf(params, design);
      const stated = {
        shape: [T * d],
        entry: <F>(index: number, input: (name: string, k: number) => F) => input('x', index),
      };
      const place = { id: 'class-token', statement: `entry k of '${CLASS_TOKEN}' is entry k of x` };
      return { outcomes: [proveAffineIdentity(network, CLASS_TOKEN, stated, place)], method: 'affine forms' };
    },
  };
}

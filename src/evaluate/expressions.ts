import type { Network, Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import * as E from '../symbolic/index.js';
import type { Algebra } from './algebra.js';
import { compile } from './evaluate.js';

const relu = (a: E.Expression) => E.apply('max', a, E.zero);

/**
 * Entries as expressions in the inputs: what the built weights compute, exactly, as one formula with shared parts.
 * A softmax is written pairwise, 1 / sum_j exp(z_j - z_i), so that no exponential of a large logit stands alone.
 */
export const expressions: Algebra<E.Expression> = {
  name: 'expressions',
  zero: E.zero,
  of: E.constant,
  add: E.add,
  sub: E.sub,
  mul: E.mul,
  min: (a, b) => E.apply('min', a, b),
  max: (a, b) => E.apply('max', a, b),
  relu,
  dot: (a, b) => {
    const terms: E.Term[] = [];
    for (let k = 0; k < a.length; k++) {
      const [x, y] = [a[k], b[k]];
      if (y.kind === 'constant') terms.push({ coefficient: y.value, of: x });
      else if (x.kind === 'constant') terms.push({ coefficient: x.value, of: y });
      else terms.push({ coefficient: Rational.one, of: E.mul(x, y) });
    }
    return E.combination(Rational.zero, terms);
  },
  sum: E.sum,
  softmax: (z) => z.map((logit) => E.div(E.one, E.sum(z.map((other) => E.apply('exp', E.sub(other, logit)))))),
};

/** The name of entry k of an input as a variable. */
export function inputVariable(name: string, index: number): string {
  return `${name}_${index}`;
}

/** All entries of a node as expressions in the entries of the inputs, which `nameOf` names. */
export function nodeExpressions(
  network: Network,
  node: Node,
  nameOf: (input: string, index: number) => string = inputVariable,
): readonly E.Expression[] {
  const part = network.upTo(node);
  const inputs = part.inputs.map((input) => {
    const { name } = input.attributes;
    const shape = sizes(input.shape);
    const symbols = Array.from({ length: sizeOf(shape) }, (_, k) => E.variable(nameOf(name, k)));
    return [name, new Tensor(shape, symbols)] as const;
  });
  return compile(part, expressions)(Object.fromEntries(inputs))[node.name].dense(E.zero);
}

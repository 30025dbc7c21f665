import type { Network, Node } from '../network/network.js';
import type { FunctionName } from '../network/operations.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';
import { rootBounds } from '../numbers/root.js';
import * as E from '../symbolic/index.js';
import { type Algebra, normalisedBy, UnsupportedOperation } from './algebra.js';
import { compile } from './evaluate.js';

const relu = (a: E.Expression) => E.apply('max', a, E.zero);

const HALF = Rational.of(1, 2);

const FUNCTIONS: Readonly<Record<FunctionName, (a: E.Expression) => E.Expression>> = {
  exp: (a) => E.apply('exp', a),
  log: (a) => E.apply('log', a),
  sqrt: (a) => E.power(a, HALF),
  tanh: (a) => E.apply('tanh', a),
  sigmoid: (a) => E.div(E.one, E.add(E.one, E.apply('exp', E.neg(a)))),
  erf: (a) => E.apply('erf', a),
  sin: (a) => E.apply('sin', a),
  cos: (a) => E.apply('cos', a),
};

/** Bits of the number above sqrt(n) that entries of a normalised vector are held below. */
const ROOT_BITS = 60;

/**
 * |x_i| <= sqrt(sum of x_j^2), so an entry of a normalised vector of n numbers is at most sqrt(n) in size. Cutting it off
 * there changes nothing, and keeps the bound in every enclosure.
 */
function normalise(x: readonly E.Expression[], epsilon: Rational): E.Expression[] {
  const most = E.constant(rootBounds(Rational.of(x.length), 2, ROOT_BITS).hi);
  return normalisedBy(expressions, x, epsilon).map((entry) => E.apply('min', E.apply('max', entry, E.neg(most)), most));
}

/**
 * Entries as expressions in the inputs: what the built weights compute, exactly, as one formula with shared parts.
 * A softmax is written pairwise, see `softmax`.
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
  div: E.div,
  apply: (fn, a) => FUNCTIONS[fn](a),
  power: (a, exponent) => E.power(a, Rational.of(exponent)),
  normalise,
  argmax: () => {
    throw new UnsupportedOperation('the index of the largest entry is no expression');
  },
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
  softmax,
};

/**
 * 1 / sum_j exp(z_j - z_i), so that no exponential of a large logit stands alone. Where a mask of -1e9 or the like is part
 * of z_i that exponential would overflow: there exp(z_i - z_r) times the share of the logit r with the largest constant.
 */
function softmax(z: readonly E.Expression[]): E.Expression[] {
  const share = (logit: E.Expression) => E.div(E.one, E.sum(z.map((other) => E.apply('exp', E.sub(other, logit)))));
  const constants = z.map((logit) =>
    logit.kind === 'constant' ? logit.value : logit.kind === 'sum' ? logit.constant : Rational.zero,
  );
  const r = largestOf(constants);
  const largest = share(z[r]);
  return z.map((logit, i) => {
    if (i === r) return largest;
    if (!isMaskedBeside(constants[i], constants[r])) return share(logit);
    return E.mul(E.apply('exp', E.sub(logit, z[r])), largest);
  });
}

/** Beyond this the exponential of what lies between two logits is no double. */
const MASKED_BELOW = Rational.of(600);

/** Whether a logit with this constant part is as good as masked by a logit with that one. */
export function isMaskedBeside(own: Rational, largest: Rational): boolean {
  return MASKED_BELOW.lt(largest.sub(own));
}

/** The place of the largest number. */
export function largestOf(numbers: readonly Rational[]): number {
  return numbers.reduce((best, number, k) => (numbers[best].lt(number) ? k : best), 0);
}

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

import { compile, convert } from '../../evaluate/evaluate.js';
import { intervals } from '../../evaluate/intervals.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { type ExactTensor, type Tensor, tensor } from '../../network/tensor.js';
import type { Arithmetic } from '../../numbers/arithmetic.js';
import { ballIntervals } from '../../numbers/balls.js';
import { doubleIntervals } from '../../numbers/doubles.js';
import { Rational } from '../../numbers/rational.js';
import type { Fact } from '../fact.js';
import { leastModulus } from '../verdict.js';
import { type Compared, mintAttained } from './evaluation.js';

const BITS = 256;
/** Bounds of an error that are closer together than this part of it are not sought again in balls. */
const SHARP = Rational.pow2(-26);

/** An enclosure of a number, in any intervals. */
type Enclosed = <I>(A: Arithmetic<I>) => I;

/**
 * What the error output - target is at one input, in doubles rounded outward, or in balls where these do not see it sharply.
 * The target's value there comes from the rule that calls this. No fact where the error has no finite bounds.
 */
export function attainedAt(
  compared: Compared,
  x: readonly Rational[],
  target: Rational | Enclosed,
  value: Enclosed = (A) => outputIn(A, compared.network, compared.output, x)[0],
): readonly Fact[] {
  const [{ attributes }] = compared.network.inputs;
  const error = errorBetween(value, target instanceof Rational ? (A) => A.of(target) : target);
  return error ? [mintAttained(compared, { [attributes.name]: x }, error)] : [];
}

/** Bounds of the difference of two numbers; null where it has none. */
export function errorBetween(value: Enclosed, target: Enclosed) {
  const errorIn = <I>(A: Arithmetic<I>) => {
    const error = A.sub(value(A), target(A));
    const [lo, hi] = [A.lower(error), A.upper(error)];
    return A.mark(error) === 0 && lo && hi ? { lo, hi } : null;
  };
  const first = errorIn(doubleIntervals);
  const isSharp = first?.hi.sub(first.lo).le(leastModulus(first).mul(SHARP));
  return isSharp ? first : (errorIn(ballIntervals(BITS)) ?? first);
}

/** The entries of the output at an input to a network of one, by running it. */
export function outputIn<I>(A: Arithmetic<I>, network: Network, output: string, x: readonly Rational[]): readonly I[] {
  const [{ shape }] = network.inputs;
  return tensorIn(A, network, output, tensor(sizes(shape), x)).dense(A.zero);
}

/** The same of an input that need not be stored in full, as a tensor. */
export function tensorIn<I>(A: Arithmetic<I>, network: Network, output: string, x: ExactTensor): Tensor<I> {
  const [{ attributes }] = network.inputs;
  return compile(network, intervals(A))({ [attributes.name]: convert(x, A) })[output];
}

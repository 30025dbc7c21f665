import { compile, convert } from '../../evaluate/evaluate.js';
import { intervals } from '../../evaluate/intervals.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { tensor } from '../../network/tensor.js';
import type { Arithmetic } from '../../numbers/arithmetic.js';
import { ballIntervals } from '../../numbers/balls.js';
import { doubleIntervals } from '../../numbers/doubles.js';
import { Rational } from '../../numbers/rational.js';
import type { Fact } from '../fact.js';
import { type Compared, mintAttained } from './evaluation.js';

const BITS = 192;

/**
 * What the error output - target is at one input, in doubles rounded outward, or in balls where these do not see it. The
 * target's value there, exact, comes from the rule that calls this. No fact where the output has no finite bounds.
 */
export function attainedAt(
  compared: Compared,
  x: readonly Rational[],
  target: Rational,
  valueIn: OutputIn = (A) => outputIn(A, compared.network, compared.output, x),
): readonly Fact[] {
  const [{ attributes }] = compared.network.inputs;
  const first = errorOf(doubleIntervals, valueIn(doubleIntervals), target);
  const size = first?.lo.max(first.hi.neg());
  const isSharp = first && size!.sign() > 0 && first.hi.sub(first.lo).mul(Rational.of(100)).le(size!);
  const balls = ballIntervals(BITS);
  const error = isSharp ? first : errorOf(balls, valueIn(balls), target);
  return error ? [mintAttained(compared, { [attributes.name]: x }, error)] : [];
}

/** An enclosure of the output at the input, in any intervals. */
export type OutputIn = <I>(A: Arithmetic<I>) => I;

/** By running the network. */
export function outputIn<I>(A: Arithmetic<I>, network: Network, output: string, x: readonly Rational[]): I {
  const [{ attributes, shape }] = network.inputs;
  const input = convert(tensor(sizes(shape), x), A);
  return compile(network, intervals(A))({ [attributes.name]: input })[output].dense(A.zero)[0];
}

function errorOf<I>(A: Arithmetic<I>, y: I, target: Rational) {
  const error = A.sub(y, A.of(target));
  const [lo, hi] = [A.lower(error), A.upper(error)];
  return A.mark(error) === 0 && lo && hi ? { lo, hi } : null;
}

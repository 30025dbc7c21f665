import { InputError, quote } from '../errors.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import type { Tensor } from '../network/tensor.js';
import { type Arithmetic, PARTIAL } from '../numbers/arithmetic.js';
import { ballIntervals } from '../numbers/balls.js';
import type { Rational } from '../numbers/rational.js';
import { UnsupportedOperation } from './algebra.js';
import { compile, type Values } from './evaluate.js';
import { exact } from './exact.js';
import { intervals } from './intervals.js';

/** Proved bounds of one number; equal when it is known exactly. */
export interface Bounds {
  readonly lo: Rational;
  readonly hi: Rational;
}

/** The first precision, and the last. */
const [FIRST_BITS, LAST_BITS] = [128, 8192];

/** Outputs at an exact input as exact numbers; null where an operation on the way has an irrational value. */
export function exactOutputs(network: Network, inputs: Values<Rational>): Values<Rational> | null {
  try {
    return compile(network, exact)(inputs);
  } catch (error) {
    if (error instanceof UnsupportedOperation) return null;
    throw error;
  }
}

/**
 * Bounds of all outputs at an exact input: exact values where they are rational, otherwise balls of more and more bits
 * until `suffices` holds for every entry, or the last of them do not suffice. Throws InputError where an output is not
 * known to be defined.
 */
export function boundedOutputs(
  network: Network,
  inputs: Values<Rational>,
  suffices: (bounds: Bounds) => boolean,
): Readonly<Record<string, Tensor<Bounds>>> {
  const known = exactOutputs(network, inputs);
  if (known) return mapped(known, (value) => ({ lo: value, hi: value }));
  for (let bits = FIRST_BITS; bits <= LAST_BITS; bits *= 4) {
    const A = ballIntervals(bits) as unknown as Arithmetic<unknown>;
    const given = mapped(inputs, (value) => A.of(value));
    const values = compile(network, intervals(A))(given);
    const found = mapped(values, (value): Bounds | null => boundsOf(A, value));
    const all = Object.values(found).flatMap((tensor) => tensor.data);
    const isLast = bits * 4 > LAST_BITS;
    if (all.every((bounds) => bounds && (isLast || suffices(bounds))))
      return found as Readonly<Record<string, Tensor<Bounds>>>;
  }
  const undefinedAt = network.outputs.map(({ name, node }) => `${quote(name)} [${sizes(node.shape).join(', ')}]`);
  throw new InputError({
    found: `outputs ${undefinedAt.join(', ')} that are not known to be defined at this input`,
    allowed: 'inputs at which no divisor is 0 and no logarithm or root is taken of a negative number',
  });
}

/** Null where the value may be undefined or unbounded. */
function boundsOf<I>(A: Arithmetic<I>, value: I): Bounds | null {
  if (A.isEmpty(value) || (A.mark(value) & PARTIAL) !== 0) return null;
  const [lo, hi] = [A.lower(value), A.upper(value)];
  return lo && hi ? { lo, hi } : null;
}

function mapped<S, R>(values: Values<S>, convert: (entry: S) => R): Readonly<Record<string, Tensor<R>>> {
  return Object.fromEntries(Object.entries(values).map(([name, tensor]) => [name, tensor.map(convert)]));
}

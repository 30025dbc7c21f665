import { UnsupportedOperation } from '../../evaluate/algebra.js';
import { compile, convert } from '../../evaluate/evaluate.js';
import { boundedOutputs } from '../../evaluate/point.js';
import { OverflowPossible } from '../../evaluate/rounded.js';
import type { Target } from '../../evaluate/target.js';
import type { Network } from '../../network/network.js';
import type { Tensor } from '../../network/tensor.js';
import { fromFloat } from '../../numbers/convert.js';
import { Rational } from '../../numbers/rational.js';
import { type Coding, inputOf } from './inputs.js';
import { type MarginProblem, targetPlace } from './problem.js';
import { executed } from './rounding.js';

/** A sequence of the domain and bounds of the margin there. */
export interface Attained {
  /** Places in the alphabets. */
  readonly places: readonly number[];
  readonly target: Rational;
  readonly lo: Rational;
  readonly hi: Rational;
  /** What one execution gives, where an execution is meant: it may give more than others do. */
  readonly simulated?: number;
}

/** The margin at one sequence between proved bounds; null outside the domain. */
export function attainedAt(problem: MarginProblem, free: readonly number[]): Attained | null {
  const { entries, reading } = problem;
  const found = reading.sequence((token) => free[token]);
  if (!found) return null;
  const target = reading.targetOf(found.state);
  const place = targetPlace(target, entries.length);
  if (place === null) return null;
  const dense = outputAt(problem, inputOf(problem.coding, reading.domain, found.values));
  if (!dense) return null;
  const ends = entries.map((k) => dense[k]);
  const own = ends[place];
  const others = ends.filter((_, k) => k !== place);
  const lo = own.lo.sub(others.map(({ hi }) => hi).reduce((a, b) => a.max(b)));
  const hi = own.hi.sub(others.map((other) => other.lo).reduce((a, b) => a.max(b)));
  return { places: found.values, target, lo, hi };
}

/** Bounds of every entry of an output at one sequence, exact or as executed. */
export function outputAt({ network, output, coding, execution }: MarginProblem, input: Tensor<Rational>): Ends | null {
  const part = network.upTo(network.outputs.find(({ name }) => name === output)!.node);
  return execution ? executedAt(part, coding, input, execution) : exactlyAt(part, coding, input);
}

type Ends = readonly { readonly lo: Rational; readonly hi: Rational }[];

function exactlyAt(part: Network, { input }: Coding, value: Tensor<Rational>): Ends {
  const [values] = Object.values(boundedOutputs(part, { [input]: value }, () => true));
  return values.dense({ lo: Rational.zero, hi: Rational.zero });
}

/** Where every entry lies that a device may compute; null where a value may overflow or nothing is known of an operation. */
function executedAt(part: Network, { input }: Coding, value: Tensor<Rational>, execution: Target): Ends | null {
  try {
    const { numbers } = executed(execution);
    const [values] = Object.values(compile(part, numbers)({ [input]: convert(value, numbers) }));
    return values.dense(numbers.zero).map(({ lo, hi }) => ({ lo: fromFloat(lo), hi: fromFloat(hi) }));
  } catch (error) {
    if (error instanceof OverflowPossible || error instanceof UnsupportedOperation) return null;
    throw error;
  }
}

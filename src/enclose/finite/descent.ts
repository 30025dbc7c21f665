import { isPast } from '../../deadline.js';
import { compile } from '../../evaluate/evaluate.js';
import { float64 } from '../../evaluate/float64.js';
import type { Tensor } from '../../network/tensor.js';
import { approximate } from '../../numbers/convert.js';
import { type Attained, attainedAt } from './attained.js';
import { inputOf } from './inputs.js';
import { type MarginLimits, type MarginProblem, targetPlace } from './problem.js';
import { simulated } from './rounding.js';

const MOST_ROUNDS = 6;

/** Goes down token by token from some sequences, in doubles, then encloses the margin at the best one. */
export function descend(
  problem: MarginProblem,
  starts: readonly (readonly number[])[],
  { deadline, bound }: MarginLimits,
): Attained | null {
  const { reading } = problem;
  const margin = floatMargin(problem);
  const enough = bound ? approximate(bound) : Number.NEGATIVE_INFINITY;
  let best: { places: readonly number[]; margin: number } | null = null;
  for (const start of starts.length > 0 ? starts : [reading.domain.alphabets.map(() => 0)]) {
    let current = { places: start, margin: margin(start) };
    for (let round = 0; round < MOST_ROUNDS && current.margin > enough; round++) {
      const before = current.margin;
      for (const token of reading.free) {
        for (let value = 0; value < reading.domain.alphabets[token].length; value++) {
          const places = current.places.with(token, value);
          const found = value === current.places[token] ? current.margin : margin(places);
          if (found < current.margin) current = { places, margin: found };
        }
        if (isPast(deadline)) break;
      }
      if (current.margin === before) break;
    }
    if (!best || current.margin < best.margin) best = current;
    if (best.margin <= enough || isPast(deadline)) break;
  }
  const attained = best && Number.isFinite(best.margin) ? attainedAt(problem, best.places) : null;
  return attained && { ...attained, simulated: best!.margin };
}

/** The margin in plain doubles, or as one execution computes it, which decides nothing; infinite outside the domain. */
export function floatMargin({
  network,
  output,
  entries,
  coding,
  reading,
  execution,
}: MarginProblem): (places: readonly number[]) => number {
  const evaluate = compile(network, execution ? simulated(execution) : float64);
  return (places) => {
    const found = reading.sequence((token) => places[token]);
    if (!found) return Number.POSITIVE_INFINITY;
    const target = targetPlace(reading.targetOf(found.state), entries.length);
    if (target === null) return Number.NEGATIVE_INFINITY;
    const input = inputOf(coding, reading.domain, found.values).map(approximate) as Tensor<number>;
    const values = evaluate({ [coding.input]: input })[output].dense(0);
    const others = entries.flatMap((k, i) => (i === target ? [] : [values[k]]));
    return values[entries[target]] - Math.max(...others);
  };
}

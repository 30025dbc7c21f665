/** What floats make of the soft minimum: at its extremal input, at values that rounded logits confuse, at random ones. */
import {
  ballIntervals,
  type Claim,
  compile,
  convert,
  dyadicFraction,
  executionClaim,
  gapConstant,
  intervalAlgebra,
  lehmer,
  Rational,
  roundedTo,
  Tensor,
} from '../../../src/index.js';

/** Inputs have one entry per token: beyond this an execution says nothing new and costs much. */
export const MOST_EXECUTED_TOKENS = 1 << 14;

const ENTRIES = 1 << 16;
const MOST_SAMPLES = 30;
const BITS = 8;
const PRECISION = 192;

export const softMinimumExecution: Claim<{ readonly T: number; readonly beta: Rational }, null> = executionClaim(
  'y',
  ({ network, params, seed }) => {
    if (params.T > MOST_EXECUTED_TOKENS) return `${params.T} tokens, more than ${MOST_EXECUTED_TOKENS}`;
    const A = ballIntervals(PRECISION);
    const value = compile(network, intervalAlgebra(A));
    return inputs(params, seed).map((a) => {
      const x = new Tensor([params.T, 1], a);
      const y = value({ x: convert(x, A) }).y.dense(A.zero)[0];
      const least = onGrid(A.lower(y)!);
      return { inputs: { x }, expected: least, uncertainty: onGrid(A.upper(y)!).add(GRID).sub(least) };
    });
  },
);

/** Ends of enclosures with exponents far below those of floats would take millions of digits. */
const GRID = Rational.pow2(-PRECISION);

function onGrid(x: Rational): Rational {
  return Rational.of(x.div(GRID).floor()).mul(GRID);
}

function inputs({ T, beta }: { T: number; beta: Rational }, seed: number): (readonly Rational[])[] {
  const random = lehmer(seed);
  const one = Rational.one;
  const level = one.min(roundedTo(one.add(gapConstant(T, 64).hi).div(beta), 24, 'up'));
  const apart = (least: Rational, others: Rational) => [least, ...new Array<Rational>(T - 1).fill(others)];
  const close = [10, 23, 50].map((bits) => apart(one.sub(Rational.pow2(-bits)), one));
  const count = Math.max(1, Math.min(MOST_SAMPLES, Math.floor(ENTRIES / T)));
  const anywhere = Array.from({ length: count }, () => Array.from({ length: T }, () => dyadicFraction(random, BITS)));
  return [apart(Rational.zero, level), ...close, ...anywhere];
}

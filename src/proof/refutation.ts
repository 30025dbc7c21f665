import type { Rational } from '../numbers/rational.js';
import { Rational as Q } from '../numbers/rational.js';
import type { Approximation, Counterexample } from './conclusion.js';
import type { Step } from './step.js';
import type { Finding } from './theorem.js';

const MOST_BITS = 4096;

/**
 * The step and the closed statement that refute |output - target| <= bound: at `inputs`, numbers in row-major order, it is
 * at least a number of few binary digits between the bound and `lo`, which is less than `lo`. Nothing when lo <= bound.
 */
export function counterexample(
  { output, domain, target }: Pick<Approximation, 'output' | 'domain' | 'target'>,
  inputs: Readonly<Record<string, readonly Rational[]>>,
  { lo, bound }: { readonly lo: Rational; readonly bound: Rational },
): Pick<Finding, 'conclusion'> & { readonly steps: readonly Step[] } {
  const least = between(bound, lo);
  if (!least) return { steps: [] };
  const numbers = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values.map(String)]));
  const data = { output, domain, inputs: numbers, target, least: least.toString(), bound: bound.toString() };
  const step: Step = {
    id: 'counterexample',
    rule: 'evaluation',
    statement: `|${output} - (${target})| >= ${least} at the witness`,
    verdict: 'proved',
    enclosure: { lo: least, hi: null },
    data: () => data,
  };
  return { steps: [step], conclusion: (): Counterexample => ({ kind: 'evaluation', ...data }) };
}

/** The number between two others, in the lower half of what is between them, that has fewest binary places. */
function between(a: Rational, b: Rational): Rational | null {
  const middle = a.add(b).mul(Q.of(1, 2));
  for (let bits = 0; a.lt(b) && bits <= MOST_BITS; bits++) {
    const unit = Q.pow2(-bits);
    const next = Q.of(a.div(unit).floor()).add(Q.one).mul(unit);
    if (next.le(middle)) return next;
  }
  return null;
}

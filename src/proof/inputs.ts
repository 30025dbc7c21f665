import type { Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import type { Rational } from '../numbers/rational.js';
import { type InputDomain, rangesText } from './conclusion.js';
import type { Step } from './step.js';

/** Ids of the two steps below, as premises of others. */
export const INPUT_STEPS = ['input', 'input-range'] as const;

/** The t-th entry of a vector of inputs, [T] or [T, 1, ...], as certificates write it: `x[t]`, `x[t,1]`; `x` for T = 1. */
export function entryOfToken({ attributes: { name }, shape }: Node<'input'>): string {
  return shape.every(({ size }) => size === 1) ? name : `${name}[${shape.map((_, k) => (k === 0 ? 't' : '1'))}]`;
}

/**
 * What proofs start from: each entry of a vector (or single number) of inputs is itself; and lies in its range, when it
 * has one. Trivial for the reader, the base of a certificate.
 */
export function inputSteps(
  nodes: readonly Node[],
  input: Node<'input'>,
  range: readonly [Rational, Rational] | null,
): Step[] {
  const { name } = input.attributes;
  const shape = sizes(input.shape);
  const size = sizeOf(shape);
  const count = (first: number) => rangesText(Array.from({ length: size }, (_, k) => k + first));
  const place = {
    node: nodes.indexOf(input),
    domain: { [name]: range && ([range[0].toString(), range[1].toString()] as const) } satisfies InputDomain,
    entries: count(0),
    tokens: count(1),
  };
  const step = (id: string, statement: string, target: string, lo: string, hi: string): Step => ({
    ...{ id, rule: 'sup-norm', statement, verdict: 'proved', enclosure: null },
    data: () => ({ ...place, target, lo, hi }),
  });
  const entry = entryOfToken(input);
  const itself = step(INPUT_STEPS[0], `${entry} is the input`, entry, '0', '0');
  if (!range) return [itself];
  const [lo, hi] = range.map(String);
  return [itself, step(INPUT_STEPS[1], `${entry} lies in [${lo}, ${hi}]`, '0', lo, hi)];
}

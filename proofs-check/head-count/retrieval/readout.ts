import type { FunctionNet } from '../../../constructions/function-net.js';
import { READOUT, READOUT_ROW } from '../../../constructions/multi-head.js';
import { type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import {
  between,
  type Domain,
  domain,
  doubleIntervals,
  type Expression,
  gradientRanges,
  hinges,
  type Interval,
  isGuaranteed,
  lipschitzConstant,
  lipschitzConstants,
  type Network,
  type Node,
  nodeExpressions,
  proveAffineIdentity,
  Rational,
  type Span,
  type StatedTensor,
  type Step,
  type Stop,
  stepOf,
  sub,
  sum,
  supNorm,
} from '../../../src/index.js';
import type { FeatureBounds } from './features.js';
import { boundNet } from './net-bounds.js';

/** How far a retrieved value may lie above and below z_i. */
export interface SignedError {
  readonly above: Rational;
  readonly below: Rational;
}

export interface ReadoutBounds {
  /** eps_0. */
  readonly error: Rational;
  /** L_0, and L_i for each variable alone. */
  readonly joint: Rational;
  readonly each: readonly Rational[];
  /** What the net computes, in z1, ..., zD. */
  readonly output: Expression;
  /** Enclosures of its gradient, one list for each choice of a side at every kink. */
  readonly slopes: readonly (readonly Interval[])[];
}

/** Where a readout net stands: the tensors that it reads, and what their entries are called in F_0. */
export interface ReadoutPlace {
  readonly retrieved: readonly string[];
  readonly nameOf: (tensor: string, index: number) => string;
  /** The readout's own net, from a row of the retrieved values; null where F_0 is piecewise linear. */
  readonly net: FunctionNet | null;
}

/**
 * The readout net against F_0, and Lipschitz constants and gradients of F_0, on a box that holds all retrieved values
 * (averages of values of the feature nets, or at most `beyond` outside their range) and all z.
 */
export function proveReadout(
  network: Network,
  { retrieved, nameOf, net }: ReadoutPlace,
  { readout }: RetrievalTask,
  features: readonly FeatureBounds[],
  { deadline, beyond = Rational.zero }: { deadline: number; beyond?: Rational },
): { readonly steps: readonly Step[]; readonly bounds: ReadoutBounds | null } {
  const base = { rule: 'sup-norm', id: 'readout', statement: 'the readout net against F_0' };
  const fail = (difference: string, before: readonly Step[] = []) => ({
    steps: [...before, { ...base, verdict: 'undecided' as const, enclosure: null, difference }],
    bounds: null,
  });
  const nodes = retrieved.map((name) => network.find(name));
  const missing = retrieved.find((_, k) => !nodes[k]);
  if (missing !== undefined) return fail(`the network has no tensor named '${missing}'`);
  const part = between(
    nodes as Node[],
    network.outputs.map(({ node }) => node),
  );
  const other = part.inputs.find(({ name }) => !retrieved.includes(name));
  if (other) return fail(`the output depends on '${other.name}', not only on ${retrieved.join(', ')}`);
  const box = readoutBox(features, beyond);
  const stop = { deadline, relativeWidth: Rational.of(1, 50) };
  const [output] = nodeExpressions(part, part.outputs[0].node, nameOf);
  const values = valueBox(features, beyond);
  const own = net ? boundOwnNet(part, retrieved, net, readout, values, stop) : boundExact(output, readout, box, stop);
  if (!own.error) return fail('no upper bound was reached', own.steps);
  const sides = new Map(box.variables.map((name, i) => [name, { lo: box.lo[i], hi: box.hi[i] }]));
  const joint = lipschitzConstant(readout, sides);
  const each = lipschitzConstants(readout, sides).map(({ upper }) => upper);
  const intervals = new Map([...sides].map(([name, { lo, hi }]) => [name, doubleIntervals.between(lo, hi)]));
  const constant = {
    id: 'lipschitz',
    rule: 'lipschitz',
    statement: 'L_0 of F_0 in the max-norm',
    verdict: 'proved' as const,
  };
  return {
    steps: [
      ...own.steps,
      { ...base, verdict: 'proved', enclosure: own.error },
      { ...constant, enclosure: { lo: joint.lower, hi: joint.upper } },
    ],
    bounds: { error: own.error.hi, joint: joint.upper, each, output, slopes: gradientRanges(readout, intervals) },
  };
}

interface OwnError {
  readonly steps: readonly Step[];
  readonly error: Span | null;
}

/** A net that computes a piecewise linear F_0: 0, where both are written with the same hinges. */
function boundExact(output: Expression, readout: Expression, box: Domain, stop: Stop): OwnError {
  const { lo, hi } = supNorm(sub(hinges(output), hinges(readout)), box, stop);
  return { steps: [], error: hi && { lo, hi } };
}

/** A net of its own kind between a row of the retrieved values and the output. */
function boundOwnNet(
  part: Network,
  retrieved: readonly string[],
  net: FunctionNet,
  readout: Expression,
  box: Domain,
  stop: Stop,
): OwnError {
  const D = box.variables.length;
  const [row, value, output] = [part.find(READOUT_ROW), part.find(READOUT), part.outputs[0].node];
  const entries: StatedTensor = { shape: [1, D], entry: (k, input) => input(retrieved[0], k) };
  const last: StatedTensor = { shape: [], entry: (_, input) => input(READOUT, 0) };
  if (!row || !value) return { steps: [], error: null };
  const steps = [
    proveAffineIdentity(part, READOUT_ROW, entries, {
      id: 'readout.row',
      statement: 'the readout net reads the retrieved values',
      from: part.inputs,
    }),
    proveAffineIdentity(part, output.name, last, {
      id: 'readout.value',
      statement: "the output is the net's value",
      from: [value],
    }),
  ].map(stepOf);
  if (steps.some(({ verdict }) => verdict !== 'proved')) return { steps, error: null };
  const found = boundNet({ network: between([row], [value]), name: READOUT, net }, readout, box, stop);
  const { bounds } = found;
  const error = bounds && { lo: Rational.zero, hi: bounds.above.max(bounds.below).max(Rational.zero) };
  return { steps: [...steps, ...found.steps], error };
}

/**
 * eps_0 plus how far F_0 can move: the smallest of L_0 max_i e_i, sum_i L_i e_i, and the largest of |g . e| over the
 * generalised gradients g and signed errors e (Lebourg).
 */
export function compose(errors: readonly SignedError[], { error: eps0, joint, each, slopes }: ReadoutBounds): Rational {
  const sizes = errors.map(({ above, below }) => above.max(below).max(Rational.zero));
  const largest = sizes.reduce((most, size) => most.max(size), Rational.zero);
  const together = sum(sizes.map((size, i) => size.mul(each[i])));
  const signed = slopes.map((choice) => movement(choice, errors));
  const bounded = signed.every((value) => value !== null);
  const moved = bounded ? signed.reduce<Rational>((most, value) => most.max(value!), Rational.zero) : together;
  return eps0.add(joint.mul(largest).min(together).min(moved));
}

/** The largest |g . e|, g within intervals and e within its signs. */
function movement(choice: readonly Interval[], errors: readonly SignedError[]): Rational | null {
  const A = doubleIntervals;
  const products = choice.map((slope, i) => A.mul(slope, A.between(errors[i].below.neg(), errors[i].above)));
  const total = A.sum(products);
  return isGuaranteed(A, total) ? (A.upper(A.abs(total)) ?? null) : null;
}

/** Holds all retrieved values: averages of values of the feature nets, or at most `beyond` outside their range. */
function valueBox(features: readonly FeatureBounds[], beyond: Rational): Domain {
  return boxOf(features.map(({ least, most }) => ({ lo: least.sub(beyond), hi: most.add(beyond) })));
}

/** Holds these and all z. */
function readoutBox(features: readonly FeatureBounds[], beyond: Rational): Domain {
  return boxOf(
    features.map(({ least, most, above, below }) => ({
      lo: least.sub(beyond).min(least.sub(above)),
      hi: most.add(beyond).max(most.add(below)),
    })),
  );
}

/** With ends that are multiples of 2^-20: a box may be larger than needed, and short numbers are fast. */
function boxOf(sides: readonly Span[]): Domain {
  const names = readoutNames(sides.length);
  return domain(
    sides.map(({ lo, hi }, i) => ({ variable: names[i], lo: roundedDown(lo), hi: roundedDown(hi.neg()).neg() })),
  );
}

function roundedDown(x: Rational): Rational {
  return Rational.of(x.mul(Rational.pow2(20)).floor()).mul(Rational.pow2(-20));
}

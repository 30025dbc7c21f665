import { type Domain, domain } from '../../../enclose/box.js';
import type { Span } from '../../../enclose/interpolation.js';
import { type Stop, supNorm } from '../../../enclose/supremum.js';
import { nodeExpressions } from '../../../evaluate/expressions.js';
import { between } from '../../../network/cut.js';
import type { Network } from '../../../network/network.js';
import { isGuaranteed } from '../../../numbers/arithmetic.js';
import { doubleIntervals } from '../../../numbers/doubles.js';
import type { Interval } from '../../../numbers/interval.js';
import { Rational, sum } from '../../../numbers/rational.js';
import { gradientRanges } from '../../../symbolic/gradient-ranges.js';
import { hinges } from '../../../symbolic/hinges.js';
import { type Expression, sub } from '../../../symbolic/index.js';
import { lipschitzConstant, lipschitzConstants } from '../../../symbolic/lipschitz.js';
import { type Derived, demand, derive, Mismatch } from '../../derivation.js';
import { type Fact, mint } from '../../fact.js';
import type { Rule } from '../../step.js';
import { proveAffineIdentity, type StatedTensor } from '../affine-identity.js';
import { domainText } from '../inputs.js';
import { supremumNorm } from '../sup-norm.js';
import { tensorNamed } from '../tensors.js';
import type { Feature } from './features.js';
import type { Retrieved } from './minima.js';
import { boundNet, type NetHint } from './nets.js';
import { RETRIEVAL_DOMAIN, type RetrievalTarget, type SignedError, valueNames } from './task.js';

/** How much F_0 moves with its arguments, in the max-norm and for each alone. */
const lipschitzRule: Rule = { id: 'lipschitz', tex: '|F_0(z) - F_0(w)| \\le L_0 \\max_i |z_i - w_i|' };

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
  /** Whether a checker redoes them. */
  readonly isCheckable: boolean;
  readonly facts: readonly Fact[];
}

/** A readout that is no piecewise linear function: its own net, from the tensor `row` of the retrieved values. */
export type ReadoutHint = NetHint & { readonly row: string };

/**
 * The readout net against F_0, and Lipschitz constants and gradients of F_0, on a box that holds all retrieved values
 * (averages of values of the feature nets, or at most as far outside their range as minima err) and all z.
 */
export function proveReadout(
  network: Network,
  { readout }: RetrievalTarget,
  features: readonly Feature[],
  retrieved: readonly Retrieved[],
  net: ReadoutHint | null,
  { deadline, areMeans }: { readonly deadline: number; readonly areMeans: boolean },
): Derived<ReadoutBounds> {
  const aim = { rule: supremumNorm, id: 'readout', statement: 'the readout net against F_0' };
  return derive(aim, (take) => {
    const beyond = areMeans ? Rational.zero : largestMove(features, retrieved);
    const nodes = [...new Set(retrieved.map(({ node }) => node))];
    const part = between(
      nodes,
      network.outputs.map(({ node }) => node),
    );
    const other = part.inputs.find(({ name }) => !nodes.some((node) => node.name === name));
    demand(!other, `the output depends on '${other?.name}', not only on the retrieved values`);
    const names = valueNames(retrieved.length);
    const nameOf = (tensor: string, k: number) =>
      names[retrieved.findIndex(({ node, entry }) => node.name === tensor && entry === k)];
    const box = readoutBox(features, beyond);
    const stop = { deadline, relativeWidth: Rational.of(1, 50) };
    const [output] = nodeExpressions(part, part.outputs[0].node, nameOf);
    const { error, isCheckable } = net
      ? boundOwnNet(part, nodes[0].name, net, readout, valueBox(features, beyond), stop)
      : boundExact(output, readout, box, stop);
    const sides = new Map(box.variables.map((name, i) => [name, { lo: box.lo[i], hi: box.hi[i] }]));
    const joint = lipschitzConstant(readout, sides);
    const each = lipschitzConstants(readout, sides).map(({ upper }) => upper);
    const intervals = new Map([...sides].map(([name, { lo, hi }]) => [name, doubleIntervals.between(lo, hi)]));
    const base = { network, domain: domainText(network, RETRIEVAL_DOMAIN), found: null };
    const facts = [
      mint({
        ...{ ...base, rule: supremumNorm, id: 'readout', enclosure: error },
        says: 'the readout net against F_0, on a box that holds all retrieved values',
      }),
      mint({
        ...{ ...base, rule: lipschitzRule, id: 'lipschitz', says: 'L_0 of F_0 in the max-norm, on this box' },
        enclosure: { lo: joint.lower, hi: joint.upper },
      }),
    ].map(take);
    const slopes = gradientRanges(readout, intervals);
    return { error: error.hi, joint: joint.upper, each, output, slopes, isCheckable, facts };
  });
}

interface OwnError {
  readonly error: Span;
  readonly isCheckable: boolean;
}

/** A net that computes a piecewise linear F_0: 0, where both are written with the same hinges. */
function boundExact(output: Expression, readout: Expression, box: Domain, stop: Stop): OwnError {
  const { lo, hi } = supNorm(sub(hinges(output), hinges(readout)), box, stop);
  demand(hi, 'no upper bound was reached');
  return { error: { lo, hi }, isCheckable: true };
}

/** A net of its own kind between a row of the retrieved values and the output. */
function boundOwnNet(
  part: Network,
  retrieved: string,
  net: ReadoutHint,
  readout: Expression,
  box: Domain,
  stop: Stop,
): OwnError {
  const [row, value] = [net.row, net.name].map((name) => tensorNamed(part, name));
  const entries: StatedTensor = { shape: [1, box.variables.length], entry: (k, input) => input(retrieved, k) };
  const last: StatedTensor = { shape: [], entry: (_, input) => input(net.name, 0) };
  const steps = [
    proveAffineIdentity(part, net.row, entries, { id: 'row', statement: 'the row', from: part.inputs }),
    proveAffineIdentity(part, part.outputs[0].node.name, last, { id: 'value', statement: 'the value', from: [value] }),
  ];
  for (const step of steps) if (step.kind === 'open') throw new Mismatch(step.difference);
  const { above, below, isCheckable } = boundNet(between([row], [value]), net, readout, box, stop);
  return { error: { lo: Rational.zero, hi: above.max(below).max(Rational.zero) }, isCheckable };
}

/**
 * eps_0 plus how far F_0 can move: the smallest of L_0 max_i e_i, sum_i L_i e_i, and the largest of |g . e| over the
 * generalised gradients g and signed errors e (Lebourg).
 */
export function composedError(
  errors: readonly SignedError[],
  { error: eps0, joint, each, slopes }: ReadoutBounds,
): Rational {
  const lengths = errors.map(({ above, below }) => above.max(below).max(Rational.zero));
  const largest = lengths.reduce((most, size) => most.max(size), Rational.zero);
  const together = sum(lengths.map((size, i) => size.mul(each[i])));
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

/** How far a minimum may lie outside the range of the values that it is taken of. */
function largestMove(features: readonly Feature[], retrieved: readonly Retrieved[]): Rational {
  return retrieved.reduce((most, { error: { above, below } }, i) => {
    const { bounds } = features[i];
    return most.max(below.sub(bounds.below)).max(above.sub(bounds.above));
  }, Rational.zero);
}

/** Holds all retrieved values: averages of values of the feature nets, or at most `beyond` outside their range. */
function valueBox(features: readonly Feature[], beyond: Rational): Domain {
  return boxOf(features.map(({ bounds: { least, most } }) => ({ lo: least.sub(beyond), hi: most.add(beyond) })));
}

/** Holds these and all z. */
function readoutBox(features: readonly Feature[], beyond: Rational): Domain {
  return boxOf(
    features.map(({ bounds: { least, most, above, below } }) => ({
      lo: least.sub(beyond).min(least.sub(above)),
      hi: most.add(beyond).max(most.add(below)),
    })),
  );
}

/** With ends that are multiples of 2^-20: a box may be larger than needed, and short numbers are fast. */
function boxOf(sides: readonly Span[]): Domain {
  const names = valueNames(sides.length);
  return domain(
    sides.map(({ lo, hi }, i) => ({ variable: names[i], lo: roundedDown(lo), hi: roundedDown(hi.neg()).neg() })),
  );
}

function roundedDown(x: Rational): Rational {
  return Rational.of(x.mul(Rational.pow2(20)).floor()).mul(Rational.pow2(-20));
}

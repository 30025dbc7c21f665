import { type RetrievalTask, readoutNames } from '../../../constructions/retrieval-task.js';
import {
  between,
  domain,
  hinges,
  lipschitzConstant,
  lipschitzConstants,
  type Network,
  type Node,
  nodeExpressions,
  Rational,
  type Step,
  sub,
  supNorm,
} from '../../../src/index.js';
import type { FeatureBounds } from './features.js';

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
}

/**
 * The readout net against F_0, and Lipschitz constants of F_0, on a box that holds all retrieved values (averages of
 * values of the feature nets, or at most `beyond` outside their range) and all z. `retrieved` names the tensors that the net reads, `nameOf` their entries.
 */
export function proveReadout(
  network: Network,
  retrieved: readonly string[],
  nameOf: (tensor: string, index: number) => string,
  task: RetrievalTask,
  features: readonly FeatureBounds[],
  { deadline, beyond = Rational.zero }: { deadline: number; beyond?: Rational },
): { readonly steps: readonly Step[]; readonly bounds: ReadoutBounds | null } {
  const base = { rule: 'sup-norm', id: 'readout', statement: 'the readout net against F_0' };
  const fail = (difference: string) => ({
    steps: [{ ...base, verdict: 'undecided' as const, enclosure: null, difference }],
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
  const [net] = nodeExpressions(part, part.outputs[0].node, nameOf);
  const { hi, lo } = supNorm(sub(hinges(net), hinges(task.readout)), box, {
    deadline,
    relativeWidth: Rational.of(1, 50),
  });
  if (!hi) return fail('no upper bound was reached');
  const sides = new Map(box.variables.map((name, i) => [name, { lo: box.lo[i], hi: box.hi[i] }]));
  const joint = lipschitzConstant(task.readout, sides);
  const each = lipschitzConstants(task.readout, sides).map(({ upper }) => upper);
  const constant = {
    id: 'lipschitz',
    rule: 'lipschitz',
    statement: 'L_0 of F_0 in the max-norm',
    verdict: 'proved' as const,
  };
  return {
    steps: [
      { ...base, verdict: 'proved', enclosure: { lo, hi } },
      { ...constant, enclosure: { lo: joint.lower, hi: joint.upper } },
    ],
    bounds: { error: hi, joint: joint.upper, each },
  };
}

/** eps_0 + the smaller of L_0 max_i e_i and sum_i L_i e_i. */
export function compose(errors: readonly SignedError[], { error: eps0, joint, each }: ReadoutBounds): Rational {
  const sizes = errors.map(({ above, below }) => above.max(below).max(Rational.zero));
  const largest = sizes.reduce((most, size) => most.max(size), Rational.zero);
  const together = sizes.reduce((total, size, i) => total.add(size.mul(each[i])), Rational.zero);
  return eps0.add(joint.mul(largest).min(together));
}

/** `beyond`: how far outside the range of the feature nets' values a retrieved value may lie. */
function readoutBox(features: readonly FeatureBounds[], beyond: Rational) {
  return domain(
    readoutNames(features.length).map((variable, i) => {
      const { least, most, above, below } = features[i];
      const lo = roundedDown(least.sub(beyond).min(least.sub(above)));
      return { variable, lo, hi: roundedDown(most.add(beyond).max(most.add(below)).neg()).neg() };
    }),
  );
}

/** A multiple of 2^-20 at most x: a box may be larger than needed, and short numbers are fast. */
function roundedDown(x: Rational): Rational {
  return Rational.of(x.mul(Rational.pow2(20)).floor()).mul(Rational.pow2(-20));
}

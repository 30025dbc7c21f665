import { coordinateNames, type RetrievalTask } from '../../../constructions/retrieval-task.js';
import {
  type Domain,
  type Enclosure,
  type Expression,
  type Network,
  nodeExpressions,
  Rational,
  type Step,
  type Stop,
  separableSupremum,
  sub,
  tokenWise,
  unitBox,
} from '../../../src/index.js';

/** What is proved of the net Psi of one feature f over [0, 1]^d. */
export interface FeatureBounds {
  readonly expression: Expression;
  /** Range of Psi. */
  readonly least: Rational;
  readonly most: Rational;
  /** -below <= Psi - f <= above. */
  readonly above: Rational;
  readonly below: Rational;
  /** Points where Psi is least and where Psi - f and f - Psi are large. */
  readonly minimiser: readonly Rational[];
  readonly worstAbove: readonly Rational[];
  readonly worstBelow: readonly Rational[];
}

/** Stops once an enclosure is this sharp: 2 % of what the design allows for a feature. */
const SHARP = Rational.of(1, 50);

/**
 * Reads the feature nets off the weights, as one function for all tokens, and encloses their errors: one step for the
 * nets, one per feature. `bounds` is null when a step fails.
 */
export function proveFeatures(
  network: Network,
  tensor: string,
  task: RetrievalTask,
  { delta, deadline }: { delta: Rational; deadline: number },
): { readonly steps: readonly Step[]; readonly bounds: readonly FeatureBounds[] | null } {
  const names = coordinateNames(task.d);
  const read = readFeatures(network, tensor, names);
  const base = {
    id: 'features',
    rule: 'token-wise',
    statement: `'${tensor}' applies the same nets to every token`,
    enclosure: null,
  };
  if (typeof read === 'string') return { steps: [{ ...base, verdict: 'undecided', difference: read }], bounds: null };
  if (read.length !== task.features.length) {
    const difference = `${read.length} nets for ${task.features.length} features`;
    return { steps: [{ ...base, verdict: 'undecided', difference }], bounds: null };
  }
  const box = unitBox(names);
  const steps: Step[] = [{ ...base, verdict: 'proved' }];
  const bounds: FeatureBounds[] = [];
  for (const [i, psi] of read.entries()) {
    const found = encloseFeature(psi, task.features[i], box, { absoluteWidth: delta.mul(SHARP), deadline });
    const enclosure: Enclosure | null = found && { lo: found.below.neg(), hi: found.above };
    steps.push({
      id: `feature${i + 1}`,
      rule: 'enclosure',
      statement: `Psi${i + 1} - f${i + 1} over [0,1]^${task.d}`,
      verdict: found ? 'proved' : 'undecided',
      enclosure,
    });
    if (!found) return { steps, bounds: null };
    bounds.push(found);
  }
  return { steps, bounds };
}

function readFeatures(network: Network, tensor: string, names: readonly string[]): readonly Expression[] | string {
  const [x, psi] = [network.inputs[0], network.find(tensor)];
  if (!x || !psi) return `the network has no tensor named '${tensor}'`;
  const part = tokenWise(x, psi);
  return typeof part === 'string' ? part : nodeExpressions(part, part.outputs[0].node, (_, index) => names[index]);
}

function encloseFeature(psi: Expression, f: Expression, box: Domain, stop: Stop): FeatureBounds | null {
  const above = separableSupremum(sub(psi, f), box, stop);
  const below = separableSupremum(sub(f, psi), box, stop);
  const most = separableSupremum(psi, box, stop);
  const least = separableSupremum(sub({ kind: 'constant', value: Rational.zero }, psi), box, stop);
  if (!above.hi || !below.hi || !most.hi || !least.hi) return null;
  return {
    expression: psi,
    least: least.hi.neg(),
    most: most.hi,
    above: above.hi,
    below: below.hi,
    minimiser: least.witness,
    worstAbove: above.witness,
    worstBelow: below.witness,
  };
}

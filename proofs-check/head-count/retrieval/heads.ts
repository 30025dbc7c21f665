import type { RetrievalTask } from '../../../constructions/retrieval-task.js';
import { headError, type Network, Rational, type Step, toDecimal } from '../../../src/index.js';
import { headEvidence } from './certify.js';
import { columnValues, type FeatureBounds } from './features.js';
import type { SignedError } from './readout.js';

/** What the heads do: how far each retrieved value may lie above and below z_i. */
export interface HeadBounds {
  readonly steps: readonly Step[];
  /** Null when a head does not attend as the theorem says. */
  readonly errors: readonly SignedError[] | null;
}

/** Applies gated-mass and soft-minimum to the heads as they were read off the weights. */
export function boundHeads(
  network: Network,
  { features, retrieved }: { readonly features: string; readonly retrieved: string },
  task: RetrievalTask,
  heads: readonly { readonly beta: Rational; readonly gates: readonly Rational[] }[],
  bounds: readonly FeatureBounds[],
): HeadBounds {
  const { T, positions } = task;
  const steps: Step[] = [];
  const errors: SignedError[] = [];
  const fail = (step: Step, difference: string): HeadBounds => ({
    steps: [...steps, { ...step, verdict: 'undecided', enclosure: null, difference }],
    errors: null,
  });
  const [psi, tensor] = [network.find(features)!, network.find(retrieved)!];
  for (const [i, S] of positions.entries()) {
    const { beta, gates } = heads[i];
    const base = { id: `head${i + 1}`, rule: 'gated-mass', verdict: 'proved', enclosure: null } as const;
    if (gates.length !== T) {
      return fail({ ...base, statement: `head ${i + 1} reads ${T} tokens` }, `it reads ${gates.length}`);
    }
    const R = leastGate(gates, S);
    const statement = `head ${i + 1}: no gate on the ${S.length} tokens of S_${i + 1}, at least ${toDecimal(R, 6, 'down')} on the others`;
    const closed = S.find((t) => !gates[t].isZero());
    if (closed !== undefined) {
      return fail({ ...base, statement }, `token ${closed + 1} of S_${i + 1} has the gate ${gates[closed]}`);
    }
    const { above, below, least, most } = bounds[i];
    const attention = headError({ T, S: S.length, beta, R, width: most.sub(least) });
    steps.push({
      ...base,
      statement,
      enclosure: { lo: attention.below.neg(), hi: attention.above },
      ...headEvidence(network, task, i, columnValues(network.inputs[0], psi, i), tensor),
    });
    errors.push({ above: attention.above.add(above), below: attention.below.add(below) });
  }
  return { steps, errors };
}

/** The least gate outside S; 0 when S holds all tokens. */
function leastGate(gates: readonly Rational[], S: readonly number[]): Rational {
  const inside = new Set(S);
  const outside = gates.filter((_, t) => !inside.has(t));
  return outside.reduce((least, gate) => least.min(gate), outside[0] ?? Rational.zero);
}

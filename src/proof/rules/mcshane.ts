import { type AffineForm, addForms, constantForm, scaleForm } from '../../evaluate/affine.js';
import { between } from '../../network/cut.js';
import type { Network } from '../../network/network.js';
import { tokenWise } from '../../network/token-wise.js';
import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import type { Rule, Step } from '../step.js';
import type { Enclosure } from '../verdict.js';
import { proveAffineIdentity } from './affine-identity.js';
import { proveComparisonTree, proveMaxNorm } from './comparison-tree.js';

/**
 * A minimum of cones over a grid is a Lipschitz function from above.
 *
 * Let the net be Fhat(z) = min_g (v_g + L |z - g|), max-norm, with -a <= v_g - F(g) <= b at every grid point, and let
 * F have the Lipschitz constant L_F <= L on [0, 1]^D. Each cone is at least F(g) - a + L_F |z - g| >= F(z) - a. If every z
 * has a grid point within r, its cone gives Fhat(z) <= F(g) + b + L r <= F(z) + (L_F + L) r + b. So the error lies in
 * [-a, (L_F + L) r + b]; the cell centres of N^D cells have r = 1/(2N).
 */
export const mcshane: Rule = {
  id: 'mcshane',
  tex: 'F \\le \\min_{g} \\big(F(g) + L \\|z - g\\|_\\infty\\big) \\le F + \\frac{L}{N}',
};

/** What the weights should be, and the names of the tensors between them. */
export interface Cones {
  readonly F: E.Expression;
  readonly variables: readonly string[];
  /** The centres of N^D cells. */
  readonly grid: readonly (readonly Rational[])[];
  readonly N: number;
  readonly values: readonly Rational[];
  readonly L: Rational;
  readonly names: { readonly offsets: string; readonly distances: string; readonly cones: string };
}

/** Applies the rule to the output; a range that contains Fhat - F on [0, 1]^D, or null when a hypothesis fails. */
export function proveMcShane(
  network: Network,
  output: string,
  cones: Cones,
): { readonly steps: readonly Step[]; readonly error: Enclosure | null } {
  const slope = E.lipschitzConstant(cones.F, new Map(cones.variables.map((name) => [name, UNIT]))).upper;
  const steps = [...structure(network, output, cones), lipschitzStep(slope, cones.L)];
  const misses = gridMisses(cones);
  const holds = steps.every(({ verdict }) => verdict === 'proved');
  const radius = Rational.of(1, 2 * cones.N);
  const error = holds ? { lo: misses.below.neg(), hi: slope.add(cones.L).mul(radius).add(misses.above) } : null;
  const statement = 'the net lies above F, by at most twice L times the distance to the next grid point';
  const last: Step = {
    id: 'range',
    rule: mcshane.id,
    statement,
    verdict: holds ? 'proved' : 'undecided',
    enclosure: error,
  };
  return { steps: [...steps, last], error };
}

/** The net is min_g (v_g + L |z - g|), layer by layer. */
function structure(network: Network, output: string, { grid, values, L, names }: Cones): Step[] {
  const target = network.outputs.find(({ name }) => name === output)?.node;
  const [offsets, distances, cones] = [names.offsets, names.distances, names.cones].map((name) => network.find(name));
  const [input] = network.inputs;
  if (!target || !offsets || !distances || !cones || !input)
    return [missing(`a tensor of ${Object.values(names).join(', ')}`)];
  const D = grid[0].length;
  const difference = (k: number, entry: (name: string, index: number) => AffineForm) =>
    addForms(entry(input.attributes.name, k % D), constantForm(grid[Math.floor(k / D)][k % D].neg()));
  const cone = (k: number, entry: (name: string, index: number) => AffineForm) =>
    addForms(scaleForm(entry(distances.name, k), L), constantForm(values[k]));
  const norm = tokenWise(offsets, distances);
  const part = between([distances], [cones]);
  return [
    proveAffineIdentity(
      network,
      offsets.name,
      { shape: [grid.length, D], entry: difference },
      'offsets',
      'the offsets are z - g',
    ),
    typeof norm === 'string' ? missing(norm) : proveMaxNorm(norm.inputs[0], norm.outputs[0].node, 'distances'),
    proveAffineIdentity(
      part,
      cones.name,
      { shape: [grid.length], entry: cone },
      'cones',
      'the cones are v_g + L |z - g|',
    ),
    proveComparisonTree(cones, target, 'minimum'),
  ];
}

function missing(difference: string): Step {
  const statement = 'the net is a minimum of cones';
  return { id: 'structure', rule: mcshane.id, statement, verdict: 'undecided', enclosure: null, difference };
}

function lipschitzStep(slope: Rational, L: Rational): Step {
  const statement = `F has a Lipschitz constant of at most ${L} in the max-norm`;
  const holds = slope.le(L);
  const base = { id: 'lipschitz', rule: mcshane.id, statement, enclosure: { lo: null, hi: slope } };
  return holds
    ? { ...base, verdict: 'proved' }
    : { ...base, verdict: 'undecided', difference: `bounded by ${slope} only` };
}

/** How far the values are below and above F at the grid points, at most. */
function gridMisses({ F, variables, grid, values }: Cones): { readonly below: Rational; readonly above: Rational } {
  let [below, above] = [Rational.zero, Rational.zero];
  for (const [k, g] of grid.entries()) {
    const { lo, hi } = E.valueBounds(F, new Map(variables.map((name, d) => [name, g[d]])));
    below = below.max(hi.sub(values[k]));
    above = above.max(values[k].sub(lo));
  }
  return { below, above };
}

const UNIT = { lo: Rational.zero, hi: Rational.one };

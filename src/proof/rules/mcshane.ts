import { addForms, constantForm, scaleForm } from '../../evaluate/affine.js';
import type { Network, Node } from '../../network/network.js';
import { tokenWise } from '../../network/token-wise.js';
import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import { demand, derive, found } from '../derivation.js';
import { mint, type Outcome, open } from '../fact.js';
import type { Rule } from '../step.js';
import type { Enclosure } from '../verdict.js';
import { type Place, proveAffineIdentity, type StatedTensor } from './affine-identity.js';
import { proveComparisonTree, proveMaxNorm } from './comparison-tree.js';
import { domainText } from './inputs.js';
import { placed, rangeSentence } from './sup-norm.js';
import { numberNamed, outputNode, tensorNamed } from './tensors.js';

/**
 * A minimum of cones over a grid is a Lipschitz function from above.
 *
 * Let the net be Fhat(z) = min_g (v_g + L |z - g|), max-norm, with -a <= v_g - F(g) <= b at every grid point, and let
 * F have the Lipschitz constant L_F <= L on [0, 1]^D. Each cone is at least F(g) - a + L_F |z - g| >= F(z) - a. If every z
 * has a grid point within r, its cone gives Fhat(z) <= F(g) + b + L r <= F(z) + (L_F + L) r + b. So the error lies in
 * [-a, (L_F + L) r + b]; the cell centres of N^D cells have r = 1/(2N).
 */
const mcshane: Rule = {
  id: 'mcshane',
  tex: 'F \\le \\min_{g} \\big(F(g) + L \\|z - g\\|_\\infty\\big) \\le F + \\frac{L}{N}',
};

/** What the weights should be, and the names of the tensors between them. */
interface Cones {
  readonly F: E.Expression;
  /** The variables of F, which stand for the entries of the only input. */
  readonly variables: readonly string[];
  /** The centres of N^D cells. */
  readonly grid: readonly (readonly Rational[])[];
  readonly N: number;
  readonly values: readonly Rational[];
  readonly L: Rational;
  readonly names: { readonly offsets: string; readonly distances: string; readonly cones: string };
}

/** Applies the rule to the output: bounds of Fhat - F on [0, 1]^D, when no hypothesis fails. */
export function proveMcShane(network: Network, output: string, cones: Cones): readonly Outcome[] {
  const aim = { rule: mcshane, id: 'structure', statement: 'the net is a minimum of cones' };
  const { outcomes } = derive(aim, (take) => {
    const slope = E.lipschitzConstant(cones.F, new Map(cones.variables.map((name) => [name, UNIT]))).upper;
    const premises = [...structure(network, output, cones), lipschitzOutcome(network, slope, cones.L)].map(take);
    const misses = gridMisses(cones);
    const radius = Rational.of(1, 2 * cones.N);
    const [lo, hi] = [misses.below.neg(), slope.add(cones.L).mul(radius).add(misses.above)];
    const target = { output, f: cones.F, variables: cones.variables, side: [Rational.zero, Rational.one] as const };
    const { domain, text } = placed(network, target);
    const places = {
      node: network.nodes.indexOf(outputNode(network, output)),
      cones: numberNamed(network, cones.names.cones),
    };
    const ends = (claimed: Enclosure) => ({ lo: `${claimed.lo ?? lo}`, hi: `${claimed.hi ?? hi.add(ROOM)}` });
    take(
      mint({
        ...{ rule: mcshane, id: 'cones.output', network, domain: domainText(network, domain), found: null, premises },
        ...{ says: rangeSentence(network, target, lo, hi), enclosure: { lo, hi } },
        evidence: (_, claimed) => ({
          ...{ ...places, domain, cells: cones.N, slope: cones.L.toString(), target: text },
          ...ends(claimed),
        }),
        conclusion: (claimed) => ({ kind: 'approximation', output, domain, target: text, ...ends(claimed) }),
      }),
    );
  });
  return outcomes;
}

/** A checker rounds F and its slope: a one-sided claim leaves it this much room on the other side. */
const ROOM = Rational.pow2(-30);

/** The net is min_g (v_g + L |z - g|), layer by layer. */
function structure(network: Network, output: string, { grid, variables, values, L, N, names }: Cones): Outcome[] {
  const target = outputNode(network, output);
  const [input] = network.inputs;
  const [offsets, distances, cones] = [names.offsets, names.distances, names.cones].map((name) =>
    tensorNamed(network, name),
  );
  const D = grid[0].length;
  demand(
    input && D === variables.length && grid.length === values.length,
    'there are not as many values as grid points',
  );
  demand(isGridOfCentres(grid, N), 'no grid point is the centre of one of N^D cells');
  const difference: StatedTensor['entry'] = (k, entry) =>
    addForms(entry(input.attributes.name, k % D), constantForm(grid[Math.floor(k / D)][k % D].neg()));
  const cone: StatedTensor['entry'] = (k, entry) =>
    addForms(scaleForm(entry(distances.name, k), L), constantForm(values[k]));
  const norm = found(tokenWise(offsets, distances));
  const stated = (node: Node, shape: readonly number[], entry: StatedTensor['entry'], place: Place) =>
    proveAffineIdentity(network, node.name, { shape, entry }, place);
  const places = [
    { id: 'offsets', statement: 'the offsets are z - g', from: network.inputs },
    { id: 'cones', statement: 'the cones are v_g + L |z - g|', from: [distances] },
  ];
  return [
    stated(offsets, [grid.length, D], difference, places[0]),
    proveMaxNorm(network, norm.inputs[0], norm.outputs[0].node, 'distances'),
    stated(cones, [grid.length], cone, places[1]),
    proveComparisonTree(network, cones, target, 'minimum'),
  ];
}

/** Whether every one of the N^D cells has its centre among the points: the radius of the bound rests on it. */
function isGridOfCentres(grid: Cones['grid'], N: number): boolean {
  const two = Rational.of(2 * N);
  const cells = new Set<string>();
  for (const point of grid) {
    const odd = point.map((x) => x.mul(two));
    const isCentre = odd.every((k) => k.isInteger() && k.num % 2n !== 0n && k.sign() > 0 && k.lt(two));
    if (!isCentre) return false;
    cells.add(odd.join());
  }
  return cells.size === N ** (grid[0]?.length ?? 1);
}

function lipschitzOutcome(network: Network, slope: Rational, L: Rational): Outcome {
  const says = `F has a Lipschitz constant of at most ${L} in the max-norm`;
  const enclosure = { lo: null, hi: slope };
  if (!slope.le(L)) return open(mcshane, 'lipschitz', says, `bounded by ${slope} only`, enclosure);
  return mint({ rule: mcshane, id: 'lipschitz', network, domain: null, says, enclosure, found: null });
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

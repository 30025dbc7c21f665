import { addForms, scaleForm } from '../../evaluate/affine.js';
import { between } from '../../network/cut.js';
import type { Network } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { INPUT_STEPS } from '../inputs.js';
import type { Rule, Step } from '../step.js';
import { type Enclosure, point } from '../verdict.js';
import { proveAffineIdentity } from './affine-identity.js';
import { provePiecewiseIdentity } from './piecewise-identity.js';

/**
 * Layers that are each the tooth g(z) = 2 min(z, 1 - z) of the one before, and the square that they interpolate.
 *
 * Layer s is compared with g on all of [0, 1], exactly and by itself; g maps [0, 1] onto [0, 1], so by induction layer s
 * holds g^(s) of the first tensor z wherever that lies in [0, 1]. If the output is z - sum_{s<=m} g^(s)/4^s, an affine
 * identity in the layers, its error against z^2 is E_m with E_0 = z - z^2, E_m(z) = E_{m-1}(g(z))/4 (for z <= 1/2:
 * E_0(z) - g(z)/4 = z/2 - z^2 = E_0(2z)/4, and 1 - z has the same g and E_0). The values of E_0 on [0, 1] are [0, 1/4],
 * so those of E_m are exactly [0, 4^(-m-1)].
 */
export const iteratedTooth: Rule = {
  id: 'iterated-tooth',
  tex: '0 \\le z - \\sum_{s=1}^m \\frac{g^{(s)}(z)}{4^s} - z^2 \\le 2^{-2m-2}, \\quad g(z) = 2\\min(z, 1-z)',
};

const TOOTH = [
  { x: Rational.zero, y: Rational.zero },
  { x: Rational.of(1, 2), y: Rational.one },
  { x: Rational.one, y: Rational.zero },
];

/** One step per layer: tensor names[s] is g of tensor names[s-1] on [0, 1]. */
export function proveTeeth(network: Network, names: readonly string[]): Step[] {
  return names
    .slice(1)
    .map((to, k) =>
      provePiecewiseIdentity(
        { network, from: names[k], to },
        TOOTH,
        to,
        `'${to}' = 2 min(z, 1 - z) of z = '${names[k]}'`,
      ),
    );
}

/**
 * The error of the tensor `square` against the square of the tensor names[0] on [0, 1], when names[1..m] are the layers
 * and it is their combination above; `error` is null when a step fails. The premises are the ids of the steps that say what
 * names[0] is and what range it has.
 */
export function proveInterpolatedSquare(
  network: Network,
  names: readonly string[],
  square: string,
  premises: readonly string[] = INPUT_STEPS,
): { readonly steps: readonly Step[]; readonly error: Enclosure | null } {
  const m = names.length - 1;
  const teeth = proveTeeth(network, names);
  const output = proveCombination(network, names, square);
  const steps = [...teeth, output];
  const holds = steps.every(({ verdict }) => verdict === 'proved');
  const error = holds ? { lo: Rational.zero, hi: Rational.pow2(-2 * m - 2) } : null;
  const numberOf = (name: string) => network.nodes.indexOf(network.find(name)!);
  const statement = `0 <= '${square}' - z^2 <= 2^(-2 ${m} - 2) for z = '${names[0]}' in [0, 1], both attained`;
  const conclusion: Step = {
    id: `${square}.error`,
    rule: iteratedTooth.id,
    statement,
    verdict: holds ? 'proved' : 'undecided',
    enclosure: error && point(error.hi),
    premises,
    data: (audited) => (holds && audited === network ? { node: numberOf(square), layers: names.map(numberOf) } : null),
  };
  return { steps: [...steps, conclusion], error };
}

function proveCombination(network: Network, names: readonly string[], square: string): Step {
  const nodes = names.map((name) => network.find(name)).filter((node) => node !== undefined);
  const target = network.find(square);
  const part = target && nodes.length === names.length ? between(nodes, [target]) : network;
  const shares = names.map((_, s) => (s === 0 ? Rational.one : Rational.pow2(-2 * s).neg()));
  return proveAffineIdentity(
    part,
    square,
    {
      shape: [],
      entry: (_, input) => names.map((name, s) => scaleForm(input(name, 0), shares[s])).reduce(addForms),
    },
    `${square}.output`,
    `'${square}' = z - sum of the layers over 4^s`,
  );
}

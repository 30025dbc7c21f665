import type { Span } from '../../enclose/interpolation.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { type Fact, mint, type Outcome } from '../fact.js';
import { approximated } from '../propositions/approximation.js';
import { sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { proveSum } from './affine-identity.js';
import { exactlyAttained } from './evaluation.js';
import { inputFacts } from './inputs.js';
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

/** Numbers of the network of which each is the tooth of the one before on [0, 1], by their names, and a fact for each but the first. */
export interface Teeth {
  readonly names: readonly string[];
  readonly facts: readonly Fact<null>[];
}

/** The longest chain from the number of that name on: always the next number that is the tooth of the last. */
export function teethFrom({ network, name }: { readonly network: Network; readonly name: string }): Teeth {
  const [names, facts] = [[name], [] as Fact<null>[]];
  const numbers = network.nodes.filter(({ shape }) => sizeOf(sizes(shape)) === 1);
  for (const { name: to } of numbers.slice(numbers.findIndex((node) => node.name === name) + 1)) {
    const from = names[names.length - 1];
    const says = `'${to}' = 2 min(z, 1 - z) of z = '${from}'`;
    const tooth = provePiecewiseIdentity({ network, from, to }, TOOTH, to, says);
    if (tooth.kind === 'open') continue;
    names.push(to);
    facts.push(tooth);
  }
  return { names, facts };
}

/** What z is, by facts about the first of the teeth: itself and its range; both hold on one domain. */
export interface Argument {
  readonly facts: readonly Fact[];
  readonly domain: string | null;
}

/**
 * The error of the number `square` against the square of the first of the teeth on [0, 1], when it is the combination of them
 * above. The facts of `z` say what that first number is and that it lies in [0, 1].
 */
export function proveInterpolatedSquare(
  network: Network,
  { names, facts }: Teeth,
  square: string,
  z: Argument,
): Fact<Span> | null {
  const m = names.length - 1;
  const combination = proveCombination(network, names, square);
  if (m === 0 || combination.kind === 'open') return null;
  const error = { lo: Rational.zero, hi: Rational.pow2(-2 * m - 2) };
  const numberOf = (name: string) => network.nodes.indexOf(network.find(name)!);
  return mint({
    rule: iteratedTooth,
    id: `${square}.error`,
    network,
    domain: z.domain,
    says: `0 <= '${square}' - z^2 <= 2^(-2 ${m} - 2) for z = '${names[0]}' in [0, 1], both attained`,
    enclosure: error,
    found: error,
    premises: [...z.facts, ...facts, combination],
    evidence: () => ({ node: numberOf(square), layers: names.map(numberOf) }),
  });
}

function proveCombination(network: Network, names: readonly string[], square: string): Outcome<null> {
  const terms = names.map((name, s) => [s === 0 ? Rational.one : Rational.pow2(-2 * s).neg(), name] as const);
  const statement = `'${square}' = z - sum of the layers over 4^s`;
  return proveSum(network, square, terms, { id: `${square}.output`, statement });
}

/**
 * The output against the square of the only input, in [0, 1]: 0 <= y - x^2 <= 2^(-2m-2), the upper end attained at x =
 * 2^(-m-1). Nothing where it is no such combination of teeth.
 */
export function proveSquareNet(network: Network, output: string): readonly Fact[] {
  const [input] = network.inputs;
  const node = network.outputs.find(({ name }) => name === output)!.node;
  const { name } = input.attributes;
  const teeth = teethFrom({ network, name });
  const z = inputFacts(network, [Rational.zero, Rational.one]);
  const fact = proveInterpolatedSquare(network, teeth, node.name, { facts: z, domain: z[0].domain });
  if (!fact) return [];
  const domain = { [name]: ['0', '1'] } as const;
  const about = { network, output, domain, target: `${name}^2` };
  const says = (lo: string, hi: string) =>
    sentence(`for all ${name} in [0, 1]: ${lo} <= ${output} - ${name}^2 <= ${hi}`);
  const { lo, hi } = fact.found;
  const everywhere = mint({
    ...{ rule: iteratedTooth, id: 'square', network, domain: fact.domain, says: says(`${lo}`, `${hi}`), found: null },
    ...{ enclosure: { lo: hi, hi }, premises: [fact] },
    conclusion: approximated(about, fact.found),
  });
  const compared = { ...about, about: everywhere.sentence! };
  const ends = [Rational.pow2(-teeth.names.length), Rational.zero];
  return [everywhere, ...ends.map((x) => exactlyAttained(compared, [x], x.mul(x)))];
}

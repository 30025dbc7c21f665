import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { tensor } from '../../network/tensor.js';
import { parseRational } from '../../numbers/parse.js';
import type { Rational } from '../../numbers/rational.js';
import { type Claimed, certified, type Fact, mint } from '../fact.js';
import type { InputDomain } from '../propositions/approximation.js';
import { attained, type Sentence } from '../sentence.js';
import { type Ends, leastModulus } from '../verdict.js';
import { worstOf } from './exact-evaluation.js';
import { prefixText, shownInputs } from './inputs.js';
import { instanceRule } from './statement/evidence.js';

/** Where a network is held against a target: the statement is about output - target over the domain. */
export interface Compared {
  readonly network: Network;
  readonly output: string;
  readonly domain: InputDomain;
  /** In the entries of the inputs, as certificates write it. */
  readonly target: string;
  /** The statement about all inputs, whose quantity is evaluated. */
  readonly about: Sentence;
}

/**
 * The fact that output - target lies in `value` at `inputs`, numbers in row-major order. For files of this folder, which
 * have computed the value with all roundings outward. In a certificate it is that sentence of the claim that fails there or,
 * where a supremum is claimed or asked for, that it is no smaller than there.
 */
export function mintAttained(
  { network, output, domain, target, about }: Compared,
  inputs: Readonly<Record<string, readonly Rational[]>>,
  value: Ends,
): Fact<null> {
  for (const [name, values] of Object.entries(inputs)) {
    const side = domain[name]?.map(parseRational);
    if (side && values.some((x) => x.lt(side[0]) || side[1].lt(x))) throw new Error(`the witness ${name} is outside`);
  }
  const point = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values.map(String)]));
  return mint({
    rule: instanceRule,
    id: 'witness',
    network,
    domain: null,
    says: attained(about, value, 'the witness'),
    at: shownInputs(network, point),
    enclosure: { lo: leastModulus(value), hi: null },
    found: null,
    ...certified((claimed) => {
      const { relation, holds } = relationAt(`${output} - (${target})`, value, claimed);
      return { kind: 'instance', text: `${prefixText(network, domain)}${relation}`, point, holds };
    }),
  });
}

/** What the value u at an input says of claimed bounds of u or, where that is what they bound, of the supremum of |u|. */
function relationAt(u: string, value: Ends, { lo, hi, measure }: Claimed): { relation: string; holds: boolean } {
  const size = leastModulus(value);
  const isModulus =
    measure === 'sup-abs' || (!measure && (lo === null || hi === null ? lo === hi : lo.neg().equals(hi)));
  if (isModulus && hi?.lt(size)) return { relation: `|${u}| <= ${hi}`, holds: false };
  if (isModulus) return { relation: `|${u}| >= ${lo && lo.sign() >= 0 ? lo : size}`, holds: true };
  if (measure === 'sup' && !hi?.lt(value.lo)) return { relation: `${u} >= ${lo ?? value.lo}`, holds: true };
  if (measure === 'inf' && !(lo && value.hi.lt(lo))) return { relation: `${u} <= ${hi ?? value.hi}`, holds: true };
  return { relation: [lo ? [lo] : [], [u], hi ? [hi] : []].flat().join(' <= '), holds: false };
}

/** The same for a network of one input, where its output and the target are rational. */
export function exactlyAttained(compared: Compared, x: readonly Rational[], target: Rational): Fact<null> {
  const { network, output } = compared;
  const [{ attributes, shape }] = network.inputs;
  const inputs = { [attributes.name]: tensor(sizes(shape), x) };
  const error = worstOf(network, output, [{ inputs, expected: target }]).value.sub(target);
  return mintAttained(compared, { [attributes.name]: x }, { lo: error, hi: error });
}

import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { tensor } from '../../network/tensor.js';
import { parseRational } from '../../numbers/parse.js';
import { Rational } from '../../numbers/rational.js';
import { type Fact, mint } from '../fact.js';
import type { InputDomain } from '../propositions/approximation.js';
import { attained, type Sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import type { Enclosure } from '../verdict.js';
import { worstOf } from './exact-evaluation.js';
import { entryOfToken, shownInputs, signedMinimumSentence } from './inputs.js';

/** At one input of the domain, output - target lies between two numbers: the error is at least the smaller modulus. */
export const evaluation: Rule = { id: 'evaluation', tex: '|N(x) - f(x)| \\ge c \\text{ at } x' };

const MOST_BITS = 4096;

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
 * have computed the value with all roundings outward. In a certificate it refutes a claimed bound: |output - target| is
 * at least a number of few binary digits between that bound and what is attained.
 */
export function mintAttained(
  { network, output, domain, target, about }: Compared,
  inputs: Readonly<Record<string, readonly Rational[]>>,
  value: Enclosure & { readonly lo: Rational; readonly hi: Rational },
): Fact<null> {
  for (const [name, values] of Object.entries(inputs)) {
    const side = domain[name]?.map(parseRational);
    if (side && values.some((x) => x.lt(side[0]) || side[1].lt(x))) throw new Error(`the witness ${name} is outside`);
  }
  const numbers = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, values.map(String)]));
  const attainedModulus = value.lo.sign() > 0 ? value.lo : value.hi.sign() < 0 ? value.hi.neg() : Rational.zero;
  const data = (claimed: Enclosure) => {
    const bound = claimed.hi ?? Rational.zero;
    const least = between(bound, attainedModulus) ?? attainedModulus;
    return { output, domain, inputs: numbers, target, least: least.toString(), bound: bound.toString() };
  };
  return mint({
    rule: evaluation,
    id: 'witness',
    network,
    domain: null,
    says: attained(about, value, 'the witness'),
    at: shownInputs(network, numbers),
    enclosure: { lo: attainedModulus, hi: null },
    found: null,
    evidence: (_, claimed) => data(claimed),
    conclusion: (claimed) => ({ kind: 'evaluation', ...data(claimed) }),
  });
}

/** The same for a network of one input, where its output and the target are rational. */
export function exactlyAttained(compared: Compared, x: readonly Rational[], target: Rational): Fact<null> {
  const { network, output } = compared;
  const [{ attributes, shape }] = network.inputs;
  const inputs = { [attributes.name]: tensor(sizes(shape), x) };
  const error = worstOf(network, output, [{ inputs, expected: target }]).value.sub(target);
  return mintAttained(compared, { [attributes.name]: x }, { lo: error, hi: error });
}

/** The number between two others, in the lower half of what is between them, that has fewest binary places. */
function between(a: Rational, b: Rational): Rational | null {
  const middle = a.add(b).mul(Rational.of(1, 2));
  for (let bits = 0; a.lt(b) && bits <= MOST_BITS; bits++) {
    const unit = Rational.pow2(-bits);
    const next = Rational.of(a.div(unit).floor()).add(Rational.one).mul(unit);
    if (next.le(middle)) return next;
  }
  return null;
}

/** The exact error at the worst of some inputs to a network of one vector, against the minimum of its entries. */
export function minimumWitness(
  network: Network,
  output: string,
  points: readonly (readonly Rational[])[],
  side: readonly [string, string] | null,
): readonly Fact[] {
  const about = signedMinimumSentence(network, output, side);
  const [{ attributes, shape }] = network.inputs;
  const samples = points.map((point) => ({
    inputs: { [attributes.name]: tensor(sizes(shape), point) },
    expected: point.reduce((a, b) => a.min(b)),
  }));
  const { index, value } = worstOf(network, output, samples);
  const error = value.sub(samples[index].expected);
  const target = `min_{t in 1..${points[index].length}}(${entryOfToken(network.inputs[0])})`;
  const place = { network, output, domain: { [attributes.name]: side }, target, about };
  return [mintAttained(place, { [attributes.name]: points[index] }, { lo: error, hi: error })];
}

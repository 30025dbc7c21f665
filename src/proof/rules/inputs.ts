import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { parseRational } from '../../numbers/parse.js';
import type { Rational } from '../../numbers/rational.js';
import { rangesText } from '../../statement/index.js';
import { type Fact, mint } from '../fact.js';
import type { InputDomain } from '../propositions/approximation.js';
import { type Sentence, sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import type { EntryRange } from './lemma-application.js';
import { entriesOf, indices } from './tensors.js';

/** What proofs start from: an entry of an input is itself, and lies in its range. */
const inputRule: Rule = { id: 'sup-norm', tex: 'x_t = x_t, \\quad a \\le x_t \\le b' };

/** `x in [0, 1]^(64x2)` for the inputs that have a range; null where all are real numbers. */
export function domainText({ inputs }: Network, domain: InputDomain): string | null {
  const sides = inputs.flatMap(({ attributes: { name }, shape }) => {
    const side = domain[name];
    return side ? [`${name} in [${side[0]}, ${side[1]}]${powerText(sizes(shape))}`] : [];
  });
  return sides.length === 0 ? null : sides.join(', ');
}

/** The set that all entries of an input range over together: `[0, 1]^(64x2)`, `R^5`. */
export function setText({ shape }: Node, side: readonly [string, string] | null): string {
  return `${side ? `[${side[0]}, ${side[1]}]` : 'R'}${powerText(sizes(shape))}`;
}

/** `for all x in [0, 1]^(64 x 2), z in R: `, for every input, as the checker reads sentences. */
export function prefixText({ inputs }: Network, domain: InputDomain): string {
  const sets = inputs.map((input) => {
    const { name } = input.attributes;
    return `${name} in ${setText(input, domain[name] ?? null).replaceAll(/(\d)x(?=\d)/g, '$1 x ')}`;
  });
  return `for all ${sets.join(', ')}: `;
}

function powerText(shape: readonly number[]): string {
  if (sizeOf(shape) === 1) return '';
  return shape.length === 1 ? `^${shape[0]}` : `^(${shape.join('x')})`;
}

/** The t-th entry of a vector of inputs, [T] or [T, 1, ...], as certificates write it: `x[t]`, `x[t,1]`; `x` for T = 1. */
export function entryOfToken({ attributes: { name }, shape }: Node<'input'>): string {
  if (shape.slice(1).some(({ size }) => size !== 1))
    throw new RangeError(`${name} is no vector: its tokens have no name`);
  return shape.every(({ size }) => size === 1) ? name : `${name}[${shape.map((_, k) => (k === 0 ? 't' : '1'))}]`;
}

/**
 * Each entry of a vector (or single number) of inputs is itself; and lies in its range, when it has one. Trivial for the
 * reader, the base of a certificate, unless a fact that rests on them says to a checker what it needs (`isInside`).
 */
export function inputFacts(
  network: Network,
  range: readonly [Rational, Rational] | null,
  isInside = false,
): readonly [Fact<null>, ...Fact<EntryRange>[]] {
  const [input] = network.inputs;
  const { name } = input.attributes;
  const count = (first: number) => rangesText(indices(entriesOf(input)).map((k) => k + first));
  const domain: InputDomain = { [name]: range && [range[0].toString(), range[1].toString()] };
  const place = { node: network.nodes.indexOf(input), domain, entries: count(0), tokens: count(1) };
  const fact = <F>(id: string, says: string, target: string, [lo, hi]: readonly string[], found: F) =>
    mint({
      ...{ rule: inputRule, id, network, domain: domainText(network, domain), says, found },
      evidence: (audited) => (audited === network && !isInside ? { ...place, target, lo, hi } : null),
    });
  const entry = entryOfToken(input);
  const itself = fact('input', `${entry} is the input`, entry, ['0', '0'], null);
  if (!range) return [itself];
  const ends = range.map(String);
  const found: EntryRange = { node: input, entries: null, lo: range[0], hi: range[1] };
  return [itself, fact('input-range', `${entry} lies in [${ends[0]}, ${ends[1]}]`, '0', ends, found)];
}

/** For every input with a range, the fact that its entries lie in it; `text` is the domain as other facts have it. */
export function inputRanges(network: Network, domain: InputDomain, text = domainText(network, domain)) {
  return network.inputs.flatMap((input): Fact<EntryRange>[] => {
    const { name } = input.attributes;
    const side = domain[name];
    if (!side) return [];
    const [lo, hi] = side.map(parseRational);
    const [node, entries] = [network.nodes.indexOf(input), rangesText(indices(entriesOf(input)))];
    const fact = mint({
      ...{ rule: inputRule, id: `${name}.range`, network, domain: text },
      ...{ says: `${name} lies in [${lo}, ${hi}]`, found: { node: input, entries: null, lo, hi } },
      evidence: () => ({ node, domain, entries, target: '0', lo: lo.toString(), hi: hi.toString() }),
    });
    return [fact];
  });
}

const UNIT = ['0', '1'] as const;

/** `lo <= u <= hi`, without an end that is null. */
export function rangeText(lo: Rational | null, u: string, hi: Rational | null): string {
  return `${lo === null ? '' : `${lo} <= `}${u}${hi === null ? '' : ` <= ${hi}`}`;
}

/** `for all x in [0, 1]^S: ` and a relation of y - min_{t in 1..S}(x[t]), for a network with one vector as input. */
function aboutMinimum(network: Network, output: string, relation: (error: string) => string): Sentence {
  const [input] = network.inputs;
  const error = `${output} - min_{t in 1..${sizeOf(sizes(input.shape))}}(${entryOfToken(input)})`;
  return sentence(`for all ${input.attributes.name} in ${setText(input, UNIT)}: ${relation(error)}`);
}

/** `for all x in [0, 1]^S: lo <= y - min_{t in 1..S}(x[t]) <= hi`, without an end that is null. */
export function minimumRange(network: Network, output: string, lo: Rational | null, hi: Rational | null): Sentence {
  return aboutMinimum(network, output, (error) => rangeText(lo, error, hi));
}

/** `for all x in [0, 1]^S: y - min_{t in 1..S}(x[t]) <= ?`, about the signed error. */
export function signedMinimumSentence(network: Network, output: string): Sentence {
  return aboutMinimum(network, output, (error) => `${error} <= ?`);
}

/** Entries that are shown one by one where they are all the same. */
const MOST_SHOWN = 64;
/** Entries of tokens that are listed one by one. */
const MOST_LISTED = 16;

/** A single number by itself, many tokens by runs of equal ones. */
export function shownInputs(
  network: Network,
  numbers: Readonly<Record<string, readonly string[]>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => {
      const isOne = values.length > MOST_SHOWN && values.every((value) => value === values[0]);
      if (isOne) return [name, `${values[0]}, the same at all ${values.length} entries`];
      const shape = network.inputs.find(({ attributes }) => attributes.name === name)?.shape ?? [];
      if (shape.length === 2 && values.length > MOST_LISTED) return [name, runs(values, shape[1].size)];
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** Runs of equal tokens of d numbers as "count x (token)". */
export function runs(x: readonly string[], d: number): string[] {
  const found: { token: string; count: number }[] = [];
  for (let t = 0; t < x.length; t += d) {
    const token = x.slice(t, t + d).join(' ');
    const last = found.at(-1);
    if (last?.token === token) last.count += 1;
    else found.push({ token, count: 1 });
  }
  return found.map(({ token, count }) => `${count} x (${token})`);
}

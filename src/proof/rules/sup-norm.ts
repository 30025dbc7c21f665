import { domain as boxOf } from '../../enclose/box.js';
import { supNormOnPieces } from '../../enclose/pieces.js';
import { fastestSupNorm } from '../../enclose/sup-norm.js';
import type { Stop, Supremum } from '../../enclose/supremum.js';
import { outputFormula } from '../../evaluate/formula.js';
import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { approximate } from '../../numbers/convert.js';
import { Rational } from '../../numbers/rational.js';
import { inputEntry } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { type Fact, mint, type Outcome, open } from '../fact.js';
import { approximated, type InputDomain } from '../propositions/approximation.js';
import { type Sentence, sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { atMost } from '../verdict.js';
import { mintAttained } from './evaluation.js';
import { domainText, rangeText, setText } from './inputs.js';
import { outputNode } from './tensors.js';

/**
 * Two-sided bounds of sup |N(x) - f(x)| over a box, N(x) the formula that the built weights compute.
 *
 * In one variable N is piecewise linear with exactly known knots, and the pieces are bounded one by one; otherwise by
 * branch and bound, on linear relaxations or on interval extensions. The lower end is attained at a point, the upper one
 * holds on the whole box.
 */
export const supremumNorm: Rule = {
  id: 'sup-norm',
  tex: '\\sup_{x \\in B} |N(x) - f(x)| \\in [\\mathrm{lo}, \\mathrm{hi}]',
};

/** An output of one number against f, a formula in `variables`, which stand for the entries of the only input in order. */
export interface Target {
  readonly output: string;
  readonly f: E.Expression;
  readonly variables: readonly string[];
  /** The interval that every entry of the input ranges over. */
  readonly side: readonly [Rational, Rational];
}

/** A search for an enclosure ends at this relative width, unless a stated bound asks for more. */
const WIDTH = Rational.of(1, 10 ** 6);
const MOST_BOXES = 200_000;

/** What a search comes to: the fact about the whole box, or why there is none; and what is attained at the witness. */
export interface SupNorm {
  readonly outcomes: readonly Outcome[];
  readonly supremum: Supremum;
}

/** Applies the rule; a `bound` is decided if it can be. Throws InputError when f is undefined at a point of the box. */
export function proveSupNorm(
  network: Network,
  target: Target,
  bound: Rational | null,
  { deadline, progress }: Pick<Stop, 'deadline' | 'progress'>,
  id = 'enclosure',
): SupNorm {
  const { f, entries, domain, text } = placed(network, target);
  const formula = outputFormula(network, target.output, entries.map(E.variable));
  const box = boxOf(entries.map((variable) => ({ variable, lo: target.side[0], hi: target.side[1] })));
  const search = (stop: Stop) => {
    const all = { ...stop, deadline, progress, mostBoxes: MOST_BOXES };
    const byPieces = box.variables.length === 1 ? supNormOnPieces(formula, f, box, all) : null;
    return byPieces ?? fastestSupNorm(E.sub(formula, f), box, all);
  };
  let supremum = search({ relativeWidth: WIDTH });
  if (bound && atMost(supremum, bound) === 'undecided') supremum = search({ bound });
  const says = (most: Rational | null) => errorSentence(network, target, most);
  const { lo, hi, witness } = supremum;
  const everywhere: Outcome =
    hi === null
      ? open(supremumNorm, id, `sup |${target.output} - f|`, 'no finite upper end was found', { lo, hi })
      : mint({
          ...{ rule: supremumNorm, id, network, domain: domainText(network, domain), says: says(hi), found: null },
          enclosure: { lo, hi },
          evidence: (_, { lo: least, hi: most }) => ({
            node: network.nodes.indexOf(outputNode(network, target.output)),
            ...{ domain, entries: '0', target: text, lo: `${least ?? hi.neg()}`, hi: `${most ?? hi}` },
          }),
          conclusion: approximated({ output: target.output, domain, target: text }, { lo: hi.neg(), hi }),
        });
  return { supremum, outcomes: [everywhere, ...attainedAt(network, target, witness)] };
}

/** The share of the largest error in doubles from which on an error may be the largest. */
const CLOSE = 0.9;

/** The largest of the errors at some points, for a lower end where no search is made. */
export function proveAtPoints(
  network: Network,
  target: Target,
  points: readonly (readonly Rational[])[],
): readonly Outcome[] {
  const { entries } = placed(network, target);
  const error = errorOf(network, target);
  const inDoubles = E.toFloat64([error], entries);
  const about = points.map((point) => Math.abs(inDoubles(point.map(approximate))[0]));
  const largest = about.reduce((most, size) => (size > most ? size : most), 0);
  let [worst, most] = [points[0], Rational.zero];
  // Those that doubles say are clearly not the worst need no closer look.
  for (const point of points.filter((_, k) => !(about[k] < CLOSE * largest))) {
    const value = E.knownBounds(error, new Map(entries.map((name, k) => [name, point[k]])));
    const least = value ? value.lo.max(value.hi.neg()) : Rational.zero;
    if (most.lt(least)) [worst, most] = [point, least];
  }
  return attainedAt(network, target, worst, error);
}

/** output - f in the entries of the input. */
function errorOf(network: Network, target: Target): E.Expression {
  const { f, entries } = placed(network, target);
  return E.sub(outputFormula(network, target.output, entries.map(E.variable)), f);
}

/** The fact that output - f is what it is at a point; nothing where it has no known value. */
function attainedAt(
  network: Network,
  target: Target,
  witness: readonly Rational[],
  difference = errorOf(network, target),
): Fact[] {
  const { entries, domain, text } = placed(network, target);
  const value = E.knownBounds(difference, new Map(entries.map((name, k) => [name, witness[k]])));
  const about = sentence(aboutError(network, target, (error) => `${error} <= ?`));
  const compared = { network, output: target.output, domain, target: text, about };
  return value ? [mintAttained(compared, { [network.inputs[0].attributes.name]: witness }, value)] : [];
}

/** `for all x in [0, 1]^2: ` and a relation of the error y - (f(x)). */
function aboutError(network: Network, target: Target, relation: (error: string) => string): string {
  const [input] = network.inputs;
  const { domain, text } = placed(network, target);
  const { name } = input.attributes;
  return `for all ${name} in ${setText(input, domain[name]!)}: ${relation(`${target.output} - (${text})`)}`;
}

/** `for all x in [0, 1]^2: lo <= y - (f(x)) <= hi`, without the end that is null. */
export function rangeSentence(network: Network, target: Target, lo: Rational | null, hi: Rational | null): Sentence {
  return sentence(aboutError(network, target, (error) => rangeText(lo, error, hi)));
}

/** `for all x in [0, 1]^2: |y - (f(x))| <= 1/10`, with `?` in the place of an absent bound. */
export function errorSentence(network: Network, target: Target, most: Rational | null): Sentence {
  return sentence(aboutError(network, target, (error) => `|${error}| <= ${most ?? '?'}`));
}

/** The target in the entries of the network's input, and its domain. */
export function placed(network: Network, { f, variables, side }: Target) {
  const [input] = network.inputs;
  const shape = input ? sizes(input.shape) : [];
  const name = input?.attributes.name ?? 'x';
  const entries = Array.from({ length: Math.max(sizeOf(shape), variables.length) }, (_, k) =>
    inputEntry(name, shape, k),
  );
  const places = new Map(variables.map((variable, k) => [variable, entries[k]]));
  const moved = E.renamed(f, (variable) => places.get(variable) ?? variable);
  const domain: InputDomain = { [name]: [side[0].toString(), side[1].toString()] };
  return { f: moved, entries: entries.slice(0, variables.length), domain, text: E.toText(moved) };
}

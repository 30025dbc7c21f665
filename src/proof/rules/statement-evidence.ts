import type { Network } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { canonical, type Entry, mentions, termOf, toExpression } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import { Networks } from '../about.js';
import type { Shown } from '../fact.js';
import type { Names } from '../prove/names.js';
import type { Goal } from '../prove/relation.js';

type Checkable = Pick<Shown<null>, 'evidence' | 'conclusion'>;

/**
 * What a checker needs to see |y - f(x)| <= most for itself: the only output, one number, over one interval for all
 * entries of the only input. The goal's own bound stands in the certificate where it is larger. Null for other goals.
 */
export function everywhereEvidence(goal: Goal, names: Names, most: Rational): Checkable | null {
  const place = placeOf(goal, names);
  if (!place) return null;
  const { output, node, domain, target } = place;
  const bound = goal.bound?.max(most) ?? most;
  const ends = { lo: bound.neg().toString(), hi: bound.toString() };
  return {
    evidence: () => ({ node, domain, entries: '0', target, ...ends }),
    conclusion: () => ({ kind: 'approximation', output, domain, target, ...ends }),
  };
}

/** What a checker needs to see |y - f(x)| > c at a point where it is at least `attained`; null for other goals. */
export function witnessEvidence(goal: Goal, names: Names, point: Point, attained: Rational): Checkable | null {
  const place = placeOf(goal, names);
  if (!place || !goal.bound?.lt(attained)) return null;
  const { output, domain, target, input } = place;
  const least = goal.bound.add(attained).mul(Rational.of(1, 2)).toString();
  const inputs = { [input]: names.variables[0].entries.map((entry) => point.get(entry)!.toString()) };
  const data = { output, domain, inputs, target, least, bound: goal.bound.toString() };
  return { evidence: () => data, conclusion: () => ({ kind: 'evaluation', ...data }) };
}

type Point = ReadonlyMap<string, Rational>;

/** Where the checker looks: output, domain and target as certificates write them. */
function placeOf({ quantity, measure, strict }: Goal, names: Names) {
  const [variable, ...others] = names.variables;
  const { about: network, prefix } = names;
  if (network instanceof Networks || prefix?.conditions.length !== 0) return null;
  const [input] = network.inputs;
  const isOne = others.length === 0 && network.inputs.length === 1 && measure === 'sup-abs';
  if (!isOne || strict || !variable || variable.name !== input.attributes.name) return null;
  const sides = variable.sets.map((set) => (set.kind === 'interval' ? `${set.lo} ${set.hi}` : ''));
  if (sides[0] === '' || sides.some((side) => side !== sides[0])) return null;
  const form = canonical(quantity, { variables: new Set([variable.name]) });
  const [first, ...rest] = [...form.parts];
  const isOutput = first && first[1].term.kind === 'entry' && first[1].coefficient.abs().equals(Rational.one);
  if (!isOutput || first[1].term.kind !== 'entry') return null;
  const named = outputOf(first[1].term, network);
  if (!named || rest.some(([, { term }]) => mentions(term, (name) => name !== variable.name && !/^i\d+_*$/.test(name))))
    return null;
  const left = termOf({ constant: form.constant, parts: new Map(rest) });
  const sign = first[1].coefficient.neg();
  const target = E.toText(E.scale(sign, toExpression(left, names)));
  const [lo, hi] = sides[0].split(' ');
  const domain: Record<string, readonly [string, string]> = { [variable.name]: [lo, hi] };
  return { ...named, domain, target, input: variable.name };
}

function outputOf({ name, at }: Entry, network: Network): { output: string; node: number } | null {
  const found =
    network.outputs.find((one) => one.name === name) ??
    (name === 'y' && network.outputs.length === 1 ? network.outputs[0] : null);
  if (!found || at !== null || sizeOf(sizes(found.node.shape)) !== 1) return null;
  return { output: found.name, node: network.nodes.indexOf(found.node) };
}

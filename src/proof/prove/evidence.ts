import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { canonical, type Entry, mentions, termOf, toExpression } from '../../statement/index.js';
import * as E from '../../symbolic/index.js';
import type { Conclusion } from '../conclusion.js';
import type { Step } from '../step.js';
import type { Enclosure, Verdict } from '../verdict.js';
import type { Model } from './model.js';
import type { Names } from './names.js';
import type { Goal } from './relation.js';

/** What a certificate needs of a claim: the step that the checker redoes, and the closed statement it comes to. */
export interface Evidence {
  readonly steps: readonly Step[];
  readonly conclusion: () => Conclusion;
}

interface Found {
  readonly verdict: Verdict;
  readonly enclosure: Enclosure | null;
  readonly point: ReadonlyMap<string, Rational> | null;
}

/**
 * Evidence for the statements that the checker has a rule for: |y - f(x)| <= c for the only output, one number, over one
 * interval for all entries of the only input, and its refutation at a point. Null for all others.
 */
export function evidenceOf(goal: Goal, names: Names, models: readonly Model[], found: Found): Evidence | null {
  const place = placeOf(goal, names, models);
  const { enclosure, verdict, point } = found;
  if (!place || !enclosure) return null;
  const { output, node, domain, target, input } = place;
  const id = 'enclosure';
  const bound = goal.bound ?? enclosure.hi;
  if (verdict === 'proved' && bound) {
    const ends = { lo: bound.neg().toString(), hi: bound.toString() };
    const statement = `|${output} - (${target})| <= ${bound}`;
    const data = () => ({ node, domain, entries: '0', target, ...ends });
    return {
      steps: [{ id, rule: 'sup-norm', statement, verdict, enclosure, data }],
      conclusion: () => ({ kind: 'approximation', output, domain, target, ...ends }),
    };
  }
  if (verdict !== 'refuted' || !goal.bound || !enclosure.lo || !goal.bound.lt(enclosure.lo) || !point) return null;
  const least = goal.bound.add(enclosure.lo).mul(Rational.of(1, 2)).toString();
  const inputs = { [input]: names.variables[0].entries.map((entry) => point.get(entry)!.toString()) };
  const data = { output, domain, inputs, target, least, bound: goal.bound.toString() };
  const statement = `|${output} - (${target})| >= ${least} at the witness`;
  return {
    steps: [{ id, rule: 'evaluation', statement, verdict: 'proved', enclosure, data: () => data }],
    conclusion: () => ({ kind: 'evaluation', ...data }),
  };
}

/** Where the checker looks: output, domain and target as certificates write them. */
function placeOf({ quantity, measure, strict }: Goal, names: Names, models: readonly Model[]) {
  const [variable, ...others] = names.variables;
  const [{ network }] = models;
  const [input] = network.inputs;
  const isOne = models.length === 1 && others.length === 0 && network.inputs.length === 1 && measure === 'sup-abs';
  if (!isOne || strict || !variable || variable.name !== input.attributes.name) return null;
  const sides = variable.sets.map((set) => (set.kind === 'interval' ? `${set.lo} ${set.hi}` : ''));
  if (sides[0] === '' || sides.some((side) => side !== sides[0])) return null;
  const form = canonical(quantity, { variables: new Set([variable.name]) });
  const [first, ...rest] = [...form.parts];
  const isOutput = first && first[1].term.kind === 'entry' && first[1].coefficient.abs().equals(Rational.one);
  if (!isOutput || first[1].term.kind !== 'entry') return null;
  const named = outputOf(first[1].term, models[0]);
  if (!named || rest.some(([, { term }]) => mentions(term, (name) => name !== variable.name && !/^i\d+_*$/.test(name))))
    return null;
  const left = termOf({ constant: form.constant, parts: new Map(rest) });
  const sign = first[1].coefficient.neg();
  const target = E.toText(E.scale(sign, toExpression(left, names)));
  const [lo, hi] = sides[0].split(' ');
  const domain: Record<string, readonly [string, string]> = { [variable.name]: [lo, hi] };
  return { ...named, domain, target, input: variable.name };
}

function outputOf({ name, at }: Entry, { network }: Model): { output: string; node: number } | null {
  const found =
    network.outputs.find((one) => one.name === name) ??
    (name === 'y' && network.outputs.length === 1 ? network.outputs[0] : null);
  if (!found || at !== null || sizeOf(sizes(found.node.shape)) !== 1) return null;
  return { output: found.name, node: network.nodes.indexOf(found.node) };
}

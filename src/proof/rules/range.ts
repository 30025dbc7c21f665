import { domain as boxOf } from '../../enclose/box.js';
import { supremum } from '../../enclose/supremum.js';
import { outputFormula } from '../../evaluate/formula.js';
import type { Network } from '../../network/network.js';
import { toDecimal } from '../../numbers/decimal.js';
import { Rational } from '../../numbers/rational.js';
import * as E from '../../symbolic/index.js';
import { mint, type Outcome, open } from '../fact.js';
import { attained, qualitative, type Sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { setText } from './inputs.js';
import { statementBounds } from './statement/facts.js';

import { closedValues } from './statement/values.js';
import { placed, type Target } from './sup-norm.js';

/**
 * A piecewise linear output of one number takes no value that f does not reach or pass: its largest knot value is at most
 * the supremum of f over the interval, its least at least the infimum, by a value of f at a point or by branch and bound.
 */
const rangeRule: Rule = { id: 'range', tex: '\\min f \\le N(x) \\le \\max f' };

const MOST_BOXES = 10_000;

/** `for all x in [a, b]: y lies between the least and the largest value of f`. */
export function rangeContainedSentence(network: Network, target: Target): Sentence {
  const [input] = network.inputs;
  const { domain, text } = placed(network, target);
  const { name } = input.attributes;
  const set = setText(input, domain[name]!);
  return qualitative(
    `for all ${name} in ${set}: ${target.output} lies between the infimum and the supremum of ${text}`,
  );
}

/** Applies the rule; the fact says that the range is kept, or with a witness that it is left by more than `doubt`. */
export function proveRange(
  network: Network,
  target: Target,
  { deadline, doubt }: { readonly deadline?: number; readonly doubt: Rational },
): readonly Outcome[] {
  const { f, entries } = placed(network, target);
  const [a, b] = target.side;
  const says = rangeContainedSentence(network, target);
  const formula = outputFormula(network, target.output, entries.map(E.variable));
  const knots = entries.length === 1 ? E.knotsOf(formula, entries[0], a, b) : undefined;
  if (!knots) return [open(rangeRule, 'range', says.text, 'the network is not piecewise linear in one number')];
  const top = knots.reduce((most, knot) => (most.y.lt(knot.y) ? knot : most));
  const bottom = knots.reduce((most, knot) => (knot.y.lt(most.y) ? knot : most));
  const reached = [
    isReached(f, entries[0], top, 1, target, { deadline, doubt }),
    isReached(f, entries[0], bottom, -1, target, { deadline, doubt }),
  ];
  const values = `${target.output} takes the values [${toDecimal(bottom.y, 6, 'down')}, ${toDecimal(top.y, 6, 'up')}]`;
  const base = { rule: rangeRule, id: 'range', network, domain: null, found: null };
  if (reached.includes(false)) {
    const at = { [entries[0]]: (reached[0] === false ? top : bottom).x.toString() };
    return [mint({ ...base, says: attained(says, { lo: Rational.one, hi: Rational.one }, at[entries[0]]), at })];
  }
  const [above, below] = reached;
  if (!above || !below) return [open(rangeRule, 'range', says.text, `${values}; f may not reach them`)];
  // y <= y(top) <= f(above) and y >= y(bottom) >= f(below): what the checker sees for itself.
  const [input] = network.inputs;
  const text = `for all ${input.attributes.name} in [${a}, ${b}]: ${bottom.y} <= ${target.output} <= ${top.y}`;
  // In the text, as expressions work out what is rational.
  const at = (x: Rational) =>
    E.toText(f).replaceAll(/[A-Za-z_]\w*/g, (word) => (word === entries[0] ? `(${x})` : word));
  const relations = [
    [at(above), '>=', `${top.y}`],
    [at(below), '<=', `${bottom.y}`],
  ] as const;
  const data = { relations, holds: true };
  const knotsSay = mint({
    ...{ ...base, rule: statementBounds, id: 'knots', says: qualitative(text) },
    evidence: () => ({ text, method: 'cells' }),
  });
  const valuesSay = mint({
    ...{
      ...base,
      rule: closedValues,
      id: 'values',
      says: qualitative(relations.map((one) => one.join(' ')).join(' and ')),
    },
    evidence: () => data,
  });
  return [
    knotsSay,
    valuesSay,
    mint({
      ...{ ...base, says, premises: [knotsSay, valuesSay] },
      conclusion: () => ({
        kind: 'all',
        of: [
          { kind: 'statement', text },
          { kind: 'values', ...data },
        ],
      }),
    }),
  ];
}

/** Where f goes at least as high (sign 1) or as low (sign -1) as the knot; false where it nowhere does, undefined when that stays open. */
function isReached(
  f: E.Expression,
  variable: string,
  { x, y }: E.Knot,
  sign: 1 | -1,
  { side }: Target,
  { deadline, doubt }: { readonly deadline?: number; readonly doubt: Rational },
): Rational | false | undefined {
  const factor = Rational.of(sign);
  const level = y.mul(factor);
  const value = E.knownBounds(f, new Map([[variable, x]]));
  if (value && level.le(value.lo.mul(factor).min(value.hi.mul(factor)))) return x;
  const box = boxOf([{ variable, lo: side[0], hi: side[1] }]);
  const { lo, hi, witness } = supremum([sign === 1 ? f : E.neg(f)], box, {
    bound: level,
    mostBoxes: MOST_BOXES,
    deadline,
  });
  return level.le(lo) ? witness[0] : hi?.add(doubt).lt(level) ? false : undefined;
}

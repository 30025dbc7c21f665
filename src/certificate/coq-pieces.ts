import { nodeExpressions } from '../evaluate/expressions.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { tokenWise } from '../network/token-wise.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import type { Enclosure } from '../proof/verdict.js';
import type { Expression } from '../symbolic/expression.js';
import { parseExpression } from '../symbolic/parse.js';
import { type Knot, knotsOf } from '../symbolic/piecewise.js';
import { downward, type Evidence, endsOf, type Formal, HYPOTHESIS_BITS, type Lemma, upward } from './coq-step.js';
import { coqNumber, coqTerm } from './coq-terms.js';

const MOST_PIECES = 128;

const INTERVAL = 'interval with (i_prec 64, i_bisect x, i_taylor x, i_degree 5)';

/** The pieces of a piecewise linear function of one input against the target, each on its own interval. */
export function pieces(step: Evidence): Formal {
  const read = againstTarget(step);
  if (typeof read === 'string') return read;
  const { formula, target, domain } = read;
  const knots = knotsOf(formula, 'x', ...domain);
  const f = coqTerm(target);
  if (!knots || f === null) return 'a function that has no name in Coq';
  if (knots.length - 1 > MOST_PIECES) return `${knots.length - 1} pieces, each a statement about one number`;
  const ends = endsOf(step)!;
  if (step.data.of === undefined && isTranscendental(f) && isTight(step.enclosure, ends))
    return 'a bound that is attained, which interval arithmetic cannot show';
  const bounds = [downward(ends[0], HYPOTHESIS_BITS), upward(ends[1], HYPOTHESIS_BITS)].map(coqNumber);
  const lemmas = knots.slice(1).map((to, k) => piece(knots[k], to, f, bounds, k + 1));
  const net = coqTerm(formula);
  const isSmall = net !== null && lemmas.length <= MOST_WHOLE && net.length <= LONGEST_NET;
  return { lemmas: isSmall ? [...lemmas, ...wholeNet(net, knots, f, bounds)] : lemmas, uses: [] };
}

interface AgainstTarget {
  readonly formula: Expression;
  readonly target: Expression;
  readonly domain: readonly [Rational, Rational];
}

/** What a step compares, as formulas in one number x: a node, of the inputs or of a row of them, and its target. */
function againstTarget({ data, network }: Evidence): AgainstTarget | string {
  const target = String(data.target).replaceAll(/\w+\[t,1\]|\w+\[t\]/g, 'x');
  if (/\[/.test(target)) return SEVERAL;
  const [input] = network.inputs;
  const [lo, hi] = Object.values(data.domain as Record<string, [string, string] | null>)[0] ?? [];
  if (lo === undefined || hi === undefined) return 'the input itself';
  const node = network.nodes[data.node as number];
  const isOfRow = data.of !== undefined;
  const part = isOfRow ? tokenWise(network.nodes[data.of as number], node) : network.upTo(node);
  if (typeof part === 'string' || node === input) return 'the input itself';
  if (input.shape.at(-1)!.size !== 1 && input.shape.length > 1) return SEVERAL;
  const first = Number(/^\d+/.exec(String(data.entries))![0]);
  const entries = nodeExpressions(part, part.outputs[0].node, () => 'x');
  const named = target.replaceAll(new RegExp(`\\b${input.attributes.name}\\b`, 'g'), 'x');
  return {
    formula: entries[isOfRow ? first % sizeOf(sizes(node.shape).slice(1)) : first],
    target: parseExpression(named, ['x']),
    domain: [parseRational(lo), parseRational(hi)],
  };
}

const SEVERAL = 'a function of several inputs, bounded one input at a time';

const MOST_WHOLE = 32;

const LONGEST_NET = 5000;

/** The network itself, written out from its weights: that it is each piece's line there, and so the bound for all x. */
function wholeNet(net: string, knots: readonly Knot[], f: string, [lo, hi]: readonly string[]): Lemma[] {
  const ends = knots.map(({ x }) => coqNumber(x));
  const lines = knots.slice(1).map((to, k): Lemma => {
    return {
      name: `net_${k + 1}`,
      statement: `forall x, ${ends[k]} <= x <= ${ends[k + 1]} ->\n  ${net} = ${lineThrough(knots[k], to)}`,
      proof:
        'intros x Hx; repeat match goal with |- context [Rmax ?a ?b] => ' +
        'first [rewrite (Rmax_left a b) by lra | rewrite (Rmax_right a b) by lra] end; lra',
    };
  });
  const cases = lines.map((_, k) => {
    const there = `rewrite (@net_${k + 1} x) by lra; apply @piece_${k + 1}; lra`;
    return k < lines.length - 1 ? `destruct (Rle_or_lt x ${ends[k + 1]}); [${there}|]` : there;
  });
  const range = `${ends[0]} <= x <= ${ends[ends.length - 1]}`;
  const statement = `forall x, ${range} ->\n  ${lo} <= ${net} - ${f} <= ${hi}`;
  return [...lines, { name: 'network', statement, proof: `intros x Hx; ${cases.join('; ')}` }];
}

/** The line through two knots, as a term in x. */
function lineThrough(from: Knot, to: Knot): string {
  const slope = to.y.sub(from.y).div(to.x.sub(from.x));
  return `${coqNumber(from.y)} + ${coqNumber(slope)} * (x - ${coqNumber(from.x)})`;
}

/** Whether a term needs interval arithmetic. */
function isTranscendental(term: string): boolean {
  return /exp|ln|sin|cos|sqrt|PI|\//.test(term.replaceAll(/\(\(?-?\d+\)? \/ \d+\)/g, ''));
}

/** Whether the best enclosure leaves next to no room below the bound. */
function isTight(enclosure: Enclosure | null, [lo, hi]: readonly Rational[]): boolean {
  const room = hi.max(lo.neg()).sub(enclosure?.lo ?? Rational.zero);
  return room.abs().lt(hi.abs().mul(Rational.pow2(-HYPOTHESIS_BITS / 2)));
}

function piece(from: Knot, to: Knot, f: string, [lo, hi]: readonly string[], k: number): Lemma {
  const line = lineThrough(from, to);
  const [p, q] = [coqNumber(from.x), coqNumber(to.x)];
  const hints =
    `assert (0 <= (x - ${p}) * (${q} - x)) by (apply Rmult_le_pos; lra); ` +
    `assert (0 <= (x - (${p} + ${q}) / 2) * (x - (${p} + ${q}) / 2)) by apply Rle_0_sqr`;
  const isKinked = /Rabs|Rmin|Rmax/.test(f);
  const solve = isKinked
    ? 'unfold Rmin, Rmax, Rabs; repeat (destruct Rle_dec || destruct Rcase_abs); nra'
    : isTranscendental(f)
      ? INTERVAL
      : `(${hints}; nra)`;
  return {
    name: `piece_${k}`,
    statement: `forall x, ${coqNumber(from.x)} <= x <= ${coqNumber(to.x)} ->\n  ${lo} <= ${line} - ${f} <= ${hi}`,
    proof: `intros x Hx; split; ${solve}`,
  };
}

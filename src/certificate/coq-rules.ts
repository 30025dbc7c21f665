import { nodeExpressions } from '../evaluate/expressions.js';
import type { Network } from '../network/network.js';
import { tokenWise } from '../network/token-wise.js';
import { floorLog2 } from '../numbers/convert.js';
import { parseRational } from '../numbers/parse.js';
import { Rational } from '../numbers/rational.js';
import { roundedTo } from '../numbers/significant-bits.js';
import { coqApplied, coqInstance, coqOf } from '../proof/book/coq.js';
import { lemmaOf } from '../proof/book/read.js';
import type { Enclosure } from '../proof/verdict.js';
import { type Expression, rebuild, variable } from '../symbolic/expression.js';
import { parseExpression } from '../symbolic/parse.js';
import { type Knot, knotsOf } from '../symbolic/piecewise.js';
import { coqNumber, coqTerm } from './coq-terms.js';

/** One statement about real numbers, with a proof that coqc finds. */
export interface Lemma {
  readonly name: string;
  readonly statement: string;
  readonly proof: string;
}

/** Lemmas with the general files of proofs-check/coq that they use; or why a step is no statement about numbers. */
export type Formal = { readonly lemmas: readonly Lemma[]; readonly uses: readonly string[] } | string;

/** A step with its data and, likewise, the steps that it rests on. */
export interface Evidence {
  readonly network: Network;
  readonly data: Readonly<Record<string, unknown>>;
  readonly enclosure: Enclosure | null;
  readonly premises: readonly Evidence[];
}

/** How each rule's steps are stated in Coq. To add one: a row here. */
export const FORMAL: Readonly<Record<string, (step: Evidence) => Formal>> = {
  'sup-norm': pieces,
  'composed-net': pieces,
  'composed-readout': () => 'the structure of a net, part by part',
  lemma: bookLemma,
  'stated-lemma': () => 'a lemma about entries of inputs; the general statement is Book.v',
  congruence: () => 'the same with entries replaced by what they stand for',
  'lipschitz-composition': composition,
  'iterated-tooth': iteratedTooth,
  counting: () => 'the number of entries of the constants',
  'affine-identity': () => 'an identity of affine forms in the inputs, entry by entry',
  'exact-evaluation': () => 'the value of the whole network at finitely many inputs, in rational arithmetic',
  'comparison-tree': () => 'the structure of a net of ReLUs; min(A, B) = A - relu(A - B) at each of its nodes',
  'score-maximum': () => 'the structure of a head and of squares, and many pieces of one number',
  'row-means': rowMeans,
  'monotone-minimum': () => 'the signs of the weights, and the corners of two functions of one number',
  'induction-head': () => 'gaps between all pairs of tokens and of symbols',
  'hidden-entry': () => 'a derivative of the whole network, from its beta and its number of tokens',
  collision: () => 'the whole network at two inputs, in interval arithmetic',
  arithmetic: () => 'relations between given rational numbers',
  'information-flow': () => 'a statement about an architecture',
  'transfer-identity': () => 'an identity of rational functions; the general statement is NormFactorization.v',
};

const MOST_PIECES = 128;
const INTERVAL = 'interval with (i_prec 64, i_bisect x, i_taylor x, i_degree 5)';

/** The pieces of a piecewise linear function of one input against the target, each on its own interval. */
function pieces({ data, network, enclosure }: Evidence): Formal {
  const target = String(data.target).replaceAll(/\w+\[t,1\]|\w+\[t\]/g, 'x');
  if (/\[/.test(target)) return 'a function of several inputs, bounded one input at a time';
  const [input] = network.inputs;
  const [lo, hi] = Object.values(data.domain as Record<string, [string, string] | null>)[0] ?? [];
  if (lo === undefined || hi === undefined) return 'the input itself';
  const node = network.nodes[data.node as number];
  const part = data.of === undefined ? network.upTo(node) : tokenWise(network.nodes[data.of as number], node);
  if (typeof part === 'string' || node === input) return 'the input itself';
  const first = Number(/^\d+/.exec(String(data.entries))![0]);
  const columns =
    data.of === undefined ? Number.POSITIVE_INFINITY : node.shape.slice(1).reduce((n, { size }) => n * size, 1);
  const formula = nodeExpressions(part, part.outputs[0].node, () => 'x')[first % columns];
  const expression = parseExpression(target.replaceAll(new RegExp(`\\b${input.attributes.name}\\b`, 'g'), 'x'), ['x']);
  if (input.shape.at(-1)!.size !== 1 && input.shape.length > 1)
    return 'a function of several inputs, bounded one input at a time';
  const knots = knotsOf(formula, 'x', parseRational(lo), parseRational(hi));
  const f = coqTerm(expression);
  if (!knots || f === null) return 'a function that has no name in Coq';
  if (knots.length - 1 > MOST_PIECES) return `${knots.length - 1} pieces, each a statement about one number`;
  const ends = endsOf({ data, enclosure })!;
  if (data.of === undefined && isTranscendental(f) && isTight(enclosure, ends))
    return 'a bound that is attained, which interval arithmetic cannot show';
  const bounds = ends.map((end, k) =>
    coqNumber(k === 0 ? roundedDown(end, HYPOTHESIS_BITS) : upward(end, HYPOTHESIS_BITS)),
  );
  const lemmas = knots.slice(1).map((to, k) => piece(knots[k], to, f, bounds, k + 1));
  const net = coqTerm(formula);
  const isSmall = net !== null && lemmas.length <= MOST_WHOLE && net.length <= LONGEST_NET;
  return { lemmas: isSmall ? [...lemmas, ...wholeNet(net, knots, f, bounds)] : lemmas, uses: [] };
}

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

/** The bounds that a step states, or else those that it found. */
function endsOf({ data, enclosure }: Pick<Evidence, 'data' | 'enclosure'>): readonly [Rational, Rational] | null {
  if (data.lo !== undefined) return [parseRational(String(data.lo)), parseRational(String(data.hi))];
  return enclosure?.lo && enclosure.hi ? [enclosure.lo, enclosure.hi] : null;
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

/** The lemma with the numbers of the step, for all functions; and the bound that it comes to, where that takes a function. */
function bookLemma({ data, enclosure }: Evidence): Formal {
  const lemma = lemmaOf(String(data.lemma));
  if (lemma.coq === null) return 'a lemma of the book without a proof in Coq';
  if (data.each !== undefined) return 'a lemma for each of several tokens; the general statement is Book.v';
  const given = data.with as Readonly<Record<string, string>>;
  const values = {
    numbers: new Map(lemma.numbers.map((name) => [name, parseRational(given[name])])),
    sizes: new Map(lemma.sets.map((name) => [name, given[name] === '' ? 0 : inRanges(given[name]).length])),
  };
  const sizes = 'repeat match goal with H : INR (length _) = _ |- _ => rewrite H end';
  const lemmas: Lemma[] = [
    {
      name: 'applied',
      statement: coqInstance(lemma, values),
      proof: `intros; apply ${coqApplied(lemma, values)}; ${sizes}; try assumption; try lra; interval with (i_prec 256)`,
    },
  ];
  if (enclosure?.hi) {
    const [, , high] = lemma.conclusions[Number(data.conclusion ?? 0)].sides;
    const lets = [...lemma.abbreviations].map(([name, term]) => [name, coqOf(term, values)] as const);
    const scalar = lets.filter(([, term]) => !lemma.functions.some((name) => term.includes(`(${name} `)));
    const bound = coqNumber(upward(enclosure.hi, CONCLUSION_BITS));
    const statement = `${scalar.map(([name, term]) => `let ${name} := ${term} in `).join('')}${coqOf(high, values)} <= ${bound}`;
    lemmas.push({ name: 'bound', statement, proof: 'cbv zeta; interval with (i_prec 256)' });
  }
  return { lemmas, uses: ['Book'] };
}

/** The lemma about the mean, and the net of one token against the target. */
function rowMeans(evidence: Evidence): Formal {
  const applied = bookLemma(evidence);
  const { values: node, column, error } = evidence.data as { values: number; column: number; error?: string[] };
  if (typeof applied === 'string' || !error) return applied;
  const net = pieces({
    ...evidence,
    data: { ...evidence.data, node, entries: `${column}`, lo: error[0], hi: error[1] },
  });
  return typeof net === 'string' ? applied : { lemmas: [...applied.lemmas, ...net.lemmas], uses: applied.uses };
}

/** Hypotheses of a readout's lemma are rounded outward, its conclusion more coarsely. */
const HYPOTHESIS_BITS = 64;
const CONCLUSION_BITS = 32;
/** Nothing is told apart below 2^-FINEST. */
const FINEST = 256;

/** A short number that is at least `value`. */
function upward(value: Rational, bits: number): Rational {
  if (value.isZero()) return value;
  const least = Rational.pow2(-FINEST);
  if (value.sign() > 0) return roundedTo(value.max(least), bits, 'up');
  const unit = Rational.pow2(floorLog2(-value.num, value.den) + 1 - bits).max(least);
  return Rational.of(value.div(unit).ceil()).mul(unit);
}

function roundedDown(value: Rational, bits: number): Rational {
  return upward(value.neg(), bits).neg();
}

/** How far F_0 moves when its arguments do: for all reals, by cases. */
function composition({ data, premises, enclosure }: Evidence): Formal {
  if (data.z === undefined) return 'a readout of each token by itself';
  const names = (data.z as readonly unknown[]).map((_, i) => `z${i + 1}`);
  const others = names.map((name) => name.replace('z', 'w'));
  const readout = parseExpression(String(data.readout), names);
  const [z, w] = [coqTerm(readout), coqTerm(renamed(readout, (name) => name.replace('z', 'w')))];
  const errors = premises.flatMap(({ data: head, enclosure: own, premises: [feature] }) => {
    const ends = head.entries === undefined || !feature ? null : endsOf(feature);
    if (!own?.lo || !own.hi || !ends) return [];
    return [[own.lo.add(ends[0]), own.hi.add(ends[1])] as const];
  });
  if (z === null || w === null || !enclosure?.hi) return 'a readout that has no name in Coq';
  if (errors.length < names.length) return 'a readout of values whose errors have no form in Coq';
  const hypotheses = errors.map((ends, i) => {
    const [lo, hi] = [roundedDown(ends[0], HYPOTHESIS_BITS), upward(ends[1], HYPOTHESIS_BITS)].map(coqNumber);
    return `  ${lo} <= ${names[i]} - ${others[i]} <= ${hi} ->\n`;
  });
  const bound = coqNumber(upward(enclosure.hi, CONCLUSION_BITS));
  const statement = `forall ${[...names, ...others].join(' ')},\n${hypotheses.join('')}  - ${bound} <= ${z} - ${w} <= ${bound}`;
  const proof = 'intros; split; unfold Rmin, Rmax, Rabs; repeat (destruct Rle_dec || destruct Rcase_abs); lra';
  return { lemmas: [{ name: 'readout', statement, proof }], uses: [] };
}

function renamed(e: Expression, name: (before: string) => string): Expression {
  return e.kind === 'variable' ? variable(name(e.name)) : rebuild(e, (part) => renamed(part, name));
}

/** The error of each layer is a quarter of the one before at a tooth's value; after m layers it is below 4^(-m-1). */
function iteratedTooth({ data }: Evidence): Formal {
  const m = (data.layers as readonly unknown[]).length - 1;
  const tooth = '(2 * Rmin x (1 - x))';
  return {
    lemmas: [
      {
        name: 'start',
        statement: 'forall x, 0 <= x <= 1 -> 0 <= x - x ^ 2 <= 1 / 4',
        proof:
          'intros x Hx; assert (0 <= x * (1 - x)) by (apply Rmult_le_pos; lra); ' +
          'assert (0 <= (x - 1 / 2) * (x - 1 / 2)) by apply Rle_0_sqr; split; nra',
      },
      {
        name: 'one_layer',
        statement: `forall x, 0 <= x <= 1 ->\n  (0 <= ${tooth} <= 1) /\\ x - ${tooth} / 4 - x ^ 2 = (${tooth} - ${tooth} ^ 2) / 4`,
        proof: 'intros x Hx; unfold Rmin; destruct Rle_dec; (split; [split; lra | field])',
      },
      { name: 'bound', statement: `(1 / 4) * (1 / 4) ^ ${m} = 1 / ${4n ** BigInt(m + 1)}`, proof: 'field' },
    ],
    uses: [],
  };
}

/** The numbers of `0..3,7`. */
function inRanges(text: string): number[] {
  return text.split(',').flatMap((range) => {
    const [first, last = first] = range.split('..').map(Number);
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
}

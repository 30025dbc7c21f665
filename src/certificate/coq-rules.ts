import { nodeExpressions } from '../evaluate/expressions.js';
import { parseRational } from '../numbers/parse.js';
import { coqApplied, coqInstance, coqOf } from '../proof/book/coq.js';
import { lemmaOf } from '../proof/book/read.js';
import { parseExpression } from '../symbolic/parse.js';
import { renamed } from '../symbolic/renamed.js';
import { pieces } from './coq-pieces.js';
import {
  CONCLUSION_BITS,
  downward,
  type Evidence,
  endsOf,
  type Formal,
  HYPOTHESIS_BITS,
  type Lemma,
  upward,
} from './coq-step.js';
import { coqNumber, coqTerm } from './coq-terms.js';

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
  'comparison-tree': comparisonTree,
  'second-largest': () => 'the structure of two heads; the general lemmas are in Book.v',
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
  if (error.every((end) => parseRational(end).isZero()))
    return { ...applied, lemmas: [...applied.lemmas, ...overTokens(applied)] };
  const net = pieces({
    ...evidence,
    data: { ...evidence.data, node, entries: `${column}`, lo: error[0], hi: error[1] },
  });
  return typeof net === 'string' ? applied : { lemmas: [...applied.lemmas, ...net.lemmas], uses: applied.uses };
}

/** For a lemma about one set and one function: the head over that many tokens, which it then is about. */
function overTokens({ lemmas: [{ statement }] }: Exclude<Formal, string>): Lemma[] {
  const opening = /^forall \(I : list nat\) \((\w+) : nat -> R\),\s*INR \(length I\) = (\d+) ->/;
  const [whole, values, count] = opening.exec(statement) ?? [];
  if (whole === undefined || Number(count) > MOST_TOKENS) return [];
  const tokens = `(List.seq 0 ${count})`;
  const rest = statement.slice(whole.length);
  const proof = `intros; apply (@applied ${tokens} ${values}); rewrite List.seq_length, INR_IZR_INZ; reflexivity`;
  return [{ name: 'network', statement: `forall (${values} : nat -> R),\n  let I := ${tokens} in${rest}`, proof }];
}

const MOST_TOKENS = 64;

/** How far F_0 moves when its arguments do: for all reals, by cases. */
function composition({ data, premises, enclosure }: Evidence): Formal {
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
    const [lo, hi] = [downward(ends[0], HYPOTHESIS_BITS), upward(ends[1], HYPOTHESIS_BITS)].map(coqNumber);
    return `  ${lo} <= ${names[i]} - ${others[i]} <= ${hi} ->\n`;
  });
  const bound = coqNumber(upward(enclosure.hi, CONCLUSION_BITS));
  const statement = `forall ${[...names, ...others].join(' ')},\n${hypotheses.join('')}  - ${bound} <= ${z} - ${w} <= ${bound}`;
  const proof = 'intros; split; unfold Rmin, Rmax, Rabs; repeat (destruct Rle_dec || destruct Rcase_abs); lra';
  return { lemmas: [{ name: 'readout', statement, proof }], uses: [] };
}

/** The tree written out from its weights, a minimum for all reals: by the order of all pairs that it compares. */
function comparisonTree({ data, network }: Evidence): Formal {
  const structure = 'the structure of a net of ReLUs; min(A, B) = A - relu(A - B) at each of its nodes';
  const node = network.nodes[data.node as number];
  const [input] = network.inputs;
  const leaves = inRanges(String(data.entries));
  if (network.nodes[data.of as number] !== input || leaves.length > MOST_LEAVES) return structure;
  const name = (entry: number) => `x${entry + 1}`;
  const tree = coqTerm(nodeExpressions(network.upTo(node), node, (_, entry) => name(entry))[data.entry as number]);
  if (tree === null) return structure;
  const names = leaves.map(name);
  const statement = `forall ${names.join(' ')},\n  ${tree} = ${names.reduce((a, b) => `(Rmin ${a} ${b})`)}`;
  const proof = 'intros; unfold Rmin, Rmax; repeat (destruct Rle_dec; try lra)';
  return { lemmas: [{ name: 'network', statement, proof }], uses: [] };
}

/** Leaves of a tree whose orders are looked at one by one. */
const MOST_LEAVES = 6;

/** The error of each layer is a quarter of the one before at a tooth's value; after m layers it is below 4^(-m-1). */
function iteratedTooth(evidence: Evidence): Formal {
  const layers = evidence.data.layers as readonly number[];
  const m = layers.length - 1;
  const { op, shape } = evidence.network.nodes[layers[0]];
  const isWhole = op === 'input' && shape.every(({ size }) => size === 1) && m <= MOST_TEETH;
  const ends = { target: 'x^2', entries: '0', domain: { x: ['0', '1'] }, lo: '0', hi: `1/${4n ** BigInt(m + 1)}` };
  const whole = isWhole ? pieces({ ...evidence, data: { ...evidence.data, ...ends } }) : 'many pieces';
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
      ...(typeof whole === 'string' ? [] : whole.lemmas),
    ],
    uses: [],
  };
}

/** Layers of teeth whose pieces are looked at one by one. */
const MOST_TEETH = 4;

/** The numbers of `0..3,7`. */
function inRanges(text: string): number[] {
  return text.split(',').flatMap((range) => {
    const [first, last = first] = range.split('..').map(Number);
    return Array.from({ length: last - first + 1 }, (_, k) => first + k);
  });
}

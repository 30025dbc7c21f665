import { placeName, placeOf } from '../atoms.js';
import { lemmaOf } from '../book.js';
import { spend } from '../budget.js';
import { formOf } from '../calculus.js';
import type { Expression } from '../expression.js';
import type { Rule } from '../fact.js';
import { demand } from '../failure.js';
import { difference, equal, type Form, isConstant, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import { fraction, index, list, type Node, record, sizeOf, string } from '../network.js';
import { rowConstants } from '../row-network.js';
import type { Session } from '../session.js';
import type { Side } from '../side.js';
import { isOfRow, type Names } from '../term-expressions.js';
import { AppliedLemma } from './applied-lemma.js';
import { bound, separate } from './enclosure.js';

const NODES = ['of', 'values', 'weights', 'sum', 'node'] as const;
/** y as lemmas about means over tokens have it: the sets of tokens, and the logit of token s. */
const MEAN = /^sum_\{t in ([A-Z](?:, [A-Z])*)\}\(softmax_\{s in \1\}\(([^{}|]*)\)\[t\]\*psi\[t\]\)$/;
const QUANTITY = /^y(?: - (min|max)_\{t in ([A-Z])\}\(psi\[t\]\))?$/;

/**
 * A lemma of the book about y = sum_t softmax_s(z_s)[t] psi[t], for any number of tokens: looked at is one token of each kind.
 *
 * Data: the `lemma`, what its sets, numbers and functions but psi are (`with`), its `conclusion`; an input `of` [T, ...] in a
 * `domain`, `values` [T, ...] whose rows are one function of its rows and of which psi is a `column`; `weights`, a softmax over
 * the tokens, `sum`, the sum over them, and y, the `entry` of `node`. Tokens are of one kind where they are in one set and the
 * other functions have one value: then all constants that are taken row by row must have equal rows for them, so that logits and
 * terms of the sum are the same functions of the row of `values`. These must be the lemma's, the logits up to a common constant.
 *
 * psi lies in `range`, if hypotheses ask for it. With a `target`, in which t stands for the token and which is a function of its
 * row, psi - target lies in `error`: then the bound is that against the minimum, or maximum, of the targets.
 */
export const rowMeans: Rule = (session, data) => {
  const fields = record(data, 'the data', [
    ...['lemma', 'with', 'conclusion', 'domain', ...NODES, 'column', 'entry', 'range', 'target', 'error'],
  ]);
  const { atoms, expressions } = session;
  const { nodes } = session.network;
  const [of, values, weights, sum, node] = NODES.map((name) => session.node(fields[name]));
  const domain = session.domain(fields.domain);
  const [T, ...rest] = nodes[of].shape;
  const hasRows = [of, values, weights].every((k) => nodes[k].shape[0] === T && T > 1);
  demand(hasRows && nodes[of].op === 'input', `node ${of} is no input with the rows of nodes ${values} and ${weights}`);
  const column = index(fields.column, sizeOf(nodes[values].shape) / T, 'the column');
  const entry = index(fields.entry, sizeOf(nodes[node].shape), 'the entry');
  const psi = expressions.variable(placeName(values, column));
  const lemma = lemmaOf(string(fields.lemma, 'the name of a lemma'));
  const [, over, logit] = MEAN.exec(lemma.abbreviations.get('y') ?? '') ?? [];
  demand(logit !== undefined, () => `the lemma ${lemma.name} is about no mean over tokens`);
  const given = record(fields.with, 'with', [...lemma.sets, ...lemma.functions, ...lemma.numbers]);
  demand(values !== weights && given.psi === undefined, 'psi is the column');
  const applied = new AppliedLemma(lemma, given, expressions, (_, name) => {
    demand(name === 'psi', `${name} is not given`);
    return () => psi;
  });
  const mean: Mean = { values, weights, ...behind(session, T, weights, sum), node, column, entry };
  const firsts = firstsOf(applied, over.split(', '), T, constantsOf(session, mean));
  demandMean(session, mean, firsts, (t) => applied.read(logit, [['s', t]]));

  const row = session.row(of, values)[column];
  const inRow: Names = (name, [, ...indices]) => {
    const isEntry = name === nodes[of].name && indices.length === rest.length;
    const fits = isEntry && indices.every((i, k) => i >= 1 && i <= rest[k]);
    const at = indices.reduce((flat, i, k) => flat * rest[k] + i - 1, 0);
    return fits ? expressions.variable(placeName(of, at)) : undefined;
  };
  const within = (target: Expression, ends: unknown, what: string): Side => {
    const [lo, hi] = list(ends, what).map((end) => fraction(end, what));
    demand(lo !== undefined && hi !== undefined, `${what} has two ends`);
    const summands = separate(atoms, row, target, (name) => atoms.input(name));
    const side = () => session.sideOf(nodes[of].name, domain);
    bound(atoms, summands, side, { lo, hi }, `column ${column} of node ${values}`);
    return { lo, hi };
  };
  const zero = expressions.number(Fraction.zero);
  const range = fields.range === undefined ? null : within(zero, fields.range, 'the range');
  const sideOf = (e: Expression): Side => {
    demand(e !== psi || range !== null, 'it is not said where the values lie');
    return e === psi ? range! : applied.number(e);
  };
  const { quantity, ...ends } = applied.conclude(fields.conclusion, sideOf, (t) => firsts.has(t));
  const found = QUANTITY.exec(quantity);
  demand(found !== null, 'the conclusion is no bound of y');
  const proved = (target: Expression, { lo, hi }: Side) =>
    ({ kind: 'within', domain, node, entries: new Map([[entry, { target, lo, hi }]]) }) as const;
  const [, name, set] = found;
  if (set === undefined) return proved(zero, ends);
  const text = string(fields.target, 'the target');
  demand(isOfRow(expressions.termOf(text), 't'), 'the target is no function of the row of token t');
  const error = within(expressions.parse(text, inRow, [['t', 1]]), fields.error, 'the error');
  const target = expressions.parse(`${name}_{t in ${given[set]}}(${text})`, session.names);
  return proved(target, { lo: ends.lo.add(error.lo), hi: ends.hi.add(error.hi) });
};

/** Places of what the mean is made of: `terms` are summed over the tokens, the softmax of `logits` is taken over them. */
export interface Mean {
  readonly values: number;
  readonly weights: number;
  readonly sum: number;
  readonly terms: number;
  readonly logits: number;
  readonly node: number;
  readonly column: number;
  readonly entry: number;
}

export function behind({ network: { nodes } }: Session, T: number, weights: number, sum: number) {
  const isOver = (k: number, op: string) => nodes[k].op === op && nodes[k].axis === 0;
  demand(isOver(sum, 'reduceSum') && isOver(weights, 'softmax'), `node ${sum} or ${weights} is not over the tokens`);
  const [[terms], [logits]] = [nodes[sum].inputs, nodes[weights].inputs];
  demand(nodes[terms].shape[0] === T && nodes[logits].shape[0] === T, 'the sum is over something else');
  return { sum, terms, logits };
}

/** The constants that are taken row by row on the way to terms and logits. */
export function constantsOf({ network }: Session, { values, weights, terms, logits }: Mean): Node[] {
  const places = [...rowConstants(network, [values, weights], terms), ...rowConstants(network, [values], logits)];
  return [...new Set(places)].map((k) => network.nodes[k]);
}

/** The first token of each kind: of tokens in one set, with one value of the other function that there may be and equal constants. */
function firstsOf({ lemma, sets, functions }: AppliedLemma, over: readonly string[], T: number, constants: Node[]) {
  const [other = '', ...others] = [...lemma.functions].filter((name) => name !== 'psi');
  demand(others.length === 0 && over.length === lemma.sets.size, 'the lemma is not about all of its tokens');
  const rows = constants.map(rowNumbers);
  const seen = new Uint8Array(T + 1);
  const firsts = new Set<number>();
  let count = 0;
  for (const name of over) {
    const kinds = new Map<Expression | undefined, Set<string>>();
    for (const t of sets.get(name)!) {
      spend(30 + 10 * rows.length);
      demand(t >= 1 && t <= T && seen[t] === 0, () => `token ${t} is in two sets`);
      seen[t] = 1;
      count += 1;
      const value = functions.get(other)?.(t);
      const known = kinds.get(value) ?? new Set();
      const row = `${rows.map((numbers) => numbers[t - 1])}`;
      if (!known.has(row)) firsts.add(t);
      kinds.set(value, known.add(row));
    }
  }
  demand(count === T, `the sets hold ${count} of ${T} tokens`);
  return firsts;
}

const numbered = new WeakMap<Node, Uint32Array>();

/** Numbers for the rows of a constant: equal rows have one number. */
function rowNumbers(constant: Node): Uint32Array {
  const known = numbered.get(constant);
  if (known) return known;
  const [rows, ...rest] = constant.shape;
  const width = sizeOf(rest);
  spend(30 * rows * width);
  const numbers = new Map<string, number>();
  const found = Uint32Array.from({ length: rows }, (_, t) => {
    const row = Array.from({ length: width }, (_, k) => constant.entries.get(t * width + k) ?? 0).join();
    const number = numbers.get(row) ?? numbers.size;
    numbers.set(row, number);
    return number;
  });
  numbered.set(constant, found);
  return found;
}

/**
 * Demands that the entry is the mean of the column of `values` by a softmax with the lemma's logits, up to a common constant:
 * it is so if the terms and the logits of one token of each kind are.
 */
export function demandMean(
  session: Session,
  mean: Mean,
  firsts: Iterable<number>,
  logitOf: (t: number) => Expression,
): void {
  const { values, weights, sum, terms, logits, node, column, entry } = mean;
  const { atoms } = session;
  const place = placeOf(atoms.nameOf(session.between([sum], node).forms[entry]));
  demand(place !== null && place[0] === sum, `entry ${entry} of node ${node} is no entry of node ${sum}`);
  let shift: Form | null = null;
  for (const t of firsts) {
    const atom = atoms.get(single(session.rowAt([values, weights], terms, t - 1)[place[1]]));
    demand(atom?.kind === 'product', 'a term of the sum is no product');
    const factors = atom.of.map((form) => placeOf(atoms.nameOf(form)));
    const weight = factors.find((factor) => factor?.[0] === weights);
    const isValue = factors.some((factor) => factor?.[0] === values && factor[1] === column);
    demand(weight !== undefined && weight !== null && isValue, 'a term of the sum is no weight times its value');
    const logit = session.rowAt([values], logits, t - 1)[weight[1]];
    const meant = formOf(logitOf(t), atoms, (name) => atoms.input(name));
    demand(meant !== null, 'a logit of the lemma is not linear in psi');
    const apart = difference(logit, meant);
    shift ??= apart;
    demand(isConstant(apart) && equal(apart, shift), `the logit of token ${t} is another one`);
  }
}

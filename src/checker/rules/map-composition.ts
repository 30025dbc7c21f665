import { borrow, spend } from '../budget.js';
import { listed } from '../digest.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandEach, Unfinished } from '../failure.js';
import { Fraction } from '../fraction.js';
import * as I from '../interval.js';
import { index, list, type Network, type Node, record } from '../network.js';

const MOST_STATES = 32;

/**
 * Data: an `output`, a `table` of next states (from 0, a row for each letter, the first one that of the start token and the
 * identity) and a `start`. The input's rows are unit vectors of letters, the first that of the start token. Tokens hold the map
 * of their letter, 1 at (q, r); a layer attends to one token with all but 1/8 of the mass and composes its map F with the own
 * map G: relu(2 (F[q, k] + G[k, r]) - 5/2) - relu(2 (F[q, k] + G[k, r]) - 7/2), summed over k, is 1 at (q, r) where both are and 0
 * elsewhere, as F is off by at most 1/8. What tokens have seen must join without a gap, back to the start token.
 */
export const mapComposition: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'table', 'start']);
  const { network } = session;
  const { nodes } = network;
  const rows = list(fields.table, 'the table').map((row) => list(row, 'a row of the table'));
  const Q = rows[0]?.length ?? 0;
  demand(Q > 0 && Q <= MOST_STATES, `an automaton of ${Q} states`);
  const table = rows.map((row) => row.map((state) => index(state, Q, 'a next state')));
  demand(table.every((row) => row.length === Q) && table[0].every((r, q) => r === q), 'the table is none');
  const start = index(fields.start, Q, 'the start');
  const last = nodes[session.output(fields.output)];
  const [top, choice] = product(last);
  const wanted = Array.from({ length: Q }, (_, r) => [(start * Q + r) * Q + r, Fraction.one] as const);
  demandEntries(network, choice, [Q * Q, Q], wanted, 'the readout');
  let node = nodes[top];
  const layers: number[] = [];
  while (nodes[product(node)[0]].op !== 'input') {
    const { tables, scores } = layerOf(network, node, Q);
    layers.unshift(scores);
    node = nodes[tables];
  }
  const [input, maps] = product(node);
  const [T] = nodes[input].shape;
  const letters = table.flatMap((row, a) => row.map((r, q) => [(a * Q + q) * Q + r, Fraction.one] as const));
  demandEntries(network, maps, [table.length, Q * Q], letters, "the letters' maps");
  demand(nodes[input].shape.join() === `${T},${table.length}`, 'the input has other letters');
  spend(20 * T);
  borrow(20 * T);
  const powers = new Map<string, Fraction>();
  let seen = Array.from({ length: T }, (_, t) => t);
  for (const scores of layers) {
    const before = seen;
    const targets = targetsOf(nodes[scores], T, powers);
    seen = before.map((from, t) => {
      const target = targets[t];
      demand(target === Math.max(0, from - 1), () => `token ${t} attends to token ${target}`);
      return from === 0 ? 0 : before[target];
    });
  }
  demandEach(seen, (from) => from === 0, 'a token has not seen all letters before it');
  return closed(
    { kind: 'map-composition', ...fields },
    `for all sequences of ${T - 1} letters behind the start token, as unit vectors, row t of ${fields.output} is the unit vector of ` +
      `the state after t - 1 letters from state ${start}, states from 0, by the table ${listed(table.map((row) => `[${row}]`))}`,
  );
};

function product({ op, inputs }: Node): readonly number[] {
  demand(op === 'matmul', () => `there is ${op} in the place of a product`);
  return inputs;
}

function demandEntries(
  { nodes }: Network,
  k: number,
  shape: readonly number[],
  wanted: readonly (readonly [number, Fraction])[],
  what: string,
): void {
  const { op, entries, shape: own } = nodes[k];
  spend(50 * wanted.length);
  const fits = op === 'constant' && own.join() === shape.join() && entries.size === wanted.length;
  const isKnown = fits && wanted.every(([at, value]) => entries.get(at)?.equals(value) ?? false);
  if (!isKnown) throw new Unfinished(`${what} is written in another way than the checker knows`);
}

/** A layer whose hidden units are, in this order, the pairs for q, k, r = 0 .. Q - 1. */
function layerOf(network: Network, node: Node, Q: number): { readonly tables: number; readonly scores: number } {
  const { nodes } = network;
  const inputs = (k: number, op: string) => {
    demand(nodes[k].op === op, () => `node ${k} is ${nodes[k].op} and not ${op}`);
    return nodes[k].inputs;
  };
  const [hidden, readout] = product(node);
  const [sum, bias] = inputs(inputs(hidden, 'relu')[0], 'add');
  const [first, second] = inputs(sum, 'add');
  const [tables, own] = inputs(first, 'matmul');
  const [mean, attended] = inputs(second, 'matmul');
  const [shares, values] = inputs(mean, 'matmul');
  const [scores] = inputs(shares, 'softmax');
  demand(values === tables && nodes[shares].axis === 1, 'another attention');
  const width = 2 * Q ** 3;
  const units = Array.from({ length: width }, (_, j) => {
    const [q, k, r] = [Math.floor(j / 2 / Q / Q), Math.floor(j / 2 / Q) % Q, Math.floor(j / 2) % Q];
    return { j, q, k, r, sign: Fraction.of(j % 2 === 0 ? 1 : -1), shift: Fraction.of(j % 2 === 0 ? -5 : -7, 2n) };
  });
  const two = Fraction.of(2);
  const at = (entry: (unit: (typeof units)[number]) => readonly [number, Fraction]) => units.map(entry);
  demandEntries(
    network,
    own,
    [Q * Q, width],
    at(({ j, k, r }) => [(k * Q + r) * width + j, two]),
    'the own map',
  );
  demandEntries(
    network,
    attended,
    [Q * Q, width],
    at(({ j, q, k }) => [(q * Q + k) * width + j, two]),
    'the other map',
  );
  demandEntries(
    network,
    bias,
    [width],
    at(({ j, shift }) => [j, shift]),
    'the bias',
  );
  demandEntries(
    network,
    readout,
    [width, Q * Q],
    at(({ j, q, r, sign }) => [j * Q * Q + q * Q + r, sign]),
    'the readout',
  );
  return { tables, scores };
}

interface Row {
  readonly entries: (readonly [column: number, score: Fraction])[];
}

/** The token that has at least 7/8 of the mass in each row of a softmax. */
function targetsOf({ op, shape, entries }: Node, T: number, powers: Map<string, Fraction>): number[] {
  demand(op === 'constant' && shape.join() === `${T},${T}`, 'the scores are no constant of the sequence');
  spend(100 * (T + entries.size));
  borrow(100 * (T + entries.size));
  const rows: Row[] = Array.from({ length: T }, () => ({ entries: [] }));
  for (const [at, score] of entries) rows[Math.floor(at / T)].entries.push([at % T, score]);
  return rows.map(({ entries: row }, t) => {
    const [target, top] = row.reduce((best, next) => (best[1].lt(next[1]) ? next : best), [-1, Fraction.zero] as const);
    demand(target >= 0, () => `token ${t} attends to no token`);
    const others: (readonly [Fraction, number])[] = row.flatMap(([s, score]) =>
      s === target ? [] : [[top.sub(score), 1]],
    );
    if (row.length < T) others.push([top, T - row.length]);
    let rest = Fraction.zero;
    for (const [gap, count] of others) {
      const known = powers.get(`${gap}`) ?? upperExp(gap);
      powers.set(`${gap}`, known);
      rest = rest.add(known.mul(Fraction.of(count)));
    }
    demand(rest.le(Fraction.of(1, 7n)), () => `token ${t} has more than 1/8 of its mass elsewhere`);
    return target;
  });
}

function upperExp(gap: Fraction): Fraction {
  const value = I.exp(I.interval(gap.neg()));
  demand(value !== null, 'a score is too large');
  return I.upper(value);
}

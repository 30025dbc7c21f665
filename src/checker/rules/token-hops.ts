import { borrow, spend } from '../budget.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandEach } from '../failure.js';
import { Fraction } from '../fraction.js';
import { index, type Network, type Node, record } from '../network.js';
import { argument, attended, clipped, demandGap, numberAt, scoresOf } from './pointer-composition.js';

const MOST_POWER = 2 ** 31;

/**
 * Data: an `output` and a `power`. The input has T rows, zeros for the start and unit vectors for letters. u = clip(softmax(b S) x), S
 * the matrix of the places before, holds the letter before each place, exactly. For c > 0 the scores c <x_t, u_s> + C_ts lead at
 * p(t), the latest s <= t with u_s = x_t, or 0 without one, by what C_{t,s+1} - C_ts, c + C_t1 - C_t0 and C_t0 - C_tt for 1 <= s < t
 * and C_t0 - c - C_ts for s > t are at least, and their clipped softmax is the matrix of p. Products of such matrices are composed
 * as by the rule pointer-composition, and the output is one of them times x.
 */
export const tokenHops: Rule = (session, data) => {
  const fields = record(data, 'the data', ['output', 'power']);
  const { network } = session;
  const { nodes } = network;
  const output = session.output(fields.output);
  const inputs = [...nodes.keys()].filter((k) => nodes[k].op === 'input');
  demand(inputs.length === 1, 'the network has other inputs than one text');
  const [x] = inputs;
  demand(nodes[x].shape.length === 2 && nodes[x].shape[0] > 1, 'the input is no text');
  const [T, m] = nodes[x].shape;
  demandEach(nodes, ({ op, shape }) => op === 'constant' || shape.length === 2, 'a tensor that is no matrix');
  demand(argument(network, output, 'matmul', 1) === x, 'the output is no matrix times the text');
  const top = argument(network, output, 'matmul', 0);
  const parts = new Map<number, readonly number[]>();
  const rest = [top];
  for (let k = rest.pop(); k !== undefined; k = rest.pop()) {
    spend(100);
    if (parts.has(k)) continue;
    demandMatrix(nodes[k], T, T);
    demand(nodes[k].op === 'sub', () => `node ${k} is no clipping`);
    const mean = clipped(network, nodes[k]);
    const isFirst = nodes[mean].op === 'softmax';
    if (isFirst) demandFinding(network, scoresOf(network, mean), x, T, m);
    const { keys, values } = isFirst ? { keys: -1, values: -1 } : attended(network, mean, T);
    parts.set(k, isFirst ? [] : [keys, values]);
    rest.push(...parts.get(k)!);
  }
  // Arguments come before what is made of them.
  const powers = new Map<number, number>();
  for (const k of [...parts.keys()].sort((a, b) => a - b)) {
    const [first, second] = parts.get(k)!;
    powers.set(k, first === undefined ? 1 : powers.get(first)! + powers.get(second)!);
  }
  const power = index(fields.power, MOST_POWER, 'the power');
  demand(powers.get(top) === power, () => `the power is ${powers.get(top)}`);
  return closed(
    { kind: 'token-hops', ...fields },
    `for all texts of ${T - 1} letters of ${m}, unit vectors behind a start of zeros, row t of ${fields.output} is the row of the input ` +
      `${power} hops from t, a hop leading behind the latest earlier occurrence of the letter at a place, and to the start without one`,
  );
};

function demandMatrix({ shape }: Node, rows: number, columns: number): void {
  demand(shape.length === 2 && shape[0] === rows && shape[1] === columns, () => `a tensor of the shape [${shape}]`);
}

/** That scores lead, by a gap that suffices, at the place that a hop leads to. */
function demandFinding(network: Network, scores: number, x: number, T: number, m: number): void {
  const { nodes } = network;
  demandMatrix(nodes[scores], T, T);
  const [weighted, offsets] = [0, 1].map((place) => argument(network, scores, 'add', place));
  const matches = argument(network, weighted, 'mul', 1);
  demandMatrix(nodes[matches], T, T);
  const turned = argument(network, matches, 'matmul', 1);
  demand(argument(network, matches, 'matmul', 0) === x, 'matches of something else than the letters');
  const before = argument(network, turned, 'transpose', 0);
  demand(nodes[turned].indices.join() === '1,0', 'a transposition that turns nothing');
  demandMatrix(nodes[before], T, m);
  demand(nodes[before].op === 'sub', 'the letters before are not clipped');
  const { keys, values } = attended(network, clipped(network, nodes[before]), T);
  demand(values === x, 'an attention to something else than the letters');
  demandMatrix(nodes[keys], T, T);
  const shift = nodes[keys];
  const isShift = [...shift.entries].every(
    ([at, entry]) => entry.isZero || (at % T === Math.max(0, Math.floor(at / T) - 1) && entry.equals(Fraction.one)),
  );
  const ones = [...shift.entries.values()].filter((entry) => !entry.isZero).length;
  demand(shift.op === 'constant' && isShift && ones === T, 'an attention to other places than those before');
  const strength = numberAt(network, argument(network, weighted, 'mul', 0));
  demand(!strength.le(Fraction.zero), 'a strength that is not positive');
  demand(nodes[offsets].op === 'constant', 'offsets that are no constant');
  demandMatrix(nodes[offsets], T, T);
  spend(20 * T * T);
  borrow(8 * T);
  const at = (t: number, s: number) => nodes[offsets].entries.get(t * T + s) ?? Fraction.zero;
  let gap: Fraction | null = null;
  const lead = (value: Fraction) => {
    if (gap === null || !gap.le(value)) gap = value;
  };
  for (let t = 0; t < T; t++) {
    for (let s = 1; s < t; s++) lead(at(t, s + 1).sub(at(t, s)));
    if (t > 0) lead(strength.add(at(t, 1)).sub(at(t, 0)));
    if (t > 0) lead(at(t, 0).sub(at(t, t)));
    for (let s = t + 1; s < T; s++) lead(at(t, 0).sub(strength).sub(at(t, s)));
  }
  demandGap(gap!, T);
}

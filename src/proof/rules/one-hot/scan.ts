import { createHash } from 'node:crypto';
import { isOp, type Network, type Node } from '../../../network/network.js';
import { sizes } from '../../../network/shape.js';
import { type ExactTensor, sparse } from '../../../network/tensor.js';
import { parseRational } from '../../../numbers/parse.js';
import { Rational } from '../../../numbers/rational.js';
import { demand } from '../../derivation.js';
import type { Fact, Outcome } from '../../fact.js';
import { qualitative, type Sentence } from '../../sentence.js';
import type { Rule } from '../../step.js';
import { differing } from './differing.js';
import { scoresOf } from './pointers.js';
import { argumentsOf, constantOf, decayed, recognised } from './reading.js';

/**
 * Composition of maps by attention on fixed positions. A token holds the table of a map of Q states, 1 at (q, f(q)) and 0
 * elsewhere. A layer adds to the own table G (k, r) that of the token it attends to, F (q, k), which is off by at most 1/8 as
 * at most 1/8 of the softmax's mass is elsewhere: G + F >= 15/8 where both are 1 and <= 9/8 elsewhere, so that
 * relu(2 (G + F) - 5/2) - relu(2 (G + F) - 7/2), summed over k, is exactly the table of the composition. When the window of a
 * token ends where that of the token it attends to begins, or has reached the start token, whose map is the identity, the
 * windows grow; at the end all of them begin at the start.
 */
const mapComposition: Rule = {
  id: 'map-composition',
  tex: 'M_t^{(l+1)} = M_{t - 2^l}^{(l)} \\circ M_t^{(l)} \\text{ exactly, as the mass elsewhere is at most } \\tfrac18',
};

/** The next states of each letter; the letter 0 is the start token, which changes no state. */
type Table = readonly (readonly number[])[];

/** What a scan computes, as the claim says it. */
export function scanSentence(output: string, T: number, table: Table, start: number): Sentence {
  const hash = createHash('sha256').update(JSON.stringify(table)).digest('hex');
  return qualitative(
    `for all sequences of ${T - 1} letters behind the start token, each row a unit vector: row t of '${output}' is the unit ` +
      `vector of the state that the automaton of ${table[0].length} states with the table of SHA-256 ${hash} has after t - 1 ` +
      `letters from state ${start + 1}`,
  );
}

/** That the output is the state of an automaton, which is read off the weights, after every letter, for all sequences. */
export function proveScan(network: Network, output: string): Outcome {
  const statement = `'${output}' is the state of an automaton after every letter`;
  return recognised({ rule: mapComposition, id: 'scan', network, statement }, () => {
    const { T, table, start } = readScan(network, output);
    const says = scanSentence(output, T, table, start);
    return { says, found: table, conclusion: { kind: 'map-composition', output, table, start } };
  });
}

/** The fact that the output is not the state of this automaton, by one sequence; null where that sequence shows nothing. */
export function refuteScan(network: Network, output: string, { T, table, start }: Scan): Fact | null {
  const letters = Array.from({ length: T }, (_, t) => (t === 0 ? 0 : 1 + (((t * t + t) / 2) % (table.length - 1))));
  let state = start;
  const states = letters.map((letter) => {
    state = table[letter][state];
    return state;
  });
  const entries = letters.map((letter, t) => [t * table.length + letter, Rational.one] as const);
  return differing(network, output, scanSentence(output, T, table, start), {
    input: sparse([T, table.length], entries),
    expected: states.flatMap((q) => table[0].map((_, r) => (r === q ? 1 : 0))),
    at: { letters: letters.slice(1), states: states.slice(1).map((q) => q + 1) },
  });
}

/** An automaton on T - 1 letters; the letter 0 is the start token, states count from 0. */
interface Scan {
  readonly T: number;
  readonly table: Table;
  readonly start: number;
}

function readScan(network: Network, output: string): Scan {
  const last = network.outputs.find(({ name }) => name === output)!.node;
  const [top, choice] = argumentsOf(last, 'matmul');
  const layers: Layer[] = [];
  let node = top;
  while (!isLetters(node)) {
    const layer = readLayer(node);
    layers.unshift(layer);
    node = layer.tables;
  }
  const { T, table } = readLetters(node);
  const states = table[0].length;
  for (const { weights } of layers) checkComposition(weights, states);
  checkWindows(layers, T);
  return { T, table, start: readStart(constantOf(choice), states) };
}

function isLetters(node: Node): boolean {
  return node.op === 'matmul' && isOp(node.inputs[0], 'input');
}

/** The map of every letter; that of the letter 0 must be the identity. */
function readLetters(node: Node): Pick<Scan, 'T' | 'table'> {
  const [x, maps] = node.inputs;
  demand(x.shape.length === 2, `the input has ${x.shape.length} axes, not those of tokens and letters`);
  const [T, letters] = sizes(x.shape);
  const value = constantOf(maps);
  const width = value.shape[1];
  const states = Math.round(Math.sqrt(width));
  demand(states * states === width && value.shape[0] === letters, `'${maps.name}' holds no tables of maps`);
  const table = Array.from({ length: letters }, () => new Array<number>(states).fill(-1));
  value.forEach((entry, at) => {
    if (entry.isZero()) return;
    const [letter, q, r] = [Math.floor(at / width), Math.floor((at % width) / states), at % states];
    demand(entry.equals(Rational.one) && table[letter][q] < 0, `letter ${letter} of '${maps.name}' is no map`);
    table[letter][q] = r;
  });
  demand(
    table.every((row) => row.every((r) => r >= 0)),
    `a letter of '${maps.name}' is no map`,
  );
  demand(
    table[0].every((r, q) => r === q),
    'the start token changes states',
  );
  return { T, table };
}

/** The readout of one row of the tables. */
function readStart(choice: ExactTensor, states: number): number {
  demand(choice.shape.join() === `${states * states},${states}`, 'the readout is not that of one state');
  const places: number[] = [];
  choice.forEach((entry, at) => {
    if (entry.isZero()) return;
    demand(entry.equals(Rational.one), 'the readout has an entry other than 1');
    places.push(at);
  });
  const start = Math.floor(Math.floor(places[0] / states) / states);
  const expected = Array.from({ length: states }, (_, r) => (start * states + r) * states + r);
  demand(JSON.stringify(places) === JSON.stringify(expected), 'the readout is not that of one state');
  return start;
}

interface Weights {
  readonly own: ExactTensor;
  readonly attended: ExactTensor;
  readonly bias: ExactTensor;
  readonly readout: ExactTensor;
}

interface Layer {
  readonly tables: Node;
  readonly scores: ExactTensor;
  readonly weights: Weights;
}

function readLayer(node: Node): Layer {
  const [hidden, readout] = argumentsOf(node, 'matmul');
  const [shifted] = argumentsOf(hidden, 'relu');
  const [sum, bias] = argumentsOf(shifted, 'add');
  const [first, second] = argumentsOf(sum, 'add');
  const [tables, own] = argumentsOf(first, 'matmul');
  const [mean, attended] = argumentsOf(second, 'matmul');
  const [shares, values] = argumentsOf(mean, 'matmul');
  demand(values === tables, `'${mean.name}' attends to other values than '${tables.name}'`);
  const weights = {
    own: constantOf(own),
    attended: constantOf(attended),
    bias: constantOf(bias),
    readout: constantOf(readout),
  };
  return { tables, scores: constantOf(scoresOf(shares)), weights };
}

const TWO = Rational.of(2);
const LOW = Rational.of(-5, 2);
const HIGH = Rational.of(-7, 2);

/** Every triple (q, k, r) has one unit of each bias that adds up F[q, k] and G[k, r] for C[q, r], and there are no others. */
function checkComposition({ own, attended, bias, readout }: Weights, states: number): void {
  const width = bias.size;
  demand(bias.shape.at(-1) === width, 'the bias differs from token to token');
  demand(width === 2 * states ** 3, `${width} hidden units, not ${2 * states ** 3}`);
  const [G, F] = [own, attended].map((weight) => onlyEntries(weight, width, 1));
  const C = onlyEntries(readout, width, 0);
  const seen = new Set<number>();
  bias.dense(Rational.zero).forEach((shift, j) => {
    const isLow = shift.equals(LOW);
    demand(isLow || shift.equals(HIGH), `hidden unit ${j} has the bias ${shift}`);
    const [first, second] = [F[j].at, G[j].at];
    const [q, k, k2, r] = [Math.floor(first / states), first % states, Math.floor(second / states), second % states];
    const areTwo = F[j].entry.equals(TWO) && G[j].entry.equals(TWO);
    const isRead = C[j].at === q * states + r && C[j].entry.equals(Rational.of(isLow ? 1 : -1));
    demand(k === k2 && areTwo && isRead, `hidden unit ${j} is not of a composition`);
    seen.add(2 * ((q * states + k) * states + r) + (isLow ? 0 : 1));
  });
  demand(seen.size === width, 'a hidden unit is there twice');
}

/** The only entry that each hidden unit has, the units along an axis of the weight: where on the other axis, and what. */
function onlyEntries(weight: ExactTensor, width: number, axis: 0 | 1) {
  const found = new Map<number, { readonly at: number; readonly entry: Rational }>();
  weight.forEach((entry, place) => {
    if (entry.isZero()) return;
    const ends = [Math.floor(place / weight.shape[1]), place % weight.shape[1]];
    demand(!found.has(ends[axis]), `hidden unit ${ends[axis]} has several weights`);
    found.set(ends[axis], { at: ends[1 - axis], entry });
  });
  demand(weight.shape[axis] === width && found.size === width, 'a hidden unit has no weight');
  return Array.from({ length: width }, (_, j) => found.get(j)!);
}

const SEVENTH = Rational.of(1, 7);

/** At most 1/8 of the mass is off the token with the largest score, and windows are put together without gaps. */
function checkWindows(layers: readonly Layer[], T: number): void {
  let starts = Array.from({ length: T }, (_, t) => t);
  for (const { scores } of layers) {
    const targets = targetsOf(scores, T);
    const before = starts;
    starts = before.map((start, t) => {
      const target = targets[t];
      if (start === 0) {
        demand(target === 0, `token ${t} has seen all letters and attends to token ${target}`);
        return 0;
      }
      demand(target === start - 1, `token ${t} has seen the letters from ${start} on and attends to token ${target}`);
      return before[target];
    });
  }
  const late = starts.findIndex((start) => start > 0);
  demand(late < 0, `token ${late} has seen the letters from ${starts[late]} on only`);
}

function targetsOf(scores: ExactTensor, T: number): number[] {
  demand(scores.shape.join() === `${T},${T}`, `scores of the shape [${scores.shape.join(', ')}]`);
  const stored = Array.from({ length: T }, () => new Map<number, Rational>());
  scores.forEach((entry, at) => {
    stored[Math.floor(at / T)].set(at % T, entry);
  });
  return stored.map((row, t) => {
    let target = -1;
    let top: Rational | null = null;
    for (const [s, entry] of row) if (top === null || top.lt(entry)) [target, top] = [s, entry];
    demand(top !== null && (row.size === T || top.sign() > 0), `token ${t} attends to no token`);
    const counts = new Map<string, number>();
    for (const [s, entry] of row) if (s !== target) counts.set(`${entry}`, (counts.get(`${entry}`) ?? 0) + 1);
    if (row.size < T) counts.set('0', (counts.get('0') ?? 0) + T - row.size);
    const off = [...counts].reduce(
      (sum, [entry, count]) => sum.add(decayed(count, top!.sub(parseRational(entry)))),
      Rational.zero,
    );
    demand(off.le(SEVENTH), `token ${t} has more than 1/8 of its mass elsewhere`);
    return target;
  });
}

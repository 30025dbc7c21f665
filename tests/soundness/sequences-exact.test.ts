import { expect, it } from 'vitest';
import { automatonNet } from '../../constructions/automaton.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { Builder } from '../../src/network/builder.js';
import { isOp, type Network, type Node } from '../../src/network/network.js';
import { Tensor, tensor } from '../../src/network/tensor.js';
import { lehmer } from '../../src/numbers/random.js';
import { Rational } from '../../src/numbers/rational.js';
import { proveMargin } from '../../src/proof/rules/sequences/margin.js';
import { rebuilt } from '../generators/rebuild.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';

const toNumber = ({ num, den }: Rational) => Number(num) / Number(den);

/** What is proved of the least margin: at least `lo` everywhere, at most `hi` at some sequence. */
function bounded(network: Network, text: string) {
  const facts = proveMargin(network, text).filter((one) => one.kind === 'fact');
  const lo = facts.find(({ id }) => id === 'margin')?.enclosure?.lo;
  const hi = facts.find(({ id }) => id === 'sequence')?.enclosure?.hi;
  return { lo: lo ? toNumber(lo) : Number.NEGATIVE_INFINITY, hi: hi ? toNumber(hi) : Number.POSITIVE_INFINITY };
}

const marginOf = (scores: readonly number[], place: number) =>
  scores[place] - Math.max(...scores.filter((_, k) => k !== place));

const SETS = [
  { text: '{-1, 0, 1}', values: [-1, 0, 1] },
  { text: '{0, 1/2}', values: [0, 0.5] },
  { text: '{2}', values: [2] },
  { text: '{-3..-1}', values: [-3, -2, -1] },
  { text: '{0, 0, 1}', values: [0, 1] },
];
const CONDITIONS: readonly (readonly [text: string, holds: (s: readonly number[]) => boolean])[] = [
  ['', () => true],
  [' with s[1] <= s[2]', (s) => s[0] <= s[1]],
  [' with s[1] = s[2]', (s) => s[0] === s[1]],
  [' with s[2] = 2*s[1]', (s) => s[1] === 2 * s[0]],
  [' with s[1] < s[2] and s[2] < s[1]', () => false],
];
const PLACES: readonly (readonly [text: string, place: (s: readonly number[]) => number])[] = [
  ['1', () => 1],
  ['2', () => 2],
  ['1 + mod(s[1] + s[2], 2)', (s) => 1 + ((((s[0] + s[1]) % 2) + 2) % 2)],
];

it('tokens as entries, ties, symbols of any kind, conditions that leave nothing: bounds agree with trying each sequence', () => {
  const random = lehmer(9);
  const upTo = (n: number) => Math.floor(random() * n);
  const small = () => Rational.of(upTo(5) - 2);
  let open = 0;
  for (let round = 0; round < (NIGHTLY ? 3000 : 200); round++) {
    const [T, K] = [2 + upTo(3), 2 + upTo(3)];
    const b = new Builder();
    const weights = (...shape: [number, number]) =>
      b.constant(tensor(shape, Array.from({ length: shape[0] * shape[1] }, small)));
    const sums = b.matmul(b.input('s', random() < 0.5 ? { T } : { A: 1, T }), weights(T, 2));
    const kind = upTo(3);
    const hidden = kind === 0 ? sums : kind === 1 ? b.relu(sums) : b.mul(sums, sums);
    const network = b.network({ y: b.matmul(hidden, weights(2, K)) });
    const sets = Array.from({ length: T }, () => SETS[upTo(SETS.length)]);
    const [[limits, holds], [place, placeOf]] = [CONDITIONS[upTo(CONDITIONS.length)], PLACES[upTo(PLACES.length)]];
    const value = compile(network, float64);
    const shape = network.inputs[0].shape.map(({ size }) => size);
    let all: number[][] = [[]];
    for (const { values } of sets) all = all.flatMap((s) => values.map((token) => [...s, token]));
    const margins = all.filter(holds).map((s) => {
      const at = placeOf(s);
      const isPlace = Number.isInteger(at) && at <= K;
      return isPlace ? marginOf(value({ s: new Tensor(shape, s) }).y.dense(0), at - 1) : Number.NaN;
    });
    const [bound, isStrict] = [(upTo(9) - 4) / 2, random() < 0.5];
    const said = `margin(y, ${place}) ${isStrict ? '>' : '>='} ${bound}`;
    const text = `for all s in ${sets.map((set) => set.text).join(' x ')}${limits}: ${said}`;
    if (margins.some(Number.isNaN)) {
      expect(() => proveMargin(network, text), text).toThrow(/the place/);
      continue;
    }
    const least = Math.min(...margins);
    const { lo, hi } = bounded(network, text);
    if (margins.length === 0) expect(hi, text).toBe(Number.POSITIVE_INFINITY);
    else expect(lo, text).toBeLessThanOrEqual(least);
    expect(hi, text).toBeGreaterThanOrEqual(least);
    const isDecided = isStrict ? lo > bound || hi <= bound : lo >= bound || hi < bound;
    open += Number(!isDecided);
  }
  expect(open).toBeLessThan(NIGHTLY ? 30 : 4);
});

it('networks of several layers with weights and automata changed: bounds agree with trying each word', () => {
  const random = lehmer(3);
  const upTo = (n: number) => Math.floor(random() * n);
  let shown = 0;
  for (let round = 0; round < (NIGHTLY ? 300 : 8); round++) {
    const [T, Q] = [3 + upTo(NIGHTLY ? 5 : 3), 2 + upTo(2)];
    const letters = () => Array.from({ length: 2 }, () => Array.from({ length: Q }, () => upTo(Q)));
    const identity = Array.from({ length: Q }, (_, q) => q);
    const table = [identity, ...letters()];
    const depth = Math.max(2, Math.ceil(Math.log2(T)) - upTo(2));
    const beta = Rational.of(Math.ceil(1000 * Math.log(7 * (T - 1)) * (0.3 + random())), 1000);
    let network: Network = automatonNet({ T, table, start: 0, beta, depth });
    for (let changes = upTo(3); changes > 0; changes--) network = changedSomewhere(network, upTo);
    const claimed = random() < 0.7 ? table : [identity, ...letters()];
    const [from, row] = [random() < 0.8 ? 2 : 1 + upTo(T), random() < 0.8 ? T : 1 + upTo(T)];
    const rows = claimed.map((next) => `[${next.join(', ')}]`).join(', ');
    const text = `for all x in {0} x {1..2}^${T - 1}: margin(y[${row}], 1 + automaton(x[${from}..${T}], 0, ${rows})) > 0`;
    const value = compile(network, float64);
    const [input] = network.inputs;
    const [, V] = input.shape.map(({ size }) => size);
    const margins = Array.from({ length: 2 ** (T - 1) }, (_, code) => {
      const word = [0, ...Array.from({ length: T - 1 }, (_unused, k) => 1 + ((code >> k) & 1))];
      const units = word.flatMap((token) => Array.from({ length: V }, (_unused, k) => Number(k === token)));
      const scores = value({ [input.attributes.name]: new Tensor([T, V], units) }).y.dense(0);
      const own = scores.slice(((row - 1) * scores.length) / T, (row * scores.length) / T);
      return marginOf(
        own,
        word.slice(from - 1).reduce((q, token) => claimed[token][q], 0),
      );
    });
    const least = Math.min(...margins);
    const { lo, hi } = bounded(network, text);
    expect(lo, text).toBeLessThanOrEqual(least + 1e-9);
    expect(hi, text).toBeGreaterThanOrEqual(least - 1e-9);
    shown += Number(lo > 0 || hi <= 0);
  }
  expect(shown).toBeGreaterThan(NIGHTLY ? 200 : 5);
}, 3_000_000);

/** The network with one entry of one constant moved by up to 1. */
function changedSomewhere(network: Network, upTo: (n: number) => number): Network {
  const constants = network.nodes.filter((node) => isOp(node, 'constant'));
  const { name } = constants[upTo(constants.length)];
  return rebuilt(network, (node): Node => {
    if (node.name !== name || !isOp(node, 'constant')) return node;
    const { value } = node.attributes;
    const place = upTo(value.size);
    const by = Rational.of(upTo(9) - 4, 4);
    const entries = value.dense(Rational.zero).map((entry, k) => (k === place ? entry.add(by) : entry));
    return { ...node, attributes: { ...node.attributes, value: new Tensor(value.shape, entries) } };
  });
}

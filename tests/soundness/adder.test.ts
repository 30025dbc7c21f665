import { describe, expect, it } from 'vitest';
import { adderNet, SYMBOLS, TOKENS } from '../../constructions/adder.js';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import { Builder } from '../../src/network/builder.js';
import { isOp, type Network, type Node } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { type Generation, proveGeneration } from '../../src/proof/rules/sequences/generation.js';
import { rebuilt } from '../generators/rebuild.js';

const NIGHTLY = process.env.EXHIBIT_NIGHTLY === '1';
const n = NIGHTLY ? 10 : 2;
const { network: right, design } = adderNet({ n });

const carry = `carry(s[2..t], s[${n + 3}..${n + 1}+t])`;
const TASK: Generation = {
  variable: 's',
  prompts: `{12} x {0..9}^${n} x {10} x {0..9}^${n} x {11}`,
  output: 'logits',
  text: [
    { places: `1..${n}`, token: `mod(s[t+1] + s[${n + 2}+t] + ${carry}, 10)` },
    { places: `${n + 1}`, token: carry },
  ],
};

/** The network with one entry of a constant changed. */
function changed(name: string, at: number, change: (entry: Rational) => Rational): Network {
  return rebuilt(right, (node): Node => {
    if (node.name !== name || !isOp(node, 'constant')) return node;
    const { value } = node.attributes;
    const entries = value.dense(Rational.zero).map((entry, k) => (k === at ? change(entry) : entry));
    return { ...node, attributes: { ...node.attributes, value: new Tensor(value.shape, entries) } };
  });
}

const plus = (x: number) => (entry: Rational) => entry.add(Rational.of(Math.round(1000 * x), 1000));
const to = (x: number) => () => Rational.of(Math.round(1000 * x), 1000);

/** The positions of two tokens collide: rows of the code of positions are equal. */
function collided(name: string, i: number, j: number): Network {
  return rebuilt(right, (node): Node => {
    if (node.name !== name || !isOp(node, 'constant')) return node;
    const { value } = node.attributes;
    const entries = [...value.dense(Rational.zero)];
    for (let k = 0; k < 2; k++) entries[2 * i + k] = entries[2 * j + k];
    return { ...node, attributes: { ...node.attributes, value: new Tensor(value.shape, entries) } };
  });
}

/**
 * The carry into a place is lost where all sums below are 9 and the last one is 10: one unit more, which sees every digit by one
 * more head of uniform attention and fires where their sum is that of a chain of length k.
 */
function lostChain(k: number): Network {
  const b = new Builder(new Set(right.nodes.map(({ name }) => name)));
  const copies = new Map<Node, Node>();
  const length = design.length;
  let lost: Node | null = null;
  for (const node of right.nodes) {
    const made = b.node(
      node.op,
      node.attributes,
      node.inputs.map((arg) => copies.get(arg)!),
      node.name,
      node.shape,
    );
    copies.set(node, made);
    if (node.name !== 'carry') continue;
    // Digits of the places 1..k, weighted so that only a = 0...01, b = 9...9 comes to 10 k in the first k pairs.
    const s = copies.get(right.find('x')!)!;
    const weights = Array.from({ length }, (_, p) => {
      const place = p >= 1 && p <= k ? p : p >= n + 2 && p < n + 2 + k ? p - n - 1 : 0;
      if (place === 0) return Rational.zero;
      const isB = p > n;
      return isB ? Rational.one : Rational.of(place === 1 ? 1 : -1);
    });
    const total = b.matmul(b.constant(new Tensor([1, length], weights), 'chain.in'), s, 'chain.sum');
    const unit = b.relu(
      b.add(total, b.constant(new Tensor([1, 1], [Rational.of(-9 * k - 8)]), 'chain.bias')),
      'chain.unit',
    );
    lost = b.sub(
      made,
      b.mul(
        b.constant(
          new Tensor(
            [length, 1],
            Array.from({ length }, (_, p) => Rational.of(Number(p === 2 * n + 2 + k))),
          ),
          'chain.at',
        ),
        unit,
      ),
      'chain',
    );
    copies.set(node, lost);
  }
  return b.network({ logits: copies.get(right.outputs[0].node)! });
}

const PLANTED: readonly (readonly [what: string, network: () => Network])[] = [
  ['the value of 7', () => changed('value', 7, plus(1))],
  ['the value of 0', () => changed('value', 0, plus(0.5))],
  ['the value of the sign +', () => changed('value', TOKENS.plus, plus(1))],
  ['the value of the start token', () => changed('value', TOKENS.start, plus(9))],
  ['the value of 9, by little', () => changed('value', 9, plus(0.4))],
  ['the strength', () => changed('beta', 0, to(NIGHTLY ? 20 : 2))],
  ['the sign of the strength', () => changed('beta', 0, (beta) => beta.neg())],
  ['no carry', () => changed('carry.out', 0, to(0))],
  ['the carry twice', () => changed('carry.out', 0, to(2))],
  ['a carry above 9', () => changed('carry.bias', 0, plus(-5.5))],
  ['a carry at 0', () => changed('carry.bias', 0, plus(4.6))],
  ['the last digit in the carry', () => changed('carry.in', 0, to(-1))],
  ['the sum, by a half', () => changed('double', 0, plus(0.1))],
  ['an overflow above 10', () => changed('over.bias', 0, plus(-2))],
  ['an overflow at 9', () => changed('over.bias', 0, plus(1.5))],
  ['an overflow of 9', () => changed('over.out', 0, plus(1))],
  ['a slope of the scores', () => changed('slopes', 4, plus(2))],
  ['an offset of the scores', () => changed('offsets', 8, plus(-20))],
  ['a position that collides with another', () => collided('position', 2, 3)],
  ['a query that collides with another', () => collided('h1.position', 2 * n + 3, 2 * n + 4)],
  ['a carry chain of length 1', () => lostChain(1)],
  ['a carry chain of length 2', () => lostChain(2)],
  [`a carry chain of length ${n}`, () => lostChain(n)],
];

/** What the network writes behind a pair, in doubles. */
function written(network: Network, prompt: readonly number[], behind: readonly number[], count: number): number[] {
  const value = compile(network, float64);
  const text: number[] = [];
  for (let t = 0; t < count; t++) {
    const tokens = [...prompt, ...text, ...behind, ...new Array<number>(n + 1).fill(0)].slice(0, design.length);
    const rows = tokens.flatMap((token) => Array.from({ length: SYMBOLS }, (_, k) => Number(k === token)));
    const row = prompt.length - 1 + t;
    const scores = value({ s: new Tensor([design.length, SYMBOLS], rows) }).logits.dense(0);
    const own = scores.slice(row * SYMBOLS, (row + 1) * SYMBOLS);
    text.push(own.indexOf(Math.max(...own)));
  }
  return text;
}

describe(`errors planted in the adder of ${n} digits`, () => {
  it.each(PLANTED)('%s: refuted with a pair', (_, make) => {
    const network = make();
    const found = proveGeneration(network, TASK).find(({ id }) => id === 'deviation');
    if (found?.kind !== 'fact') throw new Error('not refuted');
    const at = found.at as { s: string[]; written: string[]; expected: string[]; behind: string[] };
    const prompt = at.s.map(Number);
    const digits = (from: number) =>
      prompt
        .slice(from, from + n)
        .reverse()
        .join('');
    const sum = [...(BigInt(digits(1)) + BigInt(digits(n + 2))).toString().padStart(n + 1, '0')].reverse();
    expect(at.expected).toEqual(sum.slice(0, at.expected.length));
    expect(at.written.slice(0, -1)).toEqual(sum.slice(0, at.written.length - 1));
    expect(written(network, prompt, at.behind.map(Number), at.written.length).map(String)).not.toEqual(at.expected);
  });
});

import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { float64 } from '../../src/evaluate/float64.js';
import type { Network, Node } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { Rational } from '../../src/numbers/rational.js';
import { audited } from '../generators/audits.js';
import { rebuilt, withConstants, withEntry } from '../generators/rebuild.js';
import { thinned } from '../generators/thinned.js';

const CHANGES: readonly ((w: Rational) => Rational)[] = [
  (w) => w.neg(),
  (w) => w.mul(Rational.of(2, 3)),
  (w) => (w.isZero() ? Rational.of(1, 50) : Rational.zero),
];

/** Every mutant that differs in one entry of one constant, in a choice of slices, in an order or in an axis. */
function mutants(network: Network): Network[] {
  const all: Network[] = [];
  const replaced = (name: string, change: (node: Node) => Node) =>
    rebuilt(network, (other) => (other.name === name ? change(other) : other));
  for (const node of network.nodes) {
    if (node.op === 'constant') {
      const { value } = (node as Node<'constant'>).attributes;
      for (let index = 0; index < value.size; index++) {
        const old = value.at(index, Rational.zero);
        for (const change of CHANGES) {
          if (!change(old).equals(old))
            all.push(withConstants(network, (v, name) => (name === node.name ? withEntry(v, index, change(old)) : v)));
        }
      }
    }
    if (node.op === 'sub' || node.op === 'concat') {
      const isSymmetric = node.inputs.every((arg) => String(arg.shape) === String(node.inputs[0].shape));
      if (isSymmetric) all.push(replaced(node.name, (same) => ({ ...same, inputs: [...same.inputs].reverse() })));
    }
    if (node.op === 'softmax')
      all.push(
        replaced(node.name, (same) => ({
          ...same,
          attributes: { axis: 1 - (same.attributes as { axis: number }).axis },
        })),
      );
    if (node.op === 'relu')
      all.push(
        replaced(node.name, (same) => ({
          ...same,
          op: 'add',
          inputs: [same.inputs[0], same.inputs[0]],
          attributes: {},
        })),
      );
  }
  return all;
}

interface Case {
  readonly id: string;
  readonly params: readonly string[];
  readonly shape: readonly [number, number];
  readonly axis: readonly number[];
  readonly target: (x: readonly number[]) => number;
}

const CASES: readonly Case[] = [
  {
    id: 'two-layer-second-largest',
    params: ['T=3', 'eps=1/10'],
    shape: [3, 1],
    axis: [0, 0.5, 0.9, 1],
    target: (x) => [...x].sort((a, b) => b - a)[1],
  },
  {
    id: 'two-layer-pairwise-max',
    params: ['T=3', 'd=1', 'A=["-1"]', 'eps=1/4'],
    shape: [3, 1],
    axis: [-1, -0.9, 0, 0.3, 1],
    target: (x) => Math.max(...x.flatMap((s) => x.map((t) => -s * t))),
  },
  {
    id: 'two-layer-pairwise-max',
    params: ['T=2', 'd=2', 'A=["1 0; 1 -1"]', 'eps=2'],
    shape: [2, 2],
    axis: [-1, 0.25, 1],
    target: (x) => {
      const tokens = [x.slice(0, 2), x.slice(2)];
      return Math.max(...tokens.flatMap((s) => tokens.map((t) => s[0] * t[0] + s[1] * t[0] - s[1] * t[1])));
    },
  },
];

/** Doubles lose at most this much here. */
const ROUNDING = 1e-9;

describe.each(CASES)('$id $params', ({ id, params, shape, axis, target }) => {
  const size = shape[0] * shape[1];
  const points = Array.from({ length: axis.length ** size }, (_, k) =>
    Array.from({ length: size }, (_, j) => axis[Math.floor(k / axis.length ** j) % axis.length]),
  );
  const worst = (network: Network) => {
    const value = compile(network, float64);
    return Math.max(...points.map((x) => Math.abs(value({ x: new Tensor([...shape], x) }).y.dense(0)[0] - target(x))));
  };

  it('claims nothing that a point contradicts, whatever is changed', async () => {
    const { built } = await audited(id, params);
    const changed = mutants(built);
    expect(changed.length).toBeGreaterThan(20);
    const verdicts = new Set<string>();
    for (const network of changed) {
      const sampled = worst(network);
      const { verdict, predicted, enclosure } = (await audited(id, params, { change: () => network })).claim('error');
      verdicts.add(verdict);
      if (sampled > approximate(predicted!) + ROUNDING) expect(verdict).not.toBe('proved');
      if (enclosure?.hi) expect(sampled).toBeLessThanOrEqual(approximate(enclosure.hi) + ROUNDING);
      if (enclosure?.lo && enclosure.hi) expect(enclosure.lo.le(enclosure.hi)).toBe(true);
    }
    expect(verdicts.has('undecided')).toBe(true);
    expect(verdicts.has('refuted')).toBe(true);
  });

  it('proves the network as it was built', async () => {
    expect((await audited(id, params)).verdict).toBe('proved');
  });
});

describe('induction-heads', () => {
  const [n, m] = [3, 2];
  const params = [`n=${n}`, `m=${m}`];
  const sequences = Array.from({ length: m ** n }, (_, k) => Array.from({ length: n }, (_, t) => (k >> t) & 1));
  /** The least margin over all sequences that have an answer. */
  const margin = (network: Network) => {
    const value = compile(network, float64);
    return Math.min(
      ...sequences.flatMap((symbols) => {
        const before = symbols.lastIndexOf(symbols[n - 1], n - 2);
        if (before < 0) return [];
        const rows = [-1, ...symbols].flatMap((symbol) => [0, 1].map((s) => (s === symbol ? 1 : 0)));
        const y = value({ x: new Tensor([n + 1, m], rows) }).y.dense(0);
        return [y[symbols[before + 1]] - y[1 - symbols[before + 1]]];
      }),
    );
  };

  it('claims no margin that a sequence contradicts, whatever is changed', async () => {
    const { built } = await audited('induction-heads', params);
    let undecided = 0;
    for (const network of thinned(mutants(built), 40)) {
      const { verdict, enclosure } = (await audited('induction-heads', params, { change: () => network })).claim(
        'error',
      );
      if (margin(network) <= -ROUNDING) expect(verdict).not.toBe('proved');
      if (enclosure?.lo) expect(approximate(enclosure.lo)).toBeLessThanOrEqual(margin(network) + ROUNDING);
      if (verdict === 'undecided') undecided += 1;
    }
    expect(undecided).toBeGreaterThan(0);
  });
});

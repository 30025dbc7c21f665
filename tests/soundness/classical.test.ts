import { describe, expect, it } from 'vitest';
import { compile } from '../../src/evaluate/evaluate.js';
import { exact } from '../../src/evaluate/exact.js';
import type { Network, Node } from '../../src/network/network.js';
import { Tensor } from '../../src/network/tensor.js';
import { approximate } from '../../src/numbers/convert.js';
import { parseRational } from '../../src/numbers/parse.js';
import { Rational } from '../../src/numbers/rational.js';
import { audited } from '../generators/audits.js';
import { rebuilt, withConstants, withEntry } from '../generators/rebuild.js';
import { NIGHTLY } from '../generators/thinned.js';

type Point = readonly Rational[];

/** A theorem at small parameters, and what its claims say, written down once more, to be tried out on points. */
interface Case {
  readonly id: string;
  readonly params: readonly string[];
  readonly points: readonly Point[];
  readonly target: (point: Point) => Rational;
  /** Sign s of a claim 'one-sided': s (output - target) >= 0. */
  readonly side?: 1 | -1;
}

const q = (num: number, den = 1) => Rational.of(num, den);
const line = (lo: Rational, hi: Rational, n: number) =>
  Array.from({ length: n + 1 }, (_, k) => lo.add(hi.sub(lo).mul(q(k, n))));
const unit = (n: number) => line(q(0), q(1), n);
const grid = (axis: readonly Rational[], D: number): Point[] =>
  Array.from({ length: D }).reduce<Point[]>((points) => points.flatMap((p) => axis.map((x) => [...p, x])), [[]]);
const least = (point: Point) => point.reduce((a, b) => a.min(b));
const tooth = (x: Rational) => x.min(q(1).sub(x)).mul(q(2));

const CASES: readonly Case[] = [
  {
    id: 'hat-interpolation',
    params: ['f=x^2', 'a=-1', 'b=2', 'N=3'],
    points: grid(line(q(-1), q(2), 48), 1),
    target: ([x]) => x.mul(x),
  },
  { id: 'yarotsky-square', params: ['m=3'], points: grid(unit(64), 1), target: ([x]) => x.mul(x), side: 1 },
  {
    id: 'relu-product',
    params: ['m=2'],
    points: grid(line(q(-1), q(1), 8), 2),
    target: ([x, y]) => x.mul(y),
  },
  {
    id: 'relu-product',
    params: ['N=3', 'U=1'],
    points: grid(line(q(-1, 2), q(1, 2), 12), 2),
    target: ([x, y]) => x.mul(y),
  },
  { id: 'threshold-min', params: ['S=3', 'M=2'], points: grid(unit(12), 3), target: least, side: -1 },
  { id: 'relu-min-tree', params: ['S=4'], points: grid(line(q(-1), q(2), 3), 4), target: least },
  {
    id: 'mcshane-extension',
    params: ['F=z1*z2', 'D=2', 'N=2'],
    points: grid(unit(8), 2),
    target: ([x, y]) => x.mul(y),
    side: 1,
  },
  {
    id: 'mcshane-extension',
    params: ['F=z1^2', 'D=1', 'N=3'],
    points: grid(unit(48), 1),
    target: ([x]) => x.mul(x),
    side: 1,
  },
  {
    id: 'telgarsky-sawtooth',
    params: ['k=3', 'N=1'],
    points: grid(unit(32), 1),
    target: ([x]) => tooth(tooth(tooth(x))),
  },
];

/** output - target at every point, exactly. */
function errors(network: Network, { points, target }: Case): Rational[] {
  const evaluate = compile(network, exact);
  return points.map((point) =>
    evaluate({ x: new Tensor([point.length], point) })
      .y.dense(Rational.zero)[0]
      .sub(target(point)),
  );
}

const CHANGES: readonly ((w: Rational) => Rational)[] = [
  (w) => w.neg(),
  (w) => w.add(Rational.pow2(-20)),
  (w) => w.sub(q(1, 3)),
];

/** Every change of every weight in the nightly form, one of each otherwise. */
const EVERY = NIGHTLY;

/** Every mutant that differs from the network in one weight, or in one place of a choice of slices. */
function mutants(network: Network): Network[] {
  const all: Network[] = [];
  for (const node of network.nodes) {
    if (node.op === 'constant') {
      const { size } = (node as Node<'constant'>).attributes.value;
      for (let index = 0; index < size; index++) {
        for (const change of EVERY ? CHANGES : [CHANGES[index % CHANGES.length]]) {
          const mutate = (value: Tensor<Rational>, name: string) =>
            name === node.name ? withEntry(value, index, change(value.at(index, Rational.zero))) : value;
          all.push(withConstants(network, mutate));
        }
      }
    }
    if (node.op === 'gather')
      all.push(rebuilt(network, (other) => (other.name === node.name ? shifted(other) : other)));
    if (node.op === 'sub') all.push(rebuilt(network, (other) => (other.name === node.name ? swapped(other) : other)));
  }
  return all;
}

function shifted(node: Node): Node {
  const { indices, ...rest } = (node as Node<'gather'>).attributes;
  return { ...node, attributes: { ...rest, indices: indices.map((_, k) => indices[Math.max(0, k - 1)]) } };
}

function swapped(node: Node): Node {
  return { ...node, inputs: [...node.inputs].reverse() };
}

describe.each(CASES)('$id $params', (example) => {
  it('claims nothing that a point contradicts, whatever weight is changed', async () => {
    const { built } = await audited(example.id, example.params);
    const changed = mutants(built);
    expect(changed.length).toBeGreaterThan(3);
    let refuted = 0;
    for (const network of changed) {
      const found = errors(network, example);
      const worst = found.reduce((most, e) => most.max(e.abs()), Rational.zero);
      const result = await audited(example.id, example.params, { change: () => network });
      const main = result.claim(example.id === 'telgarsky-sawtooth' ? 'sawtooth' : 'error');
      const predicted = main.predicted ?? Rational.zero;
      if (predicted.lt(worst)) expect(main.verdict).not.toBe('proved');
      if (main.enclosure?.hi) expect(worst.le(main.enclosure.hi)).toBe(true);
      if (main.enclosure?.lo && main.enclosure.hi) expect(main.enclosure.lo.le(main.enclosure.hi)).toBe(true);
      if (main.verdict === 'refuted') refuted += 1;
      const oneSided = result.claim('one-sided');
      const crossed = found.some((e) => e.sign() * (example.side ?? 0) < 0);
      if (crossed) expect(oneSided.verdict).not.toBe('proved');
    }
    if (example.id !== 'telgarsky-sawtooth') expect(refuted).toBeGreaterThan(0);
  });

  it('proves the network as it was built', async () => {
    expect((await audited(example.id, example.params)).verdict).toBe('proved');
  });
});

describe('hat-interpolation', () => {
  // |x|/10 between its values at -1 and 1 is off by L (b - a)/(2N) = 1/10 exactly; 1/10 is no double.
  it.each([
    ['abs(0.1*x)', '-1', '1', '1'],
    ['exp(cos(exp(x))*exp(min(x,-1)))', '100', '101', '16'],
  ])('refutes no true bound of the error of %s that rounding makes too small', async (f, a, b, N) => {
    const result = await audited('hat-interpolation', [`f=${f}`, `a=${a}`, `b=${b}`, `N=${N}`]);
    expect(result.claim('error').verdict).not.toBe('refuted');
  });

  it('refutes no bound of the weights that rounding makes too small, and proves none that it makes too large', async () => {
    const weight = async (f: string) =>
      (await audited('hat-interpolation', [`f=${f}`, 'a=-1', 'b=1', 'N=2'])).claim('weight').verdict;
    expect(await weight('abs(11/10*x)')).toBe('undecided');
    // The nearest double to 4 sqrt(2) is above it, by rounding alone, and that to 4 pi is below it.
    expect([await weight('4*sqrt(2)'), await weight('4*pi')]).toEqual(['undecided', 'proved']);
  });
});

describe('softmin-gap', () => {
  /** The gap on doubles at two-level inputs and at some with three levels. */
  const largest = (beta: number, T: number) => {
    let most = 0;
    for (let i = 0; i <= 400; i++) {
      for (const other of [i, 400, 200, 0]) {
        const a = Array.from({ length: T }, (_, t) => (t === 0 ? 0 : t === 1 ? other / 400 : i / 400));
        const weights = a.map((x) => Math.exp(-beta * x));
        const total = weights.reduce((x, y) => x + y);
        most = Math.max(most, a.reduce((sum, x, t) => sum + x * weights[t], 0) / total);
      }
    }
    return most;
  };

  it.each(['-10', '5', '9', '10.000001', '9.999999', '20', '0', '1/10'])(
    'is judged by its weight: scale -%s',
    async (scale) => {
      const beta = parseRational(scale);
      const change = (network: Network) => withConstants(network, (value) => withEntry(value, 0, beta.neg()));
      const error = (await audited('softmin-gap', ['T=4', 'beta=10'], { change })).claim('error');
      const sampled = largest(approximate(beta), 4);
      const { lo, hi } = error.enclosure!;
      expect(approximate(hi!)).toBeGreaterThanOrEqual(sampled * (1 - 1e-12));
      expect(approximate(lo!)).toBeGreaterThanOrEqual(sampled * (1 - 1e-4));
      expect(lo!.le(hi!)).toBe(true);
      if (sampled > approximate(error.predicted!) * (1 + 1e-9)) expect(error.verdict).toBe('refuted');
      else if (!beta.lt(q(10))) expect(error.verdict).toBe('proved');
    },
  );

  it('proves nothing of a head whose values or axis are changed', async () => {
    const swap = (network: Network) =>
      rebuilt(network, (node) =>
        node.name === 'weighted' ? { ...node, inputs: [node.inputs[0], node.inputs[0]] } : node,
      );
    expect((await audited('softmin-gap', ['T=4', 'beta=10'], { change: swap })).claim('error').verdict).toBe(
      'undecided',
    );
    const axis = (network: Network) =>
      rebuilt(network, (node) => (node.op === 'softmax' ? { ...node, attributes: { axis: 1 } } : node));
    expect((await audited('softmin-gap', ['T=4', 'beta=10'], { change: axis })).claim('error').verdict).toBe(
      'undecided',
    );
  });
});

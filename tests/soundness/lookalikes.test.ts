import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import { Builder } from '../../src/network/builder.js';
import { Network, type Node } from '../../src/network/network.js';
import { sizes } from '../../src/network/shape.js';
import { type Tensor, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { audited } from '../generators/audits.js';
import { rebuilt } from '../generators/rebuild.js';

/** The verdict on the claim `error` of a network in place of the built one; 'refused' where it is bad input. */
async function verdictOn(id: string, params: readonly string[], change: (built: Network) => Network, claim = 'error') {
  try {
    return (await audited(id, params, { change })).claim(claim).verdict;
  } catch (error) {
    if (error instanceof InputError) return 'refused';
    throw error;
  }
}

const q = (num: number, den = 1) => Rational.of(num, den);
const only = (network: Network) => network.outputs[0].node;
const sub = (a: Node, b: Node): Node => ({ ...a, op: 'sub', attributes: {}, inputs: [a, b], name: 'difference' });
const constant = (b: Builder, shape: readonly number[], entries: readonly Rational[], name: string) =>
  b.constant(tensor(shape, entries), name);

const RETRIEVAL = ['T=3', 'd=1', 'eps=1/4', 'features=[x1]', 'positions=["1..2"]', 'readout=z1'];
const TASK = [...RETRIEVAL, 'N=4'];

describe('networks that look like the stated one and compute something else', () => {
  it.each([
    ['multi-head-retrieval', RETRIEVAL],
    ['single-head-memorization', TASK],
  ])('%s: the output y beside another output that would be right', async (id, params) => {
    const second = (built: Network) =>
      new Network([
        { name: 'right', node: only(built) },
        { name: 'y', node: sub(only(built), only(built)) },
      ]);
    expect(await verdictOn(id, params, (built) => built)).toBe('proved');
    expect(await verdictOn(id, params, second)).not.toBe('proved');
  });

  it('relu-product: one square that is none', async () => {
    const curved = (built: Network) => {
      const hidden = built.find('hats[2]')!;
      const bent = (node: Node): Node => ({
        ...node,
        op: 'mul',
        attributes: {},
        inputs: [node.inputs[0], node.inputs[0]],
      });
      return rebuilt(built, (node) => (node.name === hidden.name ? bent(node) : node));
    };
    expect(await verdictOn('relu-product', ['N=3'], (built) => built)).toBe('proved');
    expect(await verdictOn('relu-product', ['N=3'], curved)).toBe('refuted');
  });

  it('mcshane-extension: relu(z - g) + relu(c - (z - g)) in place of |z - g|', async () => {
    const params = ['F=1-z1', 'D=1', 'N=1'];
    const bent = (built: Network) => {
      const b = new Builder();
      const x = b.input('x', { coordinate: 1 });
      const offsets = b.sub(
        b.reshape(x, { grid: 1, coordinate: 1 }),
        constant(b, [1, 1], [q(1, 2)], 'grid'),
        'offsets',
      );
      const reversed = b.add(b.mul(offsets, b.scalar(q(-1))), b.scalar(q(-5)));
      const sums = b.add(b.relu(offsets), b.relu(reversed));
      const distances = b.reshape(sums, { grid: 1 }, 'distances');
      const cones = b.add(b.mul(distances, b.scalar(q(1))), constant(b, [1], [q(1, 2)], 'values'), 'cones');
      expect(built.find('cones')).toBeDefined();
      return b.network({ y: b.reshape(cones, { value: 1 }, 'y') });
    };
    expect(await verdictOn('mcshane-extension', params, bent, 'one-sided')).not.toBe('proved');
  });

  it('mcshane-extension: offsets laid out so that their rows are not points', async () => {
    const params = ['F=z1+z2', 'D=2', 'N=5', 'L=2'];
    const laidOut = (built: Network) => {
      const [grid, values] = ['grid', 'values'].map((name) => built.find(name) as Node<'constant'>);
      const b = new Builder();
      const x = b.input('x', { coordinate: 2 });
      const points = b.constant(grid.attributes.value, 'grid');
      const rows = b.sub(b.reshape(x, { grid: 1, coordinate: 2 }), points);
      const offsets = b.reshape(rows, { grid: 50, coordinate: 1 }, 'offsets');
      const distances = b.reshape(
        b.add(b.relu(offsets), b.relu(b.mul(offsets, b.scalar(q(-1))))),
        { grid: 50 },
        'distances',
      );
      const first = b.gather(
        distances,
        0,
        Array.from({ length: 25 }, (_, k) => k),
      );
      const cones = b.add(b.mul(first, b.scalar(q(2))), b.constant(values.attributes.value, 'values'), 'cones');
      let least = b.gather(cones, 0, [0]);
      for (let k = 1; k < 25; k++) least = b.sub(least, b.relu(b.sub(least, b.gather(cones, 0, [k]))));
      return b.network({ y: least });
    };
    expect(await verdictOn('mcshane-extension', params, laidOut, 'one-sided')).not.toBe('proved');
  });

  it('single-head-memorization: tokens laid out so that their rows are not tokens', async () => {
    const params = ['T=2', 'd=3', 'eps=1/4', 'features=[x1]', 'positions=["1..2"]', 'readout=z1', 'N=1'];
    const laidOut = () => {
      const b = new Builder();
      const x = b.input('x', { token: 2, coordinate: 3 });
      const tokens = b.reshape(x, { token: 3, coordinate: 2 }, 'tokens1');
      const psi = b.matmul(tokens, constant(b, [2, 1], [q(1), q(0)], 'first'), 'psi1');
      const feature = b.reshape(psi, { token: 3 }, 'feature1');
      const [first, second, third] = [0, 1, 2].map((k) => b.gather(feature, 0, [k]));
      const two = b.sub(first, b.relu(b.sub(first, second)));
      const least = b.sub(two, b.relu(b.sub(two, third)), 'minimum1');
      return b.network({ y: b.reshape(least, { value: 1 }, 'y') });
    };
    expect(await verdictOn('single-head-memorization', params, laidOut)).not.toBe('proved');
  });

  it('induction-heads: a tensor x that is not the input', async () => {
    const params = ['n=300', 'm=2'];
    const reversed = (built: Network) => {
      const x = built.find('x')!;
      const b = new Builder();
      const input = b.input('text', { token: 301, symbol: 2 });
      const indices = Array.from({ length: 301 }, (_, t) => 300 - t);
      const turned = b.gather(input, 0, indices, 'x');
      const copies = new Map<Node, Node>([[x, turned]]);
      for (const node of built.nodes)
        if (node !== x) copies.set(node, { ...node, inputs: node.inputs.map((arg) => copies.get(arg)!) });
      return new Network(built.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
    };
    expect(await verdictOn('induction-heads', params, (built) => built)).toBe('proved');
    expect(await verdictOn('induction-heads', params, reversed)).not.toBe('proved');
  });

  it('threshold-min: too few tokens, where too many units are stated for an evaluation', async () => {
    const params = ['S=40000', 'M=2'];
    const fewer = () => {
      const b = new Builder();
      const x = b.input('x', { token: 2 });
      const s = constant(b, [1, 2], [q(1, 2), q(1)], 'levels');
      const column = b.reshape(x, { token: 2, one: 1 });
      const below = b.relu(b.sub(b.add(b.mul(column, constant(b, [1, 2], [q(0), q(0)], 'zeros')), s), column));
      const total = b.reduceSum(below, 0);
      const units = b.relu(b.add(b.mul(total, b.scalar(q(-2))), b.scalar(q(1))));
      return b.network({ y: b.mul(b.reduceSum(units, 0), b.scalar(q(1, 2)), 'y') });
    };
    expect(await verdictOn('threshold-min', params, fewer)).not.toBe('proved');
  });

  it('delay-memory: residues of another size', async () => {
    const params = ['alpha=2', 'm=4', 'eta=1/100', 'horizon=16'];
    const louder = (built: Network) => {
      const copies = new Map<Node, Node>();
      const readout = built.nodes.find(({ op, inputs }) => op === 'matmul' && inputs[1].op === 'constant')!.inputs[1];
      for (const node of built.nodes) {
        const inputs = node.inputs.map((arg) => copies.get(arg)!);
        const { value } = node.attributes as { value?: Tensor<Rational> };
        const attributes =
          node === readout ? { ...node.attributes, value: value!.map((w) => w.mul(q(7))) } : node.attributes;
        copies.set(node, { ...node, inputs, attributes } as Node);
      }
      return new Network(built.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
    };
    expect(await verdictOn('delay-memory', params, (built) => built, 'norm-price')).toBe('proved');
    expect(await verdictOn('delay-memory', params, louder, 'norm-price')).not.toBe('proved');
  });

  it('two-layer-second-largest: further outputs beside the right one', async () => {
    const params = ['T=3', 'eps=1/2'];
    const wider = (built: Network) => {
      const y = only(built);
      const wide: Node = {
        ...y,
        op: 'concat',
        attributes: { axis: 0 },
        inputs: [y, sub(y, y)],
        shape: [{ name: '', size: 2 }, ...y.shape.slice(1)],
        name: 'wide',
      };
      expect(sizes(wide.shape)[0]).toBe(2);
      return new Network([{ name: 'y', node: wide }]);
    };
    expect(await verdictOn('two-layer-second-largest', params, wider)).not.toBe('proved');
  });
});

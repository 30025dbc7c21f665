import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { canonicalForm, normalised, sha256 } from '../../src/network/canonical.js';
import type { Network, Node } from '../../src/network/network.js';
import { scaledIdentity, sparse, Tensor, tensor } from '../../src/network/tensor.js';
import { Rational } from '../../src/numbers/rational.js';
import { randomNetworks } from '../generators/networks.js';
import { densely, rebuilt, sparsely, withConstants, withEntry } from '../generators/rebuild.js';

const text = (network: Network) => [...canonicalForm(network)].join('');
const numbers = (...values: number[]) => values.map((value) => Rational.of(value));

describe('the canonical form', () => {
  it('is this text for a small network', () => {
    const b = new Builder();
    const x = b.input('x', { token: 2, coordinate: 3 });
    const w = b.constant(scaledIdentity(3, Rational.of(-5, 2)), 'W', 'weight', { coordinate: 3, value: 3 });
    const bias = b.constant(tensor([3], numbers(1, 0, 2)));
    const sum = b.add(b.matmul(x, w), bias);
    const network = b.network({ y: b.softmax(b.gather(sum, 1, [2, 0]), 0), 'z "q"': sum });
    expect(text(network)).toBe(
      [
        '{"format":"exhibit-network-1","nodes":[',
        '{"op":"input","name":"x","shape":[2,3]},',
        '{"op":"constant","shape":[3,3],"sparse":[[0,"-5/2"],[4,"-5/2"],[8,"-5/2"]]},',
        '{"op":"matmul","inputs":[0,1],"shape":[2,3]},',
        '{"op":"constant","shape":[3],"dense":["1","0","2"]},',
        '{"op":"add","inputs":[2,3],"shape":[2,3]},',
        '{"op":"gather","inputs":[4],"axis":1,"indices":[2,0],"shape":[2,2]},',
        '{"op":"softmax","inputs":[5],"axis":0,"shape":[2,2]}',
        '],"outputs":[{"name":"y","node":6},{"name":"z \\"q\\"","node":4}]}',
        '',
      ].join('\n'),
    );
    expect(sha256(network)).toBe(createHash('sha256').update(text(network)).digest('hex'));
  });

  it('is JSON whatever the number of entries', () => {
    for (const size of [0, 1, 2, 4095, 4096, 4097, 8192, 8193]) {
      const b = new Builder();
      const full = tensor(
        [size],
        Array.from({ length: size }, (_, k) => Rational.of(k + 1)),
      );
      const thin = sparse(
        [4 * size],
        Array.from({ length: size }, (_, k) => [3 * k, Rational.of(k + 1)] as const),
      );
      const { nodes } = JSON.parse(text(b.network({ full: b.constant(full), thin: b.constant(thin) })));
      if (size > 0) expect(nodes[0].dense).toEqual(full.data.map(String));
      if (size > 0) expect(nodes[1].sparse).toEqual(full.data.map((entry, k) => [3 * k, entry.toString()]));
    }
  });

  it('does not depend on names, roles or storage', () => {
    fc.assert(
      fc.property(randomNetworks(), fc.func(fc.boolean()), (network, keep) => {
        const expected = sha256(network);
        const renamed = rebuilt(network, (node) => ({
          ...node,
          name: `${node.name}'`,
          shape: node.shape.map(({ size }) => ({ name: 'other', size })),
        }));
        expect(sha256(renamed)).toBe(expected);
        expect(sha256(withConstants(network, (value) => densely(value, Rational.zero)))).toBe(expected);
        expect(sha256(withConstants(network, (value) => sparsely(value, keep)))).toBe(expected);
        const roles = rebuilt(network, (node) =>
          node.op === 'constant' ? { ...node, attributes: { ...node.attributes, role: 'structure' } as never } : node,
        );
        expect(sha256(roles)).toBe(expected);
      }),
    );
  });

  it('changes with every single weight', () => {
    fc.assert(
      fc.property(randomNetworks(), fc.nat(), fc.nat(), fc.constantFrom(1, -1), (network, which, where, delta) => {
        const constants = network.nodes.filter((node) => node.op === 'constant') as Node<'constant'>[];
        fc.pre(constants.length > 0);
        const { name, attributes } = constants[which % constants.length];
        fc.pre(attributes.value.size > 0);
        const index = where % attributes.value.size;
        const entry = attributes.value.at(index, Rational.zero).add(Rational.of(delta, 2 ** 60));
        const changed = withConstants(network, (value, at) => (at === name ? withEntry(value, index, entry) : value));
        expect(sha256(changed)).not.toBe(sha256(network));
      }),
    );
  });

  it('changes with every edge, attribute, shape and output', () => {
    const make = (change: Partial<Record<string, unknown>> = {}) => {
      const b = new Builder();
      const x = b.input((change.input as string) ?? 'x', (change.shape as never) ?? { a: 2, b: 2 });
      const y = b.input('y', { a: 2, b: 2 });
      const [left, right] = change.swap ? [y, x] : [x, y];
      const difference = b[change.op === 'add' ? 'add' : 'sub'](left, right);
      const moved = b.transpose(difference, (change.perm as number[]) ?? [0, 1]);
      const chosen = b.gather(moved, (change.gatherAxis as number) ?? 0, (change.indices as number[]) ?? [0, 1]);
      const p = b.softmax(chosen, (change.axis as number) ?? 0);
      const joined = b.concat([p, chosen], (change.concatAxis as number) ?? 0);
      const flat = b.reshape(joined, (change.to as never) ?? { a: 8 });
      const total = b.reduceSum(b.reshape(flat, { a: 2, b: 4 }), (change.reduceAxis as number) ?? 0);
      return b.network({ [(change.output as string) ?? 'out']: change.other ? flat : total });
    };
    const changes = [
      { swap: true },
      { op: 'add' },
      { perm: [1, 0] },
      { gatherAxis: 1 },
      { indices: [1, 0] },
      { axis: 1 },
      { concatAxis: 1 },
      { to: { a: 4, b: 2 } },
      { reduceAxis: 1 },
      { input: 'z' },
      { shape: { a: 1, b: 2 } },
      { output: 'result' },
      { other: true },
    ];
    const hashes = [{}, ...changes].map((change) => sha256(make(change)));
    expect(new Set(hashes).size).toBe(changes.length + 1);
    expect(sha256(make())).toBe(hashes[0]);
  });

  it('tells sharing a node from repeating it', () => {
    const repeated = (share: boolean) => {
      const b = new Builder();
      const x = b.input('x', { k: 1 });
      const first = b.relu(x);
      return b.network({ y: b.add(first, share ? first : b.relu(x)) });
    };
    expect(sha256(repeated(true))).not.toBe(sha256(repeated(false)));
  });

  it('keeps the order of outputs', () => {
    const b = new Builder();
    const [x, y] = [b.input('x', { k: 1 }), b.input('y', { k: 1 })];
    expect(sha256(b.network({ x, y }))).not.toBe(sha256(b.network({ y, x })));
  });
});

describe('normalised', () => {
  it('is sparse exactly when at most half of several entries are nonzero', () => {
    const support = (...values: number[]) => normalised(new Tensor([values.length], numbers(...values))).support;
    expect(support(1, 0)).toEqual(Uint32Array.of(0));
    expect(support(1, 1, 0)).toBeNull();
    expect(support(0, 0, 0)).toEqual(Uint32Array.of());
    expect(support(0)).toBeNull();
    expect(normalised(scaledIdentity(1)).support).toBeNull();
  });
});

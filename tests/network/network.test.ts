import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Builder } from '../../src/network/builder.js';
import { Network, type Node } from '../../src/network/network.js';
import { Rational } from '../../src/numbers/rational.js';
import { randomNetworks } from '../generators/networks.js';
import { rebuilt } from '../generators/rebuild.js';

describe('the canonical order', () => {
  it('puts every node once, after its arguments, and only nodes that an output needs', () => {
    fc.assert(
      fc.property(randomNetworks(), (network) => {
        const seen = new Set<Node>();
        for (const node of network.nodes) {
          expect(node.inputs.every((input) => seen.has(input))).toBe(true);
          expect(seen.has(node)).toBe(false);
          seen.add(node);
        }
        const needed = new Set<Node>();
        const visit = (node: Node) => {
          needed.add(node);
          node.inputs.forEach(visit);
        };
        for (const { node } of network.outputs) visit(node);
        expect(seen).toEqual(needed);
      }),
    );
  });

  it('is depth first, arguments in their order', () => {
    const b = new Builder();
    const [late, x, y] = [b.scalar(Rational.one, 'late'), b.input('x', { k: 1 }), b.input('y', { k: 1 })];
    const sum = b.add(y, x, 'sum');
    b.relu(sum, 'unused');
    const network = b.network({ second: b.mul(sum, late, 'product'), first: x });
    expect(network.nodes.map((node) => node.name)).toEqual(['y', 'x', 'sum', 'late', 'product']);
    expect(network.inputs.map((node) => node.name)).toEqual(['y', 'x']);
    expect(network.find('unused')).toBeUndefined();
    expect(network.find('sum')).toBe(sum);
    expect(network.upTo(sum).nodes.map((node) => node.name)).toEqual(['y', 'x', 'sum']);
  });

  it('does not depend on the order in which nodes were made', () => {
    fc.assert(
      fc.property(randomNetworks(), (network) => {
        const copies = new Map<Node, Node>();
        const copyBackwards = (node: Node): Node => {
          const inputs = [...node.inputs].reverse().map((input) => copies.get(input) ?? copyBackwards(input));
          const copy = copies.get(node) ?? { ...node, inputs: inputs.reverse() };
          copies.set(node, copy);
          return copy;
        };
        for (const { node } of [...network.outputs].reverse()) copyBackwards(node);
        const again = new Network(network.outputs.map(({ name, node }) => ({ name, node: copies.get(node)! })));
        expect(again.nodes.map((node) => node.name)).toEqual(network.nodes.map((node) => node.name));
        const names = rebuilt(network, (node) => node).nodes.map((node) => node.name);
        expect(names).toEqual(network.nodes.map((node) => node.name));
      }),
    );
  });

  it('is found for long chains and for dense graphs in linear time', () => {
    const b = new Builder();
    let chain: Node = b.input('x', { k: 1 });
    for (let k = 0; k < 50_000; k++) chain = b.relu(chain);
    let doubled: Node = b.input('y', { k: 1 });
    for (let k = 0; k < 2000; k++) doubled = b.add(doubled, doubled);
    const start = performance.now();
    expect(b.network({ chain, doubled }).nodes.length).toBe(50_001 + 2001);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

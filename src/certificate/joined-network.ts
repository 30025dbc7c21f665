import { Network, type Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import type { Model } from '../proof/question/model.js';

/**
 * Several networks as one, whose outputs are called `a.y`, `b.y`, ...: certificates are about one network. The networks
 * share the inputs of one name, and their only inputs where each has one. A text says why that is not possible.
 */
export function joined(models: readonly Model[]): Network | string {
  const [{ name, network: first }] = models;
  if (models.length === 1 && name === null) return first;
  const isAlone = models.every(({ network }) => network.inputs.length === 1);
  const inputs = new Map<string, Node>();
  const outputs = [];
  for (const [k, model] of models.entries()) {
    const copies = new Map<Node, Node>();
    for (const node of model.network.nodes) {
      if (node.op === 'input') {
        const key = isAlone ? '' : (node as Node<'input'>).attributes.name;
        const known = inputs.get(key) ?? node;
        if (sizes(known.shape).join() !== sizes(node.shape).join()) {
          return `the inputs of ${models[0].file} and ${model.file} have different shapes`;
        }
        inputs.set(key, known);
        copies.set(node, known);
        continue;
      }
      const args = node.inputs.map((input) => copies.get(input)!);
      copies.set(node, { ...node, inputs: args, name: `${k}.${node.name}` });
    }
    outputs.push(
      ...model.network.outputs.map((one) => ({ name: `${model.name}.${one.name}`, node: copies.get(one.node)! })),
    );
  }
  return new Network(outputs);
}

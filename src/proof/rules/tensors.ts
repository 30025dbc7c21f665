import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Mismatch } from '../derivation.js';

/** The tensor of that name. Throws Mismatch where the network has none. */
export function tensorNamed(network: Network, name: string): Node {
  const node = network.find(name);
  if (!node) throw new Mismatch(`the network has no tensor named '${name}'`);
  return node;
}

/** The tensor that is the output of that name. Throws Mismatch where the network has none. */
export function outputNode({ outputs }: Network, name: string): Node {
  const output = outputs.find((one) => one.name === name);
  if (!output) throw new Mismatch(`the network has no output named '${name}'`);
  return output.node;
}

/** The number of the tensor of that name, by which certificates know it; -1 where there is none. */
export function numberNamed({ nodes }: Network, name: string): number {
  return nodes.findIndex((node) => node.name === name);
}

/** How many entries a tensor has. */
export function entriesOf({ shape }: Node): number {
  return sizeOf(sizes(shape));
}

/** 0, 1, ..., n - 1. */
export function indices(n: number): number[] {
  return Array.from({ length: n }, (_, k) => k);
}

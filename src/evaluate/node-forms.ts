import { between } from '../network/cut.js';
import type { Network, Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf, Tensor } from '../network/tensor.js';
import { type AffineForm, Atoms, affineForms } from './affine.js';
import { compile } from './evaluate.js';

/** All entries of a node as affine forms; where the node is undefined and forms would not be, symbols that are equal to nothing. */
export function symbolicValue(network: Network, node: Node, atoms: Atoms): readonly AffineForm[] {
  const algebra = affineForms(atoms);
  const part = network.upTo(node);
  const inputs = part.inputs.map((input) => {
    const { name } = input.attributes;
    const shape = sizes(input.shape);
    const symbols = Array.from({ length: sizeOf(shape) }, (_, k) => atoms.input(name, k));
    return [name, new Tensor(shape, symbols)] as const;
  });
  return atoms.whole(() => compile(part, algebra)(Object.fromEntries(inputs))[node.name].dense(algebra.zero));
}

/** The entries of a node as forms over those of others, and the symbols of these: entry k of a source is its name and k. */
export interface NodeForms {
  readonly atoms: Atoms;
  readonly forms: readonly AffineForm[];
}

/** Lemmas about one node mostly come one after the other. */
const latest = new WeakMap<Node, { readonly sources: readonly Node[]; readonly found: NodeForms | string }>();

/** The entries of a node as forms over those of the sources; a sentence that says what else it depends on, otherwise. */
export function formsBetween(sources: readonly Node[], node: Node): NodeForms | string {
  const known = latest.get(node);
  if (known?.sources.length === sources.length && sources.every((source, k) => source === known.sources[k]))
    return known.found;
  const found = readForms(sources, node);
  latest.set(node, { sources, found });
  return found;
}

function readForms(sources: readonly Node[], node: Node): NodeForms | string {
  const part = between(sources, [node]);
  const stray = part.inputs.find((input) => !sources.some((source) => source.name === input.name));
  if (stray) return `'${node.name}' depends on '${stray.name}'`;
  const atoms = new Atoms();
  return { atoms, forms: symbolicValue(part, part.outputs[0].node, atoms) };
}

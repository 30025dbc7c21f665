import { type AffineForm, Atoms } from '../../evaluate/affine.js';
import { between } from '../../network/cut.js';
import type { Node } from '../../network/network.js';
import { symbolicValue } from './affine-identity.js';

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

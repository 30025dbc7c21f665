import { InputError, quote } from '../errors.js';
import { canonicalForm } from '../network/canonical.js';
import type { Network } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';

/** The claims speak of the inputs and outputs of the built network: another one must have the same. */
export function checkInterface(network: Network, built: Network): void {
  const [found, allowed] = [network, built].map(interfaceOf);
  if (found !== allowed) throw new InputError({ found: `a network with ${found}`, allowed });
}

/**
 * What the claims of an exact object say is what its outputs are computed to be: another object may have other entries in the
 * tensors that it gives, and must compute the same of them.
 */
export function checkDefinitions(network: Network, built: Network): void {
  if (definitionsOf(network) === definitionsOf(built)) return;
  const found = 'an object that computes something else of its tensors';
  throw new InputError({
    found,
    allowed: "the theorem's own operations and constants, with other entries in tensors that are outputs",
  });
}

function definitionsOf(network: Network): string {
  const { form, outputs } = formOf(network);
  return without(form, (k) => outputs.has(k));
}

/** Whether two networks compute the same of their inputs and constants, whatever the entries of these are. */
export function hasSameOperations(network: Network, other: Network): boolean {
  const [own, others] = [network, other].map((one) => without(formOf(one).form, () => true));
  return own === others;
}

interface CanonicalForm {
  readonly nodes: readonly { readonly op: string; readonly shape?: unknown }[];
  readonly outputs: readonly { readonly node: number }[];
}

function formOf(network: Network): { readonly form: CanonicalForm; readonly outputs: ReadonlySet<number> } {
  const form: CanonicalForm = JSON.parse([...canonicalForm(network)].join(''));
  return { form, outputs: new Set(form.outputs.map(({ node }) => node)) };
}

/** The form as a text, without the entries of the constants that `isGiven`. */
function without(form: CanonicalForm, isGiven: (k: number) => boolean): string {
  const nodes = form.nodes.map(({ op, shape, ...node }, k) =>
    op === 'constant' && isGiven(k) ? { op, shape } : { op, shape, ...node },
  );
  return JSON.stringify({ ...form, nodes });
}

/** The inputs by name, and the outputs in their order, of which the number of entries counts. */
function interfaceOf({ inputs, outputs }: Network): string {
  const ins = inputs.map(({ attributes, shape }) => `${quote(attributes.name)} ${showSizes(sizes(shape))}`).sort();
  const outs = outputs.map(({ name, node }) => `${quote(name)} ${showSizes([sizeOf(sizes(node.shape))])}`);
  return `the inputs ${ins.join(', ') || 'none'} and the outputs ${outs.join(', ')}`;
}

function showSizes(lengths: readonly number[]): string {
  return `[${lengths.join(', ')}]`;
}

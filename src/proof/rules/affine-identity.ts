import { type AffineForm, type Atom, Atoms, affineForms, formsEqual, showForm } from '../../evaluate/affine.js';
import { compile } from '../../evaluate/evaluate.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { inputEntry } from '../conclusion.js';
import type { Rule, Step } from '../step.js';

/**
 * A tensor of the network holds, entry by entry, a stated affine form in the inputs.
 *
 * The network is evaluated symbolically: entries are affine forms with exact coefficients over the inputs and over the
 * outputs of nonlinear operations, equal expressions sharing a symbol. Equal forms are equal functions, so comparing
 * coefficients proves the identity for every input.
 */
export const affineIdentity: Rule = {
  id: 'affine-identity',
  tex: '\\forall x:\\; v_k(x) = c_{k,0} + \\sum_j c_{k,j} x_j',
};

/** A stated tensor: its shape, [] for any of one entry, and the form of each entry by flat index, over the inputs' symbols. */
export interface StatedTensor {
  readonly shape: readonly number[];
  entry(index: number, input: (name: string, index: number) => AffineForm): AffineForm;
}

/** Applies the rule to the node of that name. A missing node, another shape or another form makes the step undecided. */
export function proveAffineIdentity(
  network: Network,
  name: string,
  stated: StatedTensor,
  id: string,
  statement: string,
): Step {
  const step = { id, rule: affineIdentity.id, statement, enclosure: null };
  const node = network.find(name);
  if (!node) return { ...step, verdict: 'undecided', difference: `the network has no tensor named '${name}'` };
  const shape = sizes(node.shape);
  const fits = stated.shape.length === 0 ? sizeOf(shape) === 1 : shape.join() === stated.shape.join();
  if (!fits) {
    const difference = `'${name}' has the shape [${shape}], stated is [${stated.shape}]`;
    return { ...step, verdict: 'undecided', difference };
  }
  const atoms = new Atoms();
  const entries = symbolicValue(network, node, atoms);
  for (const [index, form] of entries.entries()) {
    const expected = stated.entry(index, (input, k) => atoms.input(input, k));
    if (!formsEqual(form, expected)) {
      const describe = (atom: number) => describeAtom(atoms, atom);
      const difference = `entry ${index} of '${name}' is ${showForm(form, describe)}, stated is ${showForm(expected, describe)}`;
      return { ...step, verdict: 'undecided', difference };
    }
  }
  const conclusion = () => ({
    kind: 'identity' as const,
    node: network.nodes.indexOf(node),
    entries: entries.map((form) => showForm(form, (atom) => inputText(atoms.get(atom), network))),
  });
  const data = (audited: Network) => {
    const { kind: _, ...fields } = conclusion();
    return audited === network ? fields : null;
  };
  return { ...step, verdict: 'proved', data, conclusion };
}

/** An entry of an input as certificates write it: indices from 1, none where there is only one entry. */
function inputText(atom: Atom, network: Network): string {
  if (atom.kind !== 'input') throw new Error('a stated form is in the inputs alone');
  const shape = sizes(network.inputs.find(({ attributes }) => attributes.name === atom.name)!.shape);
  return inputEntry(atom.name, shape, atom.index);
}

/** All entries of a node as affine forms. */
export function symbolicValue(network: Network, node: Node, atoms: Atoms): readonly AffineForm[] {
  const algebra = affineForms(atoms);
  const part = network.upTo(node);
  const inputs = part.inputs.map((input) => {
    const { name } = input.attributes;
    const shape = sizes(input.shape);
    const symbols = Array.from({ length: sizeOf(shape) }, (_, k) => atoms.input(name, k));
    return [name, new Tensor(shape, symbols)] as const;
  });
  return compile(part, algebra)(Object.fromEntries(inputs))[node.name].dense(algebra.zero);
}

function describeAtom(atoms: Atoms, number: number): string {
  const atom = atoms.get(number);
  return atom.kind === 'input' ? `${atom.name}[${atom.index}]` : `${atom.kind}#${number}`;
}

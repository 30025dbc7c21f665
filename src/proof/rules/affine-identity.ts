import { createHash } from 'node:crypto';
import {
  type AffineForm,
  type Atom,
  Atoms,
  addForms,
  constantForm,
  formsEqual,
  scaleForm,
  showForm,
} from '../../evaluate/affine.js';
import { rowsByClass } from '../../evaluate/by-class.js';
import { symbolicValue } from '../../evaluate/node-forms.js';
import { between } from '../../network/cut.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { inputEntry } from '../../statement/index.js';
import { mint, type Outcome, open } from '../fact.js';
import { qualitative, type Sentence } from '../sentence.js';
import type { Rule } from '../step.js';

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
  entry(index: number, input: (name: string, index: number) => AffineForm, atoms: Atoms): AffineForm;
}

/** Where the identity is looked for, beside the inputs of the network: the forms are then in the entries of these. */
export interface Place {
  readonly id: string;
  readonly statement: string;
  readonly from?: readonly Node[];
}

/**
 * Applies the rule to the node of that name. A missing node, another shape or another form leaves the claim open. The fact
 * says which entries were found; with `from`, it is in the entries of these tensors and serves other rules.
 */
export function proveAffineIdentity(
  network: Network,
  name: string,
  stated: StatedTensor,
  { id, statement, from }: Place,
): Outcome<null> {
  const node = network.find(name);
  if (!node) return open(affineIdentity, id, statement, `the network has no tensor named '${name}'`);
  const shape = sizes(node.shape);
  const fits = stated.shape.length === 0 ? sizeOf(shape) === 1 : shape.join() === stated.shape.join();
  if (!fits)
    return open(affineIdentity, id, statement, `'${name}' has the shape [${shape}], stated is [${stated.shape}]`);
  const base = { rule: affineIdentity, id, network, domain: null, found: null };
  if (from && holdsByClass(from, node, stated)) return mint({ ...base, says: statement });
  const atoms = new Atoms();
  const part = from ? between(from, [node]) : network;
  const entries = symbolicValue(part, from ? part.outputs[0].node : node, atoms);
  for (const [index, form] of entries.entries()) {
    const expected = stated.entry(index, (input, k) => atoms.input(input, k), atoms);
    if (!formsEqual(form, expected)) {
      const describe = (atom: number) => describeAtom(atoms, atom);
      const difference = `entry ${index} of '${name}' is ${showForm(form, describe)}, stated is ${showForm(expected, describe)}`;
      return open(affineIdentity, id, statement, difference);
    }
  }
  if (from) return mint({ ...base, says: statement });
  const fields = () => ({
    node: network.nodes.indexOf(node),
    entries: entries.map((form) => showForm(form, (atom) => inputText(atoms.get(atom), network))),
  });
  return mint({
    ...base,
    says: identitySentence(name, fields().entries),
    evidence: fields,
    conclusion: () => ({ kind: 'identity', ...fields() }),
  });
}

/** A multiple of an entry, the first unless said otherwise, of the tensor of that name. */
export type Multiple = readonly [factor: Rational, name: string, entry?: number];

/** Applies the rule to a tensor of one number that is a sum of multiples of numbers of others, and a constant. */
export function proveSum(
  network: Network,
  name: string,
  terms: readonly Multiple[],
  { constant = Rational.zero, ...place }: Omit<Place, 'from'> & { readonly constant?: Rational },
): Outcome<null> {
  const from = [...new Set(terms.map(([, tensor]) => tensor))].flatMap((tensor) => network.find(tensor) ?? []);
  const stated: StatedTensor = {
    shape: [],
    entry: (_, input) =>
      terms
        .map(([factor, tensor, entry = 0]) => scaleForm(input(tensor, entry), factor))
        .reduce(addForms, constantForm(constant)),
  };
  return proveAffineIdentity(network, name, stated, { ...place, from });
}

/** Whether the rows of a node are stated so in the rows of one tensor, each row in its own, by classes of rows. */
function holdsByClass(from: readonly Node[], node: Node, stated: StatedTensor): boolean {
  const [source, ...others] = from;
  const isLong = node.shape.length > 1 && node.shape[0].size === source?.shape[0]?.size;
  const found = isLong && others.length === 0 ? rowsByClass(source, node) : null;
  if (!found) return false;
  const { classes, rows } = found;
  const width = sizeOf(sizes(source.shape)) / classes.of.length;
  const own = Array.from({ length: width }, (_, k) => classes.atoms.input(source.name, k));
  let isOwn = true;
  return classes.of.every((c, t) => {
    const input = (name: string, index: number) => {
      const isHere = name === source.name && Math.floor(index / width) === t;
      isOwn &&= isHere;
      return isHere ? own[index % width] : own[0];
    };
    return rows[c].every(
      (form, k) => formsEqual(form, stated.entry(t * rows[c].length + k, input, classes.atoms)) && isOwn,
    );
  });
}

/** Entries that are printed one by one; longer lists are known by their hash. */
const MOST_PRINTED = 16;

/** `for all real inputs the entries of 'tokens' are x[1,1], x[1,2]`; of many entries the SHA-256 of their JSON. */
export function identitySentence(name: string, entries: readonly string[]): Sentence {
  const list =
    entries.length <= MOST_PRINTED
      ? entries.join(', ')
      : `the ${entries.length} forms of SHA-256 ${createHash('sha256').update(JSON.stringify(entries)).digest('hex')}`;
  return qualitative(`for all real inputs the entries of '${name}' are ${list}`);
}

/** An entry of an input as certificates write it: indices from 1, none where there is only one entry. */
function inputText(atom: Atom, network: Network): string {
  if (atom.kind !== 'input') throw new Error('a stated form is in the inputs alone');
  const shape = sizes(network.inputs.find(({ attributes }) => attributes.name === atom.name)!.shape);
  return inputEntry(atom.name, shape, atom.index);
}

function describeAtom(atoms: Atoms, number: number): string {
  const atom = atoms.get(number);
  return atom.kind === 'input' ? `${atom.name}[${atom.index}]` : `${atom.kind}#${number}`;
}

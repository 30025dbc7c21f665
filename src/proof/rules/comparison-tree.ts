import { type AffineForm, Atoms, addForms, scaleForm } from '../../evaluate/affine.js';
import type { Network, Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import type { Rule, Step } from '../step.js';
import { point } from '../verdict.js';
import { symbolicValue } from './affine-identity.js';

/**
 * A tree of comparisons computes the minimum of all inputs, without error and for all real numbers.
 *
 * The output is written as an affine form in the inputs and in the outputs of ReLUs. If it is A - relu(A - B), then it is
 * min(A, B): take the last ReLU of the form, with coefficient -1, as relu(A - B); the rest of the form is A, and B = A -
 * (A - B) follows. A and B contain earlier ReLUs only, so the recursion ends, at single inputs when the weights are
 * right. The inputs that are met are those whose minimum the output is.
 */
export const comparisonTree: Rule = {
  id: 'comparison-tree',
  tex: 'y = \\min_t a_t, \\quad \\min(A, B) = A - \\mathrm{relu}(A - B)',
};

/** Applies the rule to a tensor of one number: it is the minimum of all entries of the network's only input. */
export function proveComparisonTree(network: Network, node: Node, id: string): Step {
  const inputs = network.inputs.reduce((total, input) => total + entries(input), 0);
  const base = { id, rule: comparisonTree.id, statement: `'${node.name}' is the minimum of all ${inputs} inputs` };
  const atoms = new Atoms();
  const forms = symbolicValue(network, node, atoms);
  const reader = new Reader(atoms, STEPS_PER_ENTRY * network.nodes.reduce((total, other) => total + entries(other), 0));
  const isTree = forms.length === 1 && reader.isMinimum(forms[0]);
  if (isTree && reader.met.size === inputs) return { ...base, verdict: 'proved', enclosure: point(Rational.zero) };
  const difference = isTree
    ? `it is the minimum of ${reader.met.size} of them`
    : 'it is no tree of comparisons of inputs';
  return { ...base, verdict: 'undecided', enclosure: null, difference };
}

/** Recursion steps per entry of a tensor after which a form that is read from a file counts as no tree. */
const STEPS_PER_ENTRY = 4;

class Reader {
  /** The symbols of the inputs that were compared. */
  readonly met = new Set<number>();

  constructor(
    private readonly atoms: Atoms,
    private stepsLeft: number,
  ) {}

  /** Whether the form is a minimum of inputs, which are then in `met`. */
  isMinimum({ constant, terms }: AffineForm): boolean {
    if (this.stepsLeft-- <= 0) return false;
    const last = Math.max(-1, ...terms.keys());
    const coefficient = terms.get(last);
    if (!coefficient) return false;
    const atom = this.atoms.get(last);
    if (atom.kind === 'input') {
      this.met.add(last);
      return terms.size === 1 && constant.isZero() && coefficient.equals(Rational.one);
    }
    if (atom.kind !== 'relu' || !coefficient.equals(MINUS_ONE)) return false;
    const A = { constant, terms: new Map([...terms].filter(([symbol]) => symbol !== last)) };
    const B = addForms(A, scaleForm(atom.of[0], MINUS_ONE));
    return this.isMinimum(A) && this.isMinimum(B);
  }
}

const MINUS_ONE = Rational.of(-1);

function entries(node: Node): number {
  return sizeOf(sizes(node.shape));
}

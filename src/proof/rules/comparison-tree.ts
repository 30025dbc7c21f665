import { type AffineForm, Atoms, addForms, scaleForm } from '../../evaluate/affine.js';
import { symbolicValue } from '../../evaluate/node-forms.js';
import { between } from '../../network/cut.js';
import type { Network, Node } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { mint, type Outcome, open } from '../fact.js';
import { approximated } from '../propositions/approximation.js';
import { sentence } from '../sentence.js';
import type { Rule } from '../step.js';
import { point } from '../verdict.js';
import { inputFacts, setText } from './inputs.js';
import { entriesOf } from './tensors.js';

/**
 * A tree of comparisons computes the minimum of all inputs, without error and for all real numbers.
 *
 * The output is written as an affine form in the inputs and in the outputs of ReLUs. If it is A - relu(A - B), then it is
 * min(A, B): take the last ReLU of the form, with coefficient -1, as relu(A - B); the rest of the form is A, and B = A -
 * (A - B) follows. A and B contain earlier ReLUs only, so the recursion ends, at single inputs when the weights are
 * right. The inputs that are met are those whose minimum the output is. Likewise A + relu(B - A) = max(A, B), here of the
 * absolute values |u| = relu(u) + relu(-u) of all inputs: the max-norm.
 */
export const comparisonTree: Rule = {
  id: 'comparison-tree',
  tex: 'y = \\min_t a_t, \\quad \\min(A, B) = A - \\mathrm{relu}(A - B)',
};

/** Applies the rule to two tensors: `target`, one number, is the minimum of all entries of `source`. */
export function proveComparisonTree(network: Network, source: Node, target: Node, id: string): Outcome<null> {
  return prove(network, source, target, id, 'minimum', { sign: -1, leaf: inputOf });
}

/** The output is the minimum of the entries of the only input, a vector, for all real numbers. */
export function proveMinimum(network: Network, output: string, target: string): Outcome {
  const { node } = network.outputs.find(({ name }) => name === output)!;
  const [input] = network.inputs;
  const tree = proveComparisonTree(network, input, node, 'structure');
  if (tree.kind === 'open') return tree;
  const S = entriesOf(input);
  const [place, of] = [node, input].map((one) => network.nodes.indexOf(one));
  const { name } = input.attributes;
  return mint({
    ...{ rule: comparisonTree, id: 'tree', network, domain: null, found: null },
    says: sentence(`for all ${name} in ${setText(input, null)}: ${output} = ${target}`),
    enclosure: point(Rational.zero),
    premises: [...inputFacts(network, null), tree],
    evidence: () => ({ node: place, entry: 0, of, entries: S === 1 ? '0' : `0..${S - 1}` }),
    conclusion: approximated({ output, domain: { [name]: null }, target }, { lo: Rational.zero, hi: Rational.zero }),
  });
}

/** Applies the rule to two tensors: `target`, one number, is the largest absolute value of the entries of `source`. */
export function proveMaxNorm(network: Network, source: Node, target: Node, id: string): Outcome<null> {
  return prove(network, source, target, id, 'max-norm', { sign: 1, leaf: absoluteInputOf });
}

/** A + sign relu(sign (B - A)) compares A and B; `leaf` gives the symbol of the input that a form stands for. */
interface Tree {
  readonly sign: 1 | -1;
  leaf(form: AffineForm, atoms: Atoms): number | undefined;
}

function prove(network: Network, source: Node, target: Node, id: string, what: string, tree: Tree): Outcome<null> {
  const count = entriesOf(source);
  const statement = `'${target.name}' is the ${what} of all ${count} entries of '${source.name}'`;
  const part = between([source], [target]);
  const failed = (difference: string) => open(comparisonTree, id, statement, difference);
  if (part.inputs.some(({ name }) => name !== source.name)) return failed(`it depends on more than '${source.name}'`);
  const atoms = new Atoms();
  const forms = symbolicValue(part, part.outputs[0].node, atoms);
  const reader = new Reader(
    atoms,
    tree,
    STEPS_PER_ENTRY * part.nodes.reduce((total, node) => total + entriesOf(node), 0),
  );
  if (forms.length !== 1 || !reader.reads(forms[0])) return failed('it is no tree of comparisons of them');
  if (reader.met.size < count) return failed(`it is that of ${reader.met.size} of them`);
  const base = { rule: comparisonTree, id, network, domain: null, says: statement, found: null };
  return mint({ ...base, enclosure: point(Rational.zero) });
}

/** Recursion steps per entry of a tensor after which a form that is read from a file counts as no tree. */
const STEPS_PER_ENTRY = 4;

class Reader {
  /** The symbols of the inputs that were compared. */
  readonly met = new Set<number>();

  constructor(
    private readonly atoms: Atoms,
    private readonly tree: Tree,
    private stepsLeft: number,
  ) {}

  /** Whether the form is a tree of comparisons; its inputs are then in `met`. */
  reads(form: AffineForm): boolean {
    if (this.stepsLeft-- <= 0) return false;
    const leaf = this.tree.leaf(form, this.atoms);
    if (leaf !== undefined) {
      this.met.add(leaf);
      return true;
    }
    const sign = Rational.of(this.tree.sign);
    const last = Math.max(-1, ...form.terms.keys());
    const atom = last < 0 ? null : this.atoms.get(last);
    if (atom?.kind !== 'relu' || !form.terms.get(last)!.equals(sign)) return false;
    const A = without(form, last);
    const B = addForms(A, scaleForm(atom.of[0], sign));
    return this.reads(A) && this.reads(B);
  }
}

function inputOf({ constant, terms }: AffineForm, atoms: Atoms): number | undefined {
  const [[symbol, coefficient], ...others] = terms.size > 0 ? [...terms] : [[-1, Rational.zero] as const];
  const isAlone = others.length === 0 && constant.isZero() && coefficient.equals(Rational.one);
  return isAlone && atoms.get(symbol).kind === 'input' ? symbol : undefined;
}

/** u for relu(u) + relu(-u). */
function absoluteInputOf({ constant, terms }: AffineForm, atoms: Atoms): number | undefined {
  if (terms.size !== 2 || !constant.isZero()) return undefined;
  const sides: AffineForm[] = [];
  for (const [symbol, coefficient] of terms) {
    const atom = atoms.get(symbol);
    if (atom.kind !== 'relu' || !coefficient.equals(Rational.one)) return undefined;
    sides.push(atom.of[0]);
  }
  if (!isZeroForm(addForms(sides[0], sides[1]))) return undefined;
  return inputOf(sides[0], atoms) ?? inputOf(sides[1], atoms);
}

function isZeroForm({ constant, terms }: AffineForm): boolean {
  return constant.isZero() && terms.size === 0;
}

function without({ constant, terms }: AffineForm, symbol: number): AffineForm {
  return { constant, terms: new Map([...terms].filter(([other]) => other !== symbol)) };
}

/**
 * The squares of what Gram and Schmidt make of a square matrix z: q_k = u_k/|u_k|, u_k = z_k - sum_{j<k} q_j (q_j . z_k). Where all
 * u_k are not 0, q_j . u_k = q_j . z_k - q_j . z_k = 0 for j < k by induction, so that the q_k are orthonormal. Being n vectors in n
 * dimensions they are the columns of an orthogonal matrix: the squares of its entries add up to 1 in rows and in columns.
 */
import { type AffineForm, Atoms, affineForms, formsEqual } from '../../../evaluate/affine.js';
import { symbolicValue } from '../../../evaluate/node-forms.js';
import { between } from '../../../network/cut.js';
import type { Network, Node } from '../../../network/network.js';
import { Rational } from '../../../numbers/rational.js';
import type { EntrySet } from '../../../statement/index.js';
import type { Question } from '../../question/question.js';
import type { Rule } from '../../step.js';
import { type Lemma, shown } from './lemma.js';
import { asksFor, isSameTerm, lengthsOf, pointOf, written } from './reading.js';

const orthogonalSquares: Rule = {
  id: 'orthogonal-squares',
  tex: "Q'Q = I \\Rightarrow \\textstyle\\sum_i Q_{ik}^2 = \\sum_k Q_{ik}^2 = 1",
};

/** Sums of rows and columns of such an output, where an output of |u_k|^2 is positive. */
export const byOrthogonalSquares: Lemma = (question) => {
  const network = question.names.about;
  if (!('inputs' in network)) return null;
  for (const { name, node } of network.outputs) {
    const [n, width] = lengthsOf(node);
    if (node.shape.length !== 2 || n !== width || n < 2) continue;
    const q = written(name);
    const sums = [`|sum_{j in 1..${n}}(${q}[i, j]) - 1|`, `|sum_{i in 1..${n}}(${q}[i, j]) - 1|`];
    if (!sums.some((sum, k) => asksFor(question, `max_{${k === 0 ? 'i' : 'j'} in 1..${n}}(${sum})`))) continue;
    const z = network.inputs.find((input) => isMadeOf(network, input, node, question));
    if (!z) continue;
    const values = question.names.variables.map(({ name: one, sets }) => {
      const isUnit = (at: number) => one === z.attributes.name && at % (n + 1) === 0;
      return [one, sets.map((set, at) => nearest(set, isUnit(at) ? Rational.one : Rational.zero))] as const;
    });
    const by = { rule: orthogonalSquares, data: { of: z.attributes.name, output: name } };
    return shown(question, orthogonalSquares, Rational.zero, [pointOf(question, new Map(values))], by);
  }
  return null;
};

function nearest(set: EntrySet, x: Rational): Rational {
  if (set.kind === 'interval') return x.max(set.lo).min(set.hi);
  return set.kind === 'reals' || set.values.some((value) => value.equals(x)) ? x : set.values[0];
}

/** Whether a node holds the squares that come of an input, and the conditions say that another output, of the lengths, is positive. */
function isMadeOf({ outputs }: Network, z: Node<'input'>, node: Node, { names: { prefix } }: Question): boolean {
  const [n, width] = lengthsOf(z);
  if (z.shape.length !== 2 || n !== width || lengthsOf(node)[0] !== n || !prefix) return false;
  const atoms = new Atoms();
  const areForms = (one: Node, forms: readonly AffineForm[]) => {
    const part = between([z], [one]);
    if (part.inputs.some(({ name }) => name !== z.name)) return false;
    const found = symbolicValue(part, part.outputs[0].node, atoms);
    return found.length === forms.length && found.every((form, k) => formsEqual(form, forms[k]));
  };
  const basis = orthonormal(n, atoms, (i, k) => atoms.input(z.name, i * n + k));
  const { mul } = affineForms(atoms);
  const squares = Array.from({ length: n * n }, (_, at) => basis[at % n].q[Math.floor(at / n)]).map((x) => mul(x, x));
  const lengths = outputs.filter(({ name }) =>
    prefix.conditions.some(({ sides: [side, bound], comparisons: [comparison] }) => {
      const isPositive = comparison === '>' && bound.kind === 'number' && bound.value.isZero();
      return isPositive && isSameTerm(prefix, side, `min_{k in 1..${n}}(${written(name)}[k])`);
    }),
  );
  const isSaid = lengths.some((one) =>
    areForms(
      one.node,
      basis.map(({ square }) => square),
    ),
  );
  return isSaid && areForms(node, squares);
}

/** The vectors q_k that Gram and Schmidt make of the columns of a matrix, and |u_k|^2. */
function orthonormal(n: number, atoms: Atoms, entry: (i: number, k: number) => AffineForm) {
  const { apply, div, dot, sub } = affineForms(atoms);
  const basis: { readonly q: readonly AffineForm[]; readonly square: AffineForm }[] = [];
  for (let k = 0; k < n; k++) {
    const own = Array.from({ length: n }, (_, i) => entry(i, k));
    let rest: readonly AffineForm[] = own;
    for (const { q } of basis) {
      const along = dot(q, own);
      rest = rest.map((u, i) => sub(u, dot([q[i]], [along])));
    }
    const square = dot(rest, rest);
    const length = apply('sqrt', square);
    basis.push({ q: rest.map((u) => div(u, length)), square });
  }
  return basis;
}

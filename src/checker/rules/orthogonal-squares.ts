import { Atoms } from '../atoms.js';
import { closed, type Rule } from '../fact.js';
import { demand, demandShown } from '../failure.js';
import { constantForm, difference, equal, type Form, isConstant, isZero, scale, single } from '../forms.js';
import { Fraction } from '../fraction.js';
import { Interpretation } from '../interpretation.js';
import { record } from '../network.js';
import { readSentence } from '../sentence.js';
import type { Term } from '../term.js';

/**
 * Data: the `text` of a sentence about sums of rows or columns of an `output` [n, n], and the variable `of` [n, n] that it is made
 * of: the squares of q_k = u_k/|u_k|, u_k = z_k - sum_{j<k} q_j (q_j . z_k), as Gram and Schmidt have them. By induction on k the q_k
 * are orthonormal where all |u_k|^2 are positive, as conditions of the sentence have to say. Being n they are a basis, and the
 * matrix of these columns has orthonormal rows: squares add up to 1 in rows and in columns.
 */
export const orthogonalSquares: Rule = ({ network }, data) => {
  const { text, of, output } = record(data, 'the data', ['text', 'of', 'output']);
  const atoms = new Atoms(true);
  const meaning = new Interpretation(network, atoms, readSentence(text));
  const z = meaning.variables.find(({ name }) => name === of);
  demand(z?.shape.length === 2 && z.shape[0] === z.shape[1], 'the variable is no square matrix');
  const places = Array.from({ length: z.shape[0] }, (_, k) => k);
  const columns = places.map((k) => places.map((i) => atoms.input(z.names[i * places.length + k])));
  const { basis, squares } = orthonormal(atoms, columns);
  const roots = new Set(atoms.partial.map(single));
  const index = (k: number): Term => ({ kind: 'number', value: Fraction.of(k + 1) });
  const P = places.map((i) =>
    places.map((k) => meaning.form({ kind: 'entry', name: `${output}`, at: [], indices: [i, k].map(index) })),
  );
  const isMade = P.every((row, i) => row.every((entry, k) => equal(entry, atoms.product(basis[k][i], basis[k][i]))));
  demand(isMade, 'the output is not what Gram and Schmidt make of the variable');
  const [said, asked] = [meaning.sentence.conditions, meaning.sentence.relations].map((list) =>
    list.flatMap((relation) => meaning.goals(relation)),
  );
  const isSaid = (square: Form) =>
    said.some(({ form, strict }) => strict && isZero(difference(form, scale(square, MINUS))));
  demandShown(squares.every(isSaid), 'no condition says that a length is positive');
  const nothing = [...P, ...places.map((k) => P.map((row) => row[k]))].flatMap((line) => {
    const off = difference(atoms.sum(line), constantForm(Fraction.one));
    return [off, scale(off, MINUS)];
  });
  for (const { form, strict } of asked) {
    const rest = nothing.map((zero) => difference(form, zero)).find(isConstant);
    const holds = rest && (strict ? rest.constant.n < 0n : rest.constant.n <= 0n);
    demand(holds === true, 'the sentence is not about sums of rows or columns, or false');
  }
  const isDefined = (form: Form) => roots.has(single(form));
  demandShown(atoms.partial.every(isDefined), 'another function is not defined everywhere');
  return closed({ kind: 'statement', text }, String(text));
};

/** The vectors q_k that Gram and Schmidt make of columns, and |u_k|^2. */
function orthonormal(atoms: Atoms, columns: readonly (readonly Form[])[]) {
  const [basis, squares]: [Form[][], Form[]] = [[], []];
  for (const own of columns) {
    let rest = own;
    for (const q of basis) {
      const along = atoms.dot(q.map((x, i) => [x, own[i]]));
      rest = rest.map((u, i) => difference(u, atoms.dot([[q[i], along]])));
    }
    const square = atoms.dot(rest.map((u) => [u, u]));
    const inverse = atoms.apply('power', atoms.apply('power', square, HALF), MINUS);
    squares.push(square);
    basis.push(rest.map((u) => atoms.product(u, inverse)));
  }
  return { basis, squares };
}

const HALF = Fraction.of(1, 2n);
const MINUS = Fraction.of(-1);

import { between } from '../network/cut.js';
import { isOp, type Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { type ExactTensor, sizeOf, Tensor } from '../network/tensor.js';
import { isOverRows, rowsOf } from '../network/token-wise.js';
import { Rational } from '../numbers/rational.js';
import { type AffineForm, Atoms, addForms, affineForms, constantForm, isConstant, scaleForm } from './affine.js';
import { numbering } from './equal-tokens.js';
import { convert } from './evaluate.js';
import { compute } from './kernels.js';

/**
 * Forms over the rows of a matrix of tokens, by classes of tokens: what does the same to every row of a class is one form in
 * the entries of such a row, and a sum over all tokens is one symbol for each class and each symbol that is summed. So a head
 * over T tokens of a few kinds costs as much as one over a few tokens, and T looks at what tells them apart.
 *
 * Symbols: `input` k is entry k of the row at hand, `share` the entry at hand of a softmax over all tokens, given by its
 * logits class by class, and `sum over class c` what it says. Equal forms are equal functions of all rows.
 */
export class TokenClasses {
  readonly atoms = new Atoms();
  readonly algebra = affineForms(this.atoms);

  private constructor(
    readonly source: Node,
    /** The tokens of each class, from 0. */
    readonly members: readonly (readonly number[])[],
    /** The class of each token. */
    readonly of: Uint32Array,
  ) {}

  /** Tokens are of one class where they have the same labels; null where there are few to each. */
  static by(source: Node, labels: readonly ArrayLike<number>[]): TokenClasses | null {
    const [T] = sizes(source.shape);
    const number = numbering<number>();
    const members: number[][] = [];
    const of = new Uint32Array(T);
    for (let t = 0; t < T; t++) {
      of[t] = labels.length === 0 ? 0 : number(labels.map((label) => label[t]));
      if (of[t] < members.length) members[of[t]].push(t);
      else if (FEWEST * members.push([t]) > T) return null;
    }
    return new TokenClasses(source, members, of);
  }

  /** The row at hand. */
  row(): Tensor<AffineForm> {
    const shape = [1, ...sizes(this.source.shape).slice(1)];
    return new Tensor(
      shape,
      Array.from({ length: sizeOf(shape) }, (_, k) => this.atoms.input(this.source.name, k)),
    );
  }

  /** The sum of a form for each of some classes over their tokens. */
  total(forms: readonly AffineForm[], classes: readonly number[]): AffineForm {
    const parts = forms.map((form, k) => {
      const c = classes[k];
      const terms = [...form.terms].map(([atom, coefficient]) => {
        const summed: AffineForm = { constant: Rational.zero, terms: new Map([[atom, Rational.one]]) };
        return scaleForm(this.atoms.call(`${SUM}${c}`, [summed]), coefficient);
      });
      const constant = constantForm(form.constant.mul(Rational.of(this.members[c].length)));
      return terms.reduce(addForms, constant);
    });
    return parts.reduce(addForms);
  }

  /** The shares of a softmax over some classes with these logits, which are seen up to a common constant. */
  shares(logits: readonly AffineForm[], classes: readonly number[]): AffineForm[] {
    const order = [...classes.keys()].sort((a, b) => classes[a] - classes[b]);
    const shift = constantForm(logits[order[0]].constant.neg());
    const row = order.map((k) => addForms(logits[k], shift));
    const name = `${SHARE}${order.map((k) => classes[k])}`;
    const places = new Map(order.map((k, place) => [k, place]));
    return logits.map((_, k) => this.atoms.call(name, row, places.get(k)!));
  }

  /** The class of which a symbol is a sum, and the form that is summed; null for other symbols. */
  summed(atom: number): { readonly of: number; readonly form: AffineForm } | null {
    const found = this.atoms.get(atom);
    if (found.kind !== 'function' || !found.name.startsWith(SUM)) return null;
    return { of: Number(found.name.slice(SUM.length)), form: found.of[0] };
  }

  /** The logits of all classes whose share a symbol is, and the place of its own; null for other symbols. */
  shared(atom: number): { readonly row: readonly AffineForm[]; readonly place: number } | null {
    const found = this.atoms.get(atom);
    const all = `${SHARE}${[...this.members.keys()]}`;
    return found.kind === 'function' && found.name === all ? { row: found.of, place: found.index } : null;
  }
}

const SUM = 'sum over class ';
const SHARE = 'share of classes ';
/** Fewer tokens to a class are taken one by one. */
const FEWEST = 4;

/**
 * The entries of a node as forms over sums over the rows of `source`, with `more` labels that tell tokens apart beside those
 * of the network; null where a node on the way is of another kind, or there are too many classes.
 */
export function formsByClass(
  source: Node,
  node: Node,
  more: readonly ArrayLike<number>[] = [],
): { readonly classes: TokenClasses; readonly forms: readonly AffineForm[] } | null {
  const found = valueByClass(source, node, more);
  return found?.whole ? { classes: found.classes, forms: found.whole.dense(found.classes.algebra.zero) } : null;
}

/** The same of a node with a row for each token: the entries of a row of each class, in those of the row of the source. */
export function rowsByClass(
  source: Node,
  node: Node,
): { readonly classes: TokenClasses; readonly rows: readonly (readonly AffineForm[])[] } | null {
  const found = valueByClass(source, node, []);
  if (!found?.sliced) return null;
  const { classes, sliced } = found;
  return { classes, rows: sliced.map((row) => row.dense(classes.algebra.zero)) };
}

interface ByClass {
  readonly classes: TokenClasses;
  readonly whole: Tensor<AffineForm> | undefined;
  readonly sliced: readonly Tensor<AffineForm>[] | undefined;
}

function valueByClass(source: Node, node: Node, more: readonly ArrayLike<number>[]): ByClass | null {
  const part = between([source], [node]);
  const [input, ...others] = part.inputs;
  if (!input || others.length > 0 || input.name !== source.name || input.shape.length < 2) return null;
  const rows = rowsOf(part, input);
  if (typeof rows === 'string') return null;
  const labels = rows.beside.map((constant) => rowNumbers((constant as Node<'constant'>).attributes.value));
  const classes = TokenClasses.by(input, [...labels, ...more]);
  if (!classes) return null;
  const { algebra, members } = classes;
  const every = [...members.keys()];
  const whole = new Map<Node, Tensor<AffineForm>>();
  /** By class, of the nodes that have a row for each token. */
  const sliced = new Map<Node, readonly Tensor<AffineForm>[]>([[input, members.map(() => classes.row())]]);
  for (const constant of rows.beside) {
    const { value } = (constant as Node<'constant'>).attributes;
    sliced.set(
      constant,
      members.map(([t]) => convert(rowAt(value, t), algebra)),
    );
  }
  for (const one of part.nodes) {
    const shape = sizes(one.shape);
    const slice = rows.slices.get(one);
    const [arg] = one.inputs;
    if (isOp(one, 'constant')) whole.set(one, convert(one.attributes.value, algebra));
    else if (one === input) continue;
    else if (slice && isOverRows(one, 'softmax')) sliced.set(one, overRows(classes, sliced.get(arg)!));
    else if (slice) {
      // A factor on the right of a product is whole, and so is what has no row for each token.
      const args = one.inputs.map((from, k) => (slice.inputs[k] === from ? null : sliced.get(from)!));
      const of = (c: number) => args.map((arg, k) => (arg ? arg[c] : whole.get(one.inputs[k])!));
      sliced.set(
        one,
        every.map((c) => compute(algebra, slice, of(c))),
      );
    } else if (sliced.has(arg) && isOverRows(one, 'reduceSum')) {
      const parts = sliced.get(arg)!.map((x) => x.dense(algebra.zero));
      const sums = parts[0].map((_, k) =>
        classes.total(
          parts.map((x) => x[k]),
          every,
        ),
      );
      whole.set(one, new Tensor(shape, sums));
    } else {
      whole.set(
        one,
        compute(
          algebra,
          one,
          one.inputs.map((from) => whole.get(from)!),
        ),
      );
    }
  }
  const [{ node: last }] = part.outputs;
  const found = { classes, whole: whole.get(last), sliced: sliced.get(last) };
  const values = [...(found.whole ? [found.whole] : []), ...(found.sliced ?? [])];
  return classes.atoms.holdsPartial(values.flatMap((value) => value.dense(algebra.zero))) ? found : null;
}

/** The shares along the first axis, entry by entry of a row. */
function overRows(classes: TokenClasses, logits: readonly Tensor<AffineForm>[]): readonly Tensor<AffineForm>[] {
  const { algebra, members, of } = classes;
  const rows = logits.map((x) => x.dense(algebra.zero));
  const columns = rows[0].map((_, k) => {
    const column = rows.map((row) => row[k]);
    const isFlat = column.every((logit) => isConstant(logit) && logit.constant.equals(column[0].constant));
    const share = constantForm(Rational.of(1, of.length));
    return isFlat ? column.map(() => share) : classes.shares(column, [...members.keys()]);
  });
  return logits.map(
    ({ shape }, c) =>
      new Tensor(
        shape,
        columns.map((column) => column[c]),
      ),
  );
}

/** Numbers for the rows of a constant: equal rows have the same. */
function rowNumbers(value: ExactTensor): ArrayLike<number> {
  const [T] = value.shape;
  const length = value.size / T;
  const entries = value.dense(Rational.zero);
  const known = new Map<string, number>();
  const seen = new Map<Rational, number>();
  const numberOf = (entry: Rational) => {
    let found = seen.get(entry);
    if (found === undefined) {
      const text = entry.toString();
      found = known.get(text) ?? known.size;
      known.set(text, found);
      seen.set(entry, found);
    }
    return found;
  };
  const number = numbering<number>();
  return Uint32Array.from({ length: T }, (_, t) => number(entries.slice(t * length, (t + 1) * length).map(numberOf)));
}

function rowAt(value: ExactTensor, t: number): ExactTensor {
  const length = value.size / value.shape[0];
  const entries = Array.from({ length }, (_, k) => value.at(t * length + k, Rational.zero));
  return new Tensor([1, ...value.shape.slice(1)], entries);
}

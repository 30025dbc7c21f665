import { type AffineForm, Atoms, addForms, affineForms, formsEqual, scaleForm } from '../../evaluate/affine.js';
import { compile } from '../../evaluate/evaluate.js';
import { intervals } from '../../evaluate/intervals.js';
import type { NodeForms } from '../../evaluate/node-forms.js';
import { between } from '../../network/cut.js';
import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Tensor } from '../../network/tensor.js';
import type { Arithmetic } from '../../numbers/arithmetic.js';
import { Rational } from '../../numbers/rational.js';
import { ifThere } from '../derivation.js';
import { attentionOf } from './attention.js';

/**
 * A head over a column x [T, 1] whose queries are alike: for query t
 *   result_t = sum_s softmax_s(slope x_s + constant + own [s = t]) x_s,
 * so that an exchange of two tokens of x exchanges the same two results, and what holds of one query for all x in a set that
 * such exchanges keep holds of all, with the tokens exchanged.
 */
export interface AlikeQueries {
  readonly tokens: number;
  readonly slope: Rational;
  readonly constant: Rational;
  readonly own: Rational;
}

/** Products of entries that are looked at for each token, beside those that all queries have in common. */
const MOST_OWN = 4;

/**
 * Reads such a head off queries and keys without the T^2 logits: a column in which all queries have one number adds the same
 * to each row of logits, and the others may meet in few places. Null for all other nodes.
 */
export function readAlikeQueries(source: Node, node: Node): AlikeQueries | null {
  const parts = ifThere(() => attentionOf(node));
  const [T, ...rest] = sizes(source.shape);
  if (!parts || T < 2 || rest.join() !== '1') return null;
  const atoms = new Atoms();
  const [query, key, value] = [parts.query, parts.key, parts.value].map((part) => formsOf(source, part, atoms));
  if (!query || !key || !value || [query, key, value].some(({ shape }) => shape[0] !== T)) return null;
  const x = (s: number) => atoms.input(source.name, s);
  const isColumn = value.size === T && value.dense(ZERO).every((form, s) => formsEqual(form, x(s)));
  const logits = isColumn ? readLogits(query, key, T) : null;
  if (!logits) return null;
  const [atom] = x(0).terms.keys();
  const slope = logits.shared[0].terms.get(atom);
  const constant = logits.shared[0].constant;
  const own = logits.own.get(0)?.constant ?? Rational.zero;
  if (!slope) return null;
  const isAlike = Array.from({ length: T }, (_, s) => {
    const shared = addForms(scaleForm(x(s), slope), { constant, terms: new Map() });
    const mine = logits.own.get(s * T + s) ?? ZERO;
    return formsEqual(logits.shared[s], shared) && formsEqual(mine, { constant: own, terms: new Map() });
  });
  const isDiagonal = [...logits.own.keys()].every((at) => at % (T + 1) === 0);
  return isAlike.every(Boolean) && isDiagonal ? { tokens: T, slope, constant, own } : null;
}

const ZERO: AffineForm = { constant: Rational.zero, terms: new Map() };

/** The entries of a matrix as forms over those of the source, sparse where they come so. */
function formsOf(source: Node, node: Node, atoms: Atoms): Tensor<AffineForm> | null {
  const part = between([source], [node]);
  if (part.inputs.some(({ name }) => name !== source.name)) return null;
  const shape = sizes(source.shape);
  const symbols = Array.from({ length: shape[0] }, (_, s) => atoms.input(source.name, s));
  const [found] = Object.values(compile(part, affineForms(atoms))({ [source.name]: new Tensor(shape, symbols) }));
  return atoms.holdsPartial([]) ? found : null;
}

type Entry = readonly [row: number, form: AffineForm];

function columnsOf(x: Tensor<AffineForm>): Entry[][] {
  const columns: Entry[][] = Array.from({ length: x.shape[1] }, () => []);
  x.forEach((form, at) => {
    if (form.terms.size > 0 || !form.constant.isZero())
      columns[at % x.shape[1]].push([Math.floor(at / x.shape[1]), form]);
  });
  return columns;
}

/** Logit (t, s) as what it is for all queries, `shared[s]`, and what is added for some, by t T + s. */
function readLogits(query: Tensor<AffineForm>, key: Tensor<AffineForm>, T: number) {
  const [queries, keys] = [columnsOf(query), columnsOf(key)];
  const shared = new Array<AffineForm>(T).fill(ZERO);
  const own = new Map<number, AffineForm>();
  let met = 0;
  for (const [k, column] of queries.entries()) {
    if (column.some(([, form]) => form.terms.size > 0)) return null;
    const isShared = column.length === T && column.every(([, { constant }]) => constant.equals(column[0][1].constant));
    if (isShared) {
      for (const [s, form] of keys[k]) shared[s] = addForms(shared[s], scaleForm(form, column[0][1].constant));
      continue;
    }
    met += column.length * keys[k].length;
    if (met > MOST_OWN * T) return null;
    for (const [t, { constant }] of column) {
      for (const [s, form] of keys[k]) {
        const at = t * T + s;
        own.set(at, addForms(own.get(at) ?? ZERO, scaleForm(form, constant)));
      }
    }
  }
  for (const [at, form] of own) if (form.terms.size === 0 && form.constant.isZero()) own.delete(at);
  return { shared, own };
}

/** Entry `query` of the node as a form over the source; the others are not given. */
export function alikeForms(source: Node, { tokens, slope, constant, own }: AlikeQueries, query: number): NodeForms {
  const atoms = new Atoms();
  const algebra = affineForms(atoms);
  const x = Array.from({ length: tokens }, (_, s) => atoms.input(source.name, s));
  const logits = x.map((form, s) => {
    const offset = s === query ? constant.add(own) : constant;
    return addForms(scaleForm(form, slope), algebra.of(offset));
  });
  const forms: AffineForm[] = [];
  forms[query] = algebra.dot(algebra.softmax(logits), x);
  return { atoms, forms };
}

/** More kinds of tokens are taken one by one. */
const MOST_KINDS = 8;

/**
 * The entries of the head at a point, each enclosed: queries of equal tokens have equal results, as an exchange of the two
 * changes nothing. Null where there are many kinds of tokens.
 */
export function alikeValues<I>(
  A: Arithmetic<I>,
  { slope, constant, own }: AlikeQueries,
  x: readonly Rational[],
): Tensor<I> | null {
  const texts = x.map(String);
  const kinds = [...new Set(texts)];
  if (kinds.length > MOST_KINDS) return null;
  const algebra = intervals(A);
  const entries = new Map(kinds.map((kind) => [kind, x[texts.indexOf(kind)]] as const));
  const logit = (kind: string, offset: Rational) => A.of(slope.mul(entries.get(kind)!).add(offset));
  const shared = new Map(kinds.map((kind) => [kind, logit(kind, constant)]));
  const values = new Map(kinds.map((kind) => [kind, A.of(entries.get(kind)!)]));
  const row = texts.map((kind) => values.get(kind) as I);
  const results = new Map(
    kinds.map((kind): readonly [string, I] => {
      const query = texts.indexOf(kind);
      const logits = texts.map((other) => shared.get(other) as I);
      logits[query] = logit(kind, constant.add(own));
      return [kind, algebra.dot(algebra.softmax(logits), row)];
    }),
  );
  return new Tensor(
    [x.length, 1],
    texts.map((kind) => results.get(kind) as I),
  );
}

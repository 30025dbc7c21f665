import { type AffineForm, type Atoms, addForms, scaleForm } from '../../evaluate/affine.js';
import { symbolicValue } from '../../evaluate/node-forms.js';
import { between } from '../../network/cut.js';
import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { Rational } from '../../numbers/rational.js';
import { demand } from '../derivation.js';
import { indices } from './tensors.js';

/** A head, read off the graph: row t of its tensor is sum_s softmax_s(<query_t, key_s>) value_s. */
export interface Attention {
  /** [T, n], [S, n] and [S, m]. */
  readonly query: Node;
  readonly key: Node;
  readonly value: Node;
}

/** The queries, keys and values behind a tensor. Throws Mismatch where it is no head. */
export function attentionOf(node: Node): Attention {
  const { name } = node;
  const [p, value] = node.op === 'matmul' ? node.inputs : [];
  const isSoftmax = p?.op === 'softmax' && p.shape.length === 2 && (p.attributes as { axis: number }).axis === 1;
  const logits = isSoftmax ? p.inputs[0] : undefined;
  const [query, keys] = logits?.op === 'matmul' ? logits.inputs : [];
  const perm = keys?.op === 'transpose' ? (keys.attributes as { perm: readonly number[] }).perm : [];
  demand(value && query && keys && perm.join() === '1,0', `'${name}' is no softmax of inner products, times values`);
  const [key] = keys.inputs;
  const areMatrices = [query, key, value].every(({ shape }) => shape.length === 2);
  demand(areMatrices, `'${name}' has queries, keys or values that are no matrices`);
  return { query, key, value };
}

/** The rows of a matrix as affine forms in the entries of earlier tensors. Throws Mismatch when it depends on others. */
export function rowForms(node: Node, from: readonly Node[], atoms: Atoms): readonly (readonly AffineForm[])[] {
  const part = between([...from], [node]);
  const stray = part.inputs.find(({ name }) => !from.some((source) => source.name === name));
  demand(!stray, `'${node.name}' depends on '${stray?.name}'`);
  const entries = symbolicValue(part, part.outputs[0].node, atoms);
  const [rows, columns] = sizes(node.shape);
  return indices(rows).map((t) => entries.slice(t * columns, (t + 1) * columns));
}

/** <q, k> of a row of forms with others where one factor of every product is constant; null otherwise. */
export function productsWith(q: readonly AffineForm[]): (k: readonly AffineForm[]) => AffineForm | null {
  const used = q.flatMap((form, i) => (form.terms.size === 0 && form.constant.isZero() ? [] : [i]));
  return (k) => {
    let total: AffineForm = { constant: Rational.zero, terms: new Map() };
    for (const i of used) {
      const [left, right] = q[i].terms.size === 0 ? [q[i], k[i]] : [k[i], q[i]];
      if (left.terms.size > 0) return null;
      if (!left.constant.isZero()) total = addForms(total, scaleForm(right, left.constant));
    }
    return total;
  };
}

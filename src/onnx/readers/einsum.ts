import type { Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf } from '../../network/tensor.js';
import { type Call, type Reader, range } from './call.js';

/** A tensor whose axes have labels, the batch axis left out. */
interface Labelled {
  readonly node: Node;
  readonly labels: readonly string[];
}

/**
 * A sum of products as Einstein writes them, two factors at a time: what both have is a batch of matrices where the result
 * or a later factor needs it, and is summed over otherwise; what one has alone and nobody needs is summed over first.
 */
export const einsum: Reader = {
  inputs: [1, Number.POSITIVE_INFINITY],
  read: (call) => {
    const { terms, output } = equationOf(call);
    const operands = call.inputs.map((_, k) => call.floats(k));
    const batched = operands.findIndex(({ batch }) => batch);
    const label = batched < 0 ? null : terms[batched][0];
    if (label !== null && output[0] !== label)
      throw call.unsupported('a result without the batch axis in front', 'the batch axis in front of the result');
    const labelled = operands.map(({ node, batch }, k): Labelled => {
      if (batch && terms[k][0] !== label) throw call.unsupported('two labels for the batch axis', 'one');
      const labels = batch ? terms[k].slice(1) : terms[k];
      if (labels.length !== node.shape.length || (label !== null && labels.includes(label)))
        throw call.unsupported(
          `'${terms[k].join('')}' for ${call.rankOf({ node, batch, kind: 'float' })} axes`,
          'a label for each axis',
        );
      return diagonal(call, { node, labels });
    });
    const wanted = label === null ? output : output.slice(1);
    const [first, ...rest] = labelled;
    let product = first;
    rest.forEach((factor, k) => {
      const needed = new Set([...wanted, ...rest.slice(k + 1).flatMap(({ labels }) => labels)]);
      product = multiplied(call, product, factor, needed);
    });
    const summed = summedOver(call, product, new Set(wanted));
    const perm = wanted.map((name) => summed.labels.indexOf(name));
    if (perm.includes(-1)) throw call.unsupported('a label of the result that no factor has', 'labels of factors');
    call.define(perm.length < 2 ? summed.node : call.node('transpose', { perm }, summed.node), {
      batch: label !== null,
    });
  },
};

/** The labels of each factor and of the result; those behind an ellipsis are given names of their own. */
function equationOf(call: Call): { terms: readonly string[][]; output: readonly string[] } {
  const equation = Buffer.from(call.attributes.required('equation', 's')).toString('utf8').replaceAll(/\s/g, '');
  if (!/^([A-Za-z]|\.\.\.|,)*(->([A-Za-z]|\.\.\.)*)?$/.test(equation))
    throw call.unsupported(`the equation '${equation.slice(0, 60)}'`, "letters and ..., as in 'bij,bjk->bik'");
  const [left, right] = equation.split('->');
  const sides = left.split(',');
  if (sides.length !== call.inputs.length)
    throw call.unsupported(`${sides.length} terms for ${call.inputs.length} tensors`, 'a term for each');
  const hidden = sides.map((side, k) => {
    if (!side.includes('...')) return 0;
    return call.rankOf(call.floats(k)) - side.replace('...', '').length;
  });
  const widest = Math.max(0, ...hidden);
  if (hidden.some((count, k) => count < 0 || (sides[k].includes('...') && count !== widest)))
    throw call.unsupported("'...' for different numbers of axes", 'the same number in each term');
  const spread = (side: string) =>
    [...side.replace('...', '.')].flatMap((letter) => (letter === '.' ? range(widest).map((k) => `.${k}`) : [letter]));
  const terms = sides.map(spread);
  const all = terms.flat();
  const once = [...new Set(all)].filter((name) => all.filter((other) => other === name).length === 1);
  const implied = [...range(widest).map((k) => `.${k}`), ...once.filter((name) => !name.startsWith('.')).sort()];
  return { terms, output: right === undefined ? implied : spread(right) };
}

/** The entries at which axes of one label agree. */
function diagonal(call: Call, { node, labels }: Labelled): Labelled {
  const second = labels.findIndex((name, k) => labels.indexOf(name) < k);
  if (second < 0) return { node, labels };
  const first = labels.indexOf(labels[second]);
  const lengths = sizes(node.shape);
  const others = range(labels.length).filter((k) => k !== first && k !== second);
  const moved = call.node('transpose', { perm: [...others, first, second] }, node);
  const kept = others.map((k) => lengths[k]);
  const flat = call.reshape(moved, [...kept, lengths[first] * lengths[second]]);
  const entries = range(lengths[first]).map((k) => k * (lengths[second] + 1));
  return diagonal(call, {
    node: call.gather(flat, kept.length, entries),
    labels: [...others.map((k) => labels[k]), labels[second]],
  });
}

function summedOver(call: Call, { node, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axis = labels.findIndex((name) => !needed.has(name));
  if (axis < 0) return { node, labels };
  return summedOver(call, { node: call.node('reduceSum', { axis }, node), labels: labels.toSpliced(axis, 1) }, needed);
}

/** A batch of products of matrices over what both factors have. */
function multiplied(call: Call, a: Labelled, b: Labelled, needed: ReadonlySet<string>): Labelled {
  const left = summedOver(call, a, new Set([...needed, ...b.labels]));
  const right = summedOver(call, b, new Set([...needed, ...a.labels]));
  const lengthOf = new Map(
    [left, right].flatMap(({ node, labels }) => sizes(node.shape).map((n, k) => [labels[k], n])),
  );
  for (const { node, labels } of [left, right]) {
    const k = labels.findIndex((name, axis) => lengthOf.get(name) !== sizes(node.shape)[axis]);
    if (k >= 0) throw call.unsupported(`two lengths for the label ${labels[k]}`, 'one length for each label');
  }
  const shared = left.labels.filter((name) => right.labels.includes(name));
  const [batch, inner] = [shared.filter((name) => needed.has(name)), shared.filter((name) => !needed.has(name))];
  const [rows, columns] = [left, right].map(({ labels }) => labels.filter((name) => !shared.includes(name)));
  const arranged = ({ node, labels }: Labelled, groups: readonly (readonly string[])[]): Node => {
    const perm = groups.flat().map((name) => labels.indexOf(name));
    const moved = perm.length < 2 ? node : call.node('transpose', { perm }, node);
    return call.reshape(
      moved,
      groups.map((group) => sizeOf(group.map((name) => lengthOf.get(name)!))),
    );
  };
  const product = call.node(
    'matmul',
    {},
    arranged(left, [batch, rows, inner]),
    arranged(right, [batch, inner, columns]),
  );
  const labels = [...batch, ...rows, ...columns];
  return {
    node: call.reshape(
      product,
      labels.map((name) => lengthOf.get(name)!),
    ),
    labels,
  };
}

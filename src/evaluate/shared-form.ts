import { isOp, type Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';

/** Every entry of a tensor is scale * (the entry of `input` with the same flat index) + offset. */
export interface SharedForm {
  readonly input: Node<'input'>;
  readonly scale: Rational;
  readonly offset: Rational;
}

type Combine = (form: SharedForm, value: Rational) => SharedForm;

/** How a number changes a form, from the right and from the left. */
const WITH_NUMBER: Readonly<Record<string, readonly [Combine, Combine]>> = {
  add: [shifted, shifted],
  sub: [
    (form, value) => shifted(form, value.neg()),
    (form, value) => shifted(multiplied(form, Rational.of(-1)), value),
  ],
  mul: [multiplied, multiplied],
};

/**
 * The shared affine form of a tensor; null when it has none, as when its weights differ from entry to entry. Costs one
 * look at each node and each stored weight, however many entries the tensor has.
 */
export function sharedForm(node: Node): SharedForm | null {
  if (isOp(node, 'input')) return { input: node, scale: Rational.one, offset: Rational.zero };
  if (node.op === 'reshape') return sharedForm(node.inputs[0]);
  const combine = WITH_NUMBER[node.op];
  if (!combine) return null;
  for (const [position, arg] of node.inputs.entries()) {
    const value = singleValue(node.inputs[1 - position]);
    if (value === null || entries(node) !== entries(arg)) continue;
    const form = sharedForm(arg);
    return form && combine[position](form, value);
  }
  return null;
}

/** The number that all entries of a constant are equal to; null for other tensors. */
export function singleValue(node: Node): Rational | null {
  if (!isOp(node, 'constant')) return null;
  const { data, size } = node.attributes.value;
  const first = data[0] ?? Rational.zero;
  const isUniform = data.every((entry) => entry === first || entry.equals(first));
  return isUniform && (data.length === size || first.isZero()) ? first : null;
}

function shifted(form: SharedForm, by: Rational): SharedForm {
  return { ...form, offset: form.offset.add(by) };
}

function multiplied(form: SharedForm, by: Rational): SharedForm {
  return { ...form, scale: form.scale.mul(by), offset: form.offset.mul(by) };
}

function entries(node: Node): number {
  return sizeOf(sizes(node.shape));
}

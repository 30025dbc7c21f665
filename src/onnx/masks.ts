import { InputError, quote } from '../errors.js';
import { isOp, type Network, type Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { sizeOf } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';

/**
 * What stands for -infinity while a file is read, until the softmax that it is added to leaves its entry out
 * (`readers/masked-softmax.ts`). No network that was read holds it.
 */
export const MASKED = Rational.pow2(2048).neg();

export function isMasked(entry: Rational): boolean {
  return entry.equals(MASKED);
}

/** Whether a constant is a mask in the making: then nothing may be computed with it. */
export function holdsMask(node: Node): boolean {
  return isOp(node, 'constant') && node.attributes.value.data.some(isMasked);
}

/** Throws InputError where -infinity is anything but a mask that is added to the logits of a softmax. */
export function checkMasks({ nodes }: Network): void {
  const stray = nodes.find(holdsMask);
  if (!stray) return;
  throw new InputError({
    found: `-Infinity in tensor ${quote(stray.name)}, which is not added to the logits of a softmax, or masks a whole row`,
    allowed: 'finite numbers, and constant masks with -Infinity that are added to the logits of a softmax',
  });
}

/** The entries of a constant in a larger shape, row-major. */
export function broadcast(
  { attributes: { value }, shape }: Node<'constant'>,
  to: readonly number[],
): readonly Rational[] {
  const own = sizes(shape);
  const entries = value.dense(Rational.zero);
  const strides = own.map((length, k) => (length === 1 ? 0 : own.slice(k + 1).reduce((a, b) => a * b, 1)));
  const offset = to.length - own.length;
  return Array.from({ length: sizeOf(to) }, (_, flat) => {
    let [rest, index] = [flat, 0];
    for (let axis = to.length - 1; axis >= 0; axis--) {
      if (axis >= offset) index += (rest % to[axis]) * strides[axis - offset];
      rest = Math.floor(rest / to[axis]);
    }
    return entries[index];
  });
}

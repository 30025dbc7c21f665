import { InputError, quote } from '../errors.js';
import { isOp, type Network, type Node } from '../network/network.js';
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

import { InputError, quote } from '../errors.js';
import { isOp, type Network, type Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { Rational } from '../numbers/rational.js';

/**
 * What stands for -infinity in a mask. Behind a softmax it makes a share of e^(-2^100), where the file has 0: no bound that
 * is computed here can tell them apart.
 */
export const MASKED = Rational.pow2(100).neg();

/** Operations that hand a mask on to the softmax that it is for. */
const PASSING: ReadonlySet<string> = new Set(['add', 'reshape', 'transpose', 'gather', 'concat']);

/**
 * Demands that -infinity occurs in masks alone: added to the logits of a softmax, of which some stay. Throws InputError.
 */
export function checkMasks({ nodes }: Network): void {
  const used = new Set<Node>();
  for (const node of nodes) {
    for (const arg of node.inputs) {
      if (!used.has(arg) || isOp(node, 'softmax')) continue;
      if (!PASSING.has(node.op) || (isOp(node, 'add') && node.inputs.every((one) => used.has(one)))) throw stray(arg);
      used.add(node);
    }
    if (isOp(node, 'constant') && holdsMask(node)) used.add(node);
  }
}

function holdsMask({ attributes: { value }, shape, name }: Node<'constant'>): boolean {
  const isMasked = (entry: Rational | undefined) => entry?.equals(MASKED) === true;
  if (!value.data.some(isMasked)) return false;
  const length = sizes(shape).at(-1) ?? 1;
  const entries = value.dense(Rational.zero);
  for (let start = 0; start < entries.length; start += length) {
    if (entries.slice(start, start + length).every(isMasked))
      throw new InputError({
        found: `-Infinity in all entries of a row of tensor ${quote(name)}`,
        allowed: 'masks that leave an entry in each row',
      });
  }
  return true;
}

function stray({ name }: Node): InputError {
  return new InputError({
    found: `-Infinity in tensor ${quote(name)}, which goes elsewhere than into a softmax`,
    allowed: 'finite numbers, and -Infinity in masks that are added to the logits of a softmax',
  });
}

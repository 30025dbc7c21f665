import { isOp, type Node } from '../../network/network.js';
import { sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { broadcast, isMasked } from '../masks.js';
import type { Call } from './call.js';

/**
 * The softmax along the last axis of logits to which a constant mask is added, -infinity in places. There the weight is 0,
 * whatever the logit is, and the others are the softmax of the entries that stay: rows of one pattern are taken together,
 * their softmax is of the columns that stay, and zeros are put beside it. That is exact for all inputs.
 *
 * Null where no mask is added, or a whole row is masked.
 */
export function maskedSoftmax(call: Call, x: Node): Node | null {
  const added = maskOf(x);
  if (!added) return null;
  const shape = sizes(x.shape);
  const width = shape.at(-1)!;
  const mask = broadcast(added.mask, shape);
  const patterns = new Map<string, number[]>();
  for (let row = 0; row * width < mask.length; row++) {
    const pattern = mask.slice(row * width, (row + 1) * width).map((entry) => (isMasked(entry) ? '0' : '1'));
    patterns.set(pattern.join(''), [...(patterns.get(pattern.join('')) ?? []), row]);
  }
  if (patterns.has('0'.repeat(width))) return null;
  const finite = new Tensor(
    shape,
    mask.map((entry) => (isMasked(entry) ? Rational.zero : entry)),
  );
  const isZero = finite.data.every((entry) => entry.isZero());
  const logits = isZero && sizes(added.logits.shape).join() === shape.join();
  const whole = logits ? added.logits : call.node('add', {}, added.logits, call.known(finite));
  const rows = call.reshape(whole, [sizeOf(shape) / width, width]);
  const parts = [...patterns].map(([pattern, members]) => partOf(call, rows, pattern, members));
  const order = [...patterns.values()].flat();
  const together = parts.length === 1 ? parts[0] : call.node('concat', { axis: 0 }, ...parts);
  const places = order.map((_, row) => order.indexOf(row));
  return call.reshape(call.gather(together, 0, places), shape);
}

/** The rows of one pattern: softmax of the columns that stay, zeros elsewhere, in the order of the columns. */
function partOf(call: Call, rows: Node, pattern: string, members: readonly number[]): Node {
  const columns = [...pattern].map((_, k) => k);
  const kept = columns.filter((k) => pattern[k] === '1');
  const own = call.gather(rows, 0, members);
  if (kept.length === columns.length) return call.node('softmax', { axis: 1 }, own);
  const weights = call.node('softmax', { axis: 1 }, call.gather(own, 1, kept));
  const zeros = [members.length, columns.length - kept.length];
  const nothing = call.known(new Tensor(zeros, new Array<Rational>(sizeOf(zeros)).fill(Rational.zero)));
  const all = [...kept, ...columns.filter((k) => pattern[k] === '0')];
  return call.gather(
    call.node('concat', { axis: 1 }, weights, nothing),
    1,
    columns.map((k) => all.indexOf(k)),
  );
}

function maskOf(x: Node): { readonly logits: Node; readonly mask: Node<'constant'> } | null {
  if (!isOp(x, 'add')) return null;
  const mask = x.inputs.find(
    (arg): arg is Node<'constant'> => isOp(arg, 'constant') && arg.attributes.value.data.some(isMasked),
  );
  const logits = x.inputs.find((arg) => arg !== mask);
  return mask && logits ? { logits, mask } : null;
}

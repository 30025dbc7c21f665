import { sizes } from '../../network/shape.js';
import { Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { holdsMask } from '../masks.js';
import type { Reader } from './call.js';
import { chosen } from './selections.js';

/** The upper or the lower triangle of the last two axes: what lies outside is 0. */
export const trilu: Reader = {
  inputs: [1, 2],
  read: (call) => {
    const isUpper = (call.attributes.optional('upper', 'i') ?? 1) !== 0;
    const shift = call.number(1) ?? Rational.zero;
    const x = call.operand(0);
    const [rows, columns] = sizes(x.node.shape).slice(-2);
    if (x.node.shape.length < 2) throw call.unsupported('a tensor of one axis', 'matrices');
    const k = Number(shift.num);
    const isKept = (i: number, j: number) => (isUpper ? j - i >= k : j - i <= k);
    call.graph.builder.charge(rows * columns);
    const kept = Array.from({ length: rows * columns }, (_, n) =>
      isKept(Math.floor(n / columns), n % columns) ? Rational.one : Rational.zero,
    );
    const triangle = call.known(new Tensor([rows, columns], kept));
    call.define(holdsMask(x.node) ? chosen(call, triangle, x.node) : call.last('mul', {}, x.node, triangle), x);
  },
};

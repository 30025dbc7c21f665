import { quote } from '../../errors.js';
import { sizes } from '../../network/shape.js';
import { filled, sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { kindOf } from '../tensors.js';
import type { Reader } from './call.js';
import { converted, type IntegerRange } from './pointwise.js';

export const identity: Reader = {
  inputs: [1, 1],
  read: ({ graph, inputs, outputs }) => graph.alias(outputs[0], inputs[0]),
};

/** In inference nothing is dropped. */
export const dropout: Reader = {
  inputs: [1, 3],
  outputs: 2,
  read: (call) => {
    call.attributes.optional('ratio', 'f');
    call.attributes.optional('seed', 'i');
    const trains = call.number(2);
    if (trains && !trains.isZero()) throw call.unsupported('training_mode = 1', 'inference');
    call.graph.alias(call.outputs[0], call.inputs[0]);
    if (!call.outputs[1]) return;
    const { node, batch } = call.operand(0);
    const lengths = sizes(node.shape);
    call.graph.builder.charge(sizeOf(lengths));
    call.define(call.known(filled(lengths, Rational.one)), { batch, kind: 'boolean' }, 1);
  },
};

export const cast: Reader = {
  inputs: [1, 1],
  read: (call) => {
    const to = call.attributes.required('to', 'i');
    call.attributes.optional('saturate', 'i');
    const kind = kindOf(to);
    if (!kind) throw call.unsupported(`element type ${quote(String(to))}`, 'floats, integers and truth values');
    converted(call, kind, INTEGERS[to]);
  },
};

function integers(bits: number, isSigned: boolean): IntegerRange {
  const half = 2n ** BigInt(bits - 1);
  return isSigned ? { lo: -half, hi: half - 1n } : { lo: 0n, hi: 2n * half - 1n };
}

/** The integer types by their numbers. */
const INTEGERS: Readonly<Record<number, IntegerRange>> = {
  2: integers(8, false),
  3: integers(8, true),
  4: integers(16, false),
  5: integers(16, true),
  6: integers(32, true),
  7: integers(64, true),
  12: integers(32, false),
  13: integers(64, false),
};

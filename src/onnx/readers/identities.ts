import { quote } from '../../errors.js';
import { sizes } from '../../network/shape.js';
import { filled, sizeOf } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import { INTEGER_RANGES } from '../integers.js';
import { kindOf } from '../tensors.js';
import type { Reader } from './call.js';
import { converted } from './pointwise.js';

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
    converted(call, kind, INTEGER_RANGES[to]);
    if (kind === 'integer') call.graph.integerTypes.set(call.outputs[0], to);
  },
};

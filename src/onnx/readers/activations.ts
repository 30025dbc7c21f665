import type { Node } from '../../network/network.js';
import { fromFloat } from '../../numbers/convert.js';
import { Rational } from '../../numbers/rational.js';
import { aligned } from './align.js';
import { unary } from './arithmetic.js';
import type { Call, Reader } from './call.js';

/** The attribute `name`, exactly as the file has it; the specification's defaults are numbers of float32 as well. */
export function real(call: Call, name: string, byDefault: number): Rational {
  const value = call.attributes.optional(name, 'f') ?? Math.fround(byDefault);
  if (!Number.isFinite(value)) throw call.unsupported(`${name} = ${value}`, 'a finite number');
  return fromFloat(value);
}

export const relu = unary((call, x) => call.last('relu', {}, x));

/** max(x, -x). */
export const abs = unary(
  (call, x) => call.last('max', {}, x, call.node('mul', {}, x, minusOne(call))),
  ['float', 'integer'],
);

export const neg = unary((call, x) => call.last('mul', {}, x, minusOne(call)), ['float', 'integer']);

/** x for x >= 0 and alpha x below: the larger of both when alpha <= 1, the smaller when alpha >= 1. */
export const leakyRelu = unary((call, x) => {
  const alpha = real(call, 'alpha', 0.01);
  return call.last(alpha.le(Rational.one) ? 'max' : 'min', {}, x, call.node('mul', {}, x, call.scalar(alpha)));
});

/** LeakyRelu with a slope for each entry, which may be computed: relu(x) - slope relu(-x). */
export const pRelu: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const operands = [call.floats(0), call.floats(1)];
    const { nodes, batch } = aligned(call, operands);
    const [x, slope] = nodes;
    const slopes = call.graph.builder.isKnown(slope) ? slope.attributes.value.data : [];
    const [areLow, areHigh] = [slopes.every((a) => a.le(Rational.one)), slopes.every((a) => Rational.one.le(a))];
    if (slopes.length > 0 && (areLow || areHigh)) {
      call.define(call.last(areLow ? 'max' : 'min', {}, x, call.node('mul', {}, x, slope)), { batch });
      return;
    }
    const below = call.node('relu', {}, call.node('mul', {}, x, minusOne(call)));
    call.define(call.last('sub', {}, call.node('relu', {}, x), call.node('mul', {}, slope, below)), { batch });
  },
};

/** min(max(x, lo), hi), either end of which may be missing. */
export const clip: Reader = {
  inputs: [1, 3],
  read: (call) => {
    const x = call.operand(0);
    const isOld = call.opset < 11;
    const end = (name: string, k: number): Rational | undefined => {
      if (!isOld) return call.number(k);
      const value = call.attributes.optional(name, 'f');
      return value === undefined ? undefined : fromFloat(value);
    };
    const [lo, hi] = [end('min', 1), end('max', 2)];
    if (!lo && !hi) {
      call.graph.alias(call.outputs[0], call.inputs[0]);
      return;
    }
    const step = hi ? call.node : call.last;
    const raised = lo ? step.call(call, 'max', {}, x.node, call.scalar(lo)) : x.node;
    call.define(hi ? call.last('min', {}, raised, call.scalar(hi)) : raised, x);
  },
};

/** min(max(alpha x + beta, 0), 1). */
export function hardSigmoid(call: Call, x: Node, alpha: Rational, beta: Rational, make = call.node): Node {
  const line = call.node('add', {}, call.node('mul', {}, x, call.scalar(alpha)), call.scalar(beta));
  return make.call(call, 'min', {}, call.node('relu', {}, line), call.scalar(Rational.one));
}

function minusOne(call: Call): Node {
  return call.scalar(Rational.of(-1));
}

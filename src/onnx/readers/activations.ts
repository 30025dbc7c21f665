import { geluByTanh, elu as makeElu, gelu as makeGelu } from '../../network/activations.js';
import type { Node } from '../../network/network.js';
import type { FunctionName } from '../../network/operations.js';
import { Tensor } from '../../network/tensor.js';
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

/** A function of every entry. */
export function applied(fn: FunctionName): Reader {
  return unary((call, x) => call.last(fn, {}, x));
}

/** A composition of operations that a builder makes. */
export function composed(make: (call: Call, x: Node, name: string) => Node): Reader {
  return unary((call, x) => make(call, x, call.outputs[0]));
}

export const elu = composed((call, x, name) => makeElu(call.graph.builder, x, { alpha: real(call, 'alpha', 1) }, name));

export const selu = composed((call, x, name) => {
  const alpha = real(call, 'alpha', 1.6732632423543772);
  return makeElu(call.graph.builder, x, { alpha, scale: real(call, 'gamma', 1.0507009873554805) }, name);
});

export const celu = composed((call, x, name) => {
  const alpha = real(call, 'alpha', 1);
  if (alpha.isZero()) throw call.unsupported('alpha = 0', 'another number');
  return makeElu(call.graph.builder, x, { alpha, width: alpha }, name);
});

export const gelu = composed((call, x, name) => {
  const form = call.attributes.word('approximate', ['none', 'tanh'], 'none');
  return (form === 'none' ? makeGelu : geluByTanh)(call.graph.builder, x, name);
});

/** Most different exponents in one tensor. */
const MOST_EXPONENTS = 16;

/** x^n for known integers n, and the square root for 1/2. */
export const pow: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const x = call.operand(0);
    const { value } = call.graph.constant(call.inputs[1]);
    const entries = value.dense(Rational.zero);
    const distinct = [...new Map(entries.map((entry) => [entry.toString(), entry])).values()];
    if (value.size === 1 && value.shape.length <= call.rankOf(x)) {
      call.define(raised(call, x.node, entries[0]), x);
      return;
    }
    if (distinct.length > MOST_EXPONENTS) throw call.unsupported(`${distinct.length} exponents`, `${MOST_EXPONENTS}`);
    const masks = distinct.map((exponent) => {
      const mask = value.map((entry) => (entry.equals(exponent) ? Rational.one : Rational.zero));
      return { node: call.known(new Tensor(value.shape, mask.dense(Rational.zero))), batch: false, kind: x.kind };
    });
    const { nodes, batch } = aligned(call, [x, ...masks]);
    const [base, ...chosen] = nodes;
    const parts = chosen.map((mask, k) => {
      if (!distinct[k].isInteger() || distinct[k].sign() < 0)
        throw call.unsupported(`the exponent ${distinct[k]}`, 'integers from 0 on');
      if (distinct[k].isZero()) return mask;
      const power = distinct[k].equals(Rational.one)
        ? base
        : call.node('power', { exponent: Number(distinct[k].num) }, base);
      return call.node('mul', {}, power, mask);
    });
    call.define(
      parts.reduce((a, b) => call.node('add', {}, a, b)),
      { batch, kind: x.kind },
    );
  },
};

function raised(call: Call, x: Node, exponent: Rational): Node {
  if (exponent.equals(Rational.of(1, 2))) return call.last('sqrt', {}, x);
  if (exponent.sign() < 0) {
    const inverse = exponent.neg();
    const base = inverse.equals(Rational.one) ? x : power(call, x, inverse);
    return call.last('div', {}, call.scalar(Rational.one), base);
  }
  if (exponent.equals(Rational.one)) return x;
  return power(call, x, exponent, call.last);
}

function power(call: Call, x: Node, exponent: Rational, make = call.node): Node {
  if (exponent.equals(Rational.of(1, 2))) return make.call(call, 'sqrt', {}, x);
  if (exponent.isInteger() && Rational.one.lt(exponent)) {
    return make.call(call, 'power', { exponent: Number(exponent.num) }, x);
  }
  throw call.unsupported(`the exponent ${exponent}`, 'integers other than 0, 1/2 and -1/2');
}

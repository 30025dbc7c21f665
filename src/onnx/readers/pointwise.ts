import { broadcastIndex } from '../../evaluate/indexing.js';
import { isOp } from '../../network/network.js';
import { broadcast, sizes } from '../../network/shape.js';
import { sizeOf, Tensor } from '../../network/tensor.js';
import { Rational } from '../../numbers/rational.js';
import type { Kind } from '../graph-reader.js';
import { BATCH } from '../graph-writer.js';
import type { IntegerRange } from '../integers.js';
import { type Call, type Reader, unnamed } from './call.js';

/** An elementwise function of constants that is no operation of networks, with broadcasting. */
export function pointwise(call: Call, operation: (...args: readonly Rational[]) => Rational, kind: Kind): void {
  const args = call.inputs.map((name) => call.graph.constant(name).value);
  const shape = args.map((arg) => unnamed(arg.shape)).reduce((a, b) => broadcast(a, b) ?? refuse(call));
  const lengths = sizes(shape);
  call.graph.builder.charge(sizeOf(lengths));
  const entries = args.map((arg) => arg.dense(Rational.zero));
  const index = args.map((arg) => broadcastIndex(arg.shape, lengths));
  const data = Array.from({ length: sizeOf(lengths) }, (_, k) =>
    operation(...entries.map((list, j) => list[index[j](k)])),
  );
  call.define(call.known(new Tensor(lengths, data)), { batch: false, kind });
}

/** Such a function as an operator of its own; what it is applied to must be known. */
export function constantOnly(count: number, operation: (...args: readonly Rational[]) => Rational, kind: Kind): Reader {
  const read = (call: Call) => {
    if (call.inputs.every((name) => isOp(call.graph.operand(name).node, 'constant')))
      return pointwise(call, operation, kind);
    const mend = kind === 'boolean' ? 'choices by comparisons of inputs are written with Relu, Max and Min' : undefined;
    throw call.unsupported('an argument that is computed from inputs', 'constants', mend);
  };
  return { inputs: [count, count], read };
}

export const truth = (holds: boolean): Rational => (holds ? Rational.one : Rational.zero);

/** a / b of integers, towards zero. */
export function quotient(call: Call): (a: Rational, b: Rational) => Rational {
  return (a, b) => {
    if (b.isZero()) throw call.unsupported('a divisor 0', 'other divisors');
    return Rational.of(a.num / b.num);
  };
}

/** Numbers of another kind: floats become integers towards zero; between formats of floats nothing is rounded here. */
export function converted(call: Call, kind: Kind, range?: IntegerRange): void {
  const [name] = call.inputs;
  const found = call.graph.isLengths(name) ? call.graph.lengths(name) : null;
  if (found) {
    if (kind === 'integer') call.graph.alias(call.outputs[0], name);
    else if (found.values.includes(BATCH)) throw call.unsupported('the length of the batch', 'lengths that are known');
    else throw call.unsupported('no numbers at all', 'one number or more');
    return;
  }
  if (kind === 'integer' && call.graph.tokens(name)) {
    call.graph.alias(call.outputs[0], name);
    return;
  }
  const operand = call.operand(0);
  const whole = (x: Rational): Rational => {
    const integer = x.num / x.den;
    if (range && (integer < range.lo || integer > range.hi))
      throw call.unsupported(
        `the conversion of ${x} to an integer from ${range.lo} to ${range.hi}`,
        'numbers in that range',
      );
    return Rational.of(integer);
  };
  if (kind === 'integer' && range && call.graph.builder.isKnown(operand.node)) pointwise(call, whole, kind);
  else if (operand.kind === kind) call.graph.alias(call.outputs[0], name);
  else if (kind === 'boolean') pointwise(call, (x) => truth(!x.isZero()), kind);
  else if (kind === 'integer') pointwise(call, whole, kind);
  else if (isOp(operand.node, 'argmax')) {
    const { attributes, inputs } = operand.node;
    call.define(call.last('argmax', attributes, ...inputs), { batch: operand.batch });
  } else call.graph.result(call.outputs[0], { ...operand, kind });
}

function refuse(call: Call): never {
  throw call.unsupported('shapes that do not broadcast', 'shapes that do');
}

import { isOp, type Node } from '../../network/network.js';
import { Rational } from '../../numbers/rational.js';
import { type Kind, type Operand, wrongKind } from '../graph-reader.js';
import { aligned } from './align.js';
import type { Call, Reader } from './call.js';
import { normalised } from './normalised.js';
import { pointwise, quotient } from './pointwise.js';

/** op(a, b), elementwise with broadcasting. */
export function elementwise(op: 'add' | 'sub' | 'mul' | 'min' | 'max'): Reader {
  return {
    inputs: [2, 2],
    read: (call) => {
      const operands = call.operands();
      const { nodes, batch } = aligned(call, operands);
      call.define(call.last(op, {}, ...nodes), { batch, kind: operands[0].kind });
    },
  };
}

/** op(op(a, b), c), ... of one argument or more; a single one stays as it is. */
export function folded(op: 'add' | 'min' | 'max'): Reader {
  return {
    inputs: [1, Number.POSITIVE_INFINITY],
    read: (call) => {
      const operands = call.operands();
      const { nodes, batch } = aligned(call, operands);
      const [last, ...rest] = [...nodes].reverse();
      const [first, ...middle] = rest.reverse();
      if (!first) {
        call.graph.alias(call.outputs[0], call.inputs[0]);
        return;
      }
      const before = middle.reduce((total, node) => call.node(op, {}, total, node), first);
      call.define(call.last(op, {}, before, last), { batch, kind: operands[0].kind });
    },
  };
}

export const mean: Reader = {
  inputs: [1, Number.POSITIVE_INFINITY],
  read: (call) => {
    const { nodes, batch } = aligned(
      call,
      call.inputs.map((_, k) => call.floats(k)),
    );
    const total = nodes.reduce((sum, node) => call.node('add', {}, sum, node));
    call.define(call.last('mul', {}, total, call.scalar(Rational.of(1, nodes.length))), { batch });
  },
};

export const mul: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const diagonal = call.graph.diagonal(call.inputs[1]);
    const left = diagonal ? call.floats(0) : null;
    const product = left && diagonal ? { left, x: left.node, matrix: diagonal } : chosenProduct(call);
    if (!product) {
      elementwise('mul').read(call);
      return;
    }
    call.define(call.last('matmul', {}, product.x, product.matrix), product.left);
  },
};

/** A product with a matrix with one entry in each column, which is written as a choice of entries and their scaling. */
function chosenProduct(call: Call): { readonly left: Operand; readonly x: Node; readonly matrix: Node } | null {
  if (!call.graph.holdsColumns(call.inputs[1])) return null;
  const left = call.floats(0);
  if (!isOp(left.node, 'gather')) return null;
  const { attributes, inputs } = left.node;
  const [x] = inputs;
  if (attributes.axis !== x.shape.length - 1) return null;
  const matrix = call.graph.columns(call.inputs[1], attributes.indices, x.shape[attributes.axis].size);
  return matrix && { left, x, matrix };
}

/** A function of one tensor, whose kind of numbers it keeps. */
export function unary(make: (call: Call, x: Node) => Node, kinds: readonly Kind[] = ['float']): Reader {
  return {
    inputs: [1, 1],
    read: (call) => {
      const operand = call.operand(0);
      if (!kinds.includes(operand.kind)) throw wrongKind(call.inputs[0], operand.kind, kinds.join(' or '));
      call.define(make(call, operand.node), operand);
    },
  };
}

/** a / b: a product with the reciprocal where b is known; integers are divided towards zero. */
export const div: Reader = {
  inputs: [2, 2],
  read: (call) => {
    const operands = call.operands();
    if (operands[0].kind === 'integer') {
      pointwise(call, quotient(call), 'integer');
      return;
    }
    const { nodes, batch } = aligned(call, operands);
    call.define(divided(call, nodes[0], nodes[1]), { batch });
  },
};

/** A vector over its own root mean square; a product with a reciprocal that is known; or a quotient. */
function divided(call: Call, a: Node, b: Node): Node {
  const norm = normalised(a, b);
  if (norm) return call.last('normalise', norm, a);
  if (!call.graph.builder.isKnown(b)) return call.last('div', {}, a, b);
  return call.last('mul', {}, a, reciprocal(call, b));
}

function reciprocal(call: Call, { attributes: { value, role } }: Node<'constant'>): Node {
  if (value.support || value.data.some((entry) => entry.isZero())) {
    throw call.unsupported('a divisor 0', 'other divisors');
  }
  const inverse = value.map((entry) => entry.inverse());
  return call.graph.builder.known(inverse, undefined, role);
}

export const reciprocalOf = unary((call, x) =>
  call.graph.builder.isKnown(x) ? reciprocal(call, x) : call.last('div', {}, call.scalar(Rational.one), x),
);

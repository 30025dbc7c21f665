/**
 * Piecewise linear expressions as exact ReLU nets: |u| = relu(u) + relu(-u), min(u, v) = u - relu(u - v),
 * max(u, v) = u + relu(v - u); sums and multiples are affine. The net computes the expression without error.
 */
import { type Builder, type Expression, InputError, type Node, Rational, tensor, toText } from '../src/index.js';

type Label = () => string;

/** The piecewise linear functions of expressions, on tensors [1]. */
const NETS: Readonly<Record<string, (b: Builder, args: readonly Node[], label: Label) => Node>> = {
  abs: (b, [u], label) => {
    const minus = b.constant(tensor([1], [Rational.of(-1)]), label(), 'structure', { value: 1 });
    return b.add(b.relu(u, label()), b.relu(b.mul(u, minus, label()), label()), label());
  },
  min: (b, args, label) => args.reduce((u, v) => b.sub(u, b.relu(b.sub(u, v, label()), label()), label())),
  max: (b, args, label) => args.reduce((u, v) => b.add(u, b.relu(b.sub(v, u, label()), label()), label())),
};

/**
 * Adds the expression on top of its variables, each a tensor [1]; returns [1]. Throws InputError when the expression is
 * not piecewise linear.
 */
export function piecewiseLinearNet(
  b: Builder,
  expression: Expression,
  variables: ReadonlyMap<string, Node>,
  name: string,
): Node {
  let count = 0;
  const label = () => `${name}.${count++}`;
  const constant = (value: Rational) => b.constant(tensor([1], [value]), label(), 'weight', { value: 1 });
  const multiple = (coefficient: Rational, node: Node) =>
    coefficient.equals(Rational.one) ? node : b.mul(node, constant(coefficient), label());
  const realise = (e: Expression): Node => {
    if (e.kind === 'constant') return constant(e.value);
    if (e.kind === 'variable') return variables.get(e.name)!;
    if (e.kind === 'sum') {
      const parts = e.terms.map(({ coefficient, of }) => multiple(coefficient, realise(of)));
      return [...parts, ...(e.constant.isZero() ? [] : [constant(e.constant)])].reduce((a, part) =>
        b.add(a, part, label()),
      );
    }
    const net = e.kind === 'application' ? NETS[e.fn.name] : undefined;
    if (!net || e.kind !== 'application') {
      throw new InputError({
        found: `${toText(e)} is not piecewise linear`,
        allowed: 'sums, multiples, abs, min and max',
      });
    }
    return net(b, e.args.map(realise), label);
  };
  return b.reshape(realise(expression), { value: 1 }, name);
}

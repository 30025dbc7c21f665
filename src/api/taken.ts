import { Network } from '../network/network.js';
import { Tensor } from '../network/tensor.js';
import { Rational } from '../numbers/rational.js';

/**
 * A rule that reads each argument once: lists, maps, tensors, numbers and plain objects are copied, so that a rule searches the
 * same box that it writes into its sentence, whatever getters or later changes make of the caller's objects. Networks and
 * their nodes, facts, sentences and functions stay what they are.
 */
export function guarded<A extends readonly unknown[], R>(rule: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    const known = new Map<unknown, unknown>();
    for (const arg of args) if (arg instanceof Network) for (const node of arg.nodes) known.set(node, node);
    return rule(...(args.map((arg) => taken(arg, known)) as unknown as A));
  };
}

function taken(value: unknown, known: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const found = known.get(value);
  if (found !== undefined) return found;
  const own = copied(value, (part) => taken(part, known));
  known.set(value, own);
  return own;
}

function copied(value: object, part: (value: unknown) => unknown): unknown {
  if (value instanceof Rational) return Rational.of(value.num, value.den);
  if (value instanceof Tensor) {
    const { shape, data, support } = value as Tensor<unknown>;
    return new Tensor(Array.from(shape), Array.from(data, part), support && Uint32Array.from(support));
  }
  if (Array.isArray(value)) return Array.from(value, part);
  if (value instanceof Map) return new Map(Array.from(value, ([key, entry]) => [part(key), part(entry)]));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, part(entry)]));
}

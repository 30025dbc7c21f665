import { InputError } from '../errors.js';
import type { Node } from '../network/network.js';
import { sizes } from '../network/shape.js';
import { Tensor } from '../network/tensor.js';
import { rationalOf, type Scalar } from './scalar.js';

/** What an expression of a theorem file stands for. */
export type Value = Constant | Computed | Callable;

/** A tensor of exact numbers; the shape [] is a single number. */
export interface Constant {
  readonly kind: 'constant';
  readonly tensor: Tensor<Scalar>;
}

/** A tensor that depends on an input of the network. */
export interface Computed {
  readonly kind: 'computed';
  readonly node: Node;
}

/** A parameter that is a function, such as f with sin(x). */
export interface Callable {
  readonly kind: 'function';
  readonly name: string;
  readonly variables: readonly string[];
  readonly text: string;
  readonly formula: Scalar;
  apply(args: readonly Scalar[]): Scalar;
}

export type TensorValue = Constant | Computed;

export function number(value: Scalar): Constant {
  return { kind: 'constant', tensor: new Tensor([], [value]) };
}

export function constantOf(shape: readonly number[], entries: readonly Scalar[]): Constant {
  return { kind: 'constant', tensor: new Tensor(shape, entries) };
}

export function shapeOf(value: TensorValue): readonly number[] {
  return value.kind === 'constant' ? value.tensor.shape : sizes(value.node.shape);
}

export function showSizes(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** What a value is, in words. */
export function describe(value: Value): string {
  if (value.kind === 'function') return `the function ${value.name}`;
  if (value.kind === 'computed')
    return `a tensor ${showSizes(shapeOf(value))} ${value.node.batched ? 'that depends on the input' : 'of the network'}`;
  return value.tensor.shape.length === 0 ? 'a number' : `a tensor ${showSizes(value.tensor.shape)}`;
}

/** The tensor that a value is. Throws InputError for a function. */
export function tensorOf(value: Value): TensorValue {
  if (value.kind !== 'function') return value;
  const call = `${value.name}(${value.variables.join(', ')})`;
  throw new InputError({ found: describe(value), allowed: `a tensor; a function is called: ${call}` });
}

/** The constant that a value is: `use` says what for. */
export function constantValue(value: Value, use: string): Tensor<Scalar> {
  if (value.kind === 'constant') return value.tensor;
  throw new InputError({ found: describe(value), allowed: `exact numbers for ${use}` });
}

/** The single number that a value is. */
export function scalarValue(value: Value, use: string): Scalar {
  const tensor = constantValue(value, use);
  if (tensor.size === 1) return tensor.data[0];
  throw new InputError({ found: describe(value), allowed: `one number for ${use}` });
}

/** The integer that a value is, from `min` to `max`. */
export function integerValue(value: Value, use: string, min: number, max: number): number {
  const exact = rationalOf(scalarValue(value, use));
  const found = Number(exact.num);
  if (exact.isInteger() && found >= min && found <= max) return found;
  throw new InputError({ found: `${exact}`, allowed: `an integer from ${min} to ${max} for ${use}` });
}

import type { Rational } from '../numbers/rational.js';
import { broadcast, type Dim, type Shape, showShape, unify } from './shape.js';
import type { ExactTensor } from './tensor.js';

/** What a constant is for: a weight counts as a parameter, structure (position codes, masks) does not. */
export type Role = 'weight' | 'structure';

/**
 * Every operation that a network may contain, with its attributes. Axes count from 0 and never include the batch axis.
 *
 * To add one: a row here, a row in `INFER` below, and one in each interpreter; the compiler lists what is missing.
 */
export interface Operations {
  /** An input of the network; `shape` is the node's. */
  input: { readonly name: string };
  /** An exact tensor. */
  constant: { readonly value: ExactTensor; readonly role: Role };
  /** Elementwise, with numpy broadcasting. */
  add: object;
  sub: object;
  mul: object;
  min: object;
  max: object;
  /** max(x, 0), elementwise. */
  relu: object;
  /** [..., n, k] x [..., k, m] -> [..., n, m]; a left factor [k] stands for [1, k] and the 1 is dropped. */
  matmul: object;
  /** Elementwise, with numpy broadcasting; undefined where a divisor is 0. */
  div: object;
  /** Functions of single entries; log is defined above 0, sqrt from 0 on. */
  exp: object;
  log: object;
  sqrt: object;
  tanh: object;
  /** 1 / (1 + exp(-x)). */
  sigmoid: object;
  /** 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  erf: object;
  sin: object;
  cos: object;
  /** x^exponent, elementwise, for an integer exponent from 2 to 1000. */
  power: { readonly exponent: number };
  /** x_i / sqrt(the mean of x_j^2 along the axis + epsilon), epsilon >= 0. */
  normalise: { readonly axis: number; readonly epsilon: Rational };
  /** The index of the first largest entry along the axis, which disappears. */
  argmax: { readonly axis: number };
  /** exp(x_i) / sum_j exp(x_j) along the axis. */
  softmax: { readonly axis: number };
  /** Sum, largest or least entry along the axis, which disappears. */
  reduceSum: { readonly axis: number };
  reduceMax: { readonly axis: number };
  reduceMin: { readonly axis: number };
  /** Axis k of the result is axis perm[k] of the argument. */
  transpose: { readonly perm: readonly number[] };
  /** The same entries in row-major order in another shape. */
  reshape: { readonly to: Shape };
  /** Arguments one after the other along the axis. */
  concat: { readonly axis: number };
  /** Slices number indices[0], indices[1], ... along the axis. */
  gather: { readonly axis: number; readonly indices: readonly number[]; readonly name: string };
  /** (u [length, p], A [m, m], B [m, p]) -> h [length, m]: h_t = A h_{t-1} + B u_t, h_{-1} = 0. */
  recurrence: object;
}

export type OpName = keyof Operations;

/** Operations that apply one function to every entry. */
export const FUNCTIONS = ['exp', 'log', 'sqrt', 'tanh', 'sigmoid', 'erf', 'sin', 'cos'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

const MOST_EXPONENT = 1000;

/** How the result depends on the arguments: a product is linear in each of its factors, a quotient in the first. */
export const KIND: { readonly [K in OpName]: 'linear' | 'product' | 'quotient' | 'nonlinear' } = {
  input: 'linear',
  constant: 'linear',
  add: 'linear',
  sub: 'linear',
  mul: 'product',
  min: 'nonlinear',
  max: 'nonlinear',
  relu: 'nonlinear',
  matmul: 'product',
  div: 'quotient',
  exp: 'nonlinear',
  log: 'nonlinear',
  sqrt: 'nonlinear',
  tanh: 'nonlinear',
  sigmoid: 'nonlinear',
  erf: 'nonlinear',
  sin: 'nonlinear',
  cos: 'nonlinear',
  power: 'nonlinear',
  normalise: 'nonlinear',
  argmax: 'nonlinear',
  softmax: 'nonlinear',
  reduceSum: 'linear',
  reduceMax: 'nonlinear',
  reduceMin: 'nonlinear',
  transpose: 'linear',
  reshape: 'linear',
  concat: 'linear',
  gather: 'linear',
  recurrence: 'linear',
};

/** Why shapes do not fit, as a sentence; or the resulting shape. */
type Inferred = Shape | string;
type Infer<K extends OpName> = (attributes: Operations[K], shapes: readonly Shape[]) => Inferred;

const elementwise = (_: object, [a, b]: readonly Shape[]): Inferred =>
  broadcast(a, b) ?? `${showShape(a)} and ${showShape(b)} do not broadcast`;

const same = (_: object, [x]: readonly Shape[]): Inferred => x;

const alongAxis = ({ axis }: { axis: number }, [x]: readonly Shape[]): Inferred =>
  axis >= 0 && axis < x.length ? x : `axis ${axis} is none of ${showShape(x)}`;

const reduce = (attributes: { axis: number }, shapes: readonly Shape[]): Inferred => {
  const shape = alongAxis(attributes, shapes);
  return typeof shape === 'string' ? shape : shape.filter((_, k) => k !== attributes.axis);
};

/** Shape inference: the result's shape or what is wrong. */
export const INFER: { readonly [K in OpName]: Infer<K> } = {
  input: () => 'an input has no arguments to infer a shape from',
  constant: ({ value }) => value.shape.map((size) => ({ name: '', size })),
  add: elementwise,
  sub: elementwise,
  mul: elementwise,
  min: elementwise,
  max: elementwise,
  relu: same,
  div: elementwise,
  exp: same,
  log: same,
  sqrt: same,
  tanh: same,
  sigmoid: same,
  erf: same,
  sin: same,
  cos: same,
  power: ({ exponent }, [x]) =>
    Number.isInteger(exponent) && exponent >= 2 && exponent <= MOST_EXPONENT
      ? x
      : `the exponent ${exponent} is no integer from 2 to ${MOST_EXPONENT}`,
  normalise: (attributes, shapes) =>
    attributes.epsilon.sign() < 0 ? `epsilon ${attributes.epsilon} is negative` : alongAxis(attributes, shapes),
  argmax: reduce,
  softmax: alongAxis,
  reduceSum: reduce,
  reduceMax: reduce,
  reduceMin: reduce,
  matmul: (_, [a, b]) => {
    if (a.length < 1 || b.length < 2) return `${showShape(a)} times ${showShape(b)}: a matrix is needed on the right`;
    const inner = unify(a.at(-1)!, b.at(-2)!);
    if (!inner)
      return `${showShape(a)} times ${showShape(b)}: the contracted axes ${showShape([a.at(-1)!])} and ${showShape([b.at(-2)!])} differ`;
    const outer = broadcast(a.slice(0, -2), b.slice(0, -2));
    if (!outer || (a.length === 1 && b.length > 2))
      return `${showShape(a)} times ${showShape(b)}: the leading axes do not broadcast`;
    return [...outer, ...a.slice(-2, -1), b.at(-1)!];
  },
  transpose: ({ perm }, [x]) =>
    perm.length === x.length && [...perm].sort((i, j) => i - j).every((axis, k) => axis === k)
      ? perm.map((axis) => x[axis])
      : `[${perm.join(', ')}] is not a permutation of the axes of ${showShape(x)}`,
  reshape: ({ to }, [x]) =>
    count(to) === count(x) ? to : `${showShape(x)} has ${count(x)} entries, ${showShape(to)} has ${count(to)}`,
  concat: ({ axis }, shapes) => {
    const [first, ...rest] = shapes;
    if (axis < 0 || axis >= first.length) return `axis ${axis} is none of ${showShape(first)}`;
    for (const shape of rest) {
      const fits = shape.length === first.length && shape.every((dim, k) => k === axis || unify(dim, first[k]));
      if (!fits) return `${showShape(first)} and ${showShape(shape)} differ outside axis ${axis}`;
    }
    return resized(
      first,
      axis,
      shapes.reduce((total, shape) => total + shape[axis].size, 0),
    );
  },
  gather: ({ axis, indices }, [x]) => {
    if (axis < 0 || axis >= x.length) return `axis ${axis} is none of ${showShape(x)}`;
    const outside = indices.find((index) => !(index >= 0 && index < x[axis].size));
    return outside === undefined
      ? resized(x, axis, indices.length)
      : `index ${outside} is outside ${showShape([x[axis]])}`;
  },
  recurrence: (_, [u, a, b]) => {
    const fits =
      u.length === 2 && a.length === 2 && b.length === 2 && unify(a[0], a[1]) && unify(a[0], b[0]) && unify(u[1], b[1]);
    return fits
      ? [u[0], a[0]]
      : `u ${showShape(u)}, A ${showShape(a)}, B ${showShape(b)}: allowed are [length, p], [m, m], [m, p]`;
  },
};

function count(shape: Shape): number {
  return shape.reduce((product, dim) => product * dim.size, 1);
}

function resized(shape: Shape, axis: number, size: number): Shape {
  return shape.map((dim, k): Dim => (k === axis ? { name: size === dim.size ? dim.name : '', size } : dim));
}

import { InputError } from '../errors.js';
import { Rational } from '../numbers/rational.js';
import type { Graph } from './graph.js';
import { OPERATORS, reshape } from './operators.js';
import { of } from './scalar.js';
import { type Constant, constantOf, describe, number, shapeOf, type TensorValue } from './value.js';

export function flatten(graph: Graph, x: TensorValue): TensorValue {
  return reshape(graph, x, [shapeOf(x).reduce((product, length) => product * length, 1)]);
}

export function softmax(graph: Graph, x: TensorValue, axis = shapeOf(x).length - 1): TensorValue {
  if (axis < 0) throw new InputError({ found: 'the softmax of a single number', allowed: 'a tensor' });
  return graph.operate('softmax', { axis }, [x]);
}

/** Along an axis, which disappears, or over all entries. */
export function reduce(
  graph: Graph,
  op: 'reduceSum' | 'reduceMax' | 'reduceMin',
  x: TensorValue,
  axis: number | undefined,
): TensorValue {
  const shape = shapeOf(x);
  if (shape.length === 0) return x;
  if (shape.includes(0)) {
    if (op === 'reduceSum') return number(of(0));
    throw new InputError({ found: 'the extremum of no entries', allowed: 'at least one' });
  }
  return axis === undefined ? graph.operate(op, { axis: 0 }, [flatten(graph, x)]) : graph.operate(op, { axis }, [x]);
}

export function mean(graph: Graph, x: TensorValue, axis: number | undefined): TensorValue {
  const shape = shapeOf(x);
  const count = axis === undefined ? shape.reduce((product, length) => product * length, 1) : shape[axis];
  if (count === 0) throw new InputError({ found: 'the mean of no entries', allowed: 'at least one' });
  return OPERATORS['*'](graph, reduce(graph, 'reduceSum', x, axis), number(of(Rational.of(1, count))));
}

/** Axes in the given order, counted from 1; without one the last two change places. */
export function transpose(graph: Graph, x: TensorValue, order: readonly number[] | undefined): TensorValue {
  const rank = shapeOf(x).length;
  if (!order && rank < 2) throw new InputError({ found: `the transpose of ${describe(x)}`, allowed: 'a matrix' });
  return graph.operate('transpose', { perm: order ? order.map((axis) => axis - 1) : swapped(rank, rank - 2) }, [x]);
}

/**
 * Tensors one after the other along an axis. Networks cannot join constants to what depends on an input; then the latter
 * goes to its places by a matrix of zeros and ones, and the constants are added.
 */
export function concat(graph: Graph, parts: readonly TensorValue[], axis: number): TensorValue {
  const rank = shapeOf(parts[0]).length;
  if (rank === 0) throw new InputError({ found: 'the concatenation of single numbers', allowed: 'a list [a, b, ...]' });
  const computed = parts.filter((part) => part.kind === 'computed');
  if (computed.length === 0 || computed.length === parts.length) return graph.operate('concat', { axis }, parts);
  const perm = swapped(rank, axis);
  const turned = (x: TensorValue) => (axis === rank - 1 ? x : graph.operate('transpose', { perm }, [x]));
  return turned(placed(graph, parts.map(turned), computed.map(turned)));
}

function placed(graph: Graph, parts: readonly TensorValue[], computed: readonly TensorValue[]): TensorValue {
  const axis = shapeOf(parts[0]).length - 1;
  const lengths = parts.map((part) => shapeOf(part)[axis]);
  const places = lengths.flatMap((length, p) => new Array<boolean>(length).fill(parts[p].kind === 'computed'));
  const kept = places.flatMap((isComputed, k) => (isComputed ? [k] : []));
  graph.charge(kept.length * places.length);
  const scatter = constantOf(
    [kept.length, places.length],
    kept.flatMap((place) => places.map((_, k) => of(k === place ? 1 : 0))),
  );
  const constants = parts.map((part) =>
    part.kind === 'constant' ? part : constantOf(shapeOf(part), new Array(sizeOfPart(part)).fill(of(0))),
  );
  const joined = computed.length === 1 ? computed[0] : graph.operate('concat', { axis }, computed);
  const moved = graph.operate('matmul', {}, [joined, graph.structure(scatter)]);
  return graph.operate('add', {}, [moved, graph.operate('concat', { axis }, constants) as Constant]);
}

function sizeOfPart(part: TensorValue): number {
  return shapeOf(part).reduce((product, length) => product * length, 1);
}

/** The order of axes in which `axis` and the last one change places. */
function swapped(rank: number, axis: number): number[] {
  return Array.from({ length: rank }, (_, k) => (k === axis ? rank - 1 : k === rank - 1 ? axis : k));
}

/** Tensors of one shape along a new first axis: what a list of them is. */
export function stack(graph: Graph, items: readonly TensorValue[]): TensorValue {
  if (items.length === 0) return constantOf([0], []);
  const shape = shapeOf(items[0]);
  const odd = items.find((item) => `${shapeOf(item)}` !== `${shape}`);
  if (odd) {
    const found = `a list of ${describe(items[0])} and ${describe(odd)}`;
    throw new InputError({ found, allowed: 'entries of one shape' });
  }
  const constants = items.filter((item) => item.kind === 'constant');
  if (constants.length === items.length) {
    graph.charge(4 * items.length * sizeOfPart(items[0]));
    return constantOf(
      [items.length, ...shape],
      shape.length === 0
        ? constants.map(({ tensor }) => tensor.data[0])
        : constants.flatMap(({ tensor }) => tensor.data),
    );
  }
  const rows = items.map((item) => reshape(graph, item, [1, ...shape]));
  return rows.length === 1 ? rows[0] : concat(graph, rows, 0);
}

/** Entries indices[0], indices[1], ... along an axis, counted from 0. */
export function gather(graph: Graph, x: TensorValue, axis: number, indices: readonly number[]): TensorValue {
  if (indices.length === 0 && x.kind === 'computed')
    throw new InputError({ found: 'an empty part of a tensor', allowed: 'at least one index' });
  return graph.operate('gather', { axis, indices, name: '' }, [x]);
}
